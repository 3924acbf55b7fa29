
/*
 * Problems that several endpoints of the merchants' API answer with.  What the
 * functions return is for ngx_http_finalize_request(), unless they say else.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_reply.h"


/* 503 service_unavailable: the same request may be sent again. */
ngx_int_t ngx_http_carrierpay_api_unavailable(ngx_http_request_t *r);

/* 404 not_found: the merchant has no payment with this id. */
ngx_int_t ngx_http_carrierpay_api_not_found(ngx_http_request_t *r);

/*
 * 504 still_processing: the flow goes on, and the merchant asks for the
 * payment or waits for the webhook.  An id of 0 is not known yet.
 */
ngx_int_t ngx_http_carrierpay_api_still_processing(ngx_http_request_t *r,
    int64_t id);

/* 422: the ledger refuses the payment for this reason. */
ngx_int_t ngx_http_carrierpay_api_refused(ngx_http_request_t *r,
    ngx_str_t *reason);

/* The same with the nearest amounts that are allowed; 0: there is none. */
ngx_int_t ngx_http_carrierpay_api_refused_amount(ngx_http_request_t *r,
    ngx_str_t *reason, int64_t below, int64_t above);

/* The same of a consent, with the payment that it was given for. */
ngx_int_t ngx_http_carrierpay_api_refused_consent(ngx_http_request_t *r,
    ngx_str_t *reason, int64_t payment_id);

/* Adds Location, the payment's path; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_api_reply_location(ngx_http_request_t *r,
    int64_t id);

/* Fills a problem; code and detail are not copied. */
void ngx_http_carrierpay_api_problem(ngx_http_carrierpay_problem_t *problem,
    ngx_uint_t status, const char *code, const char *detail);

/* The reason as a problem's code; NULL: memory. */
const char *ngx_http_carrierpay_api_code(ngx_http_request_t *r,
    ngx_str_t *reason);


#endif /* _NGX_HTTP_CARRIERPAY_API_REPLY_H_INCLUDED_ */
