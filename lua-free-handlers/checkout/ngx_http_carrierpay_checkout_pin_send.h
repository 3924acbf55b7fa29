
/*
 * Has a PIN sent, within the budgets of SMS, and shows the page where it is
 * entered; or the page that says why none was sent.
 *
 * All return what a handler returns.  `checkout` is not used: the payment has
 * been loaded before only for a request of a frame.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/* To cr->msisdn, the number that was typed. */
ngx_int_t ngx_http_carrierpay_checkout_pin_send_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* To the number of cr->identity, which was found. */
ngx_int_t ngx_http_carrierpay_checkout_pin_send_identity(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* Another one, to the number of the session of cr->token. */
ngx_int_t ngx_http_carrierpay_checkout_pin_send_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* Sends nothing: the page of the session of cr->token is shown once more. */
ngx_int_t ngx_http_carrierpay_checkout_pin_send_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_ */
