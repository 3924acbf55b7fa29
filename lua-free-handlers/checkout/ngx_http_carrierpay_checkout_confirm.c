
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_http_carrierpay_checkout_charged.h"
#include "ngx_http_carrierpay_checkout_confirm.h"
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_guard.h"


static ngx_int_t ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


ngx_int_t
ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_carrierpay_checkout_token(r, body, cr) != NGX_OK
        || !ngx_http_carrierpay_guard_agent(r))
    {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    /* a form that a script has sent is no tap */

    if (!ngx_http_carrierpay_guard_touched(r)) {
        return ngx_http_carrierpay_checkout_message(r, cr,
                                          NGX_HTTP_CARRIERPAY_PAGE_UNTOUCHED);
    }

    /* the payment says whether its page may be in a frame */

    if (cr->framed) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                            ngx_http_carrierpay_checkout_tap);
    }

    return ngx_http_carrierpay_checkout_tap(r, cr, NULL);
}


static ngx_int_t
ngx_http_carrierpay_checkout_tap(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_core_t     *core;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_consent_t   consent;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_checkout_consent(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         &consent);

    flow = core ? ngx_carrierpay_charge_confirm(core, cr->payment_id,
                                                &cr->visitor, &cr->token,
                                                &consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                  NGX_HTTP_CARRIERPAY_CHECKOUT_CHARGE_TIMEOUT,
                                  ngx_http_carrierpay_checkout_charged);
}
