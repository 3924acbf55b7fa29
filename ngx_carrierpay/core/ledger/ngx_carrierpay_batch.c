
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_batch.h"
#include "ngx_carrierpay_core_counters.h"


#define NGX_CARRIERPAY_BATCH_CALLS       256
#define NGX_CARRIERPAY_BATCH_STATEMENTS  16
#define NGX_CARRIERPAY_BATCH_WAITING     8192
#define NGX_CARRIERPAY_BATCH_RETRIES     3
#define NGX_CARRIERPAY_BATCH_TICK        100      /* ms */
#define NGX_CARRIERPAY_BATCH_POOL_SIZE   16384


/*
 * The calls of one statement.  The encoded parameters are kept until it is
 * known that the batch was committed or refused, so that it can be sent again
 * to the letter.  A call that has timed out leaves NULL in its place: its
 * owner has gone on, but what it asked for is still asked.
 */
typedef struct {
    ngx_carrierpay_statement_t       *statement;
    ngx_carrierpay_sql_call_t       **calls;
    ngx_uint_t                        n;
} ngx_carrierpay_batch_query_t;


typedef struct {
    ngx_pool_t                       *pool;
    ngx_uint_t                        n;         /* calls */
    ngx_uint_t                        retries;
    ngx_carrierpay_batch_query_t      queries[NGX_CARRIERPAY_BATCH_STATEMENTS];
    ngx_carrierpay_pq_query_t         encoded[NGX_CARRIERPAY_BATCH_STATEMENTS];
    ngx_carrierpay_pq_transaction_t   transaction;
    ngx_msec_t                        sent_at;
    unsigned                          sent:1;
} ngx_carrierpay_batch_t;


struct ngx_carrierpay_batcher_s {
    ngx_carrierpay_pq_t              *pq;
    ngx_log_t                        *log;

    ngx_queue_t                       queue;     /* of calls, in order */
    ngx_uint_t                        waiting;
    ngx_carrierpay_batch_t           *batch;     /* in flight, or in doubt */

    ngx_event_t                       flush;     /* posted */
    ngx_event_t                       expire;    /* timer */
    unsigned                          writer:1;
};


static void ngx_carrierpay_batch_flush_handler(ngx_event_t *ev);
static void ngx_carrierpay_batch_flush(ngx_carrierpay_batcher_t *b);
static ngx_carrierpay_batch_t *ngx_carrierpay_batch_make(
    ngx_carrierpay_batcher_t *b);
static void ngx_carrierpay_batch_collect(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *taken);
static ngx_carrierpay_batch_query_t *ngx_carrierpay_batch_query(
    ngx_carrierpay_batch_t *batch, ngx_carrierpay_statement_t *st);
static ngx_int_t ngx_carrierpay_batch_encode(ngx_carrierpay_batch_t *batch);
static void ngx_carrierpay_batch_send(ngx_carrierpay_batcher_t *b);
static void ngx_carrierpay_batch_reset(ngx_carrierpay_batch_t *batch);
static void ngx_carrierpay_batch_result(ngx_carrierpay_pq_transaction_t *tr,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_batch_done(ngx_carrierpay_pq_transaction_t *tr);
static void ngx_carrierpay_batch_refused(ngx_carrierpay_batcher_t *b);
static ngx_uint_t ngx_carrierpay_batch_transient(u_char *sqlstate);
static void ngx_carrierpay_batch_isolate(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *place);
static void ngx_carrierpay_batch_finish(ngx_carrierpay_batcher_t *b,
    ngx_int_t rc);
static void ngx_carrierpay_batch_again(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call);
static void ngx_carrierpay_batch_expire_handler(ngx_event_t *ev);
static void ngx_carrierpay_batch_expire_waiting(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late);
static void ngx_carrierpay_batch_expire_sent(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late);
static void ngx_carrierpay_batch_watch(ngx_carrierpay_batcher_t *b);


ngx_carrierpay_batcher_t *
ngx_carrierpay_batch_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
    ngx_uint_t writer)
{
    ngx_carrierpay_batcher_t  *b;

    b = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_batcher_t));
    if (b == NULL) {
        return NULL;
    }

    b->pq = pq;
    b->log = cycle->log;
    b->writer = writer;

    ngx_queue_init(&b->queue);

    b->flush.handler = ngx_carrierpay_batch_flush_handler;
    b->flush.data = b;
    b->flush.log = b->log;

    b->expire.handler = ngx_carrierpay_batch_expire_handler;
    b->expire.data = b;
    b->expire.log = b->log;

    return b;
}


void
ngx_carrierpay_batch_destroy(ngx_carrierpay_batcher_t *b)
{
    if (b->expire.timer_set) {
        ngx_del_timer(&b->expire);
    }

    if (b->flush.posted) {
        ngx_delete_posted_event(&b->flush);
    }

    if (b->batch) {
        ngx_destroy_pool(b->batch->pool);
        b->batch = NULL;
    }
}


ngx_int_t
ngx_carrierpay_batch_add(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call)
{
    if (call->statement->intent
        && b->waiting >= NGX_CARRIERPAY_BATCH_WAITING)
    {
        return NGX_BUSY;
    }

    call->isolated = 0;
    call->expire = ngx_current_msec + call->timeout;

    ngx_queue_insert_tail(&b->queue, &call->queue);
    b->waiting++;

    if (b->batch == NULL) {
        ngx_post_event(&b->flush, &ngx_posted_events);
    }

    ngx_carrierpay_batch_watch(b);

    return NGX_OK;
}


void
ngx_carrierpay_batch_ready(ngx_carrierpay_batcher_t *b)
{
    if (b->batch == NULL) {
        ngx_carrierpay_batch_flush(b);

    } else if (!b->batch->sent) {
        ngx_carrierpay_batch_send(b);
    }
}


static void
ngx_carrierpay_batch_flush_handler(ngx_event_t *ev)
{
    ngx_carrierpay_batch_flush(ev->data);
}


static void
ngx_carrierpay_batch_flush(ngx_carrierpay_batcher_t *b)
{
    if (b->batch || b->waiting == 0
        || (b->writer && !ngx_carrierpay_pq_ready(b->pq)))
    {
        return;
    }

    b->batch = ngx_carrierpay_batch_make(b);

    if (b->batch) {
        ngx_carrierpay_batch_send(b);
    }
}


/*
 * Takes what waits into a batch.  An isolated call is a batch of its own.
 * Without memory all stays in the queue, and the timer tries again.
 */

static ngx_carrierpay_batch_t *
ngx_carrierpay_batch_make(ngx_carrierpay_batcher_t *b)
{
    ngx_pool_t              *pool;
    ngx_queue_t              taken;
    ngx_carrierpay_batch_t  *batch;

    pool = ngx_create_pool(NGX_CARRIERPAY_BATCH_POOL_SIZE, b->log);
    if (pool == NULL) {
        return NULL;
    }

    batch = ngx_pcalloc(pool, sizeof(ngx_carrierpay_batch_t));
    if (batch == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    batch->pool = pool;

    ngx_queue_init(&taken);

    ngx_carrierpay_batch_collect(b, batch, &taken);

    if (batch->n == 0 || ngx_carrierpay_batch_encode(batch) != NGX_OK) {

        /* back to the head of the queue, in order */

        ngx_queue_add(&taken, &b->queue);
        ngx_queue_init(&b->queue);
        ngx_queue_add(&b->queue, &taken);

        b->waiting += batch->n;
        ngx_destroy_pool(pool);

        return NULL;
    }

    batch->transaction.queries = batch->encoded;
    batch->transaction.result = ngx_carrierpay_batch_result;
    batch->transaction.done = ngx_carrierpay_batch_done;
    batch->transaction.data = b;

    return batch;
}


static void
ngx_carrierpay_batch_collect(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *taken)
{
    ngx_queue_t                   *q;
    ngx_carrierpay_sql_call_t     *call;
    ngx_carrierpay_batch_query_t  *query;

    while (b->waiting && batch->n < NGX_CARRIERPAY_BATCH_CALLS) {
        q = ngx_queue_head(&b->queue);
        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);

        if (call->isolated && batch->n) {
            return;
        }

        query = ngx_carrierpay_batch_query(batch, call->statement);

        if (query == NULL) {
            return;
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(taken, q);
        b->waiting--;

        query->calls[query->n++] = call;
        batch->n++;

        if (call->isolated) {
            return;
        }
    }
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


static void
ngx_carrierpay_batch_send(ngx_carrierpay_batcher_t *b)
{
    ngx_uint_t                        i;
    ngx_carrierpay_pq_transaction_t  *tr;

    tr = &b->batch->transaction;

    ngx_carrierpay_batch_reset(b->batch);
    b->batch->sent_at = ngx_current_msec;

    if (b->writer) {

        /* not taken now: the next ready connection or the timer tries again */

        if (ngx_carrierpay_pq_write(b->pq, tr) == NGX_OK) {
            b->batch->sent = 1;
            ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_BATCHES);
        }

        return;
    }

    if (ngx_carrierpay_pq_read(b->pq, tr) == NGX_OK) {
        b->batch->sent = 1;
        return;
    }

    for (i = 0; i < b->batch->n; i++) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
    }

    ngx_carrierpay_batch_finish(b, NGX_ERROR);
}


/* What was answered when the batch was sent before does not count. */

static void
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
    ngx_carrierpay_batcher_t      *b;
    ngx_carrierpay_batch_query_t  *query;

    b = tr->data;
    query = &b->batch->queries[n];
    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ord = ngx_carrierpay_pq_int(res, row, 0);

        if (ord < 1 || ord > query->n) {
            ngx_log_error(NGX_LOG_ALERT, b->log, 0,
                          "%s answered for call %ui of %ui",
                          query->statement->name, ord, query->n);
            continue;
        }

        if (query->calls[ord - 1]) {
            ngx_carrierpay_sql_call_row(query->calls[ord - 1], res, row);
        }
    }
}


static void
ngx_carrierpay_batch_done(ngx_carrierpay_pq_transaction_t *tr)
{
    ngx_carrierpay_batcher_t  *b;

    b = tr->data;
    b->batch->sent = 0;

    ngx_carrierpay_observe_in(ngx_carrierpay_counters,
                              b->writer ? NGX_CARRIERPAY_STAT_LEDGER_WRITE
                                        : NGX_CARRIERPAY_STAT_LEDGER_READ,
                              ngx_current_msec - b->batch->sent_at);

    switch (tr->outcome) {

    case NGX_CARRIERPAY_PQ_DONE:
        ngx_carrierpay_batch_finish(b, NGX_OK);
        break;

    case NGX_CARRIERPAY_PQ_FAILED:
        ngx_carrierpay_batch_refused(b);
        break;

    case NGX_CARRIERPAY_PQ_LOST:

        if (!b->writer) {
            ngx_carrierpay_batch_finish(b, NGX_ERROR);
            break;
        }

        /* perhaps committed: the same again, with the next connection */

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);

        if (ngx_carrierpay_pq_ready(b->pq)) {
            ngx_carrierpay_batch_send(b);
        }

        break;
    }
}


static void
ngx_carrierpay_batch_refused(ngx_carrierpay_batcher_t *b)
{
    u_char                  *sqlstate;
    ngx_uint_t               transient;
    ngx_carrierpay_batch_t  *batch;

    batch = b->batch;
    sqlstate = batch->transaction.sqlstate;
    transient = ngx_carrierpay_batch_transient(sqlstate);

    if (transient && batch->retries++ < NGX_CARRIERPAY_BATCH_RETRIES) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);
        ngx_carrierpay_batch_send(b);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, b->log, 0,
                  "ledger refused a batch of %ui, sqlstate %s", batch->n,
                  sqlstate);

    if (batch->n > 1) {
        ngx_carrierpay_batch_isolate(b, &b->queue);
        ngx_carrierpay_batch_flush(b);
        return;
    }

    if (transient && b->writer) {

        /* behind the others, and not before the next tick */

        ngx_carrierpay_batch_isolate(b, ngx_queue_prev(&b->queue));
        return;
    }

    ngx_log_error(NGX_LOG_ALERT, b->log, 0, "ledger refused a call of %s",
                  batch->queries[0].statement->name);

    ngx_carrierpay_batch_finish(b, NGX_ERROR);
}


/*
 * Conditions that pass: connection exceptions, transaction rollback
 * (deadlock, serialization), read-only transaction (a standby), insufficient
 * resources, lock not available, operator intervention.
 */

static ngx_uint_t
ngx_carrierpay_batch_transient(u_char *sqlstate)
{
    static const char  *classes[] = { "08", "25", "40", "53", "55", "57",
                                     NULL };

    ngx_uint_t  i;

    for (i = 0; classes[i]; i++) {
        if (ngx_strncmp(sqlstate, classes[i], 2) == 0) {
            return 1;
        }
    }

    return 0;
}


/* Puts the calls back into the queue behind `place`, each to go alone. */

static void
ngx_carrierpay_batch_isolate(ngx_carrierpay_batcher_t *b, ngx_queue_t *place)
{
    ngx_uint_t                  i, k;
    ngx_carrierpay_batch_t     *batch;
    ngx_carrierpay_sql_call_t  *call;

    batch = b->batch;
    b->batch = NULL;

    for (k = 0; k < batch->transaction.nqueries; k++) {
        for (i = 0; i < batch->queries[k].n; i++) {
            call = batch->queries[k].calls[i];

            if (call) {
                call->isolated = 1;
                ngx_queue_insert_after(place, &call->queue);
                place = &call->queue;
                b->waiting++;
            }
        }
    }

    ngx_destroy_pool(batch->pool);
}


/*
 * The next batch leaves first, then the owners of the calls are notified: the
 * database works while they do.
 */

static void
ngx_carrierpay_batch_finish(ngx_carrierpay_batcher_t *b, ngx_int_t rc)
{
    ngx_uint_t                  i, k;
    ngx_carrierpay_batch_t     *batch;
    ngx_carrierpay_sql_call_t  *call;

    batch = b->batch;
    b->batch = NULL;

    if (rc == NGX_OK) {
        ngx_carrierpay_batch_flush(b);

    } else if (b->waiting) {
        ngx_post_event(&b->flush, &ngx_posted_events);
    }

    for (k = 0; k < batch->transaction.nqueries; k++) {
        for (i = 0; i < batch->queries[k].n; i++) {
            call = batch->queries[k].calls[i];

            if (call == NULL) {
                continue;
            }

            if (rc != NGX_OK) {
                call->rc = rc;

            } else if (call->rc == NGX_BUSY) {
                ngx_carrierpay_batch_again(b, call);
                continue;
            }

            call->done(call->data);
        }
    }

    ngx_destroy_pool(batch->pool);

    ngx_carrierpay_batch_watch(b);
}


/*
 * Another session holds what the call is about: it goes with the next batch,
 * or at the next tick, until its time is over.
 */

static void
ngx_carrierpay_batch_again(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call)
{
    ngx_queue_insert_tail(&b->queue, &call->queue);
    b->waiting++;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_BUSY);
}


/* The owners of calls that have waited too long are notified. */

static void
ngx_carrierpay_batch_expire_handler(ngx_event_t *ev)
{
    ngx_queue_t                *q, late;
    ngx_carrierpay_batcher_t   *b;
    ngx_carrierpay_sql_call_t  *call;

    b = ev->data;

    ngx_queue_init(&late);

    ngx_carrierpay_batch_expire_waiting(b, &late);
    ngx_carrierpay_batch_expire_sent(b, &late);

    if (b->batch == NULL) {
        ngx_carrierpay_batch_flush(b);

    } else if (!b->batch->sent && ngx_carrierpay_pq_ready(b->pq)) {
        ngx_carrierpay_batch_send(b);
    }

    while (!ngx_queue_empty(&late)) {
        q = ngx_queue_head(&late);
        ngx_queue_remove(q);

        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);
        call->rc = NGX_ERROR;
        call->done(call->data);
    }

    ngx_carrierpay_batch_watch(b);
}


static void
ngx_carrierpay_batch_expire_waiting(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late)
{
    ngx_queue_t                *q, *next;
    ngx_carrierpay_sql_call_t  *call;

    for (q = ngx_queue_head(&b->queue);
         q != ngx_queue_sentinel(&b->queue);
         q = next)
    {
        next = ngx_queue_next(q);
        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);

        if ((ngx_msec_int_t) (call->expire - ngx_current_msec) <= 0) {
            ngx_queue_remove(q);
            ngx_queue_insert_tail(late, q);
            b->waiting--;
        }
    }
}


static void
ngx_carrierpay_batch_expire_sent(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late)
{
    ngx_uint_t                  i, k, left;
    ngx_carrierpay_batch_t     *batch;
    ngx_carrierpay_sql_call_t  *call;

    batch = b->batch;
    left = 0;

    if (batch == NULL) {
        return;
    }

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

    /* a batch without calls left is not sent again */

    if (left == 0 && !batch->sent) {
        b->batch = NULL;
        ngx_destroy_pool(batch->pool);
    }
}


/*
 * The timer runs while a call waits, and cannot be cancelled: it also keeps a
 * draining worker until the ledger is written.
 */

static void
ngx_carrierpay_batch_watch(ngx_carrierpay_batcher_t *b)
{
    if (b->batch == NULL && b->waiting == 0) {
        if (b->expire.timer_set) {
            ngx_del_timer(&b->expire);
        }

        return;
    }

    if (!b->expire.timer_set) {
        ngx_add_timer(&b->expire, NGX_CARRIERPAY_BATCH_TICK);
    }
}
