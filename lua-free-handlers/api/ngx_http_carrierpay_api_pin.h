
/*
 * A PIN on a merchant's own page:
 *
 *   POST /v1/payments/{id}/pin      sends a PIN to a number
 *   POST /v1/payments/{id}/resend   sends another one to the same number
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_PIN_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_PIN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * Both answer with the payment when a PIN was sent, else with a problem: the
 * budgets of SMS and of the payment's PINs are checked before.
 */
ngx_int_t ngx_http_carrierpay_api_pin(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_resend(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_PIN_H_INCLUDED_ */
