
/*
 * Sends a PIN to the end user of a request, within the budgets of SMS, and
 * shows the page where it is entered.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Both are called with the payment that has been loaded, and with the end user
 * in cr->identity.  A payment that is not pending any more is shown as it is.
 * They return what a handler returns.
 */

/* Sends a PIN; cr->resend says that another one is wanted. */
ngx_int_t ngx_http_carrierpay_checkout_pin_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* Sends nothing: the PIN that was sent before is entered. */
ngx_int_t ngx_http_carrierpay_checkout_pin_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_SEND_H_INCLUDED_ */
