
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batch.h"


#define NGX_CARRIERPAY_BATCH_CALLS       256
#define NGX_CARRIERPAY_BATCH_POOL_SIZE   16384


static ngx_int_t ngx_carrierpay_batch_collect(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *calls, ngx_queue_t *taken);
static ngx_carrierpay_batch_query_t *ngx_carrierpay_batch_query(
    ngx_carrierpay_batch_t *batch, ngx_carrierpay_statement_t *st);
static ngx_int_t ngx_carrierpay_batch_encode(ngx_carrierpay_batch_t *batch);
static void ngx_carrierpay_batch_result(ngx_carrierpay_pq_transaction_t *tr,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);


ngx_carrierpay_batch_t *
ngx_carrierpay_batch_create(ngx_queue_t *calls, ngx_log_t *log)
{
    ngx_pool_t              *pool;
    ngx_queue_t              taken;
    ngx_carrierpay_batch_t  *batch;

    pool = ngx_create_pool(NGX_CARRIERPAY_BATCH_POOL_SIZE, log);
    if (pool == NULL) {
        return NULL;
    }

    batch = ngx_pcalloc(pool, sizeof(ngx_carrierpay_batch_t));
    if (batch == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    batch->pool = pool;
    batch->transaction.queries = batch->encoded;
    batch->transaction.result = ngx_carrierpay_batch_result;
    batch->transaction.data = batch;

    ngx_queue_init(&taken);

    if (ngx_carrierpay_batch_collect(batch, calls, &taken) != NGX_OK
        || ngx_carrierpay_batch_encode(batch) != NGX_OK)
    {
        /* back to the head of the queue, in order */

        ngx_queue_add(&taken, calls);
        ngx_queue_init(calls);
        ngx_queue_add(calls, &taken);

        ngx_destroy_pool(pool);

        return NULL;
    }

    return batch;
}


static ngx_int_t
ngx_carrierpay_batch_collect(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *calls, ngx_queue_t *taken)
{
    ngx_queue_t                   *q;
    ngx_carrierpay_sql_call_t     *call;
    ngx_carrierpay_batch_query_t  *query;

    while (!ngx_queue_empty(calls) && batch->n < NGX_CARRIERPAY_BATCH_CALLS) {
        q = ngx_queue_head(calls);
        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);

        if (call->isolated && batch->n) {
            break;
        }

        query = ngx_carrierpay_batch_query(batch, call->statement);

        if (query == NULL) {
            break;
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(taken, q);

        query->calls[query->n++] = call;
        batch->n++;

        if (call->isolated) {
            break;
        }
    }

    return batch->n ? NGX_OK : NGX_ERROR;
}


/* Finds the query of a statement, or opens it at its place in the order. */

static ngx_carrierpay_batch_query_t *
ngx_carrierpay_batch_query(ngx_carrierpay_batch_t *batch,
    ngx_carrierpay_statement_t *st)
{
    ngx_uint_t                      i, n;
    ngx_carrierpay_sql_call_t     **calls;
    ngx_carrierpay_batch_query_t   *query;

    query = batch->queries;
    n = batch->transaction.nqueries;

    for (i = 0; i < n && query[i].statement->number < st->number; i++) {
        /* void */
    }

    if (i < n && query[i].statement == st) {
        return &query[i];
    }

    if (n == NGX_CARRIERPAY_BATCH_STATEMENTS) {
        return NULL;
    }

    calls = ngx_palloc(batch->pool,
                       NGX_CARRIERPAY_BATCH_CALLS * sizeof(*calls));
    if (calls == NULL) {
        return NULL;
    }

    ngx_memmove(&query[i + 1], &query[i],
                (n - i) * sizeof(ngx_carrierpay_batch_query_t));

    query[i].statement = st;
    query[i].calls = calls;
    query[i].n = 0;

    batch->transaction.nqueries++;

    return &query[i];
}


static ngx_int_t
ngx_carrierpay_batch_encode(ngx_carrierpay_batch_t *batch)
{
    ngx_uint_t                     i;
    ngx_carrierpay_batch_query_t  *query;

    for (i = 0; i < batch->transaction.nqueries; i++) {
        query = &batch->queries[i];

        if (ngx_carrierpay_statement_encode(query->statement, query->calls,
                                            query->n, batch->pool,
                                            &batch->encoded[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


void
ngx_carrierpay_batch_reset(ngx_carrierpay_batch_t *batch)
{
    ngx_uint_t                  i, k;
    ngx_carrierpay_sql_call_t  *call;

    for (k = 0; k < batch->transaction.nqueries; k++) {
        for (i = 0; i < batch->queries[k].n; i++) {
            call = batch->queries[k].calls[i];

            if (call) {
                call->rc = NGX_DECLINED;
            }
        }
    }
}


static void
ngx_carrierpay_batch_result(ngx_carrierpay_pq_transaction_t *tr,
    ngx_uint_t n, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t                     ord, row, rows;
    ngx_carrierpay_batch_t        *batch;
    ngx_carrierpay_batch_query_t  *query;

    batch = tr->data;
    query = &batch->queries[n];
    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ord = ngx_carrierpay_pq_int(res, row, 0);

        if (ord < 1 || ord > query->n) {
            ngx_log_error(NGX_LOG_ALERT, batch->pool->log, 0,
                          "%s answered for call %ui of %ui",
                          query->statement->name, ord, query->n);
            continue;
        }

        if (query->calls[ord - 1]) {
            ngx_carrierpay_sql_call_row(query->calls[ord - 1], res, row);
        }
    }
}


ngx_uint_t
ngx_carrierpay_batch_expire(ngx_carrierpay_batch_t *batch, ngx_queue_t *late)
{
    ngx_uint_t                  i, k, left;
    ngx_carrierpay_sql_call_t  *call;

    left = 0;

    for (k = 0; k < batch->transaction.nqueries; k++) {
        for (i = 0; i < batch->queries[k].n; i++) {
            call = batch->queries[k].calls[i];

            if (call == NULL) {
                continue;
            }

            if ((ngx_msec_int_t) (call->expire - ngx_current_msec) > 0) {
                left++;
                continue;
            }

            batch->queries[k].calls[i] = NULL;
            ngx_queue_insert_tail(late, &call->queue);
        }
    }

    return left;
}


void
ngx_carrierpay_batch_calls(ngx_carrierpay_batch_t *batch, ngx_queue_t *calls)
{
    ngx_uint_t                  i, k;
    ngx_carrierpay_sql_call_t  *call;

    for (k = 0; k < batch->transaction.nqueries; k++) {
        for (i = 0; i < batch->queries[k].n; i++) {
            call = batch->queries[k].calls[i];

            if (call) {
                ngx_queue_insert_tail(calls, &call->queue);
            }
        }
    }
}


void
ngx_carrierpay_batch_destroy(ngx_carrierpay_batch_t *batch)
{
    ngx_destroy_pool(batch->pool);
}
