
/*
 * A request of a shopper's browser: what it sent, and what its answer says.
 *
 * The handler of a form reads its fields into the request and asks for one of
 * three things: a charge, a PIN, or the payment's page.  Whatever comes of it,
 * the payment is loaded anew, and its state and the request decide which page
 * is shown.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_REQUEST_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_REQUEST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_checkout.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_pin_issue.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_pages.h"


/*
 * The time that a flow may take before its request is answered, in ms.  A page
 * is shown soon; a charge waits for the operator.
 */

#define NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT    2000
#define NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGE_TIMEOUT  25000


/* A browser sends a cookie of this name back over HTTPS only. */

#define NGX_HTTP_CARRIERPAY_CHECKOUT_COOKIE  "__Secure-browser"


typedef struct ngx_http_carrierpay_checkout_request_s
    ngx_http_carrierpay_checkout_request_t;

/* What follows when the payment of a request has been loaded. */
typedef ngx_int_t (*ngx_http_carrierpay_checkout_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


/* It is ctx->data, in the request's pool, and so are its strings. */

struct ngx_http_carrierpay_checkout_request_s {
    int64_t                           payment_id;  /* 0: not one of ours */
    const ngx_carrierpay_language_t  *lang;
    ngx_http_carrierpay_pages_t      *pages;
    ngx_carrierpay_identity_t         visitor;     /* the browser */

    /* the token that the browser keeps in a cookie; len 0: it has none */

    ngx_str_t                         browser;

    /* the query: a string of length 0 was not given */

    ngx_str_t                         bounce;      /* ?t= */
    ngx_str_t                         reason;      /* ?n= */
    ngx_str_t                         sms_token;   /* ?m=, of the page that
                                                      waits for an SMS */
    ngx_str_t                         redirected;  /* ?v=, by a form */
    ngx_str_t                         mailed;      /* ?s=, of a receipt */
    ngx_str_t                         mailed_to;   /* ?a=, sealed */

    /* the fields of a form, as they were typed */

    ngx_str_t                         country;     /* ISO 3166-1; or len 0 */
    ngx_str_t                         number;
    ngx_str_t                         pin;
    ngx_str_t                         email;

    /* the number that was typed; len 0: none, or it is not one */

    ngx_carrierpay_msisdn_t           msisdn;

    /* the end user who pays, without a reference; the token of the form */

    ngx_carrierpay_identity_t         identity;
    ngx_str_t                         token;

    /* of the answer; or 0: that of the page */

    ngx_uint_t                        status;

    /* the page that is to be shown while the payment is pending */

    ngx_http_carrierpay_page_e        page;

    /* what is wrong, and what has happened; or PHRASE_NONE */

    ngx_carrierpay_phrase_e           alert;
    ngx_carrierpay_phrase_e           note;

    ngx_uint_t                        retry;       /* s until an SMS may go */
    ngx_uint_t                        later;       /* s until a PIN may be
                                                      tried */
    ngx_uint_t                        tries;       /* that a PIN has left */
    ngx_carrierpay_pin_sent_t         sent;        /* result NONE: no PIN was
                                                      asked for just now */

    /* the end user may not pay: why, and the number, or len 0 */

    ngx_carrierpay_decision_t        *decision;
    ngx_carrierpay_msisdn_t           end_user;

    unsigned                          typed:1;     /* the number of identity
                                                      or end_user was, in this
                                                      browser */
    unsigned                          resend:1;    /* another PIN is wanted */
    unsigned                          dead:1;      /* the PIN cannot be entered
                                                      any more */
    unsigned                          refused:1;   /* what was sent may not
                                                      pay: the status is 422 */
    unsigned                          framed:1;    /* the page is in a frame */

    ngx_http_carrierpay_checkout_pt   then;        /* see checkout_load */

    ngx_str_t                         frames;      /* origins that may frame
                                                      the answer */
};


/*
 * Makes the request, before its path is known; NULL when memory is short.  The
 * location's handler does this once.
 */
ngx_http_carrierpay_checkout_request_t *
    ngx_http_carrierpay_checkout_request_create(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages);

/* The request in a handler of a route: payment_id follows from the path. */
ngx_http_carrierpay_checkout_request_t *ngx_http_carrierpay_checkout_request(
    ngx_http_request_t *r);

/* This browser's end user is that of a session. */
void ngx_http_carrierpay_checkout_end_user(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_identity_t *identity);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_REQUEST_H_INCLUDED_ */
