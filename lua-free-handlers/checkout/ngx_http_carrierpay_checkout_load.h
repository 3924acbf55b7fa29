
/*
 * Loads the payment of a request, and goes on with what is to follow.
 *
 * `then` is called once, unless there is nothing to go on with: then the
 * request is answered with the page that says why (no such payment, no
 * backend, or a frame that the merchant does not allow).  By then the language
 * is the payment's, and the variables of the log are set.  Returns what a
 * handler returns.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_LOAD_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_LOAD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/* With cr->sms_token or cr->bounce, whose end user may be identified by it. */
ngx_int_t ngx_http_carrierpay_checkout_load(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_checkout_pt then);

/*
 * For the end of another flow that has loaded a payment: the language becomes
 * the payment's, and the variables are set.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_checkout_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_LOAD_H_INCLUDED_ */
