
/*
 * The look: loads the payment, and shows the page or goes on with the step.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_values.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_carrierpay_flow_t *ngx_http_carrierpay_checkout_flow(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_core_t *core);
static ngx_int_t ngx_http_carrierpay_checkout_looked(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_found(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_uint_t ngx_http_carrierpay_checkout_sends(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_checkout_note(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static void ngx_http_carrierpay_checkout_translate(
    ngx_carrierpay_consent_t *consent, const ngx_str_t *locale);


ngx_int_t
ngx_http_carrierpay_checkout_look(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_msec_t              timeout;
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    if (cr->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, cr, NGX_HTTP_NOT_FOUND);
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_http_carrierpay_checkout_flow(r, cr, core) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    timeout = NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT
              + ngx_carrierpay_lookup_timeout(&core->conf->operators);

    return ngx_http_carrierpay_flow_wait(r, flow, timeout,
                                         ngx_http_carrierpay_checkout_looked);
}


static ngx_carrierpay_flow_t *
ngx_http_carrierpay_checkout_flow(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_core_t *core)
{
    ngx_carrierpay_consent_t  consent;

    switch (cr->step) {

    case NGX_HTTP_CARRIERPAY_STEP_NUMBER:
        return ngx_carrierpay_checkout_number(core, cr->payment_id,
                                              &cr->msisdn);

    case NGX_HTTP_CARRIERPAY_STEP_RESEND:
    case NGX_HTTP_CARRIERPAY_STEP_RETURN:
        return ngx_carrierpay_checkout_session(core, cr->payment_id,
                                               &cr->visitor, &cr->token);

    default: /* of the other steps, only a look has a token */
        ngx_http_carrierpay_checkout_consent(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                             &consent);

        return ngx_carrierpay_checkout_page(core, cr->payment_id, &cr->visitor,
                                            cr->mo.len ? &cr->mo : &cr->bounce,
                                            &consent);
    }
}


static ngx_int_t
ngx_http_carrierpay_checkout_looked(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t               *checkout;
    const ngx_carrierpay_language_t         *lang;
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
        lang = ngx_carrierpay_language_find(&checkout->payment.locale);
        cr->lang = lang ? lang : cr->lang;

        if (ngx_http_carrierpay_checkout_note(r, cr, checkout) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_checkout_found(r, cr, checkout);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr, NGX_HTTP_NOT_FOUND);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}


static ngx_int_t
ngx_http_carrierpay_checkout_found(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_http_carrierpay_checkout_pt  then;

    if (cr->framed
        && !ngx_http_carrierpay_pages_framed(&checkout->brand.frames))
    {
        return ngx_http_carrierpay_checkout_message(r, cr, NGX_HTTP_FORBIDDEN,
                                                    "refused_title",
                                                    "framed_text");
    }

    if (cr->then) {
        then = cr->then;
        cr->then = NULL;

        return then(r, cr);
    }

    if (ngx_http_carrierpay_checkout_sends(cr, checkout)) {

        if (cr->step == NGX_HTTP_CARRIERPAY_STEP_RETURN) {
            return ngx_http_carrierpay_checkout_pin_page(r, cr);
        }

        return ngx_http_carrierpay_checkout_send(r, cr,
                                                checkout->payment.merchant_id);
    }

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}


/* a PIN is sent to who must prove, and can, that a line is his: to co->who */

static ngx_uint_t
ngx_http_carrierpay_checkout_sends(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_identity_t  *identity;

    if (!ngx_carrierpay_payment_is(&checkout->payment, "pending")
        || checkout->payment.expires <= ngx_carrierpay_now())
    {
        return 0;
    }

    identity = &checkout->session.identity;

    switch (cr->step) {

    case NGX_HTTP_CARRIERPAY_STEP_LOOK:
        if (!checkout->changed || identity->msisdn.len == 0) {
            return 0;
        }

        cr->note = "pin_prove";
        break;

    case NGX_HTTP_CARRIERPAY_STEP_NUMBER:
        if (checkout->barred) {
            return 0;
        }

        break;

    case NGX_HTTP_CARRIERPAY_STEP_RESEND:
    case NGX_HTTP_CARRIERPAY_STEP_RETURN:
        if (!checkout->identified) {
            ngx_str_set(&cr->reason, "used");
            return 0;
        }

        break;

    case NGX_HTTP_CARRIERPAY_STEP_SEND:
        return 1;

    default:
        return 0;
    }

    /* the browser that will enter it is this one */

    cr->identity = cr->visitor;
    cr->identity.carrier = identity->carrier;
    cr->identity.msisdn = identity->msisdn;

    return 1;
}


/* for the log; why he was not recognised is his browser's word for it */

static ngx_int_t
ngx_http_carrierpay_checkout_note(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_decision_t      *decision;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_identity_e  told;

    ctx = ngx_http_carrierpay_ctx(r);

    if (checkout->identified || (checkout->barred && cr->msisdn.len == 0)) {
        if (ngx_http_carrierpay_variables_end_user(r,
                                                   &checkout->session.identity)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ctx->identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        told = ngx_http_carrierpay_identity_parse(&cr->reason);

        if (told != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
            ctx->identity = told;
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


void
ngx_http_carrierpay_checkout_consent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_consent_t *consent)
{
    ngx_memzero(consent, sizeof(ngx_carrierpay_consent_t));

    consent->locale = cr->lang->tag;
    ngx_http_carrierpay_pages_hash(cr->pages, cr->lang, page, &consent->page);

    consent->translate = ngx_http_carrierpay_checkout_translate;
    consent->pages = cr->pages;
    consent->number = page;

    ngx_http_carrierpay_peer_text(r, &consent->address);

    if (r->headers_in.user_agent) {
        consent->agent = r->headers_in.user_agent->value;
    }
}


static void
ngx_http_carrierpay_checkout_translate(ngx_carrierpay_consent_t *consent,
    const ngx_str_t *locale)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(locale);

    if (lang) {
        consent->locale = lang->tag;
        ngx_http_carrierpay_pages_hash(consent->pages, lang, consent->number,
                                       &consent->page);
    }
}


ngx_int_t
ngx_http_carrierpay_checkout_go_on(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    return ngx_http_carrierpay_checkout_look(r, ctx->data);
}


ngx_int_t
ngx_http_carrierpay_checkout_limited(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_checkout_request_t  *cr;

    cr = ngx_http_carrierpay_checkout_enter(r);

    if (cr == NULL || ngx_http_carrierpay_checkout_retry(r, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_message(r, cr,
                                                NGX_HTTP_TOO_MANY_REQUESTS,
                                                "limited_title",
                                                "limited_text");
}


ngx_int_t
ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status)
{
    return ngx_http_carrierpay_checkout_message(r, cr, status,
                                                "missing_title",
                                                "missing_text");
}


ngx_int_t
ngx_http_carrierpay_checkout_unavailable(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    if (ngx_http_carrierpay_checkout_retry(r, 2) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_message(r, cr,
                                                NGX_HTTP_SERVICE_UNAVAILABLE,
                                                "unavailable_title",
                                                "unavailable_text");
}


ngx_int_t
ngx_http_carrierpay_checkout_retry(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", retry) - value.data;

    return ngx_http_carrierpay_reply_header(r, "Retry-After", &value);
}


ngx_int_t
ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r,
    const char *query)
{
    ngx_str_t  path;

    if (ngx_http_carrierpay_values_self(r, query, &path) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &path);
}
