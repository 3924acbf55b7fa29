
/*
 * A merchant's own page with a PIN:
 *
 *   POST /v1/payments/{id}/pin      to this number
 *   POST /v1/payments/{id}/resend   to the same one once more
 *   POST /v1/payments/{id}/confirm  what the shopper has read
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_http_carrierpay_api.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_variables.h"
#include "ngx_http_carrierpay_flow_wait.h"


#define NGX_HTTP_CARRIERPAY_PIN_TIMEOUT      5000
#define NGX_HTTP_CARRIERPAY_CONFIRM_TIMEOUT  30000

#define NGX_HTTP_CARRIERPAY_MSISDN_MAX       32


/* one request; ctx->data */

typedef struct {
    ngx_carrierpay_merchant_t    merchant;
    int64_t                      payment_id;
    ngx_carrierpay_msisdn_t      msisdn;
} ngx_http_carrierpay_pin_t;


/* the bodies */

typedef struct {
    ngx_str_t                    msisdn;
    ngx_str_t                    pin;
} ngx_http_carrierpay_pin_body_t;


typedef struct {
    ngx_uint_t                   is;        /* of the core's enum */
    ngx_uint_t                   status;
    const char                  *code;
    const char                  *detail;
} ngx_http_carrierpay_pin_word_t;


typedef struct {
    ngx_str_t                    reason;
    ngx_uint_t                   status;
    const char                  *code;
    const char                  *detail;
} ngx_http_carrierpay_guess_word_t;


static ngx_int_t ngx_http_carrierpay_pin_order(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_pin_resend(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_pin_line(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_pin_confirm(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_pin_begin(ngx_http_request_t *r,
    ngx_carrierpay_merchant_t *merchant, ngx_http_carrierpay_pin_t **pin);
static ngx_int_t ngx_http_carrierpay_pin_read(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_field_t *fields,
    ngx_http_carrierpay_pin_body_t *read,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_pin_budget(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_pin_send(ngx_http_request_t *r,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_pin_sent(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_pin_barred(ngx_http_request_t *r,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_pin_proved(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge);
static const char *ngx_http_carrierpay_pin_digits(ngx_str_t *value);


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_pin_fields[] = {

    { ngx_string("msisdn"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_MSISDN_MAX,
      offsetof(ngx_http_carrierpay_pin_body_t, msisdn), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_confirm_fields[] = {

    { ngx_string("pin"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_MSISDN_MAX,
      offsetof(ngx_http_carrierpay_pin_body_t, pin), "invalid_parameter",
      ngx_http_carrierpay_pin_digits },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


/* why no PIN was sent */

static ngx_http_carrierpay_pin_word_t  ngx_http_carrierpay_pin_words[] = {

    { NGX_CARRIERPAY_PIN_WAIT, NGX_HTTP_TOO_MANY_REQUESTS, "pin_too_soon",
      "A PIN was sent a moment ago; it may still be on its way" },

    { NGX_CARRIERPAY_PIN_EXHAUSTED, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_exhausted",
      "The payment has had all PINs that it may have" },

    { NGX_CARRIERPAY_PIN_LOCKED, NGX_HTTP_TOO_MANY_REQUESTS, "pin_locked",
      "Too many wrong PINs have been entered for this number" },

    { NGX_CARRIERPAY_PIN_NO_ROUTE, NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "sms_not_available",
      "No SMS can be sent to customers of this number's operator" },

    { NGX_CARRIERPAY_PIN_ENDED, NGX_HTTP_CONFLICT, "payment_not_pending",
      "The payment is not pending any more" },

    { 0, 0, NULL, NULL }
};


/* why a PIN proves nothing; the last row is for all others */

static ngx_http_carrierpay_guess_word_t  ngx_http_carrierpay_guess_words[] = {

    { ngx_string("wrong"), NGX_HTTP_CARRIERPAY_UNPROCESSABLE, "pin_wrong",
      "is wrong, or has been used" },

    { ngx_string("exhausted"), NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
      "pin_exhausted",
      "has been tried too often; have another one sent" },

    { ngx_string("locked"), NGX_HTTP_TOO_MANY_REQUESTS, "pin_locked",
      "cannot be tried: too many wrong ones have been entered for this"
      " number" },

    { ngx_null_string, NGX_HTTP_CARRIERPAY_UNPROCESSABLE, "pin_expired",
      "has expired, or none was sent; have one sent" }
};


ngx_int_t
ngx_http_carrierpay_api_pin(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_pin_order);
}


ngx_int_t
ngx_http_carrierpay_api_resend(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_pin_resend);
}


ngx_int_t
ngx_http_carrierpay_api_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_pin_confirm);
}


static ngx_int_t
ngx_http_carrierpay_pin_order(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_int_t                        rc;
    ngx_str_t                        name = ngx_string("msisdn");
    ngx_carrierpay_conf_t           *conf;
    ngx_http_carrierpay_pin_t       *pin;
    ngx_http_carrierpay_problem_t    problem;
    ngx_http_carrierpay_pin_body_t   read;

    rc = ngx_http_carrierpay_pin_begin(r, merchant, &pin);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? ngx_http_carrierpay_api_not_found(r) : rc;
    }

    rc = ngx_http_carrierpay_pin_read(r, body, ngx_http_carrierpay_pin_fields,
                                      &read, &problem);
    conf = ngx_http_carrierpay_conf(r);

    if (rc == NGX_OK
        && ngx_carrierpay_number_parse(&conf->operators, &read.msisdn,
                                       &pin->msisdn)
           != NGX_OK)
    {
        rc = ngx_http_carrierpay_json_refuse(&problem, "not_a_number", &name,
                                             "is no number of a country that"
                                             " can pay");
        problem.status = NGX_HTTP_CARRIERPAY_UNPROCESSABLE;
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    return rc == NGX_OK ? ngx_http_carrierpay_pin_budget(r) : rc;
}


static ngx_int_t
ngx_http_carrierpay_pin_resend(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_int_t                   rc;
    ngx_carrierpay_flow_t      *flow;
    ngx_http_carrierpay_pin_t  *pin;

    rc = ngx_http_carrierpay_pin_begin(r, merchant, &pin);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? ngx_http_carrierpay_api_not_found(r) : rc;
    }

    flow = ngx_carrierpay_pin_line(ngx_http_carrierpay_core(r), merchant,
                                   pin->payment_id);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                         NGX_HTTP_CARRIERPAY_PIN_TIMEOUT,
                                         ngx_http_carrierpay_pin_line);
}


static ngx_int_t
ngx_http_carrierpay_pin_line(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_carrierpay_pin_t  *pin;

    ctx = ngx_http_carrierpay_ctx(r);
    pin = ctx->data;
    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    switch (checkout->result) {

    case NGX_CARRIERPAY_CHARGE_OK:
        pin->msisdn = checkout->session.identity.msisdn;
        return ngx_http_carrierpay_pin_budget(r);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND,
                                               "not_found",
                                               "You have no payment with this"
                                               " id that a PIN was sent for");

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_pin_confirm(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_int_t                        rc;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_pin_t       *pin;
    ngx_http_carrierpay_problem_t    problem;
    ngx_http_carrierpay_pin_body_t   read;

    rc = ngx_http_carrierpay_pin_begin(r, merchant, &pin);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? ngx_http_carrierpay_api_not_found(r) : rc;
    }

    rc = ngx_http_carrierpay_pin_read(r, body,
                                      ngx_http_carrierpay_confirm_fields,
                                      &read, &problem);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    flow = ngx_carrierpay_charge_prove_order(ngx_http_carrierpay_core(r),
                                             merchant, pin->payment_id,
                                             &read.pin);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                         NGX_HTTP_CARRIERPAY_CONFIRM_TIMEOUT,
                                         ngx_http_carrierpay_pin_proved);
}


/* NGX_DECLINED: that is no payment's id. */

static ngx_int_t
ngx_http_carrierpay_pin_begin(ngx_http_request_t *r,
    ngx_carrierpay_merchant_t *merchant, ngx_http_carrierpay_pin_t **pin)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    *pin = ngx_pcalloc(r->pool, sizeof(ngx_http_carrierpay_pin_t));
    if (*pin == NULL) {
        return NGX_ERROR;
    }

    (*pin)->merchant = *merchant;
    ctx->data = *pin;

    return ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT,
                                   &(*pin)->payment_id);
}


static ngx_int_t
ngx_http_carrierpay_pin_read(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_field_t *fields, ngx_http_carrierpay_pin_body_t *read,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t  rc;

    ngx_memzero(read, sizeof(ngx_http_carrierpay_pin_body_t));
    ngx_memzero(problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_api_type(r, problem);

    return rc == NGX_OK ? ngx_http_carrierpay_json_read(r->pool, body, fields,
                                                        read, problem)
                        : rc;
}


static ngx_int_t
ngx_http_carrierpay_pin_budget(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_str_t                   number;
    ngx_uint_t                  retry;
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_carrierpay_pin_t  *pin;

    ctx = ngx_http_carrierpay_ctx(r);
    pin = ctx->data;

    number.data = pin->msisdn.digits;
    number.len = pin->msisdn.len;

    rc = ngx_http_carrierpay_limit_sms(r, &number, pin->merchant.id, &retry,
                                       ngx_http_carrierpay_pin_send);

    return rc == NGX_OK ? ngx_http_carrierpay_pin_send(r, retry) : rc;
}


static ngx_int_t
ngx_http_carrierpay_pin_send(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_core_t          *core;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_pin_t      *pin;
    ngx_http_carrierpay_problem_t   problem;

    ctx = ngx_http_carrierpay_ctx(r);
    pin = ctx->data;

    if (retry) {
        ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

        problem.status = NGX_HTTP_TOO_MANY_REQUESTS;
        problem.code = "sms_limited";
        problem.retry_after = retry;
        ngx_str_set(&problem.detail, "The budget of SMS to this number, or of"
                                     " yours, is used up");

        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    core = ngx_http_carrierpay_core(r);

    flow = ngx_carrierpay_pin_order(core, &pin->merchant, pin->payment_id,
                                    &pin->msisdn);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                  NGX_HTTP_CARRIERPAY_PIN_TIMEOUT
                  + ngx_carrierpay_lookup_timeout(&core->conf->operators),
                  ngx_http_carrierpay_pin_sent);
}


static ngx_int_t
ngx_http_carrierpay_pin_sent(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t       *checkout;
    ngx_http_carrierpay_problem_t    problem;
    ngx_http_carrierpay_pin_word_t  *word;

    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    if (checkout->result == NGX_CARRIERPAY_CHARGE_NOT_FOUND) {
        return ngx_http_carrierpay_api_not_found(r);
    }

    if (checkout->result != NGX_CARRIERPAY_CHARGE_OK) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    if (checkout->barred) {
        return ngx_http_carrierpay_pin_barred(r, checkout);
    }

    if (checkout->pin.result == NGX_CARRIERPAY_PIN_SENT) {
        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &checkout->body);
    }

    /* a payment that has ended is not judged, nor asked for a PIN */

    for (word = ngx_http_carrierpay_pin_words;
         word[1].code && word->is != checkout->pin.result;
         word++)
    {
        /* void */
    }

    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    problem.status = word->status;
    problem.code = word->code;
    problem.detail.data = (u_char *) word->detail;
    problem.detail.len = ngx_strlen(word->detail);
    problem.retry_after = checkout->pin.wait;

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static ngx_int_t
ngx_http_carrierpay_pin_barred(ngx_http_request_t *r,
    ngx_carrierpay_checkout_t *checkout)
{
    u_char                         *code;
    ngx_str_t                      *reason;
    const char                     *advice;
    ngx_http_carrierpay_problem_t   problem;

    reason = &checkout->el.decision.reason;
    advice = ngx_carrierpay_payment_advice(reason);

    code = ngx_pnalloc(r->pool, reason->len + 1);
    if (code == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(code, reason->data, reason->len + 1);

    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    problem.status = NGX_HTTP_CARRIERPAY_UNPROCESSABLE;
    problem.code = (char *) code;
    problem.detail.data = (u_char *) advice;
    problem.detail.len = ngx_strlen(advice);

    /* a detail is a sentence without its full stop */

    problem.detail.len -= (problem.detail.len > 0);

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static ngx_int_t
ngx_http_carrierpay_pin_proved(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t    *charge;
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_carrierpay_pin_t  *pin;

    ctx = ngx_http_carrierpay_ctx(r);
    pin = ctx->data;
    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    if (flow->late) {
        return ngx_http_carrierpay_api_payment_late(r, pin->payment_id);
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_COMPLETED:

        /* by this PIN, or by something before it */

        return charge->body.len
               ? ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &charge->body)
               : ngx_http_carrierpay_api_payment_show(r, &pin->merchant,
                                                      pin->payment_id);

    case NGX_CARRIERPAY_CHARGE_PIN:
        return ngx_http_carrierpay_pin_refused(r, charge);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_api_payment_refused(r, &charge->reason);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_pin_refused(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge)
{
    u_char                            *p;
    ngx_http_carrierpay_problem_t      problem;
    ngx_http_carrierpay_guess_word_t  *word;

    for (word = ngx_http_carrierpay_guess_words; word->reason.len; word++) {
        if (word->reason.len == charge->reason.len
            && ngx_memcmp(word->reason.data, charge->reason.data,
                          word->reason.len)
               == 0)
        {
            break;
        }
    }

    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    problem.status = word->status;
    problem.code = word->code;
    ngx_str_set(&problem.param, "pin");

    p = ngx_pnalloc(r->pool, ngx_strlen(word->detail)
                             + sizeof("; tries left: ") + NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    problem.detail.data = p;
    p = ngx_sprintf(p, "%s", word->detail);

    if (word == ngx_http_carrierpay_guess_words) {
        p = ngx_sprintf(p, "; tries left: %ui", charge->guess.left);
    }

    problem.detail.len = p - problem.detail.data;

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static const char *
ngx_http_carrierpay_pin_digits(ngx_str_t *value)
{
    return ngx_carrierpay_guess_valid(value) ? NULL : "must be six digits";
}
