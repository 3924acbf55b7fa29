
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_pin.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_reply.h"


/* ms, beside what an operator's lookup may take */
#define NGX_HTTP_CARRIERPAY_API_PIN_TIMEOUT  5000


typedef struct {
    ngx_carrierpay_pin_send_e    result;
    ngx_uint_t                   status;
    const char                  *code;
    const char                  *detail;
} ngx_http_carrierpay_pin_problem_t;


typedef struct {
    ngx_str_t                    msisdn;
    ngx_str_t                    country;
} ngx_http_carrierpay_pin_body_t;


static ngx_int_t ngx_http_carrierpay_api_pin_number(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_msisdn_t *msisdn,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_api_pin_send(ngx_http_request_t *r,
    int64_t payment_id, ngx_carrierpay_msisdn_t *msisdn,
    ngx_http_carrierpay_end_pt end);
static ngx_int_t ngx_http_carrierpay_api_pin_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_resend_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_pin_result(ngx_http_request_t *r,
    ngx_carrierpay_pin_send_t *send);
static ngx_int_t ngx_http_carrierpay_api_pin_barred(ngx_http_request_t *r,
    ngx_str_t *reason);


#define ngx_http_carrierpay_pin_at(field)                                     \
    offsetof(ngx_http_carrierpay_pin_body_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_pin_fields[] = {

    { ngx_string("msisdn"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_CARRIERPAY_NUMBER_TYPED_MAX,
      ngx_http_carrierpay_pin_at(msisdn), "invalid_parameter", NULL },

    { ngx_string("country"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      2, 2,
      ngx_http_carrierpay_pin_at(country), "invalid_parameter",
      ngx_http_carrierpay_api_country },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


/* Why no PIN was sent.  The last row is for all other results. */

static ngx_http_carrierpay_pin_problem_t
    ngx_http_carrierpay_pin_problems[] =
{
    { NGX_CARRIERPAY_PIN_WAIT, NGX_HTTP_TOO_MANY_REQUESTS, "pin_too_soon",
      "A PIN was sent a moment ago; it may still be on its way" },

    { NGX_CARRIERPAY_PIN_EXHAUSTED, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_exhausted",
      "The payment has had all PINs that it may have" },

    { NGX_CARRIERPAY_PIN_LOCKED, NGX_HTTP_TOO_MANY_REQUESTS, "pin_locked",
      "Too many wrong PINs have been entered for this number" },

    { NGX_CARRIERPAY_PIN_LIMITED, NGX_HTTP_TOO_MANY_REQUESTS, "sms_limited",
      "The budget of SMS to this number, or of yours, is used up" },

    { NGX_CARRIERPAY_PIN_NO_ROUTE, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "sms_not_available",
      "No SMS can be sent to customers of this number's operator" },

    { NGX_CARRIERPAY_PIN_ENDED, NGX_HTTP_CONFLICT, "payment_not_pending",
      "The payment is not pending any more" }
};


ngx_int_t
ngx_http_carrierpay_api_pin(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                         id;
    ngx_int_t                       rc;
    ngx_carrierpay_msisdn_t         msisdn;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_problem_t   problem;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    rc = ngx_http_carrierpay_api_pin_number(r, body, &msisdn, &problem);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    return rc == NGX_OK
           ? ngx_http_carrierpay_api_pin_send(r, id, &msisdn,
                                              ngx_http_carrierpay_api_pin_end)
           : rc;
}


ngx_int_t
ngx_http_carrierpay_api_resend(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                     id;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    return ngx_http_carrierpay_api_pin_send(r, id, NULL,
                                          ngx_http_carrierpay_api_resend_end);
}


static ngx_int_t
ngx_http_carrierpay_api_pin_number(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_msisdn_t *msisdn, ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t                        rc;
    ngx_str_t                        name = ngx_string("msisdn");
    ngx_carrierpay_conf_t           *conf;
    ngx_http_carrierpay_pin_body_t   read;

    rc = ngx_http_carrierpay_api_body(r, body, ngx_http_carrierpay_pin_fields,
                                      &read, sizeof(read), problem);
    if (rc != NGX_OK) {
        return rc;
    }

    conf = ngx_http_carrierpay_conf(r);

    if (ngx_carrierpay_number_parse(&conf->operators, &read.country,
                                    &read.msisdn, msisdn)
        == NGX_OK)
    {
        return NGX_OK;
    }

    (void) ngx_http_carrierpay_json_refuse(problem, "not_a_number", &name,
                                           "is no number of a country that"
                                           " can pay");
    problem->status = NGX_HTTP_CARRIERPAY_UNPROCESSABLE;

    return NGX_DECLINED;
}


/* Without a number: to the one that the last PIN went to. */

static ngx_int_t
ngx_http_carrierpay_api_pin_send(ngx_http_request_t *r, int64_t payment_id,
    ngx_carrierpay_msisdn_t *msisdn, ngx_http_carrierpay_end_pt end)
{
    ngx_str_t               address;
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    core = ngx_http_carrierpay_core(r);

    ngx_http_carrierpay_limit_block(r, &address);

    flow = ngx_carrierpay_pin_send_order(core,
                                         ngx_http_carrierpay_api_merchant(r),
                                         payment_id, msisdn, &address);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                  NGX_HTTP_CARRIERPAY_API_PIN_TIMEOUT
                  + ngx_carrierpay_lookup_timeout(core),
                  end);
}


static ngx_int_t
ngx_http_carrierpay_api_pin_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_api_pin_result(r, flow->data);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_resend_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    if (flow->result == NGX_CARRIERPAY_FLOW_NOT_FOUND) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND,
                                               "not_found",
                                               "You have no payment with this"
                                               " id that a PIN was sent for");
    }

    return ngx_http_carrierpay_api_pin_end(r, flow);
}


/* A payment that is not pending is not evaluated, and gets no PIN. */

static ngx_int_t
ngx_http_carrierpay_api_pin_result(ngx_http_request_t *r,
    ngx_carrierpay_pin_send_t *send)
{
    ngx_uint_t                          i, last;
    ngx_http_carrierpay_problem_t       problem;
    ngx_http_carrierpay_pin_problem_t  *row;

    if (send->checkout.barred) {
        return ngx_http_carrierpay_api_pin_barred(r,
                               &send->checkout.eligibility.decision.reason);
    }

    if (send->sent.result == NGX_CARRIERPAY_PIN_SENT) {
        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK,
                                              &send->checkout.read.body);
    }

    row = ngx_http_carrierpay_pin_problems;
    last = sizeof(ngx_http_carrierpay_pin_problems) / sizeof(*row) - 1;

    for (i = 0; i < last && row[i].result != send->sent.result; i++) {
        /* void */
    }

    ngx_http_carrierpay_api_problem(&problem, row[i].status, row[i].code,
                                    row[i].detail);
    problem.retry_after = send->sent.wait;

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static ngx_int_t
ngx_http_carrierpay_api_pin_barred(ngx_http_request_t *r, ngx_str_t *reason)
{
    const char                     *code;
    ngx_http_carrierpay_problem_t   problem;

    code = ngx_http_carrierpay_api_code(r, reason);
    if (code == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_api_problem(&problem,
                                    NGX_HTTP_CARRIERPAY_UNPROCESSABLE, code,
                                    ngx_carrierpay_decline_advice(
                                        ngx_carrierpay_decline_parse(reason)));

    /* a detail is a sentence without its full stop */

    problem.detail.len -= (problem.detail.len > 0);

    return ngx_http_carrierpay_reply_problem(r, &problem);
}
