
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_load_flow(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow,
    ngx_http_carrierpay_checkout_pt then);
static ngx_int_t ngx_http_carrierpay_checkout_load_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_checkout_variables(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_load(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_checkout_pt then)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    if (cr->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, cr);
    }

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         &consent);

    flow = core ? ngx_carrierpay_checkout_page(core, cr->payment_id,
                                               &cr->visitor,
                                               cr->sms_token.len
                                               ? &cr->sms_token : &cr->bounce,
                                               &consent)
                : NULL;

    return ngx_http_carrierpay_checkout_load_flow(r, cr, flow, then);
}


ngx_int_t
ngx_http_carrierpay_checkout_load_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_checkout_pt then)
{
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_checkout_number(core, cr->payment_id,
                                                 &cr->msisdn)
                : NULL;

    return ngx_http_carrierpay_checkout_load_flow(r, cr, flow, then);
}


ngx_int_t
ngx_http_carrierpay_checkout_load_session(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_checkout_pt then)
{
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_checkout_session(core, cr->payment_id,
                                                  &cr->visitor, &cr->token)
                : NULL;

    return ngx_http_carrierpay_checkout_load_flow(r, cr, flow, then);
}


static ngx_int_t
ngx_http_carrierpay_checkout_load_flow(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_flow_t *flow,
    ngx_http_carrierpay_checkout_pt then)
{
    ngx_msec_t              timeout;
    ngx_carrierpay_conf_t  *conf;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    conf = ngx_http_carrierpay_conf(r);
    cr->then = then;

    timeout = NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT
              + ngx_carrierpay_lookup_timeout(&conf->operators);

    return ngx_http_carrierpay_watch(r, flow, timeout,
                                     ngx_http_carrierpay_checkout_load_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_load_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t               *checkout;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    switch (checkout->result) {

    case NGX_CARRIERPAY_CHARGE_OK:
        return ngx_http_carrierpay_checkout_loaded(r, cr, checkout);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}


static ngx_int_t
ngx_http_carrierpay_checkout_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(&checkout->payment.locale);
    cr->lang = lang ? lang : cr->lang;

    if (ngx_http_carrierpay_checkout_variables(r, cr, checkout) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cr->framed
        && !ngx_http_carrierpay_pages_framed(&checkout->brand.frames))
    {
        return ngx_http_carrierpay_checkout_message(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_FRAMED);
    }

    return cr->then(r, cr, checkout);
}


/*
 * Sets what logs say of the request.  That the shopper was not identified on
 * the plain listener, and why, is known by the query alone.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_variables(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_decision_t      *decision;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_identity_e  identity;

    ctx = ngx_http_carrierpay_ctx(r);

    if (checkout->identified || (checkout->barred && cr->msisdn.len == 0)) {
        if (ngx_http_carrierpay_variables_end_user(r,
                                                   &checkout->session.identity)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ctx->identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        identity = ngx_http_carrierpay_identity_find(&cr->reason);

        if (identity != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
            ctx->identity = identity;
        }
    }

    if (ngx_http_carrierpay_variables_payment(r, &checkout->payment)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    decision = checkout->barred ? &checkout->el.decision : cr->decision;

    return decision ? ngx_http_carrierpay_variables_decision(r, decision)
                    : NGX_OK;
}
