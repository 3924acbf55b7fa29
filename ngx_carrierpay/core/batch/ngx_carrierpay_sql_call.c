
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"


typedef struct {
    ngx_carrierpay_pq_query_t        query;
    ngx_carrierpay_pq_transaction_t  transaction;
} ngx_carrierpay_sql_call_single_t;


static void ngx_carrierpay_sql_call_result(
    ngx_carrierpay_pq_transaction_t *tr, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_sql_call_done(ngx_carrierpay_pq_transaction_t *tr);


ngx_int_t
ngx_carrierpay_sql_call_send(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_t *pq)
{
    ngx_carrierpay_pq_transaction_t   *tr;
    ngx_carrierpay_sql_call_single_t  *single;

    call->rc = NGX_DECLINED;

    single = ngx_pcalloc(call->pool, sizeof(ngx_carrierpay_sql_call_single_t));
    if (single == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_statement_encode(call->statement, &call, 1, call->pool,
                                        &single->query)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    tr = &single->transaction;

    tr->queries = &single->query;
    tr->nqueries = 1;
    tr->result = ngx_carrierpay_sql_call_result;
    tr->done = ngx_carrierpay_sql_call_done;
    tr->data = call;

    return ngx_carrierpay_pq_read(pq, tr) == NGX_OK ? NGX_OK : NGX_ERROR;
}


static void
ngx_carrierpay_sql_call_result(ngx_carrierpay_pq_transaction_t *tr,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t  row, rows;

    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ngx_carrierpay_sql_call_row(tr->data, res, row);
    }
}


void
ngx_carrierpay_sql_call_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    if (call->rc == NGX_ERROR) {
        return;
    }

    call->rc = call->statement->row ? call->statement->row(call, res, row)
                                    : NGX_OK;
}


static void
ngx_carrierpay_sql_call_done(ngx_carrierpay_pq_transaction_t *tr)
{
    ngx_carrierpay_sql_call_t  *call;

    call = tr->data;

    if (tr->outcome != NGX_CARRIERPAY_PQ_DONE) {
        call->rc = NGX_ERROR;
    }

    /* the text of an error may hold parameters, so its code is all */

    if (tr->outcome == NGX_CARRIERPAY_PQ_FAILED) {
        ngx_log_error(NGX_LOG_ERR, call->pool->log, 0,
                      "ledger refused a call of %s, sqlstate %s",
                      call->statement->name, tr->sqlstate);
    }

    call->done(call->data);
}
