
/*
 * The merchants' API: what its endpoints share.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"


/* An endpoint, after the key has been found: the handler of a merchant. */
typedef ngx_int_t (*ngx_http_carrierpay_endpoint_pt)(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);


/*
 * Finds the merchant of the bearer key, in the cache or by a flow, then calls
 * the endpoint; without a key that exists, answers 401.
 */
ngx_int_t ngx_http_carrierpay_api_enter(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_endpoint_pt endpoint);

/* 503 service_unavailable: nothing has happened, or the key will tell. */
ngx_int_t ngx_http_carrierpay_api_unavailable(ngx_http_request_t *r);


/* NGX_OK when the body is application/json; NGX_DECLINED: the problem says. */
ngx_int_t ngx_http_carrierpay_api_type(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem);

/* A check for the tables of members: a currency. */
const char *ngx_http_carrierpay_api_currency(ngx_str_t *value);


/* ngx_http_carrierpay_api_payments.c */

ngx_int_t ngx_http_carrierpay_api_payment_create(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_payment_get(ngx_http_request_t *r,
    ngx_str_t *body);

/* The payment as it is now; 404 when the merchant has none with this id. */
ngx_int_t ngx_http_carrierpay_api_payment_show(ngx_http_request_t *r,
    ngx_carrierpay_merchant_t *merchant, int64_t id);

/* 404; 504: it goes on; 422: the ledger does not take it, and why. */
ngx_int_t ngx_http_carrierpay_api_not_found(ngx_http_request_t *r);
ngx_int_t ngx_http_carrierpay_api_payment_late(ngx_http_request_t *r,
    int64_t id);
ngx_int_t ngx_http_carrierpay_api_payment_refused(ngx_http_request_t *r,
    ngx_str_t *reason);

/* ngx_http_carrierpay_api_pin.c */

ngx_int_t ngx_http_carrierpay_api_pin(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_resend(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_api_confirm(ngx_http_request_t *r,
    ngx_str_t *body);

/* ngx_http_carrierpay_api_subscribers.c */

ngx_int_t ngx_http_carrierpay_api_stop(ngx_http_request_t *r,
    ngx_str_t *body);

/* ngx_http_carrierpay_api_eligibility.c */

ngx_int_t ngx_http_carrierpay_api_eligibility(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_H_INCLUDED_ */
