
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_capture.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_money.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_capture.h"
#include "ngx_http_carrierpay_api_payment_get.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; the operator may be slow */
#define NGX_HTTP_CARRIERPAY_API_CAPTURE_TIMEOUT  30000


static ngx_int_t ngx_http_carrierpay_api_capture_start(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_field_t *fields);
static ngx_int_t ngx_http_carrierpay_api_capture_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_capture_fields[] = {

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 0,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      0, "invalid_amount", NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_cancel_fields[] = {
    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_api_capture(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_capture_start(r, body,
                                           ngx_http_carrierpay_capture_fields);
}


ngx_int_t
ngx_http_carrierpay_api_cancel(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_capture_start(r, body,
                                            ngx_http_carrierpay_cancel_fields);
}


static ngx_int_t
ngx_http_carrierpay_api_capture_start(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_field_t *fields)
{
    int64_t                         id, amount;
    ngx_int_t                       rc;
    ngx_carrierpay_core_t          *core;
    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_merchant_t      *merchant;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_problem_t   problem;

    ctx = ngx_http_carrierpay_ctx(r);
    core = ngx_http_carrierpay_core(r);
    merchant = ngx_http_carrierpay_api_merchant(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    rc = ngx_http_carrierpay_api_body(r, body, fields, &amount,
                                      sizeof(amount), &problem);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    flow = (fields == ngx_http_carrierpay_capture_fields)
           ? ngx_carrierpay_charge_capture(core, merchant, id, amount)
           : ngx_carrierpay_charge_release(core, merchant, id);

    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                     NGX_HTTP_CARRIERPAY_API_CAPTURE_TIMEOUT,
                                     ngx_http_carrierpay_api_capture_end);
}


static ngx_int_t
ngx_http_carrierpay_api_capture_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return charge->body.len
               ? ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &charge->body)
               : ngx_http_carrierpay_api_payment_show(r, charge->payment.id);

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        return ngx_http_carrierpay_api_still_processing(r, charge->payment.id);

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return ngx_http_carrierpay_api_refused(r, &flow->reason);

    case NGX_CARRIERPAY_FLOW_CONFLICT:
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_CONFLICT,
                                               "not_cancelable",
                                               "The payment is being charged,"
                                               " or has ended; ask for it");

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}
