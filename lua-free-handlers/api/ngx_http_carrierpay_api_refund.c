
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_refund_make.h"
#include "ngx_carrierpay_refund_read.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_idempotency.h"
#include "ngx_http_carrierpay_api_refund.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; the operator may be slow */
#define NGX_HTTP_CARRIERPAY_API_REFUND_TIMEOUT       30000

#define NGX_HTTP_CARRIERPAY_API_REFUND_READ_TIMEOUT  1500

#define NGX_HTTP_CARRIERPAY_API_REFUNDS_PATH  "/v1/refunds/"


typedef struct {
    int64_t      amount;
    ngx_str_t    reason;
} ngx_http_carrierpay_refund_body_t;


static ngx_int_t ngx_http_carrierpay_api_refund_start(ngx_http_request_t *r,
    int64_t payment_id, ngx_str_t *body, ngx_str_t *key,
    ngx_http_carrierpay_refund_body_t *read);
static ngx_int_t ngx_http_carrierpay_api_refund_made(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_refund_answer(ngx_http_request_t *r,
    ngx_carrierpay_refund_make_t *make);
static ngx_int_t ngx_http_carrierpay_api_refund_listed(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_refund_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_refund_unknown(
    ngx_http_request_t *r);


#define ngx_http_carrierpay_refund_at(field)                                  \
    offsetof(ngx_http_carrierpay_refund_body_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_refund_fields[] = {

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 0,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_refund_at(amount), "invalid_amount", NULL },

    { ngx_string("reason"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_REFUND_REASON_MAX,
      ngx_http_carrierpay_refund_at(reason), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_api_refund(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                             id;
    ngx_int_t                           rc;
    ngx_str_t                           key;
    ngx_http_carrierpay_ctx_t          *ctx;
    ngx_http_carrierpay_problem_t       problem;
    ngx_http_carrierpay_refund_body_t   read;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    rc = ngx_http_carrierpay_api_body(r, body,
                                      ngx_http_carrierpay_refund_fields,
                                      &read, sizeof(read), &problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_api_idempotency(r, &key, &problem);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_api_refund_start(r, id, body, &key, &read);
}


/* The request that a key belongs to is the payment and the body. */

static ngx_int_t
ngx_http_carrierpay_api_refund_start(ngx_http_request_t *r,
    int64_t payment_id, ngx_str_t *body, ngx_str_t *key,
    ngx_http_carrierpay_refund_body_t *read)
{
    u_char                     *text;
    u_char                      hmac[NGX_CARRIERPAY_SHA256_LEN];
    u_char                      hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    text = ngx_pnalloc(r->pool, ctx->id.len + body->len);
    if (text == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(ngx_cpymem(text, ctx->id.data, ctx->id.len), body->data,
               body->len);

    ngx_http_carrierpay_api_idempotency_hash(r, key, hmac);
    ngx_carrierpay_sha256(hash, text, ctx->id.len + body->len);

    flow = ngx_carrierpay_refund_make(ngx_http_carrierpay_core(r),
                                      ngx_http_carrierpay_api_merchant(r),
                                      payment_id, read->amount, &read->reason,
                                      hmac, hash);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                      NGX_HTTP_CARRIERPAY_API_REFUND_TIMEOUT,
                                      ngx_http_carrierpay_api_refund_made);
}


static ngx_int_t
ngx_http_carrierpay_api_refund_made(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_api_refund_answer(r, make);

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_GATEWAY_TIME_OUT,
                                               "still_processing",
                                               "The refund goes on; ask for"
                                               " it, or wait for the webhook");

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return ngx_http_carrierpay_api_refused(r, &flow->reason);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    case NGX_CARRIERPAY_FLOW_CONFLICT:
        return ngx_http_carrierpay_api_idempotency_mismatch(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


/* A key that was used before shows its refund as it is now. */

static ngx_int_t
ngx_http_carrierpay_api_refund_answer(ngx_http_request_t *r,
    ngx_carrierpay_refund_make_t *make)
{
    u_char     *p;
    ngx_str_t   path;

    if (make->ledger_result == NGX_CARRIERPAY_LEDGER_REPLAY
        && ngx_http_carrierpay_api_idempotency_replayed(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    path.len = sizeof(NGX_HTTP_CARRIERPAY_API_REFUNDS_PATH) - 1
               + NGX_CARRIERPAY_ID_LEN;
    path.data = ngx_pnalloc(r->pool, path.len);
    if (path.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(path.data, NGX_HTTP_CARRIERPAY_API_REFUNDS_PATH,
                   sizeof(NGX_HTTP_CARRIERPAY_API_REFUNDS_PATH) - 1);
    (void) ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_REFUND,
                                   make->refund.id);

    if (ngx_http_carrierpay_reply_header(r, "Location", &path) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_CREATED, &make->body);
}


ngx_int_t
ngx_http_carrierpay_api_refund_list(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                     id;
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    flow = ngx_carrierpay_refund_list(ngx_http_carrierpay_core(r),
                                      ngx_http_carrierpay_api_merchant(r),
                                      id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                  NGX_HTTP_CARRIERPAY_API_REFUND_READ_TIMEOUT,
                                  ngx_http_carrierpay_api_refund_listed);
}


static ngx_int_t
ngx_http_carrierpay_api_refund_listed(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    return flow->result == NGX_CARRIERPAY_FLOW_NOT_FOUND
           ? ngx_http_carrierpay_api_not_found(r)
           : ngx_http_carrierpay_api_refund_found(r, flow);
}


ngx_int_t
ngx_http_carrierpay_api_refund_get(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                     id;
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_REFUND, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_refund_unknown(r);
    }

    flow = ngx_carrierpay_refund_get(ngx_http_carrierpay_core(r),
                                     ngx_http_carrierpay_api_merchant(r), id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                  NGX_HTTP_CARRIERPAY_API_REFUND_READ_TIMEOUT,
                                  ngx_http_carrierpay_api_refund_found);
}


static ngx_int_t
ngx_http_carrierpay_api_refund_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &read->body);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_refund_unknown(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_refund_unknown(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "You have no refund with this id");
}
