
/*
 * The flows of a payment, from its creation to its outcome.
 *
 *   create    begin                                 pending, for the shopper
 *   charge    begin, eligible, operator, finish     server to server
 *   confirm   take, line, begin, eligible, operator, finish
 *                                                   the shopper's tap
 *   prove     take, try, pin, line, begin, eligible, operator, finish
 *                                                   his PIN
 *   recover   operator, finish                      what was in flight
 *   expire    expire                                nobody came
 *
 * A line that may not pay is refused before its payment begins (confirm), so
 * that another can pay it; or the operator step fails the payment with the
 * reason, and calls nobody.
 *
 * Each constructor copies what it is given, returns a flow to be started by
 * the caller, or NULL: too many flows or no memory, nothing has happened.
 * flow->data is an ngx_carrierpay_charge_t; its result says what came of it.
 *
 * The shopper's two are made in charge_confirm and charge_prove.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_session.h"


typedef enum {
    NGX_CARRIERPAY_CHARGE_ERROR = 0,    /* memory; nothing is known */
    NGX_CARRIERPAY_CHARGE_UNAVAILABLE,  /* the database, or Redis, is away */
    NGX_CARRIERPAY_CHARGE_CREATED,      /* body: the payment, pending */
    NGX_CARRIERPAY_CHARGE_COMPLETED, /* body: the payment, any outcome */
    NGX_CARRIERPAY_CHARGE_OK,        /* see ngx_carrierpay_checkout.h */
    NGX_CARRIERPAY_CHARGE_NOT_FOUND,
    NGX_CARRIERPAY_CHARGE_REPLAYED,     /* body: the first answer */
    NGX_CARRIERPAY_CHARGE_IN_FLIGHT,    /* same key, still running */
    NGX_CARRIERPAY_CHARGE_MISMATCH,     /* same key, another request */
    NGX_CARRIERPAY_CHARGE_REFUSED,      /* reason: no_contract, … */
    NGX_CARRIERPAY_CHARGE_TOKEN_USED,        /* the page's token is used up */
    NGX_CARRIERPAY_CHARGE_TOO_EARLY, /* no time to read; a fresh token */
    NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED, /* a PIN must prove it now */
    NGX_CARRIERPAY_CHARGE_PIN           /* reason: wrong (guess.left tries
                                           remain), none, exhausted, locked,
                                           changed; a fresh token */
} ngx_carrierpay_charge_e;


typedef struct {
    /* what is asked */

    ngx_carrierpay_merchant_t    merchant;
    u_char                       idempotency[16];
    u_char                       request[16];
    ngx_carrierpay_payment_t     payment;
    ngx_carrierpay_identity_t    visitor;     /* family, agent and place */
    ngx_carrierpay_consent_t     consent;     /* address and agent */
    ngx_str_t                    token;       /* confirm, prove */
    unsigned                     merchant_page:1; /* not on our page */

    /* what came */

    ngx_carrierpay_charge_e      result;
    ngx_str_t                    reason;      /* REFUSED, or why it fails
                                                 without the operator */
    ngx_str_t                    body;

    /* the operator has answered, and how long that took; before: since when */
    unsigned                     answered:1;
    ngx_msec_t                   operator_time;

    /* the operator is asked for the status of a charge made before */
    unsigned                     recovering:1;

    /* the operations, one at a time */

    ngx_carrierpay_session_t     session;
    ngx_carrierpay_guess_t       guess;
    ngx_carrierpay_ledger_op_t   op;
    ngx_carrierpay_lookup_t      lookup;
    ngx_carrierpay_operation_t   operation;
    u_char                       end_user_index[NGX_CARRIERPAY_SHA256_LEN];
} ngx_carrierpay_charge_t;


/*
 * The payment's amount, currency, description, reference, return_url,
 * metadata, locale, email (as text); pseudonym_id other than 0 charges at
 * once.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_create(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    ngx_carrierpay_payment_t *payment, u_char *idempotency, u_char *request);

/*
 * A payment that recovery has claimed: asks the operator what became of it,
 * or expires it when it is still pending.  The payment's strings must lie in
 * memory of the flow, so the row of the claim is read there.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_recover(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *claimed,
    ngx_uint_t row);

/* Where the shopper goes: in memory of the flow; NGX_ERROR: memory. */
ngx_int_t ngx_carrierpay_charge_checkout_url(ngx_carrierpay_flow_t *flow,
    int64_t payment_id, ngx_str_t *url);


#endif /* _NGX_CARRIERPAY_CHARGE_H_INCLUDED_ */
