
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_ledger_result.h"
#include "ngx_carrierpay_outcome.h"
#include "ngx_carrierpay_payout.h"
#include "ngx_carrierpay_payout_send.h"
#include "ngx_carrierpay_service.h"


typedef struct {
    ngx_carrierpay_payout_t         payout;
    unsigned                        recovering:1; /* the operator is asked for
                                                     the status */
    unsigned                        answered:1;
    ngx_msec_t                      age;          /* since it was begun, of
                                                     what is recovered */
    ngx_msec_t                      begun;        /* of the other: when */

    /* the rows' operations, one at a time */

    ngx_carrierpay_operation_t      operation;
    ngx_msec_t                      operator_time;
    ngx_str_t                       outcome;
    ngx_str_t                       code;
    ngx_carrierpay_ledger_result_e  ledger_result;
    ngx_carrierpay_sql_call_t       call;
} ngx_carrierpay_payout_send_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_payout_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_payout_begin(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_begin_done(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_operator(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_operation(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_operator_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_finish(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_finish_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payout_result_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


ngx_carrierpay_statement_t  ngx_carrierpay_payout_claim_statement = {
    "payout_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_payout_send_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_payout_begin_columns[] = {
    column(INT8, payout.id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_payout_begin_statement = {
    "payout_begin",
    ngx_carrierpay_columns(ngx_carrierpay_payout_begin_columns),
    ngx_carrierpay_payout_result_row,
    .batched = 0
};

static const ngx_carrierpay_column_t  ngx_carrierpay_payout_finish_columns[] =
{
    column(INT8, payout.id),
    column(TEXT, outcome),
    column(TEXT, code),
    column(TEXT, operation.operator_reference)
};

ngx_carrierpay_statement_t  ngx_carrierpay_payout_finish_statement = {
    "payout_finish",
    ngx_carrierpay_columns(ngx_carrierpay_payout_finish_columns),
    ngx_carrierpay_payout_result_row,
    .batched = 0
};


#define NGX_CARRIERPAY_PAYOUT_OPERATOR_ROWS                                   \
    { "operator",                                /* called, or asked */       \
      ngx_carrierpay_payout_operator,                                         \
      ngx_carrierpay_payout_operator_done, 0 },                               \
    { "finish",                                  /* outcome: durable */       \
      ngx_carrierpay_payout_finish,                                           \
      ngx_carrierpay_payout_finish_done, NGX_CARRIERPAY_FLOW_ALWAYS },        \
    { NULL, NULL, NULL, 0 }

static ngx_carrierpay_step_t  ngx_carrierpay_payout_steps[] = {
    { "begin",                                   /* the intent, durable */
      ngx_carrierpay_payout_begin, ngx_carrierpay_payout_begin_done, 0 },
    NGX_CARRIERPAY_PAYOUT_OPERATOR_ROWS
};

static ngx_carrierpay_step_t  ngx_carrierpay_payout_recover_steps[] = {
    NGX_CARRIERPAY_PAYOUT_OPERATOR_ROWS
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_payouts = {
    &ngx_carrierpay_payout_claim_statement,
    32,
    128,
    60000,           /* ms */
    ngx_carrierpay_payout_claimed
};


/* by ngx_carrierpay_outcome_e */

static const ngx_uint_t  ngx_carrierpay_payout_stats[] = {
    [NGX_CARRIERPAY_OUTCOME_UNKNOWN] = NGX_CARRIERPAY_STAT_PAYOUT_UNKNOWN,
    [NGX_CARRIERPAY_OUTCOME_SUCCEEDED] = NGX_CARRIERPAY_STAT_PAYOUT_SUCCEEDED,
    [NGX_CARRIERPAY_OUTCOME_APPROVAL] = NGX_CARRIERPAY_STAT_PAYOUT_UNKNOWN,
    [NGX_CARRIERPAY_OUTCOME_FAILED] = NGX_CARRIERPAY_STAT_PAYOUT_FAILED
};


/*
 * The lease's token is not needed: a payout is begun once, and an outcome is
 * idempotent.
 */

static ngx_carrierpay_flow_t *
ngx_carrierpay_payout_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_uint_t                     fresh;
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_payout_send_t  *send;

    fresh = ngx_carrierpay_pq_int(res, row, 0);

    flow = ngx_carrierpay_work_queue_flow(core,
                                      fresh ? "payout" : "payout_recover",
                                      fresh
                                      ? ngx_carrierpay_payout_steps
                                      : ngx_carrierpay_payout_recover_steps,
                                      sizeof(ngx_carrierpay_payout_send_t));
    if (flow == NULL) {
        return NULL;
    }

    send = flow->data;
    send->recovering = !fresh;

    if (!fresh) {
        send->age = ngx_carrierpay_pq_int(res, row, 1);
    }

    if (ngx_carrierpay_payout_row(&send->payout, res, row, 2, flow->pool)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    ngx_carrierpay_flow_about_id(flow, "payout", NGX_CARRIERPAY_ID_PAYOUT,
                                 send->payout.id);
    ngx_carrierpay_flow_about(flow, "operator", &send->payout.operator);

    return flow;
}


static ngx_int_t
ngx_carrierpay_payout_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;
    send->begun = ngx_current_msec;

    return ngx_carrierpay_ledger_ask(flow, &send->call,
                                     &ngx_carrierpay_payout_begin_statement,
                                     send,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


/*
 * A payout that is not known to have been begun is not sent: if it has been,
 * the operator is asked for it when the lease has ended.
 */

static ngx_int_t
ngx_carrierpay_payout_begin_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;

    rc = ngx_carrierpay_ledger_answered(flow, &send->call);

    if (rc != NGX_OK) {
        return rc;
    }

    if (send->ledger_result != NGX_CARRIERPAY_LEDGER_PROCESSING) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_CONFLICT);
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYOUT_BEGUN);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_payout_operator(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      code;
    ngx_carrierpay_verb_pt         verb;
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;
    op = &send->operation;

    op->core = flow->core;
    op->kind = NGX_CARRIERPAY_OPERATION_PAYOUT;
    op->recovering = send->recovering;

    if (ngx_carrierpay_operation_find(op, &flow->core->conf->operators,
                                      &send->payout.operator,
                                      send->payout.live, &verb, &code)
        != NGX_OK)
    {
        return ngx_carrierpay_operation_unsent(flow, op, &code);
    }

    if (ngx_carrierpay_payout_operation(flow) != NGX_OK) {
        return ngx_carrierpay_operation_unsent(flow, op, NULL);
    }

    send->operator_time = ngx_current_msec;

    return ngx_carrierpay_operation_send(flow, op, verb);
}


static ngx_int_t
ngx_carrierpay_payout_operation(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payout_t       *payout;
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;
    op = &send->operation;
    payout = &send->payout;

    op->reference.len = NGX_CARRIERPAY_ID_LEN;
    op->reference.data = ngx_pnalloc(flow->pool, NGX_CARRIERPAY_ID_LEN);

    if (op->reference.data == NULL
        || ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn,
                                       &payout->msisdn, &op->end_user)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_id_print(op->reference.data,
                                   NGX_CARRIERPAY_ID_PAYOUT, payout->id);

    op->pool = flow->pool;
    op->log = flow->log;
    op->trace = &flow->trace;
    op->amount = payout->amount;
    op->currency = payout->currency;
    op->description = payout->reference;
    op->age = send->recovering ? send->age : ngx_current_msec - send->begun;
    op->done = ngx_carrierpay_flow_done;
    op->data = flow;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_payout_operator_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;

    send->answered = 1;

    ngx_carrierpay_operation_answered(&send->operation,
                                      ngx_current_msec - send->operator_time);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_payout_finish(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;
    op = &send->operation;

    if (flow->reason.len) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
        send->code = flow->reason;

    } else if (op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED) {
        send->code = *ngx_carrierpay_decline_name(
                                     ngx_carrierpay_decline_parse(&op->code));
    }

    send->outcome = *ngx_carrierpay_outcome_name(op);

    return ngx_carrierpay_ledger_ask(flow, &send->call,
                                     &ngx_carrierpay_payout_finish_statement,
                                     send,
                                     NGX_CARRIERPAY_LEDGER_OUTCOME_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_payout_finish_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_payout_send_t  *send;

    send = flow->data;
    op = &send->operation;

    if (send->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (send->ledger_result == NGX_CARRIERPAY_LEDGER_CONFLICT) {
        ngx_log_error(NGX_LOG_ALERT, flow->log, 0,
                      "operator says \"%V\" of a payout that is recorded"
                      " otherwise, or for too long", &send->outcome);

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_INCIDENTS);
    }

    if (send->ledger_result == NGX_CARRIERPAY_LEDGER_APPLIED) {
        ngx_carrierpay_count(ngx_carrierpay_payout_stats[op->outcome]);

        if (send->answered) {
            ngx_carrierpay_outcome_count(op);
        }

        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_payout_result_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                      word;
    ngx_carrierpay_payout_send_t  *send;

    send = call->args;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    return ngx_carrierpay_ledger_result_parse(call->pool->log, &word,
                                              &send->ledger_result);
}
