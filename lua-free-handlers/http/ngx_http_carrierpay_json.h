
/*
 * Text becomes JSON here, strictly: valid UTF-8, no member twice, no more
 * than a few levels, no number of another kind than asked for.
 *
 * What an endpoint takes is one table; a member that is not in it is
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


/* NULL, or what is wrong with the value: "must be …". */
typedef const char *(*ngx_http_carrierpay_check_pt)(ngx_str_t *value);


/*
 * min and max are of an integer's value, of a string's bytes and of an
 * object's members.  The table ends with an empty name.
 */
typedef struct {
    ngx_str_t                      name;
    ngx_http_carrierpay_json_e     type;
    ngx_uint_t                     required;
    int64_t                        min;
    int64_t                        max;
    size_t                         offset;    /* in what is filled */
    const char                    *code;      /* of an invalid value */
    ngx_http_carrierpay_check_pt   check;     /* of a string; or NULL */
} ngx_http_carrierpay_field_t;


/*
 * Fills `out`, zeroed by the caller, with the object in the text; a null is
 * a member not given.  What it points to lives as long as the pool.
 *
 * NGX_OK; NGX_DECLINED: the problem says why; NGX_ERROR: memory.
 */
ngx_int_t ngx_http_carrierpay_json_read(ngx_pool_t *pool, ngx_str_t *text,
    ngx_http_carrierpay_field_t *fields, void *out,
    ngx_http_carrierpay_problem_t *problem);

/* Fills a problem of status 400; name may be NULL.  NGX_DECLINED. */
ngx_int_t ngx_http_carrierpay_json_refuse(
    ngx_http_carrierpay_problem_t *problem, const char *code,
    ngx_str_t *name, const char *detail);


/* A check for the tables: one line of text, no control characters. */
const char *ngx_http_carrierpay_json_line(ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_JSON_H_INCLUDED_ */
