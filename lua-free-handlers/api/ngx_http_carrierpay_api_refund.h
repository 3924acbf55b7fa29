
/*
 * Refunds of the merchant's payments.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_REFUND_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_REFUND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* POST /v1/payments/{id}/refunds */
ngx_int_t ngx_http_carrierpay_api_refund(ngx_http_request_t *r,
    ngx_str_t *body);

/* GET /v1/payments/{id}/refunds, and GET /v1/refunds/{id} */
ngx_int_t ngx_http_carrierpay_api_refund_list(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_refund_get(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_REFUND_H_INCLUDED_ */
