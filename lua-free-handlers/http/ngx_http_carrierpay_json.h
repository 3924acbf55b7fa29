
/*
 * Reading JSON, strictly: it is valid UTF-8, has no member twice and only a
 * few levels, and numbers are of the kind that is asked for.
 *
 * One table describes the members that an endpoint takes; another member is
 * refused by its name.
 */


#ifndef _NGX_HTTP_CARRIERPAY_JSON_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_http_carrierpay_reply.h"


typedef enum {
    NGX_HTTP_CARRIERPAY_JSON_STRING = 0,   /* ngx_str_t */
    NGX_HTTP_CARRIERPAY_JSON_INTEGER,      /* int64_t */
    NGX_HTTP_CARRIERPAY_JSON_BOOLEAN,      /* ngx_uint_t */
    NGX_HTTP_CARRIERPAY_JSON_OBJECT        /* json_t * */
} ngx_http_carrierpay_json_e;


/*
 * Returns NULL, or what is wrong with the value: "must be …".  A value that
 * people type is folded in place, see base/typed.
 */
typedef const char *(*ngx_http_carrierpay_check_pt)(ngx_str_t *value);


/*
 * min and max limit the value of an integer, the bytes of a string and the
 * members of an object.  [], which is PHP's empty map, leaves an object NULL.
 * The table ends with an empty name, and has fewer fields than
 * NGX_CARRIERPAY_FLAT_JSON_MAX.
 */
typedef struct {
    ngx_str_t                      name;
    ngx_http_carrierpay_json_e     type;
    ngx_uint_t                     required;
    int64_t                        min;
    int64_t                        max;
    size_t                         offset;    /* in `out` */
    const char                    *code;      /* of the problem */
    ngx_http_carrierpay_check_pt   check;     /* of a string; or NULL */
} ngx_http_carrierpay_field_t;


/*
 * Fills `out`, which the caller has zeroed, from the object in the text; a
 * member that is null is not given.  What `out` points to lives as long as the
 * pool.
 *
 * NGX_OK; NGX_DECLINED, and the problem is filled; NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_json_read(ngx_pool_t *pool, ngx_str_t *text,
    ngx_http_carrierpay_field_t *fields, void *out,
    ngx_http_carrierpay_problem_t *problem);

/* Fills a problem of status 400; name may be NULL.  Returns NGX_DECLINED. */
ngx_int_t ngx_http_carrierpay_json_refuse(
    ngx_http_carrierpay_problem_t *problem, const char *code,
    ngx_str_t *name, const char *detail);


/*
 * A check for the tables: one visible line, see base/text/line.  Whether it
 * may be empty is said by "min".
 */
const char *ngx_http_carrierpay_json_line(ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_JSON_H_INCLUDED_ */
