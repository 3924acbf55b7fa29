
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_token.h"
#include "ngx_http_carrierpay_checkout_proof.h"
#include "ngx_http_carrierpay_checkout_request.h"
#include "ngx_http_carrierpay_compat.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_handoff.h"
#include "ngx_http_carrierpay_request_language.h"


static void ngx_http_carrierpay_checkout_request_browser(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);


static ngx_str_t  ngx_http_carrierpay_checkout_cookie =
    ngx_string(NGX_HTTP_CARRIERPAY_CHECKOUT_COOKIE);


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
    ngx_http_carrierpay_checkout_request_browser(r, cr);
    ngx_http_carrierpay_checkout_proof_read(r, &cr->visitor);

    return cr;
}


static void
ngx_http_carrierpay_checkout_request_browser(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    if (!ngx_http_carrierpay_compat_cookie(r,
                                         &ngx_http_carrierpay_checkout_cookie,
                                         &cr->browser)
        || !ngx_carrierpay_token_valid(&cr->browser))
    {
        ngx_str_null(&cr->browser);
        return;
    }

    ngx_memcpy(cr->visitor.browser, cr->browser.data,
               sizeof(cr->visitor.browser));
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
    cr->typed = identity->typed;
}
