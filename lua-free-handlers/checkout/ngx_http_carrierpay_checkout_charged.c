
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_http_carrierpay_checkout_charged.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_proof.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_uint_t ngx_http_carrierpay_checkout_another(
    ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow);
static void ngx_http_carrierpay_checkout_wrong_pin(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_attempt_t *attempt);
static ngx_int_t ngx_http_carrierpay_checkout_ineligible(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_checkout_charged(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t                 *charge;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        if (ngx_http_carrierpay_checkout_proof_send(r, charge) != NGX_OK) {
            return NGX_ERROR;
        }

        /* the page of a payment that was declined says so */

        return ngx_http_carrierpay_checkout_redirect(r,
                     ngx_http_carrierpay_checkout_another(charge) ? "?n=other"
                                                                  : "");

    case NGX_CARRIERPAY_FLOW_CONFLICT:

        /* a payment that is pending still says why its page comes again */

        return ngx_http_carrierpay_checkout_redirect(r,
                            charge->pin_attempt.digits.len ? "?n=lost" : "");

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return ngx_http_carrierpay_checkout_refused(r, cr, flow);

    case NGX_CARRIERPAY_FLOW_UNAVAILABLE:
    case NGX_CARRIERPAY_FLOW_ERROR:
        break;
    }

    return ngx_http_carrierpay_checkout_unavailable(r, cr);
}


/* Does it take another line to pay what was declined? */

static ngx_uint_t
ngx_http_carrierpay_checkout_another(ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_decline_e  code;

    if (charge->payment.state != NGX_CARRIERPAY_PAYMENT_PENDING) {
        return 0;
    }

    code = ngx_carrierpay_decline_parse(&charge->payment.failure_code);

    return ngx_carrierpay_decline_stat(code)
           == NGX_CARRIERPAY_STAT_OUTCOME_LINE;
}


/*
 * Nothing was charged.  The flow and its memory go away with this function's
 * end, so what is shown is copied.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                 token;
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->answer == NGX_CARRIERPAY_CHARGE_NONE) {
        return ngx_http_carrierpay_checkout_ineligible(r, cr, flow);
    }

    ngx_http_carrierpay_checkout_end_user(cr, &charge->session.identity);

    token.data = charge->session.token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    cr->token.len = token.len;
    cr->token.data = ngx_pstrdup(r->pool, &token);

    if (cr->token.data == NULL) {
        return NGX_ERROR;
    }

    switch (charge->answer) {

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
        cr->page = NGX_HTTP_CARRIERPAY_PAGE_CONFIRM;
        cr->alert = NGX_CARRIERPAY_PHRASE_CONFIRM_SOON;
        break;

    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
        cr->note = NGX_CARRIERPAY_PHRASE_PIN_MOVED;
        return ngx_http_carrierpay_checkout_pin_send_identity(r, cr, NULL);

    default: /* NGX_CARRIERPAY_CHARGE_PIN */
        ngx_http_carrierpay_checkout_wrong_pin(cr, &charge->pin_attempt);
        break;
    }

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}


/*
 * When the wrong PIN was the last one that may be tried, that another one is
 * needed says more than "wrong".  A form that can do nothing any more is not
 * shown: that of a PIN which is over, or will be before the visitor may try
 * it, and the whole page of a line that no PIN can help.
 */

static void
ngx_http_carrierpay_checkout_wrong_pin(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    ngx_carrierpay_pin_attempt_e  result;

    result = attempt->result;

    if (result == NGX_CARRIERPAY_ATTEMPT_WRONG && attempt->left == 0) {
        result = NGX_CARRIERPAY_ATTEMPT_EXHAUSTED;
    }

    cr->page = NGX_HTTP_CARRIERPAY_PAGE_PIN;
    cr->alert = ngx_carrierpay_phrase_variant("pin_",
                                      ngx_carrierpay_pin_attempt_name(result),
                                      NGX_CARRIERPAY_PHRASE_PIN);

    switch (result) {

    case NGX_CARRIERPAY_ATTEMPT_WRONG:
        cr->tries = attempt->left;
        return;

    case NGX_CARRIERPAY_ATTEMPT_LATER:
        cr->later = attempt->wait;
        cr->retry = attempt->wait;

        if (attempt->left) {
            return;
        }

        cr->alert = NGX_CARRIERPAY_PHRASE_PIN_OVER;
        break;

    case NGX_CARRIERPAY_ATTEMPT_LOCKED:
        cr->page = NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY;

        if (attempt->visitor.proved) {
            cr->alert = NGX_CARRIERPAY_PHRASE_PIN_LOCKED_HERE;
        }

        return;

    default:
        break;
    }

    cr->dead = 1;

    if (attempt->sends == 0) {
        cr->page = NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY;
        cr->alert = NGX_CARRIERPAY_PHRASE_NUMBER_EXHAUSTED;
    }
}


/*
 * The end user may not pay.  The payment is pending still, and its page says
 * why, by what the flow has found out.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_ineligible(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t    *charge;
    ngx_carrierpay_decision_t  *decision;
    ngx_carrierpay_identity_t  *identity;

    charge = flow->data;
    identity = &charge->session.identity;

    decision = ngx_pcalloc(r->pool, sizeof(ngx_carrierpay_decision_t));
    if (decision == NULL) {
        return NGX_ERROR;
    }

    decision->carrier = identity->carrier;
    decision->reason.len = flow->reason.len;
    decision->reason.data = ngx_pstrdup(r->pool, &flow->reason);

    if (decision->reason.data == NULL) {
        return NGX_ERROR;
    }

    cr->decision = decision;
    cr->end_user = identity->msisdn;

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}
