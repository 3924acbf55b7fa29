
/*
 * The flows that look at a payment and move no money.
 *
 *   get       load                       the merchant's look
 *   identify  put                        the plain listener found somebody
 *   page      load, take, lookup, judge, line, put
 *                                        the shopper's look
 *   number    load, number, lookup, judge
 *                                        a number that he has typed
 *   session   load, session              back from the page of his PIN
 *
 * Constructors as in ngx_carrierpay_charge.h; flow->data is an
 * ngx_carrierpay_checkout_t.  The flows of mo, pin and receipt share it, and
 * the steps at the end.
 */


#ifndef _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_
#define _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_lookup.h"


/* what became of sending a PIN */

typedef enum {
    NGX_CARRIERPAY_PIN_UNAVAILABLE = 0,  /* ledger or Redis: nothing is sent */
    NGX_CARRIERPAY_PIN_SENT,
    NGX_CARRIERPAY_PIN_WAIT,             /* too soon after the last one */
    NGX_CARRIERPAY_PIN_EXHAUSTED,        /* no more for this payment */
    NGX_CARRIERPAY_PIN_LOCKED,           /* too many wrong guesses before */
    NGX_CARRIERPAY_PIN_ENDED,            /* the payment waits for none */
    NGX_CARRIERPAY_PIN_NO_ROUTE          /* no SMS to this line */
} ngx_carrierpay_pin_e;


typedef struct {
    ngx_carrierpay_pin_e         result;
    ngx_uint_t                   wait;        /* s; then another may be sent */
    ngx_uint_t                   left;        /* that may be asked for */
    ngx_uint_t                   elsewhere;   /* the last one went to another
                                                 line, and none to this */
} ngx_carrierpay_pin_t;


typedef struct {
    /* UNAVAILABLE, FOUND or NOT_FOUND */
    ngx_carrierpay_charge_e      result;

    ngx_carrierpay_payment_t     payment;
    ngx_carrierpay_brand_t       brand;       /* of a shopper's look */
    ngx_str_t                    body;        /* the payment in JSON, for
                                                 merchants */
    ngx_carrierpay_pin_t         pin;

    /* page: session.identity was found, and session.token confirms it */
    unsigned                     identified:1;

    /*
     * page: another line was found before for this payment, or this one only
     * says that it is: a PIN must prove it; session.identity is whose it is
     */
    unsigned                     changed:1;

    unsigned                     done:1;      /* see receipt */

    /* page and number: whoever it is may not pay, as el.decision says */
    unsigned                     barred:1;

    /* the flow's */

    unsigned                     typed:1;
    unsigned                     merchant_page:1; /* a merchant's own page */
    u_char                       digits[NGX_CARRIERPAY_TOKEN_DIGITS];
    int64_t                      pin_id;
    ngx_uint_t                   codes;       /* left to try, see mo */

    ngx_carrierpay_identity_t    visitor;
    ngx_carrierpay_consent_t     consent;     /* the page's and visitor's */
    ngx_str_t                    token;       /* of the bounce; or "" */

    /* the operations, one at a time */

    ngx_carrierpay_session_t     session;
    ngx_carrierpay_lookup_t      lookup;
    ngx_carrierpay_eligibility_t el;
    ngx_carrierpay_look_t        look;
    ngx_carrierpay_ask_t         ask;
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_checkout_t;


ngx_carrierpay_flow_t *ngx_carrierpay_checkout_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id);

/*
 * The plain listener found somebody: identity in full.  OK, and
 * session.token is the bounce token; UNAVAILABLE when Redis is away.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_checkout_identify(
    ngx_carrierpay_core_t *core, ngx_carrierpay_identity_t *identity);

/*
 * The shopper's page: loads the payment.  With a bounce token (or "") of this
 * visitor and this payment, while it is pending, `identified` is set, or
 * `barred` when the line that was found may not pay, or `changed`.  The
 * consent is of the page that is then shown: locale, page, address, agent.
 * UNAVAILABLE also when a token was given and Redis is away.  May take
 * ngx_carrierpay_lookup_timeout() longer than the backends.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_checkout_page(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce,
    ngx_carrierpay_consent_t *consent);

/*
 * A number that the shopper has typed: session.identity is whose it is, and
 * `barred` is set when it may not pay.  As long as the payment is pending.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_checkout_number(
    ngx_carrierpay_core_t *core, int64_t id, ngx_carrierpay_msisdn_t *msisdn);

/*
 * A form of the page where a PIN is entered, by its token: `identified` is set
 * and session.identity is whose line it is, when it is this visitor's.  The
 * token is used up.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_checkout_session(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token);


/* Shared parts: a flow about a payment, and steps. */

ngx_carrierpay_flow_t *ngx_carrierpay_checkout_flow(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_merchant_t *merchant);

ngx_int_t ngx_carrierpay_checkout_load(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_number_carrier(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_lookup(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_evaluate(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_store(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_render(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_ */
