
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_spend.h"


/* What a payment of this cell owes to a line of another one. */

typedef struct {
    int64_t                     id;
    int64_t                     payment_id;
    int64_t                     attempt;
    ngx_str_t                   kind;
    ngx_str_t                   index;           /* of the line */
    int32_t                     merchant_id;
    ngx_uint_t                  live;
    int64_t                     pseudonym_id;    /* what the kind needs, or */
    int64_t                     consent_id;      /* zeros */
    int64_t                     amount;
    ngx_str_t                   currency;
    int32_t                     day;
    ngx_uint_t                  apart;
    ngx_carrierpay_sql_call_t   call;
} ngx_carrierpay_spend_due_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_spend_due_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_spend_due_settle(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_due_settled(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_due_forget(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_due_forgotten(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_spend_due_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_settle_columns[] = {
    column(INT8, id),
    column(INT8, payment_id),
    column(INT8, attempt),
    column(TEXT, kind),
    column(BYTEA, index),
    column(INT4, merchant_id),
    column(BOOL, live),
    column(INT8_OR_NULL, pseudonym_id),
    column(INT8_OR_NULL, consent_id),
    column(INT8, amount),
    column(TEXT, currency),
    column(INT4, day),
    column(BOOL, apart)
};

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_due_done_columns[] =
{
    column(INT8, id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_settle_statement = {
    "line_settle",
    ngx_carrierpay_columns(ngx_carrierpay_spend_settle_columns),
    NULL,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_due_done_statement = {
    "line_due_done",
    ngx_carrierpay_columns(ngx_carrierpay_spend_due_done_columns),
    NULL,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_due_claim_statement = {
    "line_due_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_spend_due_steps[] = {
    { "settle",                                  /* in the cell of the line */
      ngx_carrierpay_spend_due_settle, ngx_carrierpay_spend_due_settled, 0 },
    { "forget",                                  /* in that of the payment */
      ngx_carrierpay_spend_due_forget, ngx_carrierpay_spend_due_forgotten, 0 },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_dues = {
    &ngx_carrierpay_spend_due_claim_statement,
    64,
    128,
    15000,           /* ms */
    ngx_carrierpay_spend_due_claimed
};


/* The lease's token is not needed: both operations are idempotent. */

static ngx_carrierpay_flow_t *
ngx_carrierpay_spend_due_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_carrierpay_flow_t       *flow;
    ngx_carrierpay_spend_due_t  *due;

    flow = ngx_carrierpay_work_queue_flow(core, "line_due",
                                          ngx_carrierpay_spend_due_steps,
                                          sizeof(ngx_carrierpay_spend_due_t));
    if (flow == NULL) {
        return NULL;
    }

    due = flow->data;

    /* what is null reads as 0 */

    due->id = ngx_carrierpay_pq_int(res, row, 0);
    due->payment_id = ngx_carrierpay_pq_int(res, row, 1);
    due->attempt = ngx_carrierpay_pq_int(res, row, 2);
    due->merchant_id = ngx_carrierpay_pq_int(res, row, 5);
    due->live = ngx_carrierpay_pq_int(res, row, 6);
    due->pseudonym_id = ngx_carrierpay_pq_int(res, row, 7);
    due->consent_id = ngx_carrierpay_pq_int(res, row, 8);
    due->amount = ngx_carrierpay_pq_int(res, row, 9);
    due->day = ngx_carrierpay_pq_int(res, row, 11);
    due->apart = ngx_carrierpay_pq_int(res, row, 12);

    if (ngx_carrierpay_pq_copy(res, row, 3, flow->pool, &due->kind) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, flow->pool, &due->index)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 10, flow->pool, &due->currency)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    ngx_carrierpay_flow_about_id(flow, "payment", NGX_CARRIERPAY_ID_PAYMENT,
                                 due->payment_id);

    return flow;
}


static ngx_int_t
ngx_carrierpay_spend_due_settle(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_due_t  *due;

    due = flow->data;

    return ngx_carrierpay_ledger_ask_cell(flow,
                            ngx_carrierpay_ledger_line(flow, due->index.data),
                            &due->call,
                            &ngx_carrierpay_spend_settle_statement, due, 0);
}


static ngx_int_t
ngx_carrierpay_spend_due_settled(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_due_t  *due;

    due = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &due->call);
}


static ngx_int_t
ngx_carrierpay_spend_due_forget(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_due_t  *due;

    due = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &due->call,
                                     &ngx_carrierpay_spend_due_done_statement,
                                     due, 0);
}


static ngx_int_t
ngx_carrierpay_spend_due_forgotten(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_due_t  *due;

    due = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &due->call);
}
