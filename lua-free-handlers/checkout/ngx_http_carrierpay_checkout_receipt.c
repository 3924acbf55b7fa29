
/*
 * What a receipt offers: to have it mailed, and to block further purchases.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_receipt.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_checkout_mail(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_str_t                        email;
    ngx_carrierpay_core_t           *core;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_carrierpay_conf(r)->smtp.max == 0) {
        return ngx_http_carrierpay_checkout_look(r, co);
    }

    ngx_http_carrierpay_checkout_field(r, body, "email", &email);

    if (!ngx_carrierpay_email_valid(&email)) {
        co->email = email;
        co->alert = "mail_malformed";
        return ngx_http_carrierpay_checkout_look(r, co);
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_receipt_mail(core, co->payment_id, &email,
                                              &co->lang->tag)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT,
                                    ngx_http_carrierpay_checkout_mail_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t     *visit;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    visit = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || visit->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        return ngx_http_carrierpay_checkout_unavailable(r, ctx->data);
    }

    return ngx_http_carrierpay_checkout_redirect(r, visit->done ? "?s=sent"
                                                                : "?s=many");
}


ngx_int_t
ngx_http_carrierpay_checkout_stop_page(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_checkout_t  *co;

    co = ngx_http_carrierpay_checkout_visit(r);
    if (co == NULL) {
        return NGX_ERROR;
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_STOP;

    return ngx_http_carrierpay_checkout_look(r, co);
}


ngx_int_t
ngx_http_carrierpay_checkout_stop(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_carrierpay_core_t           *core;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_receipt_stop(core, co->payment_id) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT,
                                    ngx_http_carrierpay_checkout_stop_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t          *visit;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;
    visit = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    switch (visit->result) {

    case NGX_CARRIERPAY_CHARGE_OK:
        co->step = NGX_HTTP_CARRIERPAY_STEP_STOP;
        co->stopped = visit->done;

        return ngx_http_carrierpay_checkout_show(r, co, visit);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }
}
