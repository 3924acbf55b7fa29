
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_idempotency.h"
#include "ngx_http_carrierpay_api_payment_body.h"
#include "ngx_http_carrierpay_api_payment_create.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; the operator may be slow */
#define NGX_HTTP_CARRIERPAY_API_PAYMENT_CREATE_TIMEOUT  30000

#define NGX_HTTP_CARRIERPAY_API_PAYMENT_FIRST_TIMEOUT  1500

static ngx_int_t ngx_http_carrierpay_api_payment_start(ngx_http_request_t *r,
    ngx_str_t *body, ngx_str_t *key, ngx_carrierpay_payment_t *payment,
    ngx_carrierpay_optional_t *subscriber);
static ngx_int_t ngx_http_carrierpay_api_payment_created(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_payment_first(ngx_http_request_t *r,
    int64_t id, ngx_http_carrierpay_end_pt handler);
static ngx_int_t ngx_http_carrierpay_api_payment_replayed(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_payment_loaded(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_payment_answer(ngx_http_request_t *r,
    int64_t id, ngx_str_t *body);


ngx_int_t
ngx_http_carrierpay_api_payment_create(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                       rc;
    ngx_str_t                       key;
    ngx_carrierpay_payment_t        payment;
    ngx_carrierpay_optional_t       subscriber;
    ngx_http_carrierpay_problem_t   problem;

    ngx_memzero(&payment, sizeof(ngx_carrierpay_payment_t));
    ngx_memzero(&subscriber, sizeof(ngx_carrierpay_optional_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_api_type(r, &problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_api_idempotency(r, &key, &problem);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_api_payment_body(r, body, &payment,
                                                  &subscriber, &problem);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_api_payment_start(r, body, &key, &payment,
                                                 &subscriber);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_start(ngx_http_request_t *r, ngx_str_t *body,
    ngx_str_t *key, ngx_carrierpay_payment_t *payment,
    ngx_carrierpay_optional_t *subscriber)
{
    u_char                  hmac[NGX_CARRIERPAY_SHA256_LEN];
    u_char                  hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_flow_t  *flow;

    ngx_http_carrierpay_api_idempotency_hash(r, key, hmac);
    ngx_carrierpay_sha256(hash, body->data, body->len);

    flow = ngx_carrierpay_charge_create(ngx_http_carrierpay_core(r),
                                        ngx_http_carrierpay_api_merchant(r),
                                        payment, subscriber, hmac, hash);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                              NGX_HTTP_CARRIERPAY_API_PAYMENT_CREATE_TIMEOUT,
                              ngx_http_carrierpay_api_payment_created);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_created(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        if (charge->body.len) {
            return ngx_http_carrierpay_api_payment_answer(r,
                                                          charge->payment.id,
                                                          &charge->body);
        }

        return ngx_http_carrierpay_api_payment_first(r, charge->payment.id,
                            charge->answer == NGX_CARRIERPAY_CHARGE_REPLAYED
                            ? ngx_http_carrierpay_api_payment_replayed
                            : ngx_http_carrierpay_api_payment_loaded);

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        return ngx_http_carrierpay_api_still_processing(r, charge->payment.id);

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return charge->agreed
               ? ngx_http_carrierpay_api_refused_consent(r, &flow->reason,
                                                         charge->agreed)
               : ngx_http_carrierpay_api_refused_amount(r, &flow->reason,
                                                        charge->below,
                                                        charge->above);

    case NGX_CARRIERPAY_FLOW_CONFLICT:
        break;

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }

    if (charge->answer == NGX_CARRIERPAY_CHARGE_MISMATCH) {
        return ngx_http_carrierpay_api_idempotency_mismatch(r);
    }

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_CONFLICT,
                                           "idempotency_in_flight",
                                           "A request with this key is"
                                           " still being worked on");
}


/* The answer is that of the first time, also when this is the first time. */

static ngx_int_t
ngx_http_carrierpay_api_payment_first(ngx_http_request_t *r, int64_t id,
    ngx_http_carrierpay_end_pt handler)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_payment_first(ngx_http_carrierpay_core(r),
                                        ngx_http_carrierpay_api_merchant(r),
                                        id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                               NGX_HTTP_CARRIERPAY_API_PAYMENT_FIRST_TIMEOUT,
                               handler);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_replayed(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    if (flow->result == NGX_CARRIERPAY_FLOW_OK
        && ngx_http_carrierpay_api_idempotency_replayed(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_api_payment_loaded(r, flow);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_loaded(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    if (flow->result != NGX_CARRIERPAY_FLOW_OK) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_api_payment_answer(r, read->payment.id,
                                                  &read->body);
}


static ngx_int_t
ngx_http_carrierpay_api_payment_answer(ngx_http_request_t *r, int64_t id,
    ngx_str_t *body)
{
    if (ngx_http_carrierpay_api_reply_location(r, id) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_CREATED, body);
}
