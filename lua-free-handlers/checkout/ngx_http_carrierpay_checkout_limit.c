
/*
 * The checkout and its limits: budgets of SMS, the page of who is too fast.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_core.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_reply.h"


static ngx_int_t ngx_http_carrierpay_checkout_sms_asked(ngx_http_request_t *r,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_retry(ngx_http_request_t *r,
    ngx_uint_t retry);


ngx_int_t
ngx_http_carrierpay_checkout_sms(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit)
{
    ngx_int_t                  rc;
    ngx_str_t                  number;
    ngx_uint_t                 retry;
    ngx_carrierpay_payment_t  *p;

    p = &visit->payment;

    if (co->msisdn.len == 0 || co->asked || visit->barred
        || !ngx_carrierpay_payment_is(p, "pending")
        || p->expires <= ngx_carrierpay_now())
    {
        return ngx_http_carrierpay_checkout_show(r, co, visit);
    }

    co->asked = 1;

    number.data = co->msisdn.digits;
    number.len = co->msisdn.len;

    rc = ngx_http_carrierpay_limit_sms(r, &number, p->merchant_id, &retry,
                                      ngx_http_carrierpay_checkout_sms_asked);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_carrierpay_checkout_later(r, co, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_show(r, co, visit);
}


/* after a wait; the visit went with its flow, so the payment is loaded anew */

static ngx_int_t
ngx_http_carrierpay_checkout_sms_asked(ngx_http_request_t *r,
    ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;

    if (ngx_http_carrierpay_checkout_later(r, co, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_look(r, co);
}


static ngx_int_t
ngx_http_carrierpay_checkout_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t retry)
{
    if (retry == 0) {
        return NGX_OK;
    }

    co->alert = "number_later";
    co->retry = retry;

    return ngx_http_carrierpay_checkout_retry(r, retry);
}


static ngx_int_t
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
ngx_http_carrierpay_checkout_go_on(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    return ngx_http_carrierpay_checkout_look(r, ctx->data);
}


ngx_int_t
ngx_http_carrierpay_checkout_limited(ngx_http_request_t *r, ngx_uint_t retry)
{
    const ngx_str_t                 *text;
    ngx_http_carrierpay_checkout_t  *co;

    co = ngx_http_carrierpay_checkout_visit(r);

    if (co == NULL || ngx_http_carrierpay_checkout_retry(r, retry) != NGX_OK) {
        return NGX_ERROR;
    }

    text = ngx_carrierpay_language_text(co->lang, "limited_text", NULL);

    return ngx_http_carrierpay_checkout_message(r, co,
                                                NGX_HTTP_TOO_MANY_REQUESTS,
                                                "limited_title", text);
}
