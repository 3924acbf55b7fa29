
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
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co);
static ngx_int_t ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_guessed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge);


ngx_int_t
ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &co->token);

    if (!ngx_carrierpay_token_valid(&co->token)
        || !ngx_http_carrierpay_guard_agent(r))
    {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    /* a script's submit is no tap */

    if (!ngx_http_carrierpay_guard_touched(r)) {
        return ngx_http_carrierpay_checkout_message(r, co, NGX_HTTP_FORBIDDEN,
                                                    "touch_title",
                                                    "touch_text");
    }

    if (co->framed) {
        co->then = ngx_http_carrierpay_checkout_tap;
        return ngx_http_carrierpay_checkout_look(r, co);
    }

    return ngx_http_carrierpay_checkout_tap(r, co);
}


static ngx_int_t
ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, co,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_confirm(core, co->payment_id,
                                                &co->visitor, &co->token,
                                                &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                 NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT,
                                 ngx_http_carrierpay_checkout_charged);
}


/* whatever came of it, the page tells; a second tap sees the same page */

ngx_int_t
ngx_http_carrierpay_checkout_charged(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t         *charge;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;
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
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_checkout_refused(r, co, charge);

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
    case NGX_CARRIERPAY_CHARGE_PIN:
        return ngx_http_carrierpay_checkout_again(r, co, charge);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }
}


/* nothing was charged, and the shopper goes on; the flow's memory goes now */

static ngx_int_t
ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge)
{
    ngx_str_t                   token;
    ngx_carrierpay_identity_t  *identity;

    identity = &charge->session.identity;

    co->identity = co->visitor;
    co->identity.carrier = identity->carrier;
    co->identity.msisdn = identity->msisdn;

    token.data = charge->session.token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    co->token.len = token.len;
    co->token.data = ngx_pstrdup(r->pool, &token);

    co->why = ngx_palloc(r->pool, sizeof(ngx_str_t));

    if (co->token.data == NULL || co->why == NULL) {
        return NGX_ERROR;
    }

    ngx_str_null(co->why);

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
        co->step = NGX_HTTP_CARRIERPAY_STEP_CONFIRM;
        co->alert = "confirm_soon";
        break;

    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
        co->step = NGX_HTTP_CARRIERPAY_STEP_SEND;
        co->note = "pin_moved";
        break;

    default: /* NGX_CARRIERPAY_CHARGE_PIN */
        if (ngx_http_carrierpay_checkout_guessed(r, co, charge) != NGX_OK) {
            return NGX_ERROR;
        }

        break;
    }

    return ngx_http_carrierpay_checkout_look(r, co);
}


/* after the last try, that he needs another code tells more than "wrong" */

static ngx_int_t
ngx_http_carrierpay_checkout_guessed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge)
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

    co->step = NGX_HTTP_CARRIERPAY_STEP_PIN;
    co->alert = "pin_";
    co->tries = charge->guess.left;
    co->why->len = reason->len;
    co->why->data = ngx_pstrdup(r->pool, reason);

    return co->why->data ? NGX_OK : NGX_ERROR;
}


/* the payment waits on, so its page tells, with what the flow knew */

static ngx_int_t
ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge)
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

    co->decision = decision;
    co->end_user = identity->msisdn;

    return ngx_http_carrierpay_checkout_look(r, co);
}
