
/*
 * Limits in answers: the headers of rate limits, and the answer 429.  Only
 * files of this folder use it.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_limit.h"


/* us in whole seconds, rounded up */
#define ngx_http_carrierpay_limit_reply_seconds(us)                           \
    ((ngx_uint_t) (((us) + 999999) / 1000000))


/*
 * Adds RateLimit-Policy and RateLimit: what remains of each budget, and in how
 * many seconds it is whole again; when nothing remains, in how many the next
 * request is allowed.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_limit_reply_headers(ngx_http_request_t *r,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n);

/*
 * Answers 429, with retry in s: by the error_page of the configuration, or in
 * the form of the location.  What it returns is for
 * ngx_http_finalize_request().
 */
ngx_int_t ngx_http_carrierpay_limit_reply_refuse(ngx_http_request_t *r,
    ngx_uint_t retry);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_REPLY_H_INCLUDED_ */
