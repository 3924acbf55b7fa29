
/*
 * The sandbox operator's lookup: the operator of an end user.
 *
 *   POST /lookups {"line"}     200 {"mccmnc"}, 404
 *
 * The operator's own code (mccmnc=) is the answer, or that of the first
 * moved= whose digits the end user ends with.  Otherwise the last four
 * digits say what happens:
 *
 *   0014  not known          0015  answered late       0016  no answer
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_LOOKUP_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_LOOKUP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_str_t      mccmnc;     /* empty: no end user is known */
    ngx_array_t    moved;      /* of ngx_keyval_t: last digits, MCCMNC */
} ngx_http_carrierpay_sandbox_lookup_t;


/* A route's handler does this; a late answer takes delay ms. */
ngx_int_t ngx_http_carrierpay_sandbox_lookup(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *body,
    ngx_msec_t delay);

/*
 * Reads the parameters mccmnc=20899 and moved=0011:20897 of the directive.
 * NGX_OK; NGX_DECLINED: neither of them, or not well-formed; NGX_ERROR:
 * memory.
 */
ngx_int_t ngx_http_carrierpay_sandbox_lookup_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_LOOKUP_H_INCLUDED_ */
