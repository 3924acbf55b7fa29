
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_refund_make.h"
#include "ngx_carrierpay_refund_steps.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_refund_begin(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_refund_begin_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_refund_begin_done(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_refund_make_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_refund_begin_columns[] = {
    column(INT8, id),
    column(INT4, merchant.id),
    column(BOOL, merchant.live),
    column(INT8, payment_id),
    column(INT8_OR_NULL, amount),
    column(TEXT, reason),
    column(UUID, idempotency),
    column(UUID, request)
};

ngx_carrierpay_statement_t  ngx_carrierpay_refund_begin_statement = {
    "refund_begin",
    ngx_carrierpay_columns(ngx_carrierpay_refund_begin_columns),
    ngx_carrierpay_refund_begin_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_refund_steps[] = {
    { "begin",                                   /* the intent, durable */
      ngx_carrierpay_refund_begin, ngx_carrierpay_refund_begin_done, 0 },
    NGX_CARRIERPAY_REFUND_OPERATOR_ROWS
};


ngx_carrierpay_flow_t *
ngx_carrierpay_refund_make(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id, int64_t amount,
    ngx_str_t *reason, u_char *idempotency, u_char *request)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_refund_make_t  *make;

    flow = ngx_carrierpay_flow_create(&core->flows, "refund",
                                      ngx_carrierpay_refund_steps,
                                      sizeof(ngx_carrierpay_refund_make_t));
    if (flow == NULL) {
        return NULL;
    }

    make = flow->data;
    make->merchant = *merchant;
    make->payment_id = payment_id;
    flow->cell = ngx_carrierpay_id_cell(payment_id);
    make->amount = amount;

    ngx_memcpy(make->idempotency, idempotency, sizeof(make->idempotency));
    ngx_memcpy(make->request, request, sizeof(make->request));

    if (ngx_carrierpay_flow_copy(flow, &make->reason, reason) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_refund_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    make->id = ngx_carrierpay_ledger_id(flow);

    return ngx_carrierpay_ledger_ask(flow, &make->call,
                                     &ngx_carrierpay_refund_begin_statement,
                                     make,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_refund_begin_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_int_t                      rc;
    ngx_str_t                      word;
    ngx_carrierpay_refund_make_t  *make;

    make = call->args;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    rc = ngx_carrierpay_ledger_result_parse(call->pool->log, &word,
                                            &make->ledger_result);

    if (rc != NGX_OK) {
        return rc;
    }

    make->refundable = ngx_carrierpay_pq_int(res, row, 1);

    if (make->ledger_result == NGX_CARRIERPAY_LEDGER_REFUSED) {
        return ngx_carrierpay_pq_copy(res, row, 0, call->pool, &make->code);
    }

    return ngx_carrierpay_pq_null(res, row, 2)
           ? NGX_OK
           : ngx_carrierpay_refund_row(&make->refund, res, row, 2,
                                       call->pool);
}


static ngx_int_t
ngx_carrierpay_refund_begin_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    rc = ngx_carrierpay_ledger_answered(flow, &make->call);

    if (rc != NGX_OK) {
        return rc;
    }

    switch (make->ledger_result) {

    case NGX_CARRIERPAY_LEDGER_PROCESSING:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REFUND_BEGUN);
        return NGX_OK;

    case NGX_CARRIERPAY_LEDGER_PENDING:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REFUND_BEGUN);
        break;

    case NGX_CARRIERPAY_LEDGER_REPLAY:
        break;

    case NGX_CARRIERPAY_LEDGER_NOT_FOUND:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    case NGX_CARRIERPAY_LEDGER_MISMATCH:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_CONFLICT);

    default:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REFUND_REFUSED);
        flow->reason = make->code;
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
    }

    return ngx_carrierpay_refund_render(flow) == NGX_OK ? NGX_DONE : NGX_ERROR;
}
