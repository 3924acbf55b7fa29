
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_handoff.h"
#include "ngx_http_carrierpay_request_language.h"


ngx_http_carrierpay_checkout_request_t *
ngx_http_carrierpay_checkout_request_create(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NULL;
    }

    cr = ngx_pcalloc(r->pool, sizeof(ngx_http_carrierpay_checkout_request_t));
    if (cr == NULL) {
        return NULL;
    }

    ctx->data = cr;

    cr->pages = pages;
    cr->lang = ngx_http_carrierpay_request_language(r);
    cr->framed = ngx_http_carrierpay_guard_framed(r);

    ngx_http_carrierpay_handoff_visitor(r, &cr->visitor);

    return cr;
}


ngx_http_carrierpay_checkout_request_t *
ngx_http_carrierpay_checkout_request(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;

    /* no payment has the id 0 */

    if (ngx_http_carrierpay_handoff_payment_id(r, &ctx->id, &cr->payment_id)
        != NGX_OK)
    {
        cr->payment_id = 0;
    }

    return cr;
}


void
ngx_http_carrierpay_checkout_end_user(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_identity_t *identity)
{
    cr->identity = cr->visitor;
    cr->identity.carrier = identity->carrier;
    cr->identity.msisdn = identity->msisdn;
}
