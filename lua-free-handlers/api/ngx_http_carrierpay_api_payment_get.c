
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_payment_get.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


#define NGX_HTTP_CARRIERPAY_API_PAYMENT_GET_TIMEOUT  1500    /* ms */


static ngx_int_t ngx_http_carrierpay_api_payment_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_api_payment_get(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                     id;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    return ngx_http_carrierpay_api_payment_show(r, id);
}


ngx_int_t
ngx_http_carrierpay_api_payment_show(ngx_http_request_t *r, int64_t id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_payment_get(ngx_http_carrierpay_core(r),
                                      ngx_http_carrierpay_api_merchant(r),
                                      id);

    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                 NGX_HTTP_CARRIERPAY_API_PAYMENT_GET_TIMEOUT,
                                 ngx_http_carrierpay_api_payment_found);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        if (ngx_http_carrierpay_variables_payment(r, &read->payment) != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &read->body);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}
