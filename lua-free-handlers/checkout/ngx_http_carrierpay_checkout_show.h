
/*
 * From a payment and a request to a page, and the page to the browser.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_SHOW_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_SHOW_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Shows the page that the payment's state, cr->page and the end user ask for.
 * A shopper who has not been identified yet is redirected to the plain
 * listener.  What is returned is for ngx_http_finalize_request().
 */
ngx_int_t ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* Shows this page of a payment. */
ngx_int_t ngx_http_carrierpay_checkout_show_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_read_t *read);

/* Shows a page without a payment: one whose fill function is message. */
ngx_int_t ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_SHOW_H_INCLUDED_ */
