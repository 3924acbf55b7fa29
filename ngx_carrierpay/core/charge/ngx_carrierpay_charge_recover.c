
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_capture.h"
#include "ngx_carrierpay_charge_recover.h"
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_service.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_charge_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_charge_expire(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_expire_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_charge_expire_done(
    ngx_carrierpay_flow_t *flow);


ngx_carrierpay_statement_t  ngx_carrierpay_charge_claim_statement = {
    "payment_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static const ngx_carrierpay_column_t  ngx_carrierpay_charge_expire_columns[] =
{
    ngx_carrierpay_column(INT8, ngx_carrierpay_charge_t, payment.id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_expire_statement = {
    "payment_expire",
    ngx_carrierpay_columns(ngx_carrierpay_charge_expire_columns),
    ngx_carrierpay_charge_expire_row,
    .batched = 1, .writer = 1
};


static ngx_carrierpay_step_t  ngx_carrierpay_charge_recover_steps[] = {
    NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_expire_steps[] = {
    { "expire",                                  /* durable, and the webhook */
      ngx_carrierpay_charge_expire, ngx_carrierpay_charge_expire_done, 0 },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_charge_recovery = {
    &ngx_carrierpay_charge_claim_statement,
    32,
    512,
    60000,           /* ms */
    ngx_carrierpay_charge_claimed
};


/* The lease's token is not needed: an outcome is idempotent. */

static ngx_carrierpay_flow_t *
ngx_carrierpay_charge_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_str_t                        word;
    ngx_carrierpay_flow_t           *flow;
    ngx_carrierpay_charge_t         *charge;
    ngx_carrierpay_payment_state_e   state;

    ngx_carrierpay_pq_bytes(res, row, NGX_CARRIERPAY_PAYMENT_STATE, &word);

    if (ngx_carrierpay_payment_state_parse(core->log, &word, &state) != NGX_OK)
    {
        return NULL;
    }

    if (state == NGX_CARRIERPAY_PAYMENT_AUTHORIZED) {
        return ngx_carrierpay_charge_release(core, NULL,
                      ngx_carrierpay_pq_int(res, row,
                                            NGX_CARRIERPAY_PAYMENT_ID));
    }

    if (state == NGX_CARRIERPAY_PAYMENT_PENDING) {
        flow = ngx_carrierpay_flow_create(&core->flows, "expire",
                                          ngx_carrierpay_charge_expire_steps,
                                          sizeof(ngx_carrierpay_charge_t));

    } else {
        flow = ngx_carrierpay_flow_create(&core->flows, "recover",
                                          ngx_carrierpay_charge_recover_steps,
                                          sizeof(ngx_carrierpay_charge_t));
    }

    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->recovering = 1;

    if (ngx_carrierpay_payment_row(&charge->payment, res, row, 0, flow->pool)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_expire(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &charge->call,
                                     &ngx_carrierpay_charge_expire_statement,
                                     charge,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_charge_expire_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    return ngx_carrierpay_charge_ledger_row(call->args, res, row, 1,
                                            call->pool);
}


static ngx_int_t
ngx_carrierpay_charge_expire_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->call.rc == NGX_OK
        && charge->ledger_result == NGX_CARRIERPAY_LEDGER_EXPIRED)
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_EXPIRED);
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);
    }

    return NGX_OK;
}
