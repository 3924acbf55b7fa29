
/*
 * What a client is told of limits; for the limit module alone.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_limit.h"


/* a client is told whole seconds */
#define ngx_http_carrierpay_limit_seconds(us)                                 \
    ((ngx_uint_t) (((us) + 999999) / 1000000))


/*
 * Adds RateLimit-Policy and RateLimit: what is left of each budget and when
 * it is whole again, or, when nothing is left, when the next request may
 * come.
 */
ngx_int_t ngx_http_carrierpay_limit_headers(ngx_http_request_t *r,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n);

/*
 * The answer 429, retry in s: the error_page that the configuration has for
 * it, or the location's own, or a problem.
 */
ngx_int_t ngx_http_carrierpay_limit_refuse(ngx_http_request_t *r,
    ngx_uint_t retry);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_ */
