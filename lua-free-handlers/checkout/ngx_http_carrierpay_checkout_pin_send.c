
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_pin_send.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_pin_budget(
    ngx_http_request_t *r, ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_pin_start(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);
static ngx_int_t ngx_http_carrierpay_checkout_pin_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_pin_result(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_checkout_pin_unsent(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_checkout_pin_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_pin_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_int_t   rc;
    ngx_str_t   number;
    ngx_uint_t  retry;

    if (!ngx_http_carrierpay_checkout_pending(&checkout->payment)) {
        return ngx_http_carrierpay_checkout_show(r, cr, checkout);
    }

    number.data = cr->identity.msisdn.digits;
    number.len = cr->identity.msisdn.len;

    rc = ngx_http_carrierpay_limit_sms(r, &number,
                                       checkout->payment.merchant_id, &retry,
                                     ngx_http_carrierpay_checkout_pin_budget);

    return rc == NGX_OK ? ngx_http_carrierpay_checkout_pin_budget(r, retry)
                        : rc;
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    if (!ngx_http_carrierpay_checkout_pending(&checkout->payment)) {
        return ngx_http_carrierpay_checkout_show(r, cr, checkout);
    }

    cr->kept = 1;

    return ngx_http_carrierpay_checkout_pin_start(r, cr);
}


/* When a budget is used up, a PIN sent before can still be entered. */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_budget(ngx_http_request_t *r,
    ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;

    if (retry == 0) {
        return ngx_http_carrierpay_checkout_pin_start(r, cr);
    }

    cr->retry = retry;
    cr->alert = "number_later";
    cr->note = NULL;

    if (ngx_http_carrierpay_checkout_retry(r, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cr->resend) {
        cr->kept = 1;
        return ngx_http_carrierpay_checkout_pin_start(r, cr);
    }

    ngx_str_null(&cr->bounce);
    ngx_str_null(&cr->sms_token);

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_start(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);
    flow = NULL;

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);

    if (core) {
        flow = cr->kept ? ngx_carrierpay_pin_page(core, cr->payment_id,
                                                  &cr->identity, &consent)
                        : ngx_carrierpay_pin_send(core, cr->payment_id,
                                                  &cr->identity, &consent);
    }

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_pin_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t               *checkout;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || checkout->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_checkout_pin_result(r, cr, checkout);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_result(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    if (ngx_http_carrierpay_variables_payment(r, &checkout->payment)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    switch (checkout->pin.result) {

    case NGX_CARRIERPAY_PIN_SENT:
        return ngx_http_carrierpay_checkout_pin_show(r, cr, checkout);

    case NGX_CARRIERPAY_PIN_ENDED:
        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_PIN_UNAVAILABLE:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);

    default:
        return ngx_http_carrierpay_checkout_pin_unsent(r, cr, checkout);
    }
}


/*
 * No PIN was sent to this number, so the page that asks for a PIN is not shown
 * unless an earlier PIN can be entered there.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_unsent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    switch (checkout->pin.result) {

    case NGX_CARRIERPAY_PIN_WAIT:
        if (!checkout->pin.elsewhere) {
            return ngx_http_carrierpay_checkout_pin_show(r, cr, checkout);
        }

        cr->alert = "number_wait";
        cr->retry = checkout->pin.wait;

        if (ngx_http_carrierpay_checkout_retry(r, cr->retry) != NGX_OK) {
            return NGX_ERROR;
        }

        break;

    case NGX_CARRIERPAY_PIN_EXHAUSTED:
        if (cr->resend && !checkout->pin.elsewhere) {
            return ngx_http_carrierpay_checkout_pin_show(r, cr, checkout);
        }

        cr->alert = "number_exhausted";
        break;

    case NGX_CARRIERPAY_PIN_LOCKED:
        cr->alert = "number_locked";
        break;

    default: /* NGX_CARRIERPAY_PIN_NO_ROUTE */
        cr->alert = "number_no_sms";
        break;
    }

    cr->note = NULL;
    checkout->identified = 0;

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    if (!cr->kept) {
        cr->sent = checkout->pin;

        if (checkout->pin.result == NGX_CARRIERPAY_PIN_WAIT) {
            cr->note = "pin_too_soon";

        } else if (checkout->pin.result == NGX_CARRIERPAY_PIN_SENT
                   && cr->resend)
        {
            cr->note = "pin_sent_again";
        }
    }

    cr->page = NGX_HTTP_CARRIERPAY_PAGE_PIN;
    cr->token.data = checkout->session.token;
    cr->token.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}
