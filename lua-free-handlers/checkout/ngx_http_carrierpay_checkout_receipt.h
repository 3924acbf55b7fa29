
/*
 * What a receipt offers: a copy by e-mail, and to block further purchases.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_RECEIPT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_RECEIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* POST {id}/mail: the receipt to an address. */
ngx_int_t ngx_http_carrierpay_checkout_mail(ngx_http_request_t *r,
    ngx_str_t *body);

/* GET {id}/stop: the page that asks whether to block purchases. */
ngx_int_t ngx_http_carrierpay_checkout_stop_page(ngx_http_request_t *r,
    ngx_str_t *body);

/* POST {id}/stop: blocks purchases of this merchant. */
ngx_int_t ngx_http_carrierpay_checkout_stop(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_RECEIPT_H_INCLUDED_ */
