
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_receipt.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_receipt.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_values_receipt.h"


static ngx_int_t ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_stop_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
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

    rc = ngx_http_carrierpay_checkout_page_form(r, body, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_carrierpay_conf(r)->smtp.max == 0) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    ngx_http_carrierpay_checkout_field(r, body, "email", &email);
    ngx_carrierpay_typed_word(&email);

    cr->email = email;

    if (!ngx_carrierpay_email_valid(&email)) {
        cr->alert = NGX_CARRIERPAY_PHRASE_MAIL_MALFORMED;
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

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_mail_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_mail_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                                query;
    ngx_carrierpay_receipt_t                *receipt;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    receipt = flow->data;

    if (flow->result != NGX_CARRIERPAY_FLOW_OK) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    if (!receipt->done) {
        return ngx_http_carrierpay_checkout_redirect(r, "?s=many");
    }

    if (ngx_http_carrierpay_values_receipt_query(r, cr, &cr->email, &query)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_redirect(r, (char *) query.data);
}


ngx_int_t
ngx_http_carrierpay_checkout_stop_page(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_checkout_load(r,
                                      ngx_http_carrierpay_checkout_request(r),
                                      ngx_http_carrierpay_checkout_stop_show);
}


/* Only a shopper who has paid has purchases to block. */

static ngx_int_t
ngx_http_carrierpay_checkout_stop_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    return ngx_http_carrierpay_checkout_show_page(r, cr,
                                          checkout->read.payment.msisdn.len
                                          ? NGX_HTTP_CARRIERPAY_PAGE_STOP
                                          : NGX_HTTP_CARRIERPAY_PAGE_STOP_NONE,
                                          &checkout->read);
}


ngx_int_t
ngx_http_carrierpay_checkout_stop(ngx_http_request_t *r, ngx_str_t *body)
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

    flow = core ? ngx_carrierpay_receipt_stop(core, cr->payment_id) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_checkout_stop_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_receipt_t                *receipt;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    receipt = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_checkout_show_page(r, cr,
                                          receipt->done
                                          ? NGX_HTTP_CARRIERPAY_PAGE_STOPPED
                                          : NGX_HTTP_CARRIERPAY_PAGE_STOP_NONE,
                                          &receipt->read);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }
}
