
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_code.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_sms_code.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_sms_code_end(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_sms_code_later(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_sms_code_redirect(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_session_t *s);


ngx_int_t
ngx_http_carrierpay_checkout_sms_code(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_str_t                                any, country, code;
    ngx_carrierpay_core_t                   *core;
    ngx_carrierpay_flow_t                   *flow;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_page_form(r, body, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "country", &cr->country);
    ngx_str_null(&any);
    ngx_http_carrierpay_countries_default(r, cr->lang, &cr->country, &any,
                                          &country);

    if (ngx_http_carrierpay_countries_code(r, &country, &code) != NGX_OK) {
        cr->alert = NGX_CARRIERPAY_PHRASE_MO_UNAVAILABLE;
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    cr->country = country;
    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_sms_code_page(core, cr->payment_id,
                                               &cr->visitor, &cr->lang->tag)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                   NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                   ngx_http_carrierpay_checkout_sms_code_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sms_code_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *code;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    code = flow->data;

    if (flow->result != NGX_CARRIERPAY_FLOW_OK) {
        return ngx_http_carrierpay_checkout_unavailable(r, ctx->data);
    }

    if (code->retry) {
        return ngx_http_carrierpay_checkout_sms_code_later(r, ctx->data,
                                                           code->retry);
    }

    if (!code->stored) {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    return ngx_http_carrierpay_checkout_sms_code_redirect(r, ctx->data,
                                                          &code->session);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sms_code_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t retry)
{
    cr->retry = retry;
    cr->alert = NGX_CARRIERPAY_PHRASE_NUMBER_LATER;

    return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
}


static ngx_int_t
ngx_http_carrierpay_checkout_sms_code_redirect(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_session_t *s)
{
    u_char     *query;
    ngx_str_t   token;

    token.data = s->token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    query = ngx_pnalloc(r->pool, sizeof("?m=&c=") + token.len
                                 + cr->country.len);
    if (query == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(query, "?m=%V&c=%V%Z", &token, &cr->country);

    return ngx_http_carrierpay_checkout_redirect(r, (char *) query);
}
