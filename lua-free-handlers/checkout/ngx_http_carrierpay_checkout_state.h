
/*
 * What the state of a payment means to the checkout.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_payment.h"
#include "ngx_http_carrierpay_page_list.h"


/* Is it pending, and has it not expired? */
ngx_uint_t ngx_http_carrierpay_checkout_pending(ngx_carrierpay_payment_t *p);

/* The page of a payment in this state: BY_STATE while it is pending. */
ngx_http_carrierpay_page_e ngx_http_carrierpay_checkout_state_page(
    ngx_carrierpay_payment_t *p);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_STATE_H_INCLUDED_ */
