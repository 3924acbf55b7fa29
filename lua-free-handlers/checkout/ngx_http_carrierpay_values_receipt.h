
/*
 * What a receipt says beside price and merchant, and what a page that waits
 * says of one.
 */


#ifndef _NGX_HTTP_CARRIERPAY_VALUES_RECEIPT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VALUES_RECEIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Date, the merchant's reference, the tax in the price, and the address that
 * cr->mailed_to hides; those that are known.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_values_receipt(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);

/*
 * The query of the redirect to a receipt that says where a mail was sent; a
 * zero ends it.  The address is sealed, for this browser alone.  NGX_OK or
 * NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_values_receipt_query(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *email,
    ngx_str_t *query);

/* Will the subscriber get a receipt by SMS when the payment succeeds? */
void ngx_http_carrierpay_values_texted(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_VALUES_RECEIPT_H_INCLUDED_ */
