
/*
 * POST /v1/subscribers/{id}/stop: he wants to pay this merchant no more.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_receipt.h"
#include "ngx_http_carrierpay_api.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_flow_wait.h"


#define NGX_HTTP_CARRIERPAY_STOP_TIMEOUT  1500


static ngx_int_t ngx_http_carrierpay_subscriber_stop(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_subscriber_stopped(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_subscriber_unknown(
    ngx_http_request_t *r);


ngx_int_t
ngx_http_carrierpay_api_stop(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_subscriber_stop);
}


static ngx_int_t
ngx_http_carrierpay_subscriber_stop(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    int64_t                     id;
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_SUBSCRIBER, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_subscriber_unknown(r);
    }

    flow = ngx_carrierpay_receipt_block(ngx_http_carrierpay_core(r), merchant,
                                        id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                       NGX_HTTP_CARRIERPAY_STOP_TIMEOUT,
                                       ngx_http_carrierpay_subscriber_stopped);
}


static ngx_int_t
ngx_http_carrierpay_subscriber_stopped(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    u_char                     *p;
    ngx_str_t                   json;
    ngx_carrierpay_checkout_t  *checkout;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    checkout = flow->data;

    if (flow->late || checkout->result != NGX_CARRIERPAY_CHARGE_OK) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    if (!checkout->done) {
        return ngx_http_carrierpay_subscriber_unknown(r);
    }

    p = ngx_pnalloc(r->pool, sizeof("{\"id\":\"\",\"object\":\"subscriber\","
                                    "\"stopped\":true}")
                             + ctx->id.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json.data = p;
    json.len = ngx_sprintf(p, "{\"id\":\"%V\",\"object\":\"subscriber\","
                           "\"stopped\":true}", &ctx->id)
               - p;

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &json);
}


static ngx_int_t
ngx_http_carrierpay_subscriber_unknown(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "You have no subscriber with this"
                                           " id");
}
