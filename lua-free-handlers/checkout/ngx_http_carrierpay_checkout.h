
/*
 * The shopper's pages: what a visit is made of, and what is shown.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_visit.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_pages.h"


/* one request of a shopper; ctx->data, in the request's pool */

typedef struct {
    int64_t                           payment_id;
    const ngx_carrierpay_language_t  *lang;
    ngx_http_carrierpay_pages_t      *pages;
    ngx_carrierpay_identity_t         visitor;
    ngx_carrierpay_consent_t          consent;

    ngx_str_t                         bounce;    /* ?t=, or len 0 */
    ngx_str_t                         reason;    /* ?n=, or len 0 */

    /* a number was posted: as typed, and what is wrong with it */

    ngx_str_t                         number;
    const char                       *alert;

    /* what it means, or len 0; and when an SMS may go there, s or 0: now */

    ngx_carrierpay_msisdn_t           msisdn;
    ngx_uint_t                        retry;
    unsigned                          asked:1;   /* the SMS budgets */

    /* a line may not pay: why, and which (len 0: it has no number) */

    ngx_carrierpay_verdict_t         *verdict;
    ngx_carrierpay_msisdn_t           line;
} ngx_http_carrierpay_checkout_t;


/* A visit begins; its payment_id is 0 when there is no such page. */
ngx_http_carrierpay_checkout_t *ngx_http_carrierpay_checkout_visit(
    ngx_http_request_t *r);

/* Loads the payment and shows its page. */
ngx_int_t ngx_http_carrierpay_checkout_look(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co);

/* The page that a payment's state asks for. */
ngx_int_t ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit);

/* A page without a payment; `title` names a text, `reason` is one. */
ngx_int_t ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status, const char *title,
    const ngx_str_t *reason);

/*
 * The payment is loaded: charges the SMS budgets if a number was typed to
 * which a PIN would be sent, then shows the page.
 */
ngx_int_t ngx_http_carrierpay_checkout_sms(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit);

/* Limits let the request go on: to the look. */
ngx_int_t ngx_http_carrierpay_checkout_go_on(ngx_http_request_t *r,
    ngx_uint_t retry);

/* The page of a request that limits refuse; any moment before its answer. */
ngx_int_t ngx_http_carrierpay_checkout_limited(ngx_http_request_t *r,
    ngx_uint_t retry);

/* 303 to the payment's page: the browser forgets that it has posted. */
ngx_int_t ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_ */
