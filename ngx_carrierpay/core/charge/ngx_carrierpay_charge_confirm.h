
/*
 * The shopper's tap, and what begins a payment of his, however he has proved
 * who he is.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_session.h"


/*
 * The shopper's tap.  COMPLETED with the payment as it is then; TOKEN_USED
 * when the token is not there any more: show the page; TOO_EARLY,
 * NETWORK_CHANGED.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_confirm(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *confirm,
    ngx_carrierpay_consent_t *consent);


/*
 * For a flow of his: copies token (or "") and consent; NULL: memory, or too
 * many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_shopper(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent);

/*
 * Takes charge->token's session of this kind; the handler is told.  NGX_AGAIN,
 * or NGX_DONE: the result is UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_charge_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind, ngx_carrierpay_session_pt handler);

/* Is the session that was taken of this payment and this browser? */
ngx_uint_t ngx_carrierpay_charge_session_valid(
    ngx_carrierpay_charge_t *charge);

/*
 * The page is shown once more: a fresh token of what was taken.  The flow ends
 * with the result that is set now, or with UNAVAILABLE.  NGX_AGAIN or
 * NGX_DONE, as a step returns.
 */
ngx_int_t ngx_carrierpay_charge_restore(ngx_carrierpay_flow_t *flow);

/*
 * A step: the intent, durable.  session.identity pays, its consent and the
 * flow's say what was shown to whom.
 */
ngx_int_t ngx_carrierpay_charge_begin(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_CHARGE_CONFIRM_H_INCLUDED_ */
