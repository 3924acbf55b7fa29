
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout_charged.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_wrong_pin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge);


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
        return ngx_http_carrierpay_checkout_missing(r, cr);

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


/*
 * Nothing was charged, and the shopper may try again.  The flow and its memory
 * go away with this function's end, so what is shown is copied.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge)
{
    ngx_str_t  token;

    ngx_http_carrierpay_checkout_end_user(cr, &charge->session.identity);

    token.data = charge->session.token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    cr->token.len = token.len;
    cr->token.data = ngx_pstrdup(r->pool, &token);

    if (cr->token.data == NULL) {
        return NGX_ERROR;
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_TOO_EARLY:
        cr->page = NGX_HTTP_CARRIERPAY_PAGE_CONFIRM;
        cr->alert = "confirm_soon";
        break;

    case NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED:
        cr->note = "pin_moved";
        return ngx_http_carrierpay_checkout_load(r, cr,
                                       ngx_http_carrierpay_checkout_pin_send);

    default: /* NGX_CARRIERPAY_CHARGE_PIN */
        if (ngx_http_carrierpay_checkout_wrong_pin(r, cr, charge) != NGX_OK) {
            return NGX_ERROR;
        }

        break;
    }

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}


static ngx_int_t
ngx_http_carrierpay_checkout_wrong_pin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_charge_t *charge)
{
    ngx_str_t  *reason;

    reason = ngx_http_carrierpay_checkout_pin_reason(charge);

    cr->alert_suffix = ngx_palloc(r->pool, sizeof(ngx_str_t));
    if (cr->alert_suffix == NULL) {
        return NGX_ERROR;
    }

    cr->page = NGX_HTTP_CARRIERPAY_PAGE_PIN;
    cr->alert = "pin_";
    cr->tries = charge->guess.left;
    cr->alert_suffix->len = reason->len;
    cr->alert_suffix->data = ngx_pstrdup(r->pool, reason);

    return cr->alert_suffix->data ? NGX_OK : NGX_ERROR;
}


/*
 * The end user may not pay.  The payment is pending still, and its page says
 * why, by what the flow has found out.
 */

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

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}
