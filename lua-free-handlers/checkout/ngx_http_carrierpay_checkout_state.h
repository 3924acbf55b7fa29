
/*
 * What the ledger's words mean to the checkout: states of a payment, and
 * reasons why a PIN was refused.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_http_carrierpay_page_list.h"


/* Is it pending, and has it not expired? */
ngx_uint_t ngx_http_carrierpay_checkout_pending(ngx_carrierpay_payment_t *p);

/*
 * The page of a payment in this state: BY_STATE while it is pending, MAX when
 * the state has no page.
 */
ngx_http_carrierpay_page_e ngx_http_carrierpay_checkout_state_page(
    ngx_carrierpay_payment_t *p);

/*
 * The reason why a PIN was refused, as the shopper reads it: when the wrong
 * PIN was the last try, that another one is needed says more than "wrong".
 */
ngx_str_t *ngx_http_carrierpay_checkout_pin_reason(
    ngx_carrierpay_charge_t *charge);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_ */
