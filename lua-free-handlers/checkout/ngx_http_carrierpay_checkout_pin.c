
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_http_carrierpay_checkout_charged.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_pin.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_pin_charge(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_resend(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_carrierpay_checkout_token(r, body, cr) != NGX_OK) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    /* the payment says whether its page may be in a frame */

    if (cr->framed) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                 ngx_http_carrierpay_checkout_pin_send_again);
    }

    return ngx_http_carrierpay_checkout_pin_send_again(r, cr, NULL);
}


/*
 * Unlike a tap, a PIN is accepted from a script: a script that has not read
 * the SMS does not know it.
 */

ngx_int_t
ngx_http_carrierpay_checkout_pin(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "pin", &cr->pin);
    ngx_carrierpay_typed_digits(&cr->pin);

    if (ngx_http_carrierpay_checkout_token(r, body, cr) != NGX_OK) {
        return ngx_http_carrierpay_checkout_redirect(r, "?n=used");
    }

    /* the payment says whether its page may be in a frame */

    if (cr->framed) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                     ngx_http_carrierpay_checkout_pin_charge);
    }

    return ngx_http_carrierpay_checkout_pin_charge(r, cr, NULL);
}


/*
 * Text that cannot be a PIN is not counted as an attempt: the page is shown
 * again.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_pin_charge(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    if (!ngx_carrierpay_pin_attempt_valid(&cr->pin)) {
        cr->alert = NGX_CARRIERPAY_PHRASE_PIN_MALFORMED;
        return ngx_http_carrierpay_checkout_pin_send_page(r, cr, NULL);
    }

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_pin(core, cr->payment_id,
                                            &cr->visitor, &cr->token,
                                            &cr->pin, &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                  NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGE_TIMEOUT,
                                  ngx_http_carrierpay_checkout_charged);
}
