
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_load_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_load_variables(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_load(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_checkout_pt then)
{
    ngx_carrierpay_core_t     *core;
    ngx_str_t                 *token, browser;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    if (cr->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, cr);
    }

    core = ngx_http_carrierpay_core(r);
    cr->then = then;
    token = cr->sms_token.len ? &cr->sms_token : &cr->bounce;

    /* a form says anew what it came to, and so does an identification */

    ngx_str_null(&browser);

    if (r->method == NGX_HTTP_GET && token->len == 0) {
        browser = cr->browser;
    }

    ngx_http_carrierpay_checkout_consent(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         &consent);

    flow = core ? ngx_carrierpay_checkout_page(core, cr->payment_id,
                                               &cr->visitor, token, &browser,
                                               cr->redirected.len != 0,
                                               &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT
                    + ngx_carrierpay_lookup_timeout(core),
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

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        break;

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    if (ngx_http_carrierpay_checkout_loaded(r, cr, checkout) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cr->framed
        && !ngx_http_carrierpay_pages_framed(&checkout->read.brand.frames))
    {
        return ngx_http_carrierpay_checkout_message(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_FRAMED);
    }

    return cr->then(r, cr, checkout);
}


ngx_int_t
ngx_http_carrierpay_checkout_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(&checkout->read.payment.locale);
    cr->lang = lang ? lang : cr->lang;

    return ngx_http_carrierpay_checkout_load_variables(r, cr, checkout);
}


/*
 * Sets what logs say of the request.  A session that the browser has brought
 * identifies the shopper; a number that was typed, or that a PIN must prove,
 * does not, although its page has a session, too.  That the shopper was not
 * identified on the plain listener, and why, is known by the query alone.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_load_variables(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_decision_t      *decision;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_identity_e  identity;

    ctx = ngx_http_carrierpay_ctx(r);

    if (checkout->token.len && (checkout->identified || checkout->barred)) {
        if (ngx_http_carrierpay_variables_end_user(r,
                                                   &checkout->session.identity)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ctx->identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        identity = ngx_http_carrierpay_identity_parse(&cr->reason);

        if (identity != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
            ctx->identity = identity;
        }
    }

    if (ngx_http_carrierpay_variables_payment(r, &checkout->read.payment)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    decision = checkout->barred ? &checkout->eligibility.decision
                                : cr->decision;

    return decision ? ngx_http_carrierpay_variables_decision(r, decision)
                    : NGX_OK;
}
