
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_LOOK_BATCH_MAX  128
#define NGX_CARRIERPAY_LOOK_POOL_SIZE  4096


struct ngx_carrierpay_looks_s {
    ngx_carrierpay_core_t           *core;
    ngx_queue_t                      waiting;
    ngx_event_t                      gather;

    /* the batch in flight, or NULL */

    ngx_pool_t                      *pool;
    ngx_carrierpay_look_t          **batch;
    ngx_uint_t                       n;
    ngx_carrierpay_pq_query_t        query;
    ngx_carrierpay_pq_param_t        ids;
    ngx_carrierpay_pq_transaction_t  unit;
};


static void ngx_carrierpay_look_gather_handler(ngx_event_t *ev);
static void ngx_carrierpay_look_gather(ngx_carrierpay_looks_t *looks);
static ngx_int_t ngx_carrierpay_look_send(ngx_carrierpay_looks_t *looks);
static void ngx_carrierpay_look_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static ngx_int_t ngx_carrierpay_look_row(ngx_carrierpay_look_t *look,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static void ngx_carrierpay_look_done(ngx_carrierpay_pq_transaction_t *u);
static void ngx_carrierpay_look_tell(ngx_carrierpay_looks_t *looks,
    ngx_uint_t answered);


ngx_carrierpay_looks_t *
ngx_carrierpay_looks_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle)
{
    ngx_carrierpay_looks_t  *looks;

    looks = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_looks_t));
    if (looks == NULL) {
        return NULL;
    }

    looks->core = core;

    ngx_queue_init(&looks->waiting);

    looks->gather.handler = ngx_carrierpay_look_gather_handler;
    looks->gather.data = looks;
    looks->gather.log = core->log;

    return looks;
}


void
ngx_carrierpay_looks_destroy(ngx_carrierpay_looks_t *looks)
{
    if (looks->gather.posted) {
        ngx_delete_posted_event(&looks->gather);
    }

    if (looks->pool) {
        ngx_destroy_pool(looks->pool);
        looks->pool = NULL;
    }
}


void
ngx_carrierpay_look(ngx_carrierpay_look_t *look)
{
    ngx_carrierpay_looks_t  *looks;

    looks = look->flow->core->looks;

    ngx_queue_insert_tail(&looks->waiting, &look->queue);

    if (looks->pool == NULL) {
        ngx_post_event(&looks->gather, &ngx_posted_events);
    }
}


static void
ngx_carrierpay_look_gather_handler(ngx_event_t *ev)
{
    ngx_carrierpay_look_gather(ev->data);
}


/* Takes what waits into a batch, which is answered at once if it cannot go. */

static void
ngx_carrierpay_look_gather(ngx_carrierpay_looks_t *looks)
{
    ngx_pool_t             *pool;
    ngx_queue_t            *q;
    ngx_carrierpay_look_t  *batch[NGX_CARRIERPAY_LOOK_BATCH_MAX];

    if (looks->pool || ngx_queue_empty(&looks->waiting)) {
        return;
    }

    looks->batch = batch;
    looks->n = 0;

    while (!ngx_queue_empty(&looks->waiting)
           && looks->n < NGX_CARRIERPAY_LOOK_BATCH_MAX)
    {
        q = ngx_queue_head(&looks->waiting);
        ngx_queue_remove(q);

        batch[looks->n] = ngx_queue_data(q, ngx_carrierpay_look_t, queue);
        batch[looks->n++]->rc = NGX_DECLINED;
    }

    pool = ngx_create_pool(NGX_CARRIERPAY_LOOK_POOL_SIZE, looks->core->log);
    looks->pool = pool;

    if (pool == NULL || ngx_carrierpay_look_send(looks) != NGX_OK) {
        ngx_carrierpay_look_tell(looks, 0);
    }
}


static ngx_int_t
ngx_carrierpay_look_send(ngx_carrierpay_looks_t *looks)
{
    ngx_uint_t                        i;
    ngx_carrierpay_look_t           **batch;
    ngx_carrierpay_pq_array_t         ids;
    ngx_carrierpay_pq_transaction_t  *u;

    batch = ngx_palloc(looks->pool, looks->n * sizeof(*batch));

    if (batch == NULL
        || ngx_carrierpay_pq_array_open(&ids, looks->pool,
                                        NGX_CARRIERPAY_PQ_INT8, looks->n,
                                        looks->n * sizeof(int64_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < looks->n; i++) {
        batch[i] = looks->batch[i];
        ngx_carrierpay_pq_array_int8(&ids, batch[i]->payment_id);
    }

    ngx_carrierpay_pq_array_close(&ids, &looks->ids);
    looks->query.statement = NGX_CARRIERPAY_SQL_PAYMENT_PAGE;
    looks->query.params = &looks->ids;

    u = &looks->unit;

    u->queries = &looks->query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_look_result;
    u->done = ngx_carrierpay_look_done;
    u->data = looks;

    if (ngx_carrierpay_pq_read(looks->core->pq, u) != NGX_OK) {
        return NGX_ERROR;
    }

    looks->batch = batch;

    return NGX_OK;
}


static void
ngx_carrierpay_look_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t               ord, row, rows;
    ngx_carrierpay_looks_t  *looks;

    looks = u->data;
    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ord = ngx_carrierpay_pq_int(res, row, NGX_CARRIERPAY_PAGE_COLUMNS);

        if (ord >= 1 && ord <= looks->n) {
            looks->batch[ord - 1]->rc =
                   ngx_carrierpay_look_row(looks->batch[ord - 1], res, row);
        }
    }
}


static ngx_int_t
ngx_carrierpay_look_row(ngx_carrierpay_look_t *look,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_pool_t  *pool;

    pool = look->flow->pool;

    if (ngx_carrierpay_payment_read(look->payment, res, row, 0, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_payment_brand(look->brand, res, row, pool);
}


static void
ngx_carrierpay_look_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_look_tell(u->data, u->outcome == NGX_CARRIERPAY_PQ_DONE);
}


/* The next batch leaves first: the database works while pages are written. */

static void
ngx_carrierpay_look_tell(ngx_carrierpay_looks_t *looks, ngx_uint_t answered)
{
    ngx_uint_t               i, n;
    ngx_pool_t              *pool;
    ngx_carrierpay_look_t  **batch;

    pool = looks->pool;
    batch = looks->batch;
    n = looks->n;

    looks->pool = NULL;

    if (answered) {
        ngx_carrierpay_look_gather(looks);

    } else if (!ngx_queue_empty(&looks->waiting)) {
        ngx_post_event(&looks->gather, &ngx_posted_events);
    }

    for (i = 0; i < n; i++) {
        if (!answered) {
            batch[i]->rc = NGX_ERROR;
        }

        batch[i]->handler(batch[i]);
    }

    if (pool) {
        ngx_destroy_pool(pool);
    }
}
