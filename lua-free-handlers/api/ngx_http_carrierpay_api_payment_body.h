
/*
 * The body of POST /v1/payments.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_PAYMENT_BODY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_PAYMENT_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_statement.h"
#include "ngx_http_carrierpay_reply.h"


/*
 * Reads the body into a payment, zeroed by the caller: what the merchant may
 * set.  The subscriber, zeroed, too, is set when the payment is to be charged
 * at once.  Strings live as long as the request.  NGX_OK; NGX_DECLINED: see
 * the problem; NGX_ERROR: memory.
 */
ngx_int_t ngx_http_carrierpay_api_payment_body(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_payment_t *payment,
    ngx_carrierpay_optional_t *subscriber,
    ngx_http_carrierpay_problem_t *problem);


#endif /* _NGX_HTTP_CARRIERPAY_API_PAYMENT_BODY_H_INCLUDED_ */
