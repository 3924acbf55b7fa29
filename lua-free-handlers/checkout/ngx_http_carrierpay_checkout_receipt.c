
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_receipt.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_receipt.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_module.h"


static ngx_int_t ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_checkout_mail(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_str_t                                email;
    ngx_carrierpay_core_t                   *core;
    ngx_carrierpay_flow_t                   *flow;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_carrierpay_conf(r)->smtp.max == 0) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    ngx_http_carrierpay_checkout_field(r, body, "email", &email);

    if (!ngx_carrierpay_email_valid(&email)) {
        cr->email = email;
        cr->alert = "mail_malformed";
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_receipt_mail(core, cr->payment_id, &email,
                                              &cr->lang->tag)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_mail_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || checkout->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        return ngx_http_carrierpay_checkout_unavailable(r, ctx->data);
    }

    return ngx_http_carrierpay_checkout_redirect(r, checkout->done ? "?s=sent"
                                                                  : "?s=many");
}


ngx_int_t
ngx_http_carrierpay_checkout_stop_page(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_checkout_request_t  *cr;

    cr = ngx_http_carrierpay_checkout_request(r);
    cr->page = NGX_HTTP_CARRIERPAY_PAGE_STOP;

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}


ngx_int_t
ngx_http_carrierpay_checkout_stop(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_carrierpay_core_t                   *core;
    ngx_carrierpay_flow_t                   *flow;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_receipt_stop(core, cr->payment_id) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_stop_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_stop_end(ngx_http_request_t *r,
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
        cr->page = NGX_HTTP_CARRIERPAY_PAGE_STOP;
        cr->stopped = checkout->done;

        return ngx_http_carrierpay_checkout_show(r, cr, checkout);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}
