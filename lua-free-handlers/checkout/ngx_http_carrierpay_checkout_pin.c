
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
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_budgets(ngx_http_request_t *r,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_issue(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co);
static ngx_int_t ngx_http_carrierpay_checkout_sent(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_unsent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit);
static ngx_int_t ngx_http_carrierpay_checkout_sent_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit);
static void ngx_http_carrierpay_checkout_digits(ngx_http_request_t *r,
    ngx_str_t *body, ngx_str_t *pin);
static ngx_int_t ngx_http_carrierpay_checkout_prove(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co);


ngx_int_t
ngx_http_carrierpay_checkout_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, int32_t merchant_id)
{
    ngx_int_t   rc;
    ngx_str_t   number;
    ngx_uint_t  retry;

    number.data = co->identity.msisdn.digits;
    number.len = co->identity.msisdn.len;

    rc = ngx_http_carrierpay_limit_sms(r, &number, merchant_id, &retry,
                                       ngx_http_carrierpay_checkout_budgets);

    return rc == NGX_OK ? ngx_http_carrierpay_checkout_budgets(r, retry) : rc;
}


/* beyond the budgets a PIN that was sent before may do */

static ngx_int_t
ngx_http_carrierpay_checkout_budgets(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;

    if (retry == 0) {
        return ngx_http_carrierpay_checkout_issue(r, co);
    }

    co->retry = retry;
    co->alert = "number_later";
    co->note = NULL;

    if (ngx_http_carrierpay_checkout_retry(r, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    if (co->step == NGX_HTTP_CARRIERPAY_STEP_RESEND) {
        return ngx_http_carrierpay_checkout_pin_page(r, co);
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_LOOK;
    ngx_str_null(&co->bounce);
    ngx_str_null(&co->mo);

    return ngx_http_carrierpay_checkout_look(r, co);
}


ngx_int_t
ngx_http_carrierpay_checkout_pin_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    co->kept = 1;

    return ngx_http_carrierpay_checkout_issue(r, co);
}


static ngx_int_t
ngx_http_carrierpay_checkout_issue(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, co, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);
    flow = NULL;

    if (core) {
        flow = co->kept ? ngx_carrierpay_pin_page(core, co->payment_id,
                                                  &co->identity, &consent)
                        : ngx_carrierpay_pin_send(core, co->payment_id,
                                                  &co->identity, &consent);
    }

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT,
                                    ngx_http_carrierpay_checkout_sent);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sent(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t          *visit;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;
    visit = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || visit->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    if (ngx_http_carrierpay_variables_payment(r, &visit->payment) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (visit->pin.result) {

    case NGX_CARRIERPAY_PIN_SENT:
        return ngx_http_carrierpay_checkout_sent_page(r, co, visit);

    case NGX_CARRIERPAY_PIN_ENDED:
        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_PIN_UNAVAILABLE:
        return ngx_http_carrierpay_checkout_unavailable(r, co);

    default:
        return ngx_http_carrierpay_checkout_unsent(r, co, visit);
    }
}


/* a page of a line that no code went to would wait for one in vain */

static ngx_int_t
ngx_http_carrierpay_checkout_unsent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit)
{
    switch (visit->pin.result) {

    case NGX_CARRIERPAY_PIN_WAIT:
        if (!visit->pin.elsewhere) {
            return ngx_http_carrierpay_checkout_sent_page(r, co, visit);
        }

        co->alert = "number_wait";
        co->retry = visit->pin.wait;

        if (ngx_http_carrierpay_checkout_retry(r, co->retry) != NGX_OK) {
            return NGX_ERROR;
        }

        break;

    case NGX_CARRIERPAY_PIN_EXHAUSTED:
        if (co->step == NGX_HTTP_CARRIERPAY_STEP_RESEND
            && !visit->pin.elsewhere)
        {
            return ngx_http_carrierpay_checkout_sent_page(r, co, visit);
        }

        co->alert = "number_exhausted";
        break;

    case NGX_CARRIERPAY_PIN_LOCKED:
        co->alert = "number_locked";
        break;

    default: /* NGX_CARRIERPAY_PIN_NO_ROUTE */
        co->alert = "number_no_sms";
        break;
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_LOOK;
    co->note = NULL;
    visit->identified = 0;

    return ngx_http_carrierpay_checkout_show(r, co, visit);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sent_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit)
{
    if (!co->kept) {
        co->sent = visit->pin;

        if (visit->pin.result == NGX_CARRIERPAY_PIN_WAIT) {
            co->note = "pin_too_soon";

        } else if (visit->pin.result == NGX_CARRIERPAY_PIN_SENT
                   && co->step == NGX_HTTP_CARRIERPAY_STEP_RESEND)
        {
            co->note = "pin_sent_again";
        }
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_PIN;
    co->token.data = visit->session.token;
    co->token.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_checkout_show(r, co, visit);
}


ngx_int_t
ngx_http_carrierpay_checkout_resend(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &co->token);

    if (!ngx_carrierpay_token_valid(&co->token)) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_RESEND;

    return ngx_http_carrierpay_checkout_look(r, co);
}


/* a script may send it: of a PIN that it has not seen it knows nothing */

ngx_int_t
ngx_http_carrierpay_checkout_pin(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "t", &co->token);
    ngx_http_carrierpay_checkout_digits(r, body, &co->pin);

    if (!ngx_carrierpay_token_valid(&co->token)) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    if (co->framed) {
        co->then = ngx_http_carrierpay_checkout_prove;
        return ngx_http_carrierpay_checkout_look(r, co);
    }

    return ngx_http_carrierpay_checkout_prove(r, co);
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
    ngx_http_carrierpay_checkout_t *co)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    if (!ngx_carrierpay_guess_valid(&co->pin)) {
        co->step = NGX_HTTP_CARRIERPAY_STEP_RETURN;
        co->alert = "pin_malformed";

        return ngx_http_carrierpay_checkout_look(r, co);
    }

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, co, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_prove(core, co->payment_id,
                                              &co->visitor, &co->token,
                                              &co->pin, &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                 NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT,
                                 ngx_http_carrierpay_checkout_charged);
}
