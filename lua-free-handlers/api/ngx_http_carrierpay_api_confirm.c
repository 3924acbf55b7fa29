
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_confirm.h"
#include "ngx_http_carrierpay_api_payment_get.h"
#include "ngx_http_carrierpay_api_reason.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; the operator may be slow */
#define NGX_HTTP_CARRIERPAY_API_CONFIRM_TIMEOUT  30000

#define NGX_HTTP_CARRIERPAY_API_PIN_MAX          32


static ngx_int_t ngx_http_carrierpay_api_confirm_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge);
static const char *ngx_http_carrierpay_api_pin_check(ngx_str_t *value);


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_confirm_fields[] = {

    { ngx_string("pin"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_API_PIN_MAX,
      0, "invalid_parameter",
      ngx_http_carrierpay_api_pin_check },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
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

    flow = ngx_carrierpay_charge_prove_order(ngx_http_carrierpay_core(r),
                                          ngx_http_carrierpay_api_merchant(r),
                                          id, &pin);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_watch(r, flow,
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

    if (flow->late) {
        return ngx_http_carrierpay_api_still_processing(r, charge->payment.id);
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_COMPLETED:

        /* without a body it was completed before, and is loaded anew */

        return charge->body.len
               ? ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &charge->body)
               : ngx_http_carrierpay_api_payment_show(r, charge->payment.id);

    case NGX_CARRIERPAY_CHARGE_PIN:
        return ngx_http_carrierpay_api_pin_refused(r, charge);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_api_refused(r, &charge->reason);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge)
{
    u_char                                   *p;
    ngx_http_carrierpay_problem_t             problem;
    const ngx_http_carrierpay_pin_refusal_t  *refusal;

    refusal = ngx_http_carrierpay_api_pin_refusal(&charge->reason);

    ngx_http_carrierpay_api_problem(&problem, refusal->status, refusal->code,
                                    refusal->detail);
    ngx_str_set(&problem.param, "pin");

    if (refusal->tries) {
        p = ngx_pnalloc(r->pool, problem.detail.len + sizeof("; tries left: ")
                                 + NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        problem.detail.len = ngx_sprintf(p, "%V; tries left: %ui",
                                         &problem.detail, charge->guess.left)
                             - p;
        problem.detail.data = p;
    }

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static const char *
ngx_http_carrierpay_api_pin_check(ngx_str_t *value)
{
    return ngx_carrierpay_guess_valid(value) ? NULL : "must be six digits";
}
