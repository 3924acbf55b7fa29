
#ifndef _NGX_CARRIERPAY_FLAT_JSON_H_INCLUDED_
#define _NGX_CARRIERPAY_FLAT_JSON_H_INCLUDED_


/*
 * Flat JSON: an object of a few members, whose values are strings, integers,
 * booleans and nulls, plainly written.  Nearly every body of a request and
 * every answer of an operator is flat, and is read here without a copy.
 *
 * What is unusual is not judged here, but left to a complete reader of JSON:
 * whatever this one reads, that one would read alike (t/fuzz/flat_json.c).
 * Unusual are escapes, characters that are not ASCII, arrays, objects,
 * integers of more than 18 digits, other numbers, a name that is given twice,
 * too many members, and all that is no JSON.
 *
 * Specification: RFC 8259.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_FLAT_JSON_MAX  16     /* members */


/* OTHER is never read here: an array, an object, or another number. */

typedef enum {
    NGX_CARRIERPAY_FLAT_JSON_NULL = 0,
    NGX_CARRIERPAY_FLAT_JSON_BOOLEAN,
    NGX_CARRIERPAY_FLAT_JSON_INTEGER,
    NGX_CARRIERPAY_FLAT_JSON_STRING,
    NGX_CARRIERPAY_FLAT_JSON_OTHER
} ngx_carrierpay_flat_json_e;


typedef struct {
    ngx_str_t                          name;
    ngx_carrierpay_flat_json_e         type;
    ngx_str_t                          string;    /* of a STRING */
    int64_t                            integer;   /* or a BOOLEAN: 0, 1 */
} ngx_carrierpay_flat_json_member_t;


/* The members in their order; no name comes twice. */

typedef struct {
    ngx_uint_t                         n;
    ngx_carrierpay_flat_json_member_t  members[NGX_CARRIERPAY_FLAT_JSON_MAX];
} ngx_carrierpay_flat_json_t;


/*
 * Reads a text.  NGX_OK: the names and strings point into the text.
 * NGX_DECLINED: it is unusual, and what is in json then means nothing.
 */
ngx_int_t ngx_carrierpay_flat_json_read(ngx_carrierpay_flat_json_t *json,
    const ngx_str_t *text);

/* Returns the member of a name, or NULL. */
ngx_carrierpay_flat_json_member_t *ngx_carrierpay_flat_json_find(
    ngx_carrierpay_flat_json_t *json, const u_char *name, size_t len);


#endif /* _NGX_CARRIERPAY_FLAT_JSON_H_INCLUDED_ */
