
/*
 * The shopper's tap, and what comes of a charge.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);
static ngx_int_t ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_guessed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);


ngx_int_t
ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &cr->token);

    if (!ngx_carrierpay_token_valid(&cr->token)
        || !ngx_http_carrierpay_guard_agent(r))
    {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    /* a script's submit is no tap */

    if (!ngx_http_carrierpay_guard_touched(r)) {
        return ngx_http_carrierpay_checkout_message(r, cr, NGX_HTTP_FORBIDDEN,
                                                    "touch_title",
                                                    "touch_text");
    }

    if (cr->framed) {
        cr->then = ngx_http_carrierpay_checkout_tap;
        return ngx_http_carrierpay_checkout_look(r, cr);
    }

    return ngx_http_carrierpay_checkout_tap(r, cr);
}


static ngx_int_t
ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_confirm(core, cr->payment_id,
                                                &cr->visitor, &cr->token,
                                                &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                 NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT,
                                 ngx_http_carrierpay_checkout_charged);
}


/* whatever came of it, the page tells; a second tap sees the same page */

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

    if (flow->late) {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_COMPLETED:
    case NGX_CARRIERPAY_CHARGE_TOKEN_USED:
        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr, NGX_HTTP_NOT_FOUND);

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_checkout_refused(r, cr, charge);

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
    case NGX_CARRIERPAY_CHARGE_PIN:
        return ngx_http_carrierpay_checkout_again(r, cr, charge);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}


/* nothing was charged, and the shopper goes on; the flow's memory goes now */

static ngx_int_t
ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge)
{
    ngx_str_t                   token;
    ngx_carrierpay_identity_t  *identity;

    identity = &charge->session.identity;

    cr->identity = cr->visitor;
    cr->identity.carrier = identity->carrier;
    cr->identity.msisdn = identity->msisdn;

    token.data = charge->session.token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    cr->token.len = token.len;
    cr->token.data = ngx_pstrdup(r->pool, &token);

    cr->why = ngx_palloc(r->pool, sizeof(ngx_str_t));

    if (cr->token.data == NULL || cr->why == NULL) {
        return NGX_ERROR;
    }

    ngx_str_null(cr->why);

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
        cr->step = NGX_HTTP_CARRIERPAY_STEP_CONFIRM;
        cr->alert = "confirm_soon";
        break;

    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
        cr->step = NGX_HTTP_CARRIERPAY_STEP_SEND;
        cr->note = "pin_moved";
        break;

    default: /* NGX_CARRIERPAY_CHARGE_PIN */
        if (ngx_http_carrierpay_checkout_guessed(r, cr, charge) != NGX_OK) {
            return NGX_ERROR;
        }

        break;
    }

    return ngx_http_carrierpay_checkout_look(r, cr);
}


/* after the last try, that he needs another code tells more than "wrong" */

static ngx_int_t
ngx_http_carrierpay_checkout_guessed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge)
{
    static ngx_str_t  wrong = ngx_string("wrong");
    static ngx_str_t  exhausted = ngx_string("exhausted");

    ngx_str_t  *reason;

    reason = &charge->reason;

    if (charge->guess.left == 0 && reason->len == wrong.len
        && ngx_memcmp(reason->data, wrong.data, wrong.len) == 0)
    {
        reason = &exhausted;
    }

    cr->step = NGX_HTTP_CARRIERPAY_STEP_PIN;
    cr->alert = "pin_";
    cr->tries = charge->guess.left;
    cr->why->len = reason->len;
    cr->why->data = ngx_pstrdup(r->pool, reason);

    return cr->why->data ? NGX_OK : NGX_ERROR;
}


/* the payment waits on, so its page tells, with what the flow knew */

static ngx_int_t
ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_decision_t  *decision;
    ngx_carrierpay_identity_t  *identity;

    identity = &charge->session.identity;

    decision = ngx_pcalloc(r->pool, sizeof(ngx_carrierpay_decision_t));
    if (decision == NULL) {
        return NGX_ERROR;
    }

    decision->carrier = identity->carrier;
    decision->reason.len = charge->reason.len;
    decision->reason.data = ngx_pstrdup(r->pool, &charge->reason);

    if (decision->reason.data == NULL) {
        return NGX_ERROR;
    }

    cr->decision = decision;
    cr->end_user = identity->msisdn;

    return ngx_http_carrierpay_checkout_look(r, cr);
}
