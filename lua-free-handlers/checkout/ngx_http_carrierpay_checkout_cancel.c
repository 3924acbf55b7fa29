
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_payment_cancel.h"
#include "ngx_http_carrierpay_checkout_cancel.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_checkout_cancel_end(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_checkout_cancel(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_carrierpay_core_t                   *core;
    ngx_carrierpay_flow_t                   *flow;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_page_form(r, body, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_payment_cancel(core, NULL, cr->payment_id)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_cancel_end);
}


/* Browsers heed our policy for forms in redirects, too: not to the shop. */

static ngx_int_t
ngx_http_carrierpay_checkout_cancel_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_http_carrierpay_ctx_t        *ctx;
    ngx_carrierpay_payment_cancel_t  *cancel;

    ctx = ngx_http_carrierpay_ctx(r);
    cancel = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:

        if (ngx_http_carrierpay_variables_payment(r, &cancel->read.payment)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_checkout_redirect(r, "");

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, ctx->data);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, ctx->data);
    }
}
