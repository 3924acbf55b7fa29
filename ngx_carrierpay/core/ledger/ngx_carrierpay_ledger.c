
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_LEDGER_BATCH_MAX   256
#define NGX_CARRIERPAY_LEDGER_QUEUE_MAX   8192
#define NGX_CARRIERPAY_LEDGER_RETRY_MAX   3
#define NGX_CARRIERPAY_LEDGER_EXPIRE       100    /* ms */
#define NGX_CARRIERPAY_LEDGER_POOL_SIZE   16384


/*
 * A batch keeps its encoded parameters until it is known to be committed or
 * refused, so that what is in doubt is sent again to the letter.  A slot of
 * an operation that has timed out is NULL: the caller is gone, its operation
 * is not.
 */
typedef struct {
    ngx_carrierpay_ledger_op_t  **ops;
    ngx_uint_t                    n;
} ngx_carrierpay_ledger_slots_t;


typedef struct {
    ngx_pool_t                      *pool;
    ngx_carrierpay_ledger_slots_t    kinds[NGX_CARRIERPAY_LEDGER_MAX];
    ngx_uint_t                       n;
    ngx_uint_t                       retries;

    /* the kind of each query of the unit */
    ngx_carrierpay_ledger_e          order[NGX_CARRIERPAY_LEDGER_MAX];
    ngx_carrierpay_pq_query_t        queries[NGX_CARRIERPAY_LEDGER_MAX];
    ngx_carrierpay_pq_transaction_t  unit;
    unsigned                         sent:1;
} ngx_carrierpay_ledger_batch_t;


struct ngx_carrierpay_ledger_s {
    ngx_carrierpay_core_t           *core;
    ngx_log_t                       *log;

    ngx_queue_t                      queue;      /* of operations, in order */
    ngx_uint_t                       waiting;
    ngx_carrierpay_ledger_batch_t   *batch;      /* the one in flight */

    ngx_event_t                      gather;     /* posted: send a batch */
    ngx_event_t                      sweep;      /* timer: who has waited? */

    /* the worker's number makes its identifiers unique */
    ngx_carrierpay_id_gen_t          ids;
    ngx_carrierpay_pq_query_t        number_query;
    ngx_carrierpay_pq_transaction_t  number_unit;
    unsigned                         number_asked:1;
    unsigned                         numbered:1;
};


static void ngx_carrierpay_ledger_ready_handler(void *data);
static void ngx_carrierpay_ledger_number(ngx_carrierpay_ledger_t *ledger);
static void ngx_carrierpay_ledger_number_result(
    ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_ledger_number_done(
    ngx_carrierpay_pq_transaction_t *u);
static void ngx_carrierpay_ledger_flush_handler(ngx_event_t *ev);
static void ngx_carrierpay_ledger_flush(ngx_carrierpay_ledger_t *ledger);
static ngx_carrierpay_ledger_batch_t *ngx_carrierpay_ledger_batch(
    ngx_carrierpay_ledger_t *ledger);
static ngx_int_t ngx_carrierpay_ledger_encode(
    ngx_carrierpay_ledger_batch_t *batch);
static void ngx_carrierpay_ledger_send(ngx_carrierpay_ledger_t *ledger);
static void ngx_carrierpay_ledger_result_handler(
    ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_ledger_done_handler(
    ngx_carrierpay_pq_transaction_t *u);
static void ngx_carrierpay_ledger_refused(ngx_carrierpay_ledger_t *ledger);
static ngx_uint_t ngx_carrierpay_ledger_transient(u_char *sqlstate);
static void ngx_carrierpay_ledger_split(ngx_carrierpay_ledger_t *ledger,
    ngx_queue_t *place);
static void ngx_carrierpay_ledger_finish(ngx_carrierpay_ledger_t *ledger,
    ngx_int_t rc);
static void ngx_carrierpay_ledger_expire_handler(ngx_event_t *ev);
static void ngx_carrierpay_ledger_expire_batch(
    ngx_carrierpay_ledger_t *ledger, ngx_queue_t *late);
static void ngx_carrierpay_ledger_watch(ngx_carrierpay_ledger_t *ledger);


ngx_carrierpay_ledger_t *
ngx_carrierpay_ledger_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_ledger_t));
    if (ledger == NULL) {
        return NULL;
    }

    ledger->core = core;
    ledger->log = core->log;

    ngx_queue_init(&ledger->queue);

    ledger->gather.handler = ngx_carrierpay_ledger_flush_handler;
    ledger->gather.data = ledger;
    ledger->gather.log = ledger->log;

    ledger->sweep.handler = ngx_carrierpay_ledger_expire_handler;
    ledger->sweep.data = ledger;
    ledger->sweep.log = ledger->log;

    ngx_carrierpay_pq_on_ready(core->pq, ngx_carrierpay_ledger_ready_handler,
                               ledger);

    return ledger;
}


void
ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->sweep.timer_set) {
        ngx_del_timer(&ledger->sweep);
    }

    if (ledger->gather.posted) {
        ngx_delete_posted_event(&ledger->gather);
    }

    if (ledger->batch) {
        ngx_destroy_pool(ledger->batch->pool);
        ledger->batch = NULL;
    }
}


ngx_uint_t
ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger)
{
    return ledger->numbered && ngx_carrierpay_pq_ready(ledger->core->pq);
}


int64_t
ngx_carrierpay_ledger_id(ngx_carrierpay_ledger_t *ledger)
{
    return ngx_carrierpay_id_next(&ledger->ids, ngx_carrierpay_now());
}


ngx_int_t
ngx_carrierpay_ledger_submit(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_ledger_op_t *op)
{
    ngx_uint_t  fresh;

    fresh = (op->kind == NGX_CARRIERPAY_LEDGER_CREATE
             || op->kind == NGX_CARRIERPAY_LEDGER_BEGIN);

    if (fresh && !ngx_carrierpay_ledger_ready(ledger)) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_DECLINED;
    }

    if (fresh && ledger->waiting >= NGX_CARRIERPAY_LEDGER_QUEUE_MAX) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_BUSY;
    }

    op->alone = 0;
    op->rc = NGX_ERROR;
    op->expire = ngx_current_msec + op->timeout;

    ngx_queue_insert_tail(&ledger->queue, &op->queue);
    ledger->waiting++;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_OPERATIONS);

    if (ledger->batch == NULL) {
        ngx_post_event(&ledger->gather, &ngx_posted_events);
    }

    ngx_carrierpay_ledger_watch(ledger);

    return NGX_OK;
}


/* A connection came up: ask who we are, send again what is in doubt. */

static void
ngx_carrierpay_ledger_ready_handler(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    if (!ledger->numbered) {
        ngx_carrierpay_ledger_number(ledger);
    }

    if (ledger->batch == NULL) {
        ngx_carrierpay_ledger_flush(ledger);

    } else if (!ledger->batch->sent) {
        ngx_carrierpay_ledger_send(ledger);
    }
}


static void
ngx_carrierpay_ledger_number(ngx_carrierpay_ledger_t *ledger)
{
    ngx_carrierpay_pq_transaction_t  *u;

    if (ledger->number_asked) {
        return;
    }

    ledger->number_query.statement = NGX_CARRIERPAY_SQL_WORKER_NUMBER;

    u = &ledger->number_unit;

    u->queries = &ledger->number_query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_ledger_number_result;
    u->done = ngx_carrierpay_ledger_number_done;
    u->data = ledger;

    if (ngx_carrierpay_pq_write(ledger->core->pq, u) == NGX_OK) {
        ledger->number_asked = 1;
    }
}


static void
ngx_carrierpay_ledger_number_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = u->data;

    ngx_carrierpay_id_init(&ledger->ids, ngx_carrierpay_pq_int(res, 0, 0));
    ledger->numbered = 1;
}


static void
ngx_carrierpay_ledger_number_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = u->data;
    ledger->number_asked = 0;
}


static void
ngx_carrierpay_ledger_flush_handler(ngx_event_t *ev)
{
    ngx_carrierpay_ledger_flush(ev->data);
}


static void
ngx_carrierpay_ledger_flush(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->batch || ledger->waiting == 0
        || !ngx_carrierpay_pq_ready(ledger->core->pq))
    {
        return;
    }

    ledger->batch = ngx_carrierpay_ledger_batch(ledger);

    if (ledger->batch) {
        ngx_carrierpay_ledger_send(ledger);
    }
}


/*
 * Takes what waits into a batch.  An operation that must go alone is one.
 * Without memory all stays in the queue, and the sweep tries again.
 */

static ngx_carrierpay_ledger_batch_t *
ngx_carrierpay_ledger_batch(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t                      i, max;
    ngx_pool_t                     *pool;
    ngx_queue_t                    *q, taken;
    ngx_carrierpay_ledger_op_t     *op, **ops;
    ngx_carrierpay_ledger_batch_t  *batch;
    ngx_carrierpay_ledger_slots_t  *slots;

    pool = ngx_create_pool(NGX_CARRIERPAY_LEDGER_POOL_SIZE, ledger->log);
    if (pool == NULL) {
        return NULL;
    }

    max = ngx_min(ledger->waiting, NGX_CARRIERPAY_LEDGER_BATCH_MAX);

    batch = ngx_pcalloc(pool, sizeof(ngx_carrierpay_ledger_batch_t));
    ops = ngx_palloc(pool, NGX_CARRIERPAY_LEDGER_MAX * max * sizeof(*ops));

    if (batch == NULL || ops == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    batch->pool = pool;

    for (i = 0; i < NGX_CARRIERPAY_LEDGER_MAX; i++) {
        batch->kinds[i].ops = ops + i * max;
    }

    ngx_queue_init(&taken);

    while (batch->n < max) {
        q = ngx_queue_head(&ledger->queue);
        op = ngx_queue_data(q, ngx_carrierpay_ledger_op_t, queue);

        if (op->alone && batch->n) {
            break;
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&taken, q);

        slots = &batch->kinds[op->kind];
        slots->ops[slots->n++] = op;
        batch->n++;

        if (op->alone) {
            break;
        }
    }

    if (ngx_carrierpay_ledger_encode(batch) != NGX_OK) {
        ngx_queue_add(&taken, &ledger->queue);
        ngx_queue_init(&ledger->queue);
        ngx_queue_add(&ledger->queue, &taken);
        ngx_destroy_pool(pool);
        return NULL;
    }

    ledger->waiting -= batch->n;

    batch->unit.queries = batch->queries;
    batch->unit.result = ngx_carrierpay_ledger_result_handler;
    batch->unit.done = ngx_carrierpay_ledger_done_handler;
    batch->unit.data = ledger;

    return batch;
}


static ngx_int_t
ngx_carrierpay_ledger_encode(ngx_carrierpay_ledger_batch_t *batch)
{
    ngx_uint_t                      k;
    ngx_carrierpay_ledger_slots_t  *slots;

    for (k = 0; k < NGX_CARRIERPAY_LEDGER_MAX; k++) {
        slots = &batch->kinds[k];

        if (slots->n == 0) {
            continue;
        }

        if (ngx_carrierpay_sql_query(&batch->queries[batch->unit.nqueries],
                                     k, slots->ops, slots->n, batch->pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        batch->order[batch->unit.nqueries++] = k;
    }

    return NGX_OK;
}


static void
ngx_carrierpay_ledger_send(ngx_carrierpay_ledger_t *ledger)
{
    ngx_carrierpay_ledger_batch_t  *batch;

    batch = ledger->batch;

    /* not taken now: the next ready connection, or the sweep, tries again */

    if (ngx_carrierpay_pq_write(ledger->core->pq, &batch->unit) == NGX_OK) {
        batch->sent = 1;
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_BATCHES);
    }
}


static void
ngx_carrierpay_ledger_result_handler(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t                      ord, row, rows;
    ngx_carrierpay_ledger_t        *ledger;
    ngx_carrierpay_ledger_op_t     *op;
    ngx_carrierpay_ledger_slots_t  *slots;

    ledger = u->data;

    slots = &ledger->batch->kinds[ledger->batch->order[query]];
    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        ord = ngx_carrierpay_pq_int(res, row, 0);

        if (ord < 1 || ord > slots->n) {
            ngx_log_error(NGX_LOG_ALERT, ledger->log, 0,
                          "ledger answered for operation %ui of %ui", ord,
                          slots->n);
            continue;
        }

        op = slots->ops[ord - 1];

        if (op) {
            op->rc = ngx_carrierpay_sql_row(op, res, row);
        }
    }
}


static void
ngx_carrierpay_ledger_done_handler(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = u->data;
    ledger->batch->sent = 0;

    switch (u->outcome) {

    case NGX_CARRIERPAY_PQ_DONE:
        ngx_carrierpay_ledger_finish(ledger, NGX_OK);
        break;

    case NGX_CARRIERPAY_PQ_FAILED:
        ngx_carrierpay_ledger_refused(ledger);
        break;

    case NGX_CARRIERPAY_PQ_LOST:

        /* perhaps committed: the same again, as soon as there is a line */

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);

        if (ngx_carrierpay_pq_ready(ledger->core->pq)) {
            ngx_carrierpay_ledger_send(ledger);
        }

        break;
    }
}


static void
ngx_carrierpay_ledger_refused(ngx_carrierpay_ledger_t *ledger)
{
    u_char                         *sqlstate;
    ngx_uint_t                      passing;
    ngx_carrierpay_ledger_batch_t  *batch;

    batch = ledger->batch;
    sqlstate = batch->unit.sqlstate;
    passing = ngx_carrierpay_ledger_transient(sqlstate);

    if (passing && batch->retries++ < NGX_CARRIERPAY_LEDGER_RETRY_MAX) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_RETRIES);
        ngx_carrierpay_ledger_send(ledger);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, ledger->log, 0,
                  "ledger refused a batch of %ui, sqlstate %s", batch->n,
                  sqlstate);

    if (batch->n > 1) {
        ngx_carrierpay_ledger_split(ledger, &ledger->queue);
        ngx_carrierpay_ledger_flush(ledger);
        return;
    }

    if (passing) {

        /* behind the others, and not before the next sweep */

        ngx_carrierpay_ledger_split(ledger, ngx_queue_prev(&ledger->queue));
        return;
    }

    ngx_log_error(NGX_LOG_ALERT, ledger->log, 0,
                  "ledger refused an operation of kind %ui",
                  (ngx_uint_t) batch->order[0]);

    ngx_carrierpay_ledger_finish(ledger, NGX_ERROR);
}


/*
 * Conditions that pass: connection exceptions, transaction rollback
 * (deadlock, serialization), read-only transaction (a standby), insufficient
 * resources, lock not available, operator intervention.
 */

static ngx_uint_t
ngx_carrierpay_ledger_transient(u_char *sqlstate)
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


/* Back into the queue behind `place`, in order, each to go alone. */

static void
ngx_carrierpay_ledger_split(ngx_carrierpay_ledger_t *ledger,
    ngx_queue_t *place)
{
    ngx_uint_t                      i, k;
    ngx_carrierpay_ledger_op_t     *op;
    ngx_carrierpay_ledger_batch_t  *batch;

    batch = ledger->batch;
    ledger->batch = NULL;

    for (k = 0; k < NGX_CARRIERPAY_LEDGER_MAX; k++) {
        for (i = 0; i < batch->kinds[k].n; i++) {
            op = batch->kinds[k].ops[i];

            if (op) {
                op->alone = 1;
                ngx_queue_insert_after(place, &op->queue);
                place = &op->queue;
                ledger->waiting++;
            }
        }
    }

    ngx_destroy_pool(batch->pool);
}


/*
 * The next batch leaves first, then the operations of this one are told:
 * the database works while their owners do.
 */

static void
ngx_carrierpay_ledger_finish(ngx_carrierpay_ledger_t *ledger, ngx_int_t rc)
{
    ngx_uint_t                      i, k;
    ngx_carrierpay_ledger_op_t     *op;
    ngx_carrierpay_ledger_batch_t  *batch;

    batch = ledger->batch;
    ledger->batch = NULL;

    ngx_carrierpay_ledger_flush(ledger);

    for (k = 0; k < NGX_CARRIERPAY_LEDGER_MAX; k++) {
        for (i = 0; i < batch->kinds[k].n; i++) {
            op = batch->kinds[k].ops[i];

            if (op == NULL) {
                continue;
            }

            if (rc != NGX_OK) {
                op->rc = rc;
            }

            op->handler(op);
        }
    }

    ngx_destroy_pool(batch->pool);

    ngx_carrierpay_ledger_watch(ledger);
}


/*
 * Who has waited too long is told so.  What was never sent has not been
 * done; what is in a batch perhaps has.
 */

static void
ngx_carrierpay_ledger_expire_handler(ngx_event_t *ev)
{
    ngx_queue_t                 *q, *next, late;
    ngx_carrierpay_ledger_t     *ledger;
    ngx_carrierpay_ledger_op_t  *op;

    ledger = ev->data;

    ngx_queue_init(&late);

    for (q = ngx_queue_head(&ledger->queue);
         q != ngx_queue_sentinel(&ledger->queue);
         q = next)
    {
        next = ngx_queue_next(q);
        op = ngx_queue_data(q, ngx_carrierpay_ledger_op_t, queue);

        if ((ngx_msec_int_t) (op->expire - ngx_current_msec) <= 0) {
            ngx_queue_remove(q);
            ngx_queue_insert_tail(&late, q);
            ledger->waiting--;
            op->rc = op->alone ? NGX_AGAIN : NGX_DECLINED;
        }
    }

    if (ledger->batch) {
        ngx_carrierpay_ledger_expire_batch(ledger, &late);
    }

    if (ledger->batch == NULL) {
        ngx_carrierpay_ledger_flush(ledger);

    } else if (!ledger->batch->sent
               && ngx_carrierpay_pq_ready(ledger->core->pq))
    {
        ngx_carrierpay_ledger_send(ledger);
    }

    while (!ngx_queue_empty(&late)) {
        q = ngx_queue_head(&late);
        ngx_queue_remove(q);

        op = ngx_queue_data(q, ngx_carrierpay_ledger_op_t, queue);
        op->handler(op);
    }

    ngx_carrierpay_ledger_watch(ledger);
}


static void
ngx_carrierpay_ledger_expire_batch(ngx_carrierpay_ledger_t *ledger,
    ngx_queue_t *late)
{
    ngx_uint_t                      i, k, left;
    ngx_carrierpay_ledger_op_t     *op;
    ngx_carrierpay_ledger_batch_t  *batch;

    batch = ledger->batch;
    left = 0;

    for (k = 0; k < NGX_CARRIERPAY_LEDGER_MAX; k++) {
        for (i = 0; i < batch->kinds[k].n; i++) {
            op = batch->kinds[k].ops[i];

            if (op == NULL) {
                continue;
            }

            if ((ngx_msec_int_t) (op->expire - ngx_current_msec) > 0) {
                left++;
                continue;
            }

            batch->kinds[k].ops[i] = NULL;
            op->rc = NGX_AGAIN;
            ngx_queue_insert_tail(late, &op->queue);
        }
    }

    /* a batch that nobody waits for is not sent again */

    if (left == 0 && !batch->sent) {
        ledger->batch = NULL;
        ngx_destroy_pool(batch->pool);
    }
}


/*
 * The sweep's timer runs while anybody waits, and is not cancelable: it also
 * keeps a draining worker until the ledger is written.
 */

static void
ngx_carrierpay_ledger_watch(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->batch == NULL && ledger->waiting == 0) {
        if (ledger->sweep.timer_set) {
            ngx_del_timer(&ledger->sweep);
        }

        return;
    }

    if (!ledger->sweep.timer_set) {
        ngx_add_timer(&ledger->sweep, NGX_CARRIERPAY_LEDGER_EXPIRE);
    }
}
