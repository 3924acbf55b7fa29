
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_spend.h"


static ngx_int_t ngx_carrierpay_spend_reserve_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_spend_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_spend_reserve_columns[] =
{
    column(INT8, payment_id),
    column(INT8, attempt),
    column(INT4, merchant_id),
    column(BOOL, live),
    column(TEXT, operator),
    column(TEXT, mvno),
    column(TEXT, currency),
    column(INT8, amount),
    column(BYTEA, index),
    column(BYTEA, msisdn),
    column(INT8, subscriber_id),
    column(INT8, pseudonym_id),
    column(INT8_OR_NULL, known),
    column(INT8_OR_NULL, pin_attempt)
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_reserve_statement = {
    "line_reserve",
    ngx_carrierpay_columns(ngx_carrierpay_spend_reserve_columns),
    ngx_carrierpay_spend_reserve_row,
    .batched = 1, .writer = 1, .intent = 1
};


static const ngx_carrierpay_column_t  ngx_carrierpay_spend_copy_columns[] = {
    column(INT4, merchant_id),
    column(BOOL, live),
    column(TEXT, operator),
    column(TEXT, mvno),
    column(BYTEA, index),
    column(BYTEA, msisdn),
    column(INT8, subscriber_id),
    column(INT8, pseudonym_id),
    column(INT8, consent_id),
    column(INT8_OR_NULL, later_max),
    column(TEXT, later_currency)
};

ngx_carrierpay_statement_t  ngx_carrierpay_spend_copy_statement = {
    "line_copy",
    ngx_carrierpay_columns(ngx_carrierpay_spend_copy_columns),
    NULL,
    .batched = 1, .writer = 1, .intent = 1
};


ngx_int_t
ngx_carrierpay_spend_reserve(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line, ngx_uint_t cell)
{
    return ngx_carrierpay_ledger_ask_cell(flow, cell, &line->call,
                                       &ngx_carrierpay_spend_reserve_statement,
                                       line,
                                        NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_spend_reserve_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_int_t               rc;
    ngx_str_t               word;
    ngx_pool_t             *pool;
    ngx_carrierpay_spend_t  *line;

    line = call->args;
    pool = call->pool;

    ngx_carrierpay_pq_bytes(res, row, 1, &word);

    rc = ngx_carrierpay_ledger_result_parse(pool->log, &word, &line->result);

    if (rc != NGX_OK) {
        return rc;
    }

    if (line->result == NGX_CARRIERPAY_LEDGER_HELD) {
        line->until = ngx_carrierpay_pq_int(res, row, 2);
        line->day = ngx_carrierpay_pq_int(res, row, 3);
        line->apart = ngx_carrierpay_pq_int(res, row, 11);

    } else if (ngx_carrierpay_pq_copy(res, row, 1, pool, &line->reason)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_pq_null(res, row, 4)) {
        return NGX_OK;
    }

    line->subscriber_id = ngx_carrierpay_pq_int(res, row, 4);
    line->pseudonym_id = ngx_carrierpay_pq_int(res, row, 5);
    /* what is null reads as 0 */

    line->consent_id = ngx_carrierpay_pq_int(res, row, 10);
    line->later_max = ngx_carrierpay_pq_int(res, row, 12);

    if (ngx_carrierpay_pq_copy(res, row, 6, pool, &line->index) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 7, pool, &line->msisdn) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 8, pool, &line->operator)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 9, pool, &line->mvno) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_pq_copy(res, row, 13, pool, &line->later_currency);
}


ngx_int_t
ngx_carrierpay_spend_reserved(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line)
{
    return (line->call.rc == NGX_OK)
           ? NGX_OK
           : ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_UNAVAILABLE);
}


ngx_int_t
ngx_carrierpay_spend_copy(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line)
{
    return ngx_carrierpay_ledger_ask(flow, &line->call,
                                     &ngx_carrierpay_spend_copy_statement,
                                     line,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}
