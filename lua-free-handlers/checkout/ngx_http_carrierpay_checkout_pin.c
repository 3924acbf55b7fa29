
/*
 * PINs: one is sent within the budgets of SMS, entered, or sent once more.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_budgets(ngx_http_request_t *r,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_issue(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);
static ngx_int_t ngx_http_carrierpay_checkout_sent(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_unsent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_checkout_sent_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static void ngx_http_carrierpay_checkout_digits(ngx_http_request_t *r,
    ngx_str_t *body, ngx_str_t *pin);
static ngx_int_t ngx_http_carrierpay_checkout_prove(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);


ngx_int_t
ngx_http_carrierpay_checkout_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, int32_t merchant_id)
{
    ngx_int_t   rc;
    ngx_str_t   number;
    ngx_uint_t  retry;

    number.data = cr->identity.msisdn.digits;
    number.len = cr->identity.msisdn.len;

    rc = ngx_http_carrierpay_limit_sms(r, &number, merchant_id, &retry,
                                       ngx_http_carrierpay_checkout_budgets);

    return rc == NGX_OK ? ngx_http_carrierpay_checkout_budgets(r, retry) : rc;
}


/* beyond the budgets a PIN that was sent before may do */

static ngx_int_t
ngx_http_carrierpay_checkout_budgets(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;

    if (retry == 0) {
        return ngx_http_carrierpay_checkout_issue(r, cr);
    }

    cr->retry = retry;
    cr->alert = "number_later";
    cr->note = NULL;

    if (ngx_http_carrierpay_checkout_retry(r, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cr->step == NGX_HTTP_CARRIERPAY_STEP_RESEND) {
        return ngx_http_carrierpay_checkout_pin_page(r, cr);
    }

    cr->step = NGX_HTTP_CARRIERPAY_STEP_LOOK;
    ngx_str_null(&cr->bounce);
    ngx_str_null(&cr->mo);

    return ngx_http_carrierpay_checkout_look(r, cr);
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    cr->kept = 1;

    return ngx_http_carrierpay_checkout_issue(r, cr);
}


static ngx_int_t
ngx_http_carrierpay_checkout_issue(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);
    flow = NULL;

    if (core) {
        flow = cr->kept ? ngx_carrierpay_pin_page(core, cr->payment_id,
                                                  &cr->identity, &consent)
                        : ngx_carrierpay_pin_send(core, cr->payment_id,
                                                  &cr->identity, &consent);
    }

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT,
                                    ngx_http_carrierpay_checkout_sent);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sent(ngx_http_request_t *r,
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

    if (ngx_http_carrierpay_variables_payment(r, &checkout->payment)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    switch (checkout->pin.result) {

    case NGX_CARRIERPAY_PIN_SENT:
        return ngx_http_carrierpay_checkout_sent_page(r, cr, checkout);

    case NGX_CARRIERPAY_PIN_ENDED:
        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_PIN_UNAVAILABLE:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unsent(r, cr, checkout);
    }
}


/* a page of a line that no code went to would wait for one in vain */

static ngx_int_t
ngx_http_carrierpay_checkout_unsent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    switch (checkout->pin.result) {

    case NGX_CARRIERPAY_PIN_WAIT:
        if (!checkout->pin.elsewhere) {
            return ngx_http_carrierpay_checkout_sent_page(r, cr, checkout);
        }

        cr->alert = "number_wait";
        cr->retry = checkout->pin.wait;

        if (ngx_http_carrierpay_checkout_retry(r, cr->retry) != NGX_OK) {
            return NGX_ERROR;
        }

        break;

    case NGX_CARRIERPAY_PIN_EXHAUSTED:
        if (cr->step == NGX_HTTP_CARRIERPAY_STEP_RESEND
            && !checkout->pin.elsewhere)
        {
            return ngx_http_carrierpay_checkout_sent_page(r, cr, checkout);
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

    cr->step = NGX_HTTP_CARRIERPAY_STEP_LOOK;
    cr->note = NULL;
    checkout->identified = 0;

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sent_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    if (!cr->kept) {
        cr->sent = checkout->pin;

        if (checkout->pin.result == NGX_CARRIERPAY_PIN_WAIT) {
            cr->note = "pin_too_soon";

        } else if (checkout->pin.result == NGX_CARRIERPAY_PIN_SENT
                   && cr->step == NGX_HTTP_CARRIERPAY_STEP_RESEND)
        {
            cr->note = "pin_sent_again";
        }
    }

    cr->step = NGX_HTTP_CARRIERPAY_STEP_PIN;
    cr->token.data = checkout->session.token;
    cr->token.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}


ngx_int_t
ngx_http_carrierpay_checkout_resend(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &cr->token);

    if (!ngx_carrierpay_token_valid(&cr->token)) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    cr->step = NGX_HTTP_CARRIERPAY_STEP_RESEND;

    return ngx_http_carrierpay_checkout_look(r, cr);
}


/* a script may send it: of a PIN that it has not seen it knows nothing */

ngx_int_t
ngx_http_carrierpay_checkout_pin(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &cr->token);
    ngx_http_carrierpay_checkout_digits(r, body, &cr->pin);

    if (!ngx_carrierpay_token_valid(&cr->token)) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    if (cr->framed) {
        cr->then = ngx_http_carrierpay_checkout_prove;
        return ngx_http_carrierpay_checkout_look(r, cr);
    }

    return ngx_http_carrierpay_checkout_prove(r, cr);
}


/* people write "123 456" */

static void
ngx_http_carrierpay_checkout_digits(ngx_http_request_t *r, ngx_str_t *body,
    ngx_str_t *pin)
{
    u_char  *p;
    size_t   i;

    ngx_http_carrierpay_checkout_field(r, body, "pin", pin);

    p = pin->data;

    for (i = 0; i < pin->len; i++) {
        if (pin->data[i] != ' ') {
            *p++ = pin->data[i];
        }
    }

    pin->len = p - pin->data;
}


/* what cannot be a PIN is no guess: it is not counted, its page comes again */

static ngx_int_t
ngx_http_carrierpay_checkout_prove(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    if (!ngx_carrierpay_guess_valid(&cr->pin)) {
        cr->step = NGX_HTTP_CARRIERPAY_STEP_RETURN;
        cr->alert = "pin_malformed";

        return ngx_http_carrierpay_checkout_look(r, cr);
    }

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_prove(core, cr->payment_id,
                                              &cr->visitor, &cr->token,
                                              &cr->pin, &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                 NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT,
                                 ngx_http_carrierpay_checkout_charged);
}
