
/*
 * A PIN is sent by SMS, so that its reader proves to hold the number; see
 * ngx_carrierpay_pin_attempt.h for what a PIN is.
 *
 *   pin_number   load, number, lookup, evaluate, budget, hash, mark, issue,
 *                session                 the shopper has typed a number
 *   pin_send     load, budget, hash, mark, issue, session
 *                                        a shopper who was found must prove it
 *   pin_resend   load, consume, budget, hash, mark, issue, session
 *                                        another PIN, which the shopper wants
 *   pin_page     load, consume, session  that page once more; sends nothing
 *   pin_order    load, number, lookup, evaluate, budget, hash, mark, issue,
 *                render                  a merchant's own page
 *   pin_order_again
 *                last, and what pin_order does
 *
 * The data of the flows is an ngx_carrierpay_pin_send_t.  The PIN's hash goes
 * to Redis before the SMS is written: without Redis nothing is sent, and a PIN
 * that the ledger then does not issue is known to nothing and dies.
 */


#ifndef _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pin_issue.h"


/*
 * On our page.  `visitor` is the browser that will enter the PIN, `consent`
 * that of the page where it is entered, `address` the bytes of the client's
 * block of addresses; texts are copied.
 *
 * The result is OK, NOT_FOUND or UNAVAILABLE.  Of OK, sent.result says more:
 * for SENT, and for WAIT and EXHAUSTED unless sent.elsewhere is set, the token
 * in checkout.session is of the page where the PIN is entered.  NONE: the
 * payment is not pending, checkout.barred is set, or the token is not there.
 * NULL: memory, or too many flows.
 */

/* A PIN for a number that the shopper has typed. */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_number(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_identity_t *visitor,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address);

/* A PIN for the number of an identity that was found. */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_identity(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_consent_t *consent,
    ngx_str_t *address);

/* Another PIN, for the session that this token names. */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_again(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address);

/*
 * The page where the PIN of this token's session is entered, with a fresh
 * token; nothing is sent, and sent.result is NONE.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_page(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent);

/*
 * On a merchant's own page: a PIN for a number, or (msisdn NULL) for the one
 * that the payment's last PIN went to.  The payment is in read.body.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_order(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id, ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *address);


#endif /* _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_ */
