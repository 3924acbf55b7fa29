
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_spend.h"


/* How far the totals of this cell have come, for another one. */

typedef struct {
    ngx_uint_t                  to;
    int32_t                     from;
    ngx_str_t                   parts;           /* JSON */
    ngx_carrierpay_sql_call_t   call;
} ngx_carrierpay_spend_total_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_spend_total_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_spend_total_send(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_spend_total_sent(ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_spend_total_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_total_columns[] = {
    column(INT4, from),
    column(TEXT, parts)
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_total_statement = {
    "total_receive",
    ngx_carrierpay_columns(ngx_carrierpay_spend_total_columns),
    NULL,
    .batched = 0
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_total_claim_statement = {
    "total_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_spend_total_steps[] = {
    { "send",
      ngx_carrierpay_spend_total_send, ngx_carrierpay_spend_total_sent, 0 },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_totals = {
    &ngx_carrierpay_spend_total_claim_statement,
    32,
    32,
    5000,            /* ms */
    ngx_carrierpay_spend_total_claimed
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_spend_total_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_spend_total_t  *total;

    flow = ngx_carrierpay_work_queue_flow(core, "total",
                                         ngx_carrierpay_spend_total_steps,
                                         sizeof(ngx_carrierpay_spend_total_t));
    if (flow == NULL) {
        return NULL;
    }

    total = flow->data;
    total->to = ngx_carrierpay_pq_int(res, row, 0);

    if (ngx_carrierpay_pq_copy(res, row, 1, flow->pool, &total->parts)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_spend_total_send(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_total_t  *total;

    total = flow->data;
    total->from = flow->cell;

    return ngx_carrierpay_ledger_ask_cell(flow, total->to, &total->call,
                                        &ngx_carrierpay_spend_total_statement,
                                        total, 0);
}


static ngx_int_t
ngx_carrierpay_spend_total_sent(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_spend_total_t  *total;

    total = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &total->call);
}
