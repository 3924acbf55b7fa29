
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_page.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_hide.h"
#include "ngx_http_carrierpay_notice.h"
#include "ngx_http_carrierpay_result.h"


static void ngx_http_carrierpay_checkout_page_query(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);
static ngx_int_t ngx_http_carrierpay_checkout_page_loaded(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_page(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ngx_http_carrierpay_checkout_request(r);

    if (cr->payment_id == 0) {
        rc = ngx_http_carrierpay_assets_send(r, &cr->pages->assets, &ctx->id);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    ngx_http_carrierpay_checkout_page_query(r, cr);

    if ((cr->bounce.len || cr->sms_token.len)
        && !ngx_http_carrierpay_guard_opened(r))
    {
        return ngx_http_carrierpay_notice_open(r);
    }

    return ngx_http_carrierpay_checkout_load(r, cr,
                                    ngx_http_carrierpay_checkout_page_loaded);
}


ngx_int_t
ngx_http_carrierpay_checkout_open(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_page_query(r, cr);

    return ngx_http_carrierpay_checkout_load(r, cr,
                                    ngx_http_carrierpay_checkout_page_loaded);
}


/* Only with a token does a page have an effect: it uses the token up. */

static void
ngx_http_carrierpay_checkout_page_query(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    (void) ngx_http_carrierpay_hide_arg(r, "t", &cr->bounce);
    (void) ngx_http_carrierpay_hide_arg(r, "n", &cr->reason);
    (void) ngx_http_carrierpay_hide_arg(r, "m", &cr->sms_token);
    (void) ngx_http_carrierpay_hide_arg(r, "c", &cr->country);
    (void) ngx_http_carrierpay_hide_arg(r, "s", &cr->mailed);
    (void) ngx_http_carrierpay_hide_arg(r, "v", &cr->redirected);
    (void) ngx_http_carrierpay_hide_arg(r, "a", &cr->mailed_to);

    if (!ngx_carrierpay_token_valid(&cr->sms_token)) {
        ngx_str_null(&cr->sms_token);
    }

    /* a client that does not name itself gets no page that pays with a tap */

    if (!ngx_http_carrierpay_guard_agent(r)) {
        ngx_str_null(&cr->bounce);
        ngx_str_null(&cr->sms_token);
        ngx_str_set(&cr->reason, "no_agent");
    }
}


/*
 * A form of this browser may have decided on the page; and a number that
 * differs from the one identified before needs a PIN.
 */

static ngx_int_t
ngx_http_carrierpay_checkout_page_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_int_t                   rc;
    ngx_carrierpay_identity_t  *identity;

    rc = ngx_http_carrierpay_result_resume(r, cr, checkout);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {
        return ngx_http_carrierpay_checkout_show_page(r, cr, cr->page,
                                                      &checkout->read);
    }

    identity = &checkout->session.identity;

    if (checkout->changed && identity->msisdn.len
        && ngx_http_carrierpay_checkout_pending(&checkout->read.payment))
    {
        cr->note = NGX_CARRIERPAY_PHRASE_PIN_NEEDED;
        ngx_http_carrierpay_checkout_end_user(cr, identity);

        return ngx_http_carrierpay_checkout_pin_send_identity(r, cr,
                                                               checkout);
    }

    return ngx_http_carrierpay_checkout_show(r, cr, checkout);
}
