
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_limit.h"


static ngx_int_t ngx_http_carrierpay_checkout_pin_send_wait(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_flow_t *flow, ngx_msec_t timeout);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_end(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_result(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_none(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_later(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send, ngx_carrierpay_phrase_e alert);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_refuse(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send, ngx_carrierpay_phrase_e alert);
static ngx_int_t ngx_http_carrierpay_checkout_pin_send_show(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send);


ngx_int_t
ngx_http_carrierpay_checkout_pin_send_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                  address;
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);
    ngx_http_carrierpay_limit_block(r, &address);

    flow = core ? ngx_carrierpay_pin_send_number(core, cr->payment_id,
                                                 &cr->msisdn, &cr->visitor,
                                                 &consent, &address)
                : NULL;

    return ngx_http_carrierpay_checkout_pin_send_wait(r, cr, flow,
                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT
                    + (core ? ngx_carrierpay_lookup_timeout(core) : 0));
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_send_identity(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                  address;
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);
    ngx_http_carrierpay_limit_block(r, &address);

    flow = core ? ngx_carrierpay_pin_send_identity(core, cr->payment_id,
                                                   &cr->identity, &consent,
                                                   &address)
                : NULL;

    return ngx_http_carrierpay_checkout_pin_send_wait(r, cr, flow,
                                   NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT);
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_send_again(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                  address;
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);
    cr->resend = 1;

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);
    ngx_http_carrierpay_limit_block(r, &address);

    flow = core ? ngx_carrierpay_pin_send_again(core, cr->payment_id,
                                                &cr->visitor, &cr->token,
                                                &consent, &address)
                : NULL;

    return ngx_http_carrierpay_checkout_pin_send_wait(r, cr, flow,
                                   NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT);
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_send_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);

    flow = core ? ngx_carrierpay_pin_send_page(core, cr->payment_id,
                                               &cr->visitor, &cr->token,
                                               &consent)
                : NULL;

    return ngx_http_carrierpay_checkout_pin_send_wait(r, cr, flow,
                                   NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow,
    ngx_msec_t timeout)
{
    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow, timeout,
                                   ngx_http_carrierpay_checkout_pin_send_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t               *send;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    send = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        if (ngx_http_carrierpay_checkout_loaded(r, cr, &send->checkout)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_checkout_pin_send_result(r, cr, send);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}


/*
 * When no PIN was sent to this number, the page that asks for a PIN is not
 * shown unless an earlier PIN can be entered there.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_result(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send)
{
    switch (send->sent.result) {

    case NGX_CARRIERPAY_PIN_SEND_NONE:
        return ngx_http_carrierpay_checkout_pin_send_none(r, cr, send);

    case NGX_CARRIERPAY_PIN_SENT:
        cr->note = cr->resend ? NGX_CARRIERPAY_PHRASE_PIN_SENT_AGAIN
                              : cr->note;
        return ngx_http_carrierpay_checkout_pin_send_show(r, cr, send);

    case NGX_CARRIERPAY_PIN_WAIT:
        if (send->sent.elsewhere) {
            return ngx_http_carrierpay_checkout_pin_send_later(r, cr, send,
                                           NGX_CARRIERPAY_PHRASE_NUMBER_WAIT);
        }

        if (send->sent.tries == 0) {
            cr->alert = NGX_CARRIERPAY_PHRASE_PIN_EXHAUSTED;
            cr->note = NGX_CARRIERPAY_PHRASE_NONE;
            cr->dead = 1;

        } else {
            cr->note = NGX_CARRIERPAY_PHRASE_PIN_TOO_SOON;
        }

        return ngx_http_carrierpay_checkout_pin_send_show(r, cr, send);

    case NGX_CARRIERPAY_PIN_LIMITED:
        return ngx_http_carrierpay_checkout_pin_send_later(r, cr, send,
                                          NGX_CARRIERPAY_PHRASE_NUMBER_LATER);

    case NGX_CARRIERPAY_PIN_EXHAUSTED:
        if (cr->resend && !send->sent.elsewhere && send->sent.tries) {
            return ngx_http_carrierpay_checkout_pin_send_show(r, cr, send);
        }

        return ngx_http_carrierpay_checkout_pin_send_refuse(r, cr, send,
                                      NGX_CARRIERPAY_PHRASE_NUMBER_EXHAUSTED);

    case NGX_CARRIERPAY_PIN_LOCKED:
        return ngx_http_carrierpay_checkout_pin_send_refuse(r, cr, send,
                                  send->visitor.proved
                                  ? NGX_CARRIERPAY_PHRASE_NUMBER_LOCKED_HERE
                                  : NGX_CARRIERPAY_PHRASE_NUMBER_LOCKED);

    case NGX_CARRIERPAY_PIN_NO_ROUTE:
        return ngx_http_carrierpay_checkout_pin_send_refuse(r, cr, send,
                                         NGX_CARRIERPAY_PHRASE_NUMBER_NO_SMS);

    case NGX_CARRIERPAY_PIN_ENDED:
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    return NGX_ERROR;
}


/*
 * It did not come to sending: the page is only shown again, or the end user
 * may not pay, or the token has been used, or the payment is not pending.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_none(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = &send->checkout;

    if (checkout->identified) {
        return ngx_http_carrierpay_checkout_pin_send_show(r, cr, send);
    }

    if (!checkout->barred) {
        ngx_str_set(&cr->reason, "used");
    }

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}


/* Beyond the budgets the last PIN can still be entered. */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send, ngx_carrierpay_phrase_e alert)
{
    cr->retry = send->sent.wait;

    if (send->sent.result == NGX_CARRIERPAY_PIN_LIMITED) {

        if (send->checkout.identified) {
            cr->alert = alert;
            cr->note = NGX_CARRIERPAY_PHRASE_NONE;
            return ngx_http_carrierpay_checkout_pin_send_show(r, cr, send);
        }

        ngx_str_null(&cr->bounce);
        ngx_str_null(&cr->sms_token);
    }

    return ngx_http_carrierpay_checkout_pin_send_refuse(r, cr, send, alert);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_refuse(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send, ngx_carrierpay_phrase_e alert)
{
    cr->alert = alert;
    cr->note = NGX_CARRIERPAY_PHRASE_NONE;

    send->checkout.identified = 0;

    return ngx_http_carrierpay_checkout_show(r, cr, &send->checkout);
}


static ngx_int_t
ngx_http_carrierpay_checkout_pin_send_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_pin_send_t *send)
{
    ngx_carrierpay_session_t  *s;

    s = &send->checkout.session;

    if (send->sent.result != NGX_CARRIERPAY_PIN_LIMITED) {
        cr->sent = send->sent;
    }

    cr->page = NGX_HTTP_CARRIERPAY_PAGE_PIN;
    cr->identity = s->identity;
    cr->typed = s->identity.typed;
    cr->token.data = s->token;
    cr->token.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_checkout_show(r, cr, &send->checkout);
}
