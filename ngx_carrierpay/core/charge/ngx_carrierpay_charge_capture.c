
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_capture.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_charge_second(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id);
static ngx_int_t ngx_carrierpay_charge_capture_begin(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_capture_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_release_begin(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_release_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_second_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_statement_t *statement);
static ngx_int_t ngx_carrierpay_charge_second_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_charge_second_over(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_charge_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_capture_columns[] =
{
    column(INT4, merchant.id),
    column(BOOL, merchant.live),
    column(INT8, payment.id),
    column(INT8_OR_NULL, payment.captured),
    column(INT8, intent.attempt)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_capture_statement = {
    "payment_capture",
    ngx_carrierpay_columns(ngx_carrierpay_charge_capture_columns),
    ngx_carrierpay_charge_second_row,
    .batched = 0
};

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_release_columns[] =
{
    column(INT4_OR_NULL, merchant.id),
    column(BOOL, merchant.live),
    column(INT8, payment.id),
    column(INT8, intent.attempt)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_release_statement = {
    "payment_release",
    ngx_carrierpay_columns(ngx_carrierpay_charge_release_columns),
    ngx_carrierpay_charge_second_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_charge_capture_steps[] = {
    { "capture",                                 /* the intent, durable */
      ngx_carrierpay_charge_capture_begin,
      ngx_carrierpay_charge_capture_done, 0 },
    NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_release_steps[] = {
    { "release",                                 /* or canceled, durable */
      ngx_carrierpay_charge_release_begin,
      ngx_carrierpay_charge_release_done, 0 },
    NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_capture(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id, int64_t amount)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_charge_second(core, "capture",
                                        ngx_carrierpay_charge_capture_steps,
                                        merchant, payment_id);
    if (flow) {
        charge = flow->data;
        charge->payment.captured = amount;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_release(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id)
{
    return ngx_carrierpay_charge_second(core, "release",
                                        ngx_carrierpay_charge_release_steps,
                                        merchant, payment_id);
}


static ngx_carrierpay_flow_t *
ngx_carrierpay_charge_second(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_flow_create(&core->flows, name, steps,
                                      sizeof(ngx_carrierpay_charge_t));
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->payment.id = payment_id;
    flow->cell = ngx_carrierpay_id_cell(payment_id);

    if (merchant) {
        charge->merchant = *merchant;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_capture_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->asked = charge->payment.captured;

    return ngx_carrierpay_charge_second_ask(flow,
                                    &ngx_carrierpay_charge_capture_statement);
}


static ngx_int_t
ngx_carrierpay_charge_capture_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                  rc;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;

    rc = ngx_carrierpay_ledger_answered(flow, &charge->call);

    if (rc != NGX_OK) {
        return rc;
    }

    switch (charge->ledger_result) {

    case NGX_CARRIERPAY_LEDGER_PROCESSING:
        return NGX_OK;

    case NGX_CARRIERPAY_LEDGER_NOT_FOUND:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    default:
        break;
    }

    /* a merchant that lost the answer asks again */

    if (p->captured
        && p->captured == (charge->asked ? charge->asked : p->amount)
        && (p->state == NGX_CARRIERPAY_PAYMENT_PROCESSING
            || p->state == NGX_CARRIERPAY_PAYMENT_SUCCEEDED))
    {
        return ngx_carrierpay_charge_second_over(flow);
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);
    flow->reason = charge->refusal;

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
}


static ngx_int_t
ngx_carrierpay_charge_release_begin(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_charge_second_ask(flow,
                                    &ngx_carrierpay_charge_release_statement);
}


static ngx_int_t
ngx_carrierpay_charge_release_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                  rc;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;

    rc = ngx_carrierpay_ledger_answered(flow, &charge->call);

    if (rc != NGX_OK) {
        return rc;
    }

    switch (charge->ledger_result) {

    case NGX_CARRIERPAY_LEDGER_PROCESSING:
        return NGX_OK;

    case NGX_CARRIERPAY_LEDGER_CANCELED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_CANCELED);
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);

        return ngx_carrierpay_charge_second_over(flow);

    case NGX_CARRIERPAY_LEDGER_NOT_FOUND:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    default:
        break;
    }

    /* it is over, or on its way to that */

    if (p->state == NGX_CARRIERPAY_PAYMENT_CANCELED
        || (p->state == NGX_CARRIERPAY_PAYMENT_PROCESSING
            && p->operation == NGX_CARRIERPAY_OPERATION_VOID))
    {
        return ngx_carrierpay_charge_second_over(flow);
    }

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_CONFLICT);
}


static ngx_int_t
ngx_carrierpay_charge_second_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_statement_t *statement)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    charge->intent.attempt = ngx_carrierpay_ledger_id(flow);

    return ngx_carrierpay_ledger_ask(flow, &charge->call, statement, charge,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_charge_second_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_charge_t  *charge;

    charge = call->args;

    if (!ngx_carrierpay_pq_null(res, row, 1)
        && ngx_carrierpay_payment_row(&charge->payment, res, row, 1,
                                      call->pool)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_charge_ledger_row(charge, res, row, 0, call->pool);
}


/* The payment is shown as it is now; the caller reads it anew. */

static ngx_int_t
ngx_carrierpay_charge_second_over(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->answer = NGX_CARRIERPAY_CHARGE_COMPLETED;

    return NGX_DONE;
}
