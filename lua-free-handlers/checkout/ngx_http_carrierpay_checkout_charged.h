
/*
 * What a shopper sees when a charge has ended.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGED_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * The end of a flow of charge_confirm or charge_pin: a redirect to the
 * payment's page, or the page of what the shopper must do now.  A charge that
 * is late goes on, and the payment's page waits for it.
 */
ngx_int_t ngx_http_carrierpay_checkout_charged(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGED_H_INCLUDED_ */
