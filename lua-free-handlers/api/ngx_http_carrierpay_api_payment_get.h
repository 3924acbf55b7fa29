
/*
 * GET /v1/payments/{id}
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_PAYMENT_GET_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_PAYMENT_GET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* Answers with the payment as it is now. */
ngx_int_t ngx_http_carrierpay_api_payment_get(ngx_http_request_t *r,
    ngx_str_t *body);

/* The same for an endpoint that has changed the payment. */
ngx_int_t ngx_http_carrierpay_api_payment_show(ngx_http_request_t *r,
    int64_t id);


#endif /* _NGX_HTTP_CARRIERPAY_API_PAYMENT_GET_H_INCLUDED_ */
