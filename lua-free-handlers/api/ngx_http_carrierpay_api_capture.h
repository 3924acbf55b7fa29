
/*
 * The merchant captures a payment that was reserved, or cancels one.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_CAPTURE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_CAPTURE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* POST /v1/payments/{id}/capture, and …/cancel */
ngx_int_t ngx_http_carrierpay_api_capture(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_cancel(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_CAPTURE_H_INCLUDED_ */
