
/*
 * POST /pay/cs_…/cancel: the shopper does not pay.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_CANCEL_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_CANCEL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * An endpoint of the checkout.  The answer redirects to the payment's page,
 * which says what became of it and leads back to the shop.
 */
ngx_int_t ngx_http_carrierpay_checkout_cancel(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_CANCEL_H_INCLUDED_ */
