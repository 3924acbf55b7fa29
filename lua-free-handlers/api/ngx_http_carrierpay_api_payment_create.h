
/*
 * POST /v1/payments
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_PAYMENT_CREATE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_PAYMENT_CREATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * Creates a payment, and charges it when the body names a subscriber; the
 * header Idempotency-Key makes it safe to send the request again.
 */
ngx_int_t ngx_http_carrierpay_api_payment_create(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_PAYMENT_CREATE_H_INCLUDED_ */
