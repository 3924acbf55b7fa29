
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_subscriber_block.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_api_subscribers.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_reply.h"


#define NGX_HTTP_CARRIERPAY_API_STOP_TIMEOUT  1500    /* ms */


static ngx_int_t ngx_http_carrierpay_api_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_stop_answer(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_api_subscriber_unknown(
    ngx_http_request_t *r);


ngx_int_t
ngx_http_carrierpay_api_stop(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                     id;
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_SUBSCRIBER, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_subscriber_unknown(r);
    }

    flow = ngx_carrierpay_subscriber_block(ngx_http_carrierpay_core(r),
                                           ngx_http_carrierpay_api_merchant(r),
                                           id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                     NGX_HTTP_CARRIERPAY_API_STOP_TIMEOUT,
                                     ngx_http_carrierpay_api_stop_end);
}


static ngx_int_t
ngx_http_carrierpay_api_stop_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_api_stop_answer(r);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_subscriber_unknown(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_stop_answer(ngx_http_request_t *r)
{
    u_char                     *p;
    ngx_str_t                   json;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

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
ngx_http_carrierpay_api_subscriber_unknown(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "You have no subscriber with this"
                                           " id");
}
