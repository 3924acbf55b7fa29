
/*
 * The page of a payment.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * GET {id}: the page that the payment's state asks for.  With a token, which
 * the page would use up, a GET that no shopper has opened is answered with a
 * form that posts to the same URL.
 */
ngx_int_t ngx_http_carrierpay_checkout_page(ngx_http_request_t *r,
    ngx_str_t *body);

/* POST {id}: this form; the page as if it had been opened. */
ngx_int_t ngx_http_carrierpay_checkout_open(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_H_INCLUDED_ */
