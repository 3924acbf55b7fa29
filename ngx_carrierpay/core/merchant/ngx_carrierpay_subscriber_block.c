
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_subscriber_block.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_subscriber_block_add(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_subscriber_block_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_subscriber_block_added(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_subscriber_block_t, field)

static const ngx_carrierpay_column_t
    ngx_carrierpay_subscriber_block_columns[] =
{
    column(INT4, merchant_id),
    column(BOOL, live),
    column(INT8, pseudonym_id),
    column(TEXT, source)
};

ngx_carrierpay_statement_t  ngx_carrierpay_subscriber_block_statement = {
    "stop_subscriber",
    ngx_carrierpay_columns(ngx_carrierpay_subscriber_block_columns),
    ngx_carrierpay_subscriber_block_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_subscriber_block_steps[] = {
    { "block",                                   /* durable, if it is done */
      ngx_carrierpay_subscriber_block_add,
      ngx_carrierpay_subscriber_block_added, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_subscriber_block(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t pseudonym_id)
{
    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_subscriber_block_t  *block;

    flow = ngx_carrierpay_flow_create(&core->flows, "block",
                                   ngx_carrierpay_subscriber_block_steps,
                                   sizeof(ngx_carrierpay_subscriber_block_t));
    if (flow == NULL) {
        return NULL;
    }

    block = flow->data;
    block->merchant_id = merchant->id;
    block->live = merchant->live;
    block->pseudonym_id = pseudonym_id;
    ngx_str_set(&block->source, "merchant");
    flow->cell = ngx_carrierpay_id_cell(pseudonym_id);

    return flow;
}


static ngx_int_t
ngx_carrierpay_subscriber_block_add(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_subscriber_block_t  *block;

    block = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &block->call,
                                   &ngx_carrierpay_subscriber_block_statement,
                                   block, 0);
}


static ngx_int_t
ngx_carrierpay_subscriber_block_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_subscriber_block_t  *block;

    block = call->args;
    block->done = ngx_carrierpay_pq_int(res, row, 0);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_subscriber_block_added(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_subscriber_block_t  *block;

    block = flow->data;

    if (block->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (!block->done) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);
    }

    ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);

    return NGX_OK;
}
