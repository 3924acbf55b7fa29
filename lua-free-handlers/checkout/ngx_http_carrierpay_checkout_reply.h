
/*
 * Answers of the checkout that do not depend on a payment.  What they return
 * is for ngx_http_finalize_request().
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/* 404: there is no such payment. */
ngx_int_t ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/* 503: the ledger or Redis does not answer; try again in 2 s. */
ngx_int_t ngx_http_carrierpay_checkout_unavailable(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/* 303 to the payment's page: a reload of it sends no form again. */
ngx_int_t ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r,
    const char *query);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_REPLY_H_INCLUDED_ */
