
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_spend.h"


/* A hold of this cell whose time is over, for a payment of another one. */

typedef struct {
    int64_t                     payment_id;
    int64_t                     attempt;
    int64_t                     until;
    ngx_uint_t                  begun;
    ngx_carrierpay_sql_call_t   call;
} ngx_carrierpay_spend_hold_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_spend_hold_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_spend_hold_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_hold_begun_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_spend_hold_end(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_hold_answered(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_spend_hold_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_hold_begun_columns[]
    =
{
    column(INT8, attempt),
    column(INT8, until)
};

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_hold_end_columns[] =
{
    column(INT8, payment_id),
    column(INT8, attempt),
    column(BOOL, begun)
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_begun_statement = {
    "payment_begun",
    ngx_carrierpay_columns(ngx_carrierpay_spend_hold_begun_columns),
    ngx_carrierpay_spend_hold_begun_row,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_end_statement = {
    "line_hold_end",
    ngx_carrierpay_columns(ngx_carrierpay_spend_hold_end_columns),
    NULL,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_claim_statement = {
    "line_hold_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_spend_hold_steps[] = {
    { "ask",                                     /* the payment's cell */
      ngx_carrierpay_spend_hold_ask, ngx_carrierpay_spend_hold_answered, 0 },
    { "end",                                     /* in that of the line */
      ngx_carrierpay_spend_hold_end, ngx_carrierpay_spend_hold_answered, 0 },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_holds = {
    &ngx_carrierpay_spend_hold_claim_statement,
    64,
    128,
    15000,           /* ms */
    ngx_carrierpay_spend_hold_claimed
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_spend_hold_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_carrierpay_flow_t       *flow;
    ngx_carrierpay_spend_hold_t  *hold;

    flow = ngx_carrierpay_work_queue_flow(core, "line_hold",
                                          ngx_carrierpay_spend_hold_steps,
                                          sizeof(ngx_carrierpay_spend_hold_t));
    if (flow == NULL) {
        return NULL;
    }

    hold = flow->data;
    hold->payment_id = ngx_carrierpay_pq_int(res, row, 0);
    hold->attempt = ngx_carrierpay_pq_int(res, row, 1);
    hold->until = ngx_carrierpay_pq_int(res, row, 2);

    ngx_carrierpay_flow_about_id(flow, "payment", NGX_CARRIERPAY_ID_PAYMENT,
                                 hold->payment_id);

    return flow;
}


static ngx_int_t
ngx_carrierpay_spend_hold_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_hold_t  *hold;

    hold = flow->data;

    return ngx_carrierpay_ledger_ask_cell(flow,
                                     ngx_carrierpay_id_cell(hold->payment_id),
                                     &hold->call,
                                    &ngx_carrierpay_spend_hold_begun_statement,
                                    hold, 0);
}


static ngx_int_t
ngx_carrierpay_spend_hold_begun_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_spend_hold_t  *hold;

    hold = call->args;
    hold->begun = ngx_carrierpay_pq_int(res, row, 1);

    /* its time is not over by the clock of that cell */

    return ngx_carrierpay_pq_null(res, row, 1) ? NGX_BUSY : NGX_OK;
}


static ngx_int_t
ngx_carrierpay_spend_hold_end(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_hold_t  *hold;

    hold = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &hold->call,
                                     &ngx_carrierpay_spend_hold_end_statement,
                                     hold, 0);
}


static ngx_int_t
ngx_carrierpay_spend_hold_answered(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_hold_t  *hold;

    hold = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &hold->call);
}
