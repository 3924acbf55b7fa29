
/*
 * The shopper's pages: what a visit is made of, and what is shown.
 *
 * A form's handler (confirm, number, pin, mo, receipt) reads its fields into
 * the visit and asks for one of three things: a charge, a PIN, or a look.
 * Whatever comes of it, the look loads the payment anew and shows the page
 * that its state and the visit's step ask for.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_checkout.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_pages.h"


/* a look is answered soon; a tap waits for the operator */

#define NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT     2000     /* ms */
#define NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT  25000


typedef struct ngx_http_carrierpay_checkout_request_s
    ngx_http_carrierpay_checkout_request_t;

typedef ngx_int_t (*ngx_http_carrierpay_checkout_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);


/* what a look leads to while the payment is pending */

typedef enum {
    NGX_HTTP_CARRIERPAY_STEP_LOOK = 0,  /* whatever it asks for */
    NGX_HTTP_CARRIERPAY_STEP_NUMBER,    /* a PIN to co->msisdn */
    NGX_HTTP_CARRIERPAY_STEP_RESEND,    /* another one, by co->token */
    NGX_HTTP_CARRIERPAY_STEP_RETURN,    /* no other one, by co->token */
    NGX_HTTP_CARRIERPAY_STEP_SEND,      /* a PIN to co->who */
    NGX_HTTP_CARRIERPAY_STEP_CONFIRM,   /* the page of co->who and co->token */
    NGX_HTTP_CARRIERPAY_STEP_PIN,       /* likewise */
    NGX_HTTP_CARRIERPAY_STEP_STOP       /* the page that asks; any state */
} ngx_http_carrierpay_step_e;


/* one request of a shopper; ctx->data, in the request's pool */

struct ngx_http_carrierpay_checkout_request_s {
    int64_t                           payment_id;
    const ngx_carrierpay_language_t  *lang;
    ngx_http_carrierpay_pages_t      *pages;
    ngx_carrierpay_identity_t         visitor;
    ngx_http_carrierpay_step_e        step;

    /* the query; len 0: not there */

    ngx_str_t                         bounce;    /* ?t= */
    ngx_str_t                         reason;    /* ?n= */
    ngx_str_t                         mo;        /* ?m=, of a page that waits
                                                    for an SMS */
    ngx_str_t                         said;      /* ?s=, about a mail */

    /* what was posted: a number as typed, and what it means, or len 0 */

    ngx_str_t                         country;   /* ISO 3166-1; or len 0 */
    ngx_str_t                         number;
    ngx_str_t                         pin;
    ngx_str_t                         email;
    ngx_carrierpay_msisdn_t           msisdn;

    /* whose line it is, without a reference; and the form's token */

    ngx_carrierpay_identity_t         identity;
    ngx_str_t                         token;

    /* what is wrong, and what has happened */

    ngx_carrierpay_phrase_e           alert;
    ngx_carrierpay_phrase_e           note;

    ngx_uint_t                        retry;     /* s until an SMS may go */
    ngx_uint_t                        tries;     /* of a PIN, left */
    unsigned                          kept:1;    /* a PIN of before is meant */
    ngx_carrierpay_pin_t              sent;      /* result 0: none just now */

    /* a line may not pay: why, and which (len 0: it has no number) */

    ngx_carrierpay_decision_t        *decision;
    ngx_carrierpay_msisdn_t           end_user;

    /* the page lies in a frame; if it may, this goes on, unless it is NULL */

    unsigned                          framed:1;
    unsigned                          stopped:1; /* just now */
    ngx_http_carrierpay_checkout_pt   then;

    ngx_str_t                         frames;    /* who may frame the page */
};


/* A visit begins; its payment_id is 0 when there is no such page. */
ngx_http_carrierpay_checkout_request_t *ngx_http_carrierpay_checkout_enter(
    ngx_http_request_t *r);

/*
 * A form was posted.  NGX_DECLINED and *co: go on; or what its handler is to
 * return: there is no such payment, or it is not from a page of ours.
 */
ngx_int_t ngx_http_carrierpay_checkout_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t **cr);

/* Its field; len 0: it has none, or more than one. */
void ngx_http_carrierpay_checkout_field(ngx_http_request_t *r,
    ngx_str_t *body, const char *name, ngx_str_t *value);


/* Handlers of forms; see the table of routes. */

ngx_int_t ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_number(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_pin(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_resend(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_mo(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_mail(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_stop_page(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_carrierpay_checkout_stop(ngx_http_request_t *r,
    ngx_str_t *body);


/* What forms ask for. */

/* Loads the payment and shows its page. */
ngx_int_t ngx_http_carrierpay_checkout_look(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/* A PIN to co->who, of a payment of this merchant, if SMS budgets allow. */
ngx_int_t ngx_http_carrierpay_checkout_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, int32_t merchant_id);

/* The page where co->who enters a PIN that was sent before. */
ngx_int_t ngx_http_carrierpay_checkout_pin_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/* A charge has ended: its outcome, or what the shopper must do. */
ngx_int_t ngx_http_carrierpay_checkout_charged(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


/* What the look shows. */

/* The page that a payment's state asks for. */
ngx_int_t ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);

/* A page without a payment. */
ngx_int_t ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status,
    ngx_carrierpay_phrase_e title, ngx_carrierpay_phrase_e reason);

ngx_int_t ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status);
ngx_int_t ngx_http_carrierpay_checkout_unavailable(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/* 303 to the payment's page: the browser forgets that it has posted. */
ngx_int_t ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r,
    const char *query);

/* Adds Retry-After, in s. */
ngx_int_t ngx_http_carrierpay_checkout_retry(ngx_http_request_t *r,
    ngx_uint_t retry);

/* The page of a request that limits refuse; any moment before its answer. */
ngx_int_t ngx_http_carrierpay_checkout_limited(ngx_http_request_t *r,
    ngx_uint_t retry);

/* Limits let the request go on: to the look. */
ngx_int_t ngx_http_carrierpay_checkout_go_on(ngx_http_request_t *r,
    ngx_uint_t retry);


/*
 * What is said to be shown to whom: this page, in the visit's language or in
 * the payment's own.
 */
void ngx_http_carrierpay_checkout_consent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_consent_t *consent);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_H_INCLUDED_ */
