
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_payment_cancel.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_payment_cancel_write(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payment_cancel_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_payment_cancel_done(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_payment_cancel_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_payment_cancel_columns[] =
{
    column(INT8, read.payment.id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_payment_cancel_statement = {
    "payment_cancel",
    ngx_carrierpay_columns(ngx_carrierpay_payment_cancel_columns),
    ngx_carrierpay_payment_cancel_row,
    .batched = 1, .writer = 1, .intent = 1
};


static ngx_carrierpay_step_t  ngx_carrierpay_payment_cancel_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load, ngx_carrierpay_payment_load_done, 0 },
    { "cancel",                                  /* durable, and the webhook */
      ngx_carrierpay_payment_cancel_write,
      ngx_carrierpay_payment_cancel_done, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_payment_cancel(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(&core->flows, "cancel",
                                      ngx_carrierpay_payment_cancel_steps,
                                      sizeof(ngx_carrierpay_payment_cancel_t));
    if (flow) {
        ngx_carrierpay_payment_read_init(flow, merchant, payment_id);
    }

    return flow;
}


/* The ledger decides by the state that it has then. */

static ngx_int_t
ngx_carrierpay_payment_cancel_write(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_cancel_t  *cancel;

    cancel = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &cancel->call,
                                     &ngx_carrierpay_payment_cancel_statement,
                                     cancel,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_payment_cancel_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_int_t                         rc;
    ngx_str_t                         word;
    ngx_carrierpay_payment_cancel_t  *cancel;

    cancel = call->args;

    ngx_carrierpay_pq_bytes(res, row, 1, &word);

    rc = ngx_carrierpay_ledger_result_parse(call->pool->log, &word,
                                            &cancel->ledger_result);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_carrierpay_pq_null(res, row, 2)) {
        return NGX_OK;
    }

    ngx_carrierpay_pq_bytes(res, row, 2, &word);

    return ngx_carrierpay_payment_state_parse(call->pool->log, &word,
                                              &cancel->read.payment.state);
}


static ngx_int_t
ngx_carrierpay_payment_cancel_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                         rc;
    ngx_carrierpay_payment_cancel_t  *cancel;

    cancel = flow->data;

    rc = ngx_carrierpay_ledger_answered(flow, &cancel->call);

    if (rc == NGX_OK
        && cancel->ledger_result == NGX_CARRIERPAY_LEDGER_CANCELED)
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_CANCELED);
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);
    }

    return rc;
}
