
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_confirm.h"
#include "ngx_http_carrierpay_api_payment_get.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; the operator may be slow */
#define NGX_HTTP_CARRIERPAY_API_CONFIRM_TIMEOUT  30000

#define NGX_HTTP_CARRIERPAY_API_PIN_MAX          32


typedef struct {
    ngx_carrierpay_pin_attempt_e   result;
    ngx_uint_t                     status;
    const char                    *code;
    const char                    *detail;
} ngx_http_carrierpay_pin_refusal_t;


static ngx_int_t ngx_http_carrierpay_api_confirm_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_pin_attempt_t *attempt);
static const char *ngx_http_carrierpay_api_pin_check(ngx_str_t *value);


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_confirm_fields[] = {

    { ngx_string("pin"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_API_PIN_MAX,
      0, "invalid_parameter",
      ngx_http_carrierpay_api_pin_check },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


/* Why a PIN proves nothing.  The last row is for all other results. */

static ngx_http_carrierpay_pin_refusal_t
    ngx_http_carrierpay_pin_refusals[] =
{
    { NGX_CARRIERPAY_ATTEMPT_WRONG, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_wrong",
      "is wrong, or has been used" },

    { NGX_CARRIERPAY_ATTEMPT_EXHAUSTED, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_exhausted",
      "has been tried too often; have another one sent" },

    { NGX_CARRIERPAY_ATTEMPT_LOCKED, NGX_HTTP_TOO_MANY_REQUESTS, "pin_locked",
      "is refused: too many wrong ones have been entered for this number" },

    { NGX_CARRIERPAY_ATTEMPT_LOST, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_lost",
      "cannot be checked any more, and this try is not counted; have another"
      " one sent" },

    { NGX_CARRIERPAY_ATTEMPT_NONE, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_expired",
      "has expired, or none was sent; have one sent" }
};


ngx_int_t
ngx_http_carrierpay_api_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    int64_t                         id;
    ngx_int_t                       rc;
    ngx_str_t                       pin;
    ngx_carrierpay_flow_t          *flow;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_problem_t   problem;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    rc = ngx_http_carrierpay_api_body(r, body,
                                      ngx_http_carrierpay_confirm_fields,
                                      &pin, sizeof(pin), &problem);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    flow = ngx_carrierpay_charge_pin_api(ngx_http_carrierpay_core(r),
                                         ngx_http_carrierpay_api_merchant(r),
                                         id, &pin);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                     NGX_HTTP_CARRIERPAY_API_CONFIRM_TIMEOUT,
                                     ngx_http_carrierpay_api_confirm_end);
}


static ngx_int_t
ngx_http_carrierpay_api_confirm_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:

        /* without a body it was completed before, and is loaded anew */

        return charge->body.len
               ? ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &charge->body)
               : ngx_http_carrierpay_api_payment_show(r, charge->payment.id);

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        return ngx_http_carrierpay_api_still_processing(r, charge->payment.id);

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return charge->answer == NGX_CARRIERPAY_CHARGE_PIN
               ? ngx_http_carrierpay_api_pin_refused(r, &charge->pin_attempt)
               : ngx_http_carrierpay_api_refused(r, &flow->reason);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    u_char                             *p;
    ngx_http_carrierpay_problem_t       problem;
    ngx_http_carrierpay_pin_refusal_t  *refusal;

    refusal = ngx_http_carrierpay_pin_refusals;

    while (refusal->result != attempt->result
           && refusal->result != NGX_CARRIERPAY_ATTEMPT_NONE)
    {
        refusal++;
    }

    ngx_http_carrierpay_api_problem(&problem, refusal->status, refusal->code,
                                    refusal->detail);
    ngx_str_set(&problem.param, "pin");

    if (refusal->result == NGX_CARRIERPAY_ATTEMPT_WRONG) {
        p = ngx_pnalloc(r->pool, problem.detail.len + sizeof("; tries left: ")
                                 + NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        problem.detail.len = ngx_sprintf(p, "%V; tries left: %ui",
                                         &problem.detail, attempt->left)
                             - p;
        problem.detail.data = p;
    }

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static const char *
ngx_http_carrierpay_api_pin_check(ngx_str_t *value)
{
    ngx_carrierpay_typed_digits(value);

    return ngx_carrierpay_pin_attempt_valid(value) ? NULL
                                                   : "must be six digits";
}
