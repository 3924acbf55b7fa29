
/*
 * The shopper's tap on our page, and what begins a shopper's payment, however
 * the end user has been proved.
 *
 *   confirm   consume, restore, may_pay, begin, eligible, operator, finish
 *
 * The data of the flow is an ngx_carrierpay_charge_t.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_charge_steps.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_begin_statement;


/*
 * The tap of a browser (visitor) on a page that has this token; `consent` has
 * the browser's address and agent.  Texts are copied.
 *
 * The result is OK with answer COMPLETED; CONFLICT with TOKEN_USED: show the
 * page; REFUSED with TOO_EARLY, NETWORK_CHANGED or, answer NONE, with
 * flow->reason; NOT_FOUND; or UNAVAILABLE.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_confirm(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent);


/* For flows of a shopper: makes one, and copies token (or "") and consent. */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_shopper(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent);

/*
 * For the row that consumes the session of the page's token.  consumed:
 * NGX_OK, it is of this payment and this browser; or NGX_DONE with the result
 * CONFLICT (TOKEN_USED) or UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_charge_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind);
ngx_int_t ngx_carrierpay_charge_consumed(ngx_carrierpay_flow_t *flow);

/*
 * Rows.  When a row before has declined, the page is shown once more: the
 * session is stored again under a fresh token, and the flow ends REFUSED.
 */
ngx_int_t ngx_carrierpay_charge_restore(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_restore_done(ngx_carrierpay_flow_t *flow);

/*
 * Rows: makes the intent of session.identity; when its line lies in another
 * cell than the payment, loads the payment, and
 */
ngx_int_t ngx_carrierpay_charge_intend(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_intended(ngx_carrierpay_flow_t *flow);

/* counts the amount there, or the flow ends REFUSED. */
ngx_int_t ngx_carrierpay_charge_reserve(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_reserve_done(ngx_carrierpay_flow_t *flow);

/* Rows: the intent of session.identity, with its consent, is durable. */
ngx_int_t ngx_carrierpay_charge_begin(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_begin_done(ngx_carrierpay_flow_t *flow);


/* The end of each table that charges a shopper. */

#define NGX_CARRIERPAY_CHARGE_SHOPPER_ROWS                                    \
    { "restore",                                 /* declined: a new token */  \
      ngx_carrierpay_charge_restore,                                          \
      ngx_carrierpay_charge_restore_done, NGX_CARRIERPAY_FLOW_ALWAYS },       \
    { "may_pay",                                 /* or the payment waits */   \
      ngx_carrierpay_charge_may_pay, NULL, 0 },                               \
    { "intend",                                  /* where is its line? */     \
      ngx_carrierpay_charge_intend,                                           \
      ngx_carrierpay_charge_intended, 0 },                                    \
    { "reserve",                                 /* in the line's cell */     \
      ngx_carrierpay_charge_reserve,                                          \
      ngx_carrierpay_charge_reserve_done, 0 },                                \
    { "begin",                                   /* durable; or it waits */   \
      ngx_carrierpay_charge_begin,                                            \
      ngx_carrierpay_charge_begin_done, 0 },                                  \
    { "eligible",                                /* or the payment fails */   \
      ngx_carrierpay_charge_eligible,                                         \
      ngx_carrierpay_charge_eligible_done, 0 },                               \
    NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS


#endif /* _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_ */
