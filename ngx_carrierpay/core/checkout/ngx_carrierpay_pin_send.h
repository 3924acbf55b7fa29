
/*
 * PINs by SMS: whoever reads it holds the line.
 *
 * A PIN is six digits.  What is stored of it is a name in Redis, for five
 * minutes: an HMAC of the PIN, its id, the payment, its amount and the line.
 * To compare a guess is to take that name away (GETDEL): of many right guesses
 * at once one wins, and a wrong one leaves the PIN alone.  How often somebody
 * has guessed is counted before that, in the ledger, so losing Redis frees no
 * guess, and without Redis nobody can guess.
 *
 * The flows that send one (flow->data is an ngx_carrierpay_checkout_t):
 *
 *   pin        load, store, issue, put                the shopper's page
 *   pin_page   load, put                              the same once more
 *   pin_order  load, number, lookup, judge, store, issue, render
 *                                                     a merchant's own page
 *   pin_line   line                                   where the last one went
 *
 * A guess is an operation of the flow that charges (charge_prove).
 */


#ifndef _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_checkout.h"


/*
 * The shopper's page: sends a PIN to the line of `identity`, whose visitor's
 * part is the browser that will enter it.  visit->pin.result says what came
 * of it; for SENT, and for WAIT and EXHAUSTED unless pin.elsewhere is set,
 * the token in visit->session is of the page where it is entered.  The page
 * is the consent: its locale, page, address and agent.  NULL: memory, or too
 * many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_send(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_consent_t *consent);

/*
 * The page where a PIN that was sent before is entered, with a fresh token;
 * sends nothing.  pin.result is WAIT.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_page(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_consent_t *consent);

/*
 * A merchant's own page: sends a PIN to a number, if it may pay.  result
 * OK, pin.result, and the payment in body; or `barred`.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_order(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id,
    ngx_carrierpay_msisdn_t *msisdn);

/*
 * Which number the last PIN of a merchant's payment went to: result FOUND and
 * session.identity.msisdn, or NOT_FOUND.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_pin_line(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id);


#endif /* _NGX_CARRIERPAY_PIN_SEND_H_INCLUDED_ */
