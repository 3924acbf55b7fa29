
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_batch.h"
#include "ngx_carrierpay_batcher.h"
#include "ngx_carrierpay_core_counters.h"


#define NGX_CARRIERPAY_BATCHER_WAITING   8192
#define NGX_CARRIERPAY_BATCHER_RETRIES   3
#define NGX_CARRIERPAY_BATCHER_TICK      100      /* ms */


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


static void ngx_carrierpay_batcher_flush_handler(ngx_event_t *ev);
static void ngx_carrierpay_batcher_flush(ngx_carrierpay_batcher_t *b);
static void ngx_carrierpay_batcher_again(ngx_carrierpay_batcher_t *b);
static void ngx_carrierpay_batcher_send(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch);
static void ngx_carrierpay_batcher_done(ngx_carrierpay_pq_transaction_t *tr);
static void ngx_carrierpay_batcher_refused(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch);
static ngx_uint_t ngx_carrierpay_batcher_transient(u_char *sqlstate);
static void ngx_carrierpay_batcher_isolate(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *place);
static void ngx_carrierpay_batcher_finish(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_int_t rc);
static void ngx_carrierpay_batcher_end(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *calls);
static void ngx_carrierpay_batcher_busy(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call);
static void ngx_carrierpay_batcher_expire_handler(ngx_event_t *ev);
static void ngx_carrierpay_batcher_expire_waiting(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late);
static void ngx_carrierpay_batcher_expire_sent(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late);
static void ngx_carrierpay_batcher_watch(ngx_carrierpay_batcher_t *b);


ngx_carrierpay_batcher_t *
ngx_carrierpay_batcher_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
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

    b->flush.handler = ngx_carrierpay_batcher_flush_handler;
    b->flush.data = b;
    b->flush.log = b->log;

    b->expire.handler = ngx_carrierpay_batcher_expire_handler;
    b->expire.data = b;
    b->expire.log = b->log;

    return b;
}


void
ngx_carrierpay_batcher_destroy(ngx_carrierpay_batcher_t *b)
{
    if (b->expire.timer_set) {
        ngx_del_timer(&b->expire);
    }

    if (b->flush.posted) {
        ngx_delete_posted_event(&b->flush);
    }

    if (b->batch) {
        ngx_carrierpay_batch_destroy(b->batch);
        b->batch = NULL;
    }
}


ngx_int_t
ngx_carrierpay_batcher_add(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call)
{
    if (call->statement->intent
        && b->waiting >= NGX_CARRIERPAY_BATCHER_WAITING)
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

    ngx_carrierpay_batcher_watch(b);

    return NGX_OK;
}


void
ngx_carrierpay_batcher_ready(ngx_carrierpay_batcher_t *b)
{
    ngx_carrierpay_batcher_again(b);
    ngx_carrierpay_batcher_flush(b);
}


static void
ngx_carrierpay_batcher_flush_handler(ngx_event_t *ev)
{
    ngx_carrierpay_batcher_flush(ev->data);
}


/*
 * Sends what waits.  Without memory all stays in the queue, and the timer
 * tries again.
 */

static void
ngx_carrierpay_batcher_flush(ngx_carrierpay_batcher_t *b)
{
    ngx_carrierpay_batch_t  *batch;

    if (b->batch || b->waiting == 0
        || (b->writer && !ngx_carrierpay_pq_ready(b->pq)))
    {
        return;
    }

    batch = ngx_carrierpay_batch_create(&b->queue, b->log);

    if (batch == NULL) {
        return;
    }

    batch->sender = b;
    batch->transaction.done = ngx_carrierpay_batcher_done;

    b->waiting -= batch->n;
    b->batch = batch;

    ngx_carrierpay_batcher_send(b, batch);
}


/* Sends again what was not taken, or is in doubt. */

static void
ngx_carrierpay_batcher_again(ngx_carrierpay_batcher_t *b)
{
    if (b->batch && !b->batch->sent && ngx_carrierpay_pq_ready(b->pq)) {
        ngx_carrierpay_batcher_send(b, b->batch);
    }
}


static void
ngx_carrierpay_batcher_send(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch)
{
    ngx_uint_t  i;

    ngx_carrierpay_batch_reset(batch);
    batch->sent_at = ngx_current_msec;

    if (b->writer) {

        /* not taken now: the next ready connection or the timer tries again */

        if (ngx_carrierpay_pq_write(b->pq, &batch->transaction) == NGX_OK) {
            batch->sent = 1;
            ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_BATCHES);
        }

        return;
    }

    if (ngx_carrierpay_pq_read(b->pq, &batch->transaction) == NGX_OK) {
        batch->sent = 1;
        return;
    }

    for (i = 0; i < batch->n; i++) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
    }

    ngx_carrierpay_batcher_finish(b, batch, NGX_ERROR);
}


static void
ngx_carrierpay_batcher_done(ngx_carrierpay_pq_transaction_t *tr)
{
    ngx_carrierpay_batch_t    *batch;
    ngx_carrierpay_batcher_t  *b;

    batch = tr->data;
    b = batch->sender;

    batch->sent = 0;

    ngx_carrierpay_observe_in(ngx_carrierpay_counters,
                              b->writer ? NGX_CARRIERPAY_STAT_LEDGER_WRITE
                                        : NGX_CARRIERPAY_STAT_LEDGER_READ,
                              ngx_current_msec - batch->sent_at);

    switch (tr->outcome) {

    case NGX_CARRIERPAY_PQ_DONE:
        ngx_carrierpay_batcher_finish(b, batch, NGX_OK);
        break;

    case NGX_CARRIERPAY_PQ_FAILED:
        ngx_carrierpay_batcher_refused(b, batch);
        break;

    case NGX_CARRIERPAY_PQ_LOST:

        if (!b->writer) {
            ngx_carrierpay_batcher_finish(b, batch, NGX_ERROR);
            break;
        }

        /* perhaps committed: the same again, with the next connection */

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);
        ngx_carrierpay_batcher_again(b);

        break;
    }
}


static void
ngx_carrierpay_batcher_refused(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch)
{
    u_char      *sqlstate;
    ngx_uint_t   transient;

    sqlstate = batch->transaction.sqlstate;
    transient = ngx_carrierpay_batcher_transient(sqlstate);

    if (transient && batch->retries++ < NGX_CARRIERPAY_BATCHER_RETRIES) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);
        ngx_carrierpay_batcher_send(b, batch);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, b->log, 0,
                  "ledger refused a batch of %ui, sqlstate %s", batch->n,
                  sqlstate);

    if (batch->n > 1) {
        ngx_carrierpay_batcher_isolate(b, batch, ngx_queue_head(&b->queue));
        ngx_carrierpay_batcher_flush(b);
        return;
    }

    if (transient && b->writer) {

        /* behind the others, and not before the next tick */

        ngx_carrierpay_batcher_isolate(b, batch, &b->queue);
        return;
    }

    ngx_log_error(NGX_LOG_ALERT, b->log, 0, "ledger refused a call of %s",
                  batch->statement->name);

    ngx_carrierpay_batcher_finish(b, batch, NGX_ERROR);
}


/*
 * Conditions that pass: connection exceptions, transaction rollback
 * (deadlock, serialization), read-only transaction (a standby), insufficient
 * resources, lock not available, operator intervention.
 */

static ngx_uint_t
ngx_carrierpay_batcher_transient(u_char *sqlstate)
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


/* Puts the calls back into the queue before `place`, each to go alone. */

static void
ngx_carrierpay_batcher_isolate(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *place)
{
    ngx_queue_t                *q, calls;
    ngx_carrierpay_sql_call_t  *call;

    ngx_queue_init(&calls);
    ngx_carrierpay_batcher_end(b, batch, &calls);

    while (!ngx_queue_empty(&calls)) {
        q = ngx_queue_head(&calls);
        ngx_queue_remove(q);

        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);
        call->isolated = 1;

        ngx_queue_insert_tail(place, q);
        b->waiting++;
    }
}


/*
 * The next batch leaves first, then the owners of the calls are notified: the
 * database works while they do.
 */

static void
ngx_carrierpay_batcher_finish(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_int_t rc)
{
    ngx_queue_t                *q, calls;
    ngx_carrierpay_sql_call_t  *call;

    ngx_queue_init(&calls);
    ngx_carrierpay_batcher_end(b, batch, &calls);

    if (rc == NGX_OK) {
        ngx_carrierpay_batcher_flush(b);

    } else if (b->waiting) {
        ngx_post_event(&b->flush, &ngx_posted_events);
    }

    while (!ngx_queue_empty(&calls)) {
        q = ngx_queue_head(&calls);
        ngx_queue_remove(q);

        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);

        if (rc != NGX_OK) {
            call->rc = rc;

        } else if (call->rc == NGX_BUSY) {
            ngx_carrierpay_batcher_busy(b, call);
            continue;
        }

        call->done(call->data);
    }

    ngx_carrierpay_batcher_watch(b);
}


/* The batch has left; its calls are appended to a queue. */

static void
ngx_carrierpay_batcher_end(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_batch_t *batch, ngx_queue_t *calls)
{
    b->batch = NULL;

    ngx_carrierpay_batch_calls(batch, calls);
    ngx_carrierpay_batch_destroy(batch);
}


/*
 * Another session holds what the call is about: it goes with the next batch,
 * or at the next tick, until its time is over.
 */

static void
ngx_carrierpay_batcher_busy(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call)
{
    ngx_queue_insert_tail(&b->queue, &call->queue);
    b->waiting++;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_BUSY);
}


/* The owners of calls that have waited too long are notified. */

static void
ngx_carrierpay_batcher_expire_handler(ngx_event_t *ev)
{
    ngx_queue_t                *q, late;
    ngx_carrierpay_batcher_t   *b;
    ngx_carrierpay_sql_call_t  *call;

    b = ev->data;

    ngx_queue_init(&late);

    ngx_carrierpay_batcher_expire_waiting(b, &late);
    ngx_carrierpay_batcher_expire_sent(b, &late);

    ngx_carrierpay_batcher_again(b);
    ngx_carrierpay_batcher_flush(b);

    while (!ngx_queue_empty(&late)) {
        q = ngx_queue_head(&late);
        ngx_queue_remove(q);

        call = ngx_queue_data(q, ngx_carrierpay_sql_call_t, queue);
        call->rc = NGX_ERROR;
        call->done(call->data);
    }

    ngx_carrierpay_batcher_watch(b);
}


static void
ngx_carrierpay_batcher_expire_waiting(ngx_carrierpay_batcher_t *b,
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


/* A batch without calls left is not sent again. */

static void
ngx_carrierpay_batcher_expire_sent(ngx_carrierpay_batcher_t *b,
    ngx_queue_t *late)
{
    ngx_carrierpay_batch_t  *batch;

    batch = b->batch;

    if (batch && ngx_carrierpay_batch_expire(batch, late) == 0
        && !batch->sent)
    {
        ngx_carrierpay_batcher_end(b, batch, late);
    }
}


/*
 * The timer runs while a call waits, and cannot be cancelled: it also keeps a
 * draining worker until the ledger is written.
 */

static void
ngx_carrierpay_batcher_watch(ngx_carrierpay_batcher_t *b)
{
    if (b->batch == NULL && b->waiting == 0) {
        if (b->expire.timer_set) {
            ngx_del_timer(&b->expire);
        }

        return;
    }

    if (!b->expire.timer_set) {
        ngx_add_timer(&b->expire, NGX_CARRIERPAY_BATCHER_TICK);
    }
}
