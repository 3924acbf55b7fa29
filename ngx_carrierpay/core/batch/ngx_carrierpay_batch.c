
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batch.h"


#define NGX_CARRIERPAY_BATCH_POOL_SIZE   16384


static void ngx_carrierpay_batch_collect(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *calls, ngx_queue_t *taken);
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
    batch->transaction.queries = &batch->query;
    batch->transaction.nqueries = 1;
    batch->transaction.result = ngx_carrierpay_batch_result;
    batch->transaction.data = batch;

    ngx_queue_init(&taken);

    ngx_carrierpay_batch_collect(batch, calls, &taken);

    if (ngx_carrierpay_statement_encode(batch->statement, batch->calls,
                                        batch->n, pool, &batch->query)
        != NGX_OK)
    {
        /* back to the head of the queue */

        ngx_queue_add(&taken, calls);
        ngx_queue_init(calls);
        ngx_queue_add(calls, &taken);

        ngx_destroy_pool(pool);

        return NULL;
    }

    return batch;
}


/* The statement of the call that has waited longest is that of the batch. */

static void
ngx_carrierpay_batch_collect(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *calls, ngx_queue_t *taken)
{
    ngx_queue_t                *q, *next;
    ngx_carrierpay_sql_call_t  *call;

    for (q = ngx_queue_head(calls);
         q != ngx_queue_sentinel(calls)
         && batch->n < NGX_CARRIERPAY_BATCH_CALLS;
         q = next)
    {
        next = ngx_queue_next(q);
        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);

        if (batch->n == 0) {
            batch->statement = call->statement;

        } else if (call->statement != batch->statement || call->isolated) {
            continue;
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(taken, q);

        batch->calls[batch->n++] = call;

        if (call->isolated) {
            break;
        }
    }
}


void
ngx_carrierpay_batch_reset(ngx_carrierpay_batch_t *batch)
{
    ngx_uint_t  i;

    for (i = 0; i < batch->n; i++) {
        if (batch->calls[i]) {
            batch->calls[i]->rc = NGX_DECLINED;
        }
    }
}


static void
ngx_carrierpay_batch_result(ngx_carrierpay_pq_transaction_t *tr,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t               ord, row, rows;
    ngx_carrierpay_batch_t  *batch;

    batch = tr->data;
    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ord = ngx_carrierpay_pq_int(res, row, 0);

        if (ord < 1 || ord > batch->n) {
            ngx_log_error(NGX_LOG_ALERT, batch->pool->log, 0,
                          "%s answered for call %ui of %ui",
                          batch->statement->name, ord, batch->n);
            continue;
        }

        if (batch->calls[ord - 1]) {
            ngx_carrierpay_sql_call_row(batch->calls[ord - 1], res, row);
        }
    }
}


ngx_uint_t
ngx_carrierpay_batch_expire(ngx_carrierpay_batch_t *batch, ngx_queue_t *late)
{
    ngx_uint_t                  i, left;
    ngx_carrierpay_sql_call_t  *call;

    left = 0;

    for (i = 0; i < batch->n; i++) {
        call = batch->calls[i];

        if (call == NULL) {
            continue;
        }

        if ((ngx_msec_int_t) (call->expire - ngx_current_msec) > 0) {
            left++;
            continue;
        }

        batch->calls[i] = NULL;
        ngx_queue_insert_tail(late, &call->queue);
    }

    return left;
}


void
ngx_carrierpay_batch_calls(ngx_carrierpay_batch_t *batch, ngx_queue_t *calls)
{
    ngx_uint_t  i;

    for (i = 0; i < batch->n; i++) {
        if (batch->calls[i]) {
            ngx_queue_insert_tail(calls, &batch->calls[i]->queue);
        }
    }
}


void
ngx_carrierpay_batch_destroy(ngx_carrierpay_batch_t *batch)
{
    ngx_destroy_pool(batch->pool);
}
