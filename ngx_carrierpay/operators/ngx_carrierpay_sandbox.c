
/*
 * The dialect of the sandbox operator, JSON over HTTP:
 *
 *   POST {pass}/charges              201 charged, 202 pending, 402 declined,
 *                                    409 known already
 *   GET  {pass}/charges/{reference}  200 charged, pending or declined,
 *                                    404 unknown
 *   POST {pass}/charges/{reference}/capture
 *   POST {pass}/charges/{reference}/void
 *   POST {pass}/charges/{reference}/refunds
 *   POST {pass}/payouts              201 captured, voided, refunded, paid,
 *                                    402 declined, 409 known already
 *   POST {lookup_pass}/lookups       200 {"mccmnc"}, 404 no such number
 *
 * The member "line" is the end user as in base/end_user.  A reference that
 * the operator does not know is a failure only when the settle time has
 * passed, since a slow request may still land.
 *
 * A charge with "reserve": true is reserved in place of charged.  What follows
 * a charge has an effect once, however often it is sent: so what has become of
 * such a call is asked by sending it again.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_json_answer.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_text.h"


#define NGX_CARRIERPAY_SANDBOX_TEXT_MAX  128


/*
 * The statuses of an operation: what each of them has when it is done, in the
 * order of ngx_carrierpay_operation_e, and two that all may have; the last one
 * is none of them.
 */

typedef enum {
    NGX_CARRIERPAY_SANDBOX_DECLINED = NGX_CARRIERPAY_OPERATION_MAX,
    NGX_CARRIERPAY_SANDBOX_PENDING,
    NGX_CARRIERPAY_SANDBOX_STATUSES
} ngx_carrierpay_sandbox_status_e;


static ngx_int_t ngx_carrierpay_sandbox_charge(
    ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_charge_body(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_later(
    ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_later_call(
    ngx_carrierpay_operation_t *op, ngx_carrierpay_egress_pt handler);
static ngx_int_t ngx_carrierpay_sandbox_later_path(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_later_body(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_status(
    ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_lookup(
    ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_post(
    ngx_carrierpay_egress_call_t *call);
static ngx_carrierpay_egress_call_t *ngx_carrierpay_sandbox_call(
    ngx_carrierpay_operation_t *op, ngx_carrierpay_egress_pt handler);
static void ngx_carrierpay_sandbox_charge_done(
    ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_sandbox_again_done(
    ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_sandbox_status_done(
    ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_sandbox_lookup_done(
    ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_sandbox_result(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op);
static ngx_uint_t ngx_carrierpay_sandbox_status_parse(const ngx_str_t *text);
static ngx_uint_t ngx_carrierpay_sandbox_problem(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_operation_t *op,
    const char *expected);
static void ngx_carrierpay_sandbox_lookup_result(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_operation_t *op);
static ngx_int_t ngx_carrierpay_sandbox_text(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_json_answer_t *json, const char *name, ngx_str_t *text);
static void ngx_carrierpay_sandbox_fail(ngx_carrierpay_operation_t *op,
    const char *code);


const ngx_carrierpay_dialect_t  ngx_carrierpay_sandbox_dialect = {
    ngx_string("sandbox"),
    1,
    {
        [NGX_CARRIERPAY_OPERATION_CHARGE] = ngx_carrierpay_sandbox_charge,
        [NGX_CARRIERPAY_OPERATION_RESERVE] = ngx_carrierpay_sandbox_charge,
        [NGX_CARRIERPAY_OPERATION_CAPTURE] = ngx_carrierpay_sandbox_later,
        [NGX_CARRIERPAY_OPERATION_VOID] = ngx_carrierpay_sandbox_later,
        [NGX_CARRIERPAY_OPERATION_REFUND] = ngx_carrierpay_sandbox_later,
        [NGX_CARRIERPAY_OPERATION_PAYOUT] = ngx_carrierpay_sandbox_later
    },
    ngx_carrierpay_sandbox_status,
    ngx_carrierpay_sandbox_lookup
};


static const ngx_str_t
    ngx_carrierpay_sandbox_status_names[NGX_CARRIERPAY_SANDBOX_STATUSES] =
{
    [NGX_CARRIERPAY_OPERATION_CHARGE] = ngx_string("charged"),
    [NGX_CARRIERPAY_OPERATION_RESERVE] = ngx_string("reserved"),
    [NGX_CARRIERPAY_OPERATION_CAPTURE] = ngx_string("captured"),
    [NGX_CARRIERPAY_OPERATION_VOID] = ngx_string("voided"),
    [NGX_CARRIERPAY_OPERATION_REFUND] = ngx_string("refunded"),
    [NGX_CARRIERPAY_OPERATION_PAYOUT] = ngx_string("paid"),
    [NGX_CARRIERPAY_SANDBOX_DECLINED] = ngx_string("declined"),
    [NGX_CARRIERPAY_SANDBOX_PENDING] = ngx_string("pending")
};


static ngx_int_t
ngx_carrierpay_sandbox_charge(ngx_carrierpay_operation_t *op)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_sandbox_call(op, ngx_carrierpay_sandbox_charge_done);
    if (call == NULL) {
        return NGX_ERROR;
    }

    ngx_str_set(&call->path, "/charges");

    if (ngx_carrierpay_sandbox_charge_body(call, op) != NGX_OK) {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    return ngx_carrierpay_sandbox_post(call);
}


static ngx_int_t
ngx_carrierpay_sandbox_charge_body(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op)
{
    u_char  *p;

    p = ngx_pnalloc(call->pool,
                    sizeof("{\"reference\":\"\",\"line\":\"\",\"amount\":,"
                           "\"currency\":\"\",\"description\":\"\","
                           "\"reserve\":true}")
                    + op->reference.len + NGX_INT64_LEN + op->currency.len
                    + ngx_carrierpay_text_json_size(op->end_user.data,
                                                    op->end_user.len)
                    + ngx_carrierpay_text_json_size(op->description.data,
                                                    op->description.len));
    if (p == NULL) {
        return NGX_ERROR;
    }

    call->body.data = p;

    p = ngx_sprintf(p, "{\"reference\":\"%V\",\"line\":\"", &op->reference);
    p = ngx_carrierpay_text_json(p, op->end_user.data, op->end_user.len);
    p = ngx_sprintf(p, "\",\"amount\":%L,\"currency\":\"%V\","
                    "\"description\":\"", op->amount, &op->currency);
    p = ngx_carrierpay_text_json(p, op->description.data,
                                 op->description.len);
    *p++ = '"';

    if (op->kind == NGX_CARRIERPAY_OPERATION_RESERVE) {
        p = ngx_cpymem(p, ",\"reserve\":true",
                       sizeof(",\"reserve\":true") - 1);
    }

    *p++ = '}';

    call->body.len = p - call->body.data;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sandbox_later(ngx_carrierpay_operation_t *op)
{
    return ngx_carrierpay_sandbox_later_call(op,
                                         ngx_carrierpay_sandbox_charge_done);
}


/* Captures and voids have the reference of what was reserved. */

static ngx_int_t
ngx_carrierpay_sandbox_later_call(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_egress_pt handler)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_sandbox_call(op, handler);
    if (call == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_sandbox_later_path(call, op) != NGX_OK
        || ngx_carrierpay_sandbox_later_body(call, op) != NGX_OK)
    {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    return ngx_carrierpay_sandbox_post(call);
}


static ngx_int_t
ngx_carrierpay_sandbox_later_path(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op)
{
    u_char      *p;
    ngx_str_t   *charge;
    const char  *what;

    if (op->kind == NGX_CARRIERPAY_OPERATION_PAYOUT) {
        ngx_str_set(&call->path, "/payouts");
        return NGX_OK;
    }

    what = (op->kind == NGX_CARRIERPAY_OPERATION_CAPTURE) ? "capture"
           : (op->kind == NGX_CARRIERPAY_OPERATION_VOID) ? "void" : "refunds";
    charge = (op->kind == NGX_CARRIERPAY_OPERATION_REFUND) ? &op->payment
                                                           : &op->reference;

    p = ngx_pnalloc(call->pool, sizeof("/charges//refunds") + charge->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    call->path.data = p;
    call->path.len = ngx_sprintf(p, "/charges/%V/%s", charge, what) - p;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sandbox_later_body(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op)
{
    u_char  *p;

    p = ngx_pnalloc(call->pool,
                    sizeof("{\"line\":\"\",\"amount\":,\"reference\":\"\","
                           "\"currency\":\"\"}")
                    + op->reference.len + NGX_INT64_LEN + op->currency.len
                    + ngx_carrierpay_text_json_size(op->end_user.data,
                                                    op->end_user.len));
    if (p == NULL) {
        return NGX_ERROR;
    }

    call->body.data = p;

    p = ngx_cpymem(p, "{\"line\":\"", sizeof("{\"line\":\"") - 1);
    p = ngx_carrierpay_text_json(p, op->end_user.data, op->end_user.len);
    *p++ = '"';

    if (op->kind != NGX_CARRIERPAY_OPERATION_VOID) {
        p = ngx_sprintf(p, ",\"amount\":%L", op->amount);
    }

    if (op->kind == NGX_CARRIERPAY_OPERATION_REFUND
        || op->kind == NGX_CARRIERPAY_OPERATION_PAYOUT)
    {
        p = ngx_sprintf(p, ",\"reference\":\"%V\",\"currency\":\"%V\"",
                        &op->reference, &op->currency);
    }

    *p++ = '}';

    call->body.len = p - call->body.data;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sandbox_post(ngx_carrierpay_egress_call_t *call)
{
    ngx_str_t  type;

    call->method = NGX_HTTP_POST;

    ngx_str_set(&type, "application/json");

    if (ngx_carrierpay_egress_header(call, "Content-Type", &type) != NGX_OK) {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    return ngx_carrierpay_egress_send(call) == NGX_OK ? NGX_AGAIN : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_sandbox_status(ngx_carrierpay_operation_t *op)
{
    u_char                        *p;
    ngx_carrierpay_egress_call_t  *call;

    if (op->kind != NGX_CARRIERPAY_OPERATION_CHARGE
        && op->kind != NGX_CARRIERPAY_OPERATION_RESERVE)
    {
        return ngx_carrierpay_sandbox_later_call(op,
                                          ngx_carrierpay_sandbox_again_done);
    }

    call = ngx_carrierpay_sandbox_call(op, ngx_carrierpay_sandbox_status_done);
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->method = NGX_HTTP_GET;

    call->path.len = sizeof("/charges/") - 1 + op->reference.len;
    call->path.data = ngx_pnalloc(call->pool, call->path.len);

    if (call->path.data == NULL) {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    p = ngx_cpymem(call->path.data, "/charges/", sizeof("/charges/") - 1);
    ngx_memcpy(p, op->reference.data, op->reference.len);

    return ngx_carrierpay_egress_send(call) == NGX_OK ? NGX_AGAIN : NGX_ERROR;
}


/* The number is sent in the body, since a path would be logged on its way. */

static ngx_int_t
ngx_carrierpay_sandbox_lookup(ngx_carrierpay_operation_t *op)
{
    u_char                        *p;
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_sandbox_call(op, ngx_carrierpay_sandbox_lookup_done);
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->location = op->operator->lookup_pass;
    call->timeout = op->operator->lookup_timeout;

    ngx_str_set(&call->path, "/lookups");

    p = ngx_pnalloc(call->pool, sizeof("{\"line\":\"\"}")
                    + ngx_carrierpay_text_json_size(op->end_user.data,
                                                    op->end_user.len));
    if (p == NULL) {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    call->body.data = p;

    p = ngx_cpymem(p, "{\"line\":\"", sizeof("{\"line\":\"") - 1);
    p = ngx_carrierpay_text_json(p, op->end_user.data, op->end_user.len);
    p = ngx_cpymem(p, "\"}", 2);

    call->body.len = p - call->body.data;

    return ngx_carrierpay_sandbox_post(call);
}


static ngx_carrierpay_egress_call_t *
ngx_carrierpay_sandbox_call(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_egress_pt handler)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_egress_create(&op->core->conf->egress, op->log,
                                        op->trace);
    if (call == NULL) {
        return NULL;
    }

    call->location = op->operator->pass;
    call->timeout = op->operator->timeout;
    call->handler = handler;
    call->data = op;

    return call;
}


static void
ngx_carrierpay_sandbox_charge_done(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_operation_t  *op;

    op = call->data;
    op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;

    switch (call->outcome) {

    case NGX_CARRIERPAY_EGRESS_NOT_SENT:
        ngx_carrierpay_sandbox_fail(op, "operator_unavailable");
        break;

    case NGX_CARRIERPAY_EGRESS_UNKNOWN:
        break;

    case NGX_CARRIERPAY_EGRESS_COMPLETE:

        if (call->status == 201 || call->status == 202 || call->status == 402
            || call->status == 409)
        {
            ngx_carrierpay_sandbox_result(call, op);

        } else if (call->status == 400
                   && ngx_carrierpay_sandbox_problem(call, op, NULL))
        {
            ngx_carrierpay_sandbox_fail(op, "invalid_request");
        }

        break;
    }

    op->done(op->data);
}


/*
 * That a call could not be repeated says nothing of the first one, which may
 * have had its effect.
 */

static void
ngx_carrierpay_sandbox_again_done(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_operation_t  *op;

    if (call->outcome != NGX_CARRIERPAY_EGRESS_NOT_SENT) {
        ngx_carrierpay_sandbox_charge_done(call);
        return;
    }

    op = call->data;
    op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;

    op->done(op->data);
}


static void
ngx_carrierpay_sandbox_status_done(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_operation_t  *op;

    op = call->data;
    op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;

    if (call->outcome == NGX_CARRIERPAY_EGRESS_COMPLETE) {

        if (call->status == 200) {
            ngx_carrierpay_sandbox_result(call, op);

        } else if (call->status == 404 && op->age >= op->operator->settle
                   && ngx_carrierpay_sandbox_problem(call, op, "not_found"))
        {
            ngx_carrierpay_sandbox_fail(op, "operator_unavailable");
        }
    }

    op->done(op->data);
}


static void
ngx_carrierpay_sandbox_lookup_done(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_operation_t  *op;

    op = call->data;
    op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;

    if (call->outcome == NGX_CARRIERPAY_EGRESS_COMPLETE) {

        if (call->status == 200) {
            ngx_carrierpay_sandbox_lookup_result(call, op);

        } else if (call->status == 404
                   && ngx_carrierpay_sandbox_problem(call, op, "not_found"))
        {
            op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
        }
    }

    op->done(op->data);
}


/*
 * Reads {"reference", "status", "operator_reference"} with what is asked, or
 * "pending", or {"reference", "status": "declined", "code"}.  Anything else
 * leaves the outcome unknown.
 */

static void
ngx_carrierpay_sandbox_result(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op)
{
    ngx_str_t                     reference, status;
    ngx_uint_t                    known;
    ngx_carrierpay_json_answer_t  json;

    if (ngx_carrierpay_json_answer_read(&json, &call->answer) != NGX_OK) {
        return;
    }

    if (ngx_carrierpay_sandbox_text(op, &json, "reference", &reference)
        != NGX_OK
        || ngx_carrierpay_sandbox_text(op, &json, "status", &status) != NGX_OK
        || reference.len != op->reference.len
        || ngx_memcmp(reference.data, op->reference.data, reference.len) != 0)
    {
        goto done;
    }

    known = ngx_carrierpay_sandbox_status_parse(&status);

    if (known == (ngx_uint_t) op->kind) {

        if (call->status != 202 && call->status != 402
            && ngx_carrierpay_sandbox_text(op, &json, "operator_reference",
                                           &op->operator_reference)
               == NGX_OK)
        {
            op->outcome = NGX_CARRIERPAY_OUTCOME_SUCCEEDED;
        }

    } else if (known == NGX_CARRIERPAY_SANDBOX_DECLINED) {

        if (call->status != 201 && call->status != 202
            && ngx_carrierpay_sandbox_text(op, &json, "code", &op->code)
               == NGX_OK)
        {
            op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
        }

    } else if (known == NGX_CARRIERPAY_SANDBOX_PENDING) {

        if (call->status != 201 && call->status != 402) {
            op->outcome = NGX_CARRIERPAY_OUTCOME_APPROVAL;
        }
    }

done:

    ngx_carrierpay_json_answer_free(&json);
}


static ngx_uint_t
ngx_carrierpay_sandbox_status_parse(const ngx_str_t *text)
{
    ngx_uint_t        i;
    const ngx_str_t  *name;

    for (i = 0; i < NGX_CARRIERPAY_SANDBOX_STATUSES; i++) {
        name = &ngx_carrierpay_sandbox_status_names[i];

        if (text->len == name->len
            && ngx_memcmp(text->data, name->data, name->len) == 0)
        {
            break;
        }
    }

    return i;
}


/*
 * Tells whether the answer is the operator's own {"status", "code"}, and not
 * the error page of a proxy.
 */

static ngx_uint_t
ngx_carrierpay_sandbox_problem(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op, const char *expected)
{
    int64_t                       status;
    ngx_str_t                     code;
    ngx_uint_t                    own;
    ngx_carrierpay_json_answer_t  json;

    if (ngx_carrierpay_json_answer_read(&json, &call->answer) != NGX_OK) {
        return 0;
    }

    own = ngx_carrierpay_json_answer_integer(&json, "status", &status)
          == NGX_OK
          && (ngx_uint_t) status == call->status
          && ngx_carrierpay_sandbox_text(op, &json, "code", &code) == NGX_OK
          && (expected == NULL
              || (code.len == ngx_strlen(expected)
                  && ngx_memcmp(code.data, expected, code.len) == 0));

    ngx_carrierpay_json_answer_free(&json);

    return own;
}


/* Reads {"mccmnc"}, of five or six digits. */

static void
ngx_carrierpay_sandbox_lookup_result(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_operation_t *op)
{
    ngx_carrierpay_json_answer_t  json;

    if (ngx_carrierpay_json_answer_read(&json, &call->answer) != NGX_OK) {
        return;
    }

    if (ngx_carrierpay_sandbox_text(op, &json, "mccmnc", &op->mccmnc)
        == NGX_OK
        && ngx_carrierpay_mccmnc_valid(&op->mccmnc))
    {
        op->outcome = NGX_CARRIERPAY_OUTCOME_SUCCEEDED;
    }

    ngx_carrierpay_json_answer_free(&json);
}


/* Copies a string member into the operation's pool. */

static ngx_int_t
ngx_carrierpay_sandbox_text(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_json_answer_t *json, const char *name, ngx_str_t *text)
{
    ngx_str_t  value;

    if (ngx_carrierpay_json_answer_text(json, name, &value) != NGX_OK
        || value.len > NGX_CARRIERPAY_SANDBOX_TEXT_MAX)
    {
        return NGX_DECLINED;
    }

    text->len = value.len;
    text->data = ngx_pnalloc(op->pool, value.len + 1);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(text->data, value.data, value.len);

    return NGX_OK;
}


static void
ngx_carrierpay_sandbox_fail(ngx_carrierpay_operation_t *op, const char *code)
{
    op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
    op->code.data = (u_char *) code;
    op->code.len = ngx_strlen(code);
}
