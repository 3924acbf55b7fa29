
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_work_queue.h"


#define NGX_CARRIERPAY_WORK_QUEUE_TICK  1000     /* ms, and as much jitter */
#define NGX_CARRIERPAY_WORK_QUEUE_SOON  20       /* ms after a kick */


struct ngx_carrierpay_work_queue_s {
    ngx_carrierpay_core_t                   *core;
    const ngx_carrierpay_work_queue_conf_t  *conf;
    ngx_event_t                              tick;
    ngx_uint_t                               running;

    ngx_carrierpay_pq_query_t                query;
    ngx_carrierpay_pq_param_t                params[3];
    ngx_carrierpay_pq_transaction_t          unit;
    ngx_pool_t                              *pool; /* of the claim in flight */
    int64_t                                  token;
    ngx_uint_t                               claimed;
};


/* counts a flow that runs */
typedef struct {
    ngx_carrierpay_observer_t          observer;
    ngx_carrierpay_work_queue_t       *queue;
} ngx_carrierpay_work_queue_slot_t;


static void ngx_carrierpay_work_queue_tick(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_work_queue_claim(
    ngx_carrierpay_work_queue_t *queue);
static void ngx_carrierpay_work_queue_result(
    ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static ngx_int_t ngx_carrierpay_work_queue_start(
    ngx_carrierpay_work_queue_t *queue, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_work_queue_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_work_queue_done(ngx_carrierpay_pq_transaction_t *u);
static void ngx_carrierpay_work_queue_wait(ngx_carrierpay_work_queue_t *queue,
    ngx_msec_t timer);


ngx_carrierpay_work_queue_t *
ngx_carrierpay_work_queue_create(ngx_carrierpay_core_t *core,
    ngx_cycle_t *cycle, const ngx_carrierpay_work_queue_conf_t *conf)
{
    ngx_carrierpay_work_queue_t  *queue;

    queue = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_work_queue_t));
    if (queue == NULL) {
        return NULL;
    }

    queue->core = core;
    queue->conf = conf;

    queue->tick.handler = ngx_carrierpay_work_queue_tick;
    queue->tick.data = queue;
    queue->tick.log = core->log;
    queue->tick.cancelable = 1;

    ngx_carrierpay_work_queue_wait(queue, NGX_CARRIERPAY_WORK_QUEUE_TICK);

    return queue;
}


void
ngx_carrierpay_work_queue_destroy(ngx_carrierpay_work_queue_t *queue)
{
    if (queue == NULL) {
        return;
    }

    if (queue->tick.timer_set) {
        ngx_del_timer(&queue->tick);
    }

    if (queue->pool) {
        ngx_destroy_pool(queue->pool);
        queue->pool = NULL;
    }
}


void
ngx_carrierpay_work_queue_wake(ngx_carrierpay_work_queue_t *queue)
{
    ngx_msec_int_t  left;

    /* a claim in flight looks again when it is done */

    if (queue == NULL || !queue->tick.timer_set) {
        return;
    }

    left = queue->tick.timer.key - ngx_current_msec;

    if (left > NGX_CARRIERPAY_WORK_QUEUE_SOON) {
        ngx_carrierpay_work_queue_wait(queue, NGX_CARRIERPAY_WORK_QUEUE_SOON);
    }
}


static void
ngx_carrierpay_work_queue_tick(ngx_event_t *ev)
{
    ngx_carrierpay_work_queue_t  *queue;

    queue = ev->data;

    /* a worker that leaves takes no new work */

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (ngx_carrierpay_work_queue_claim(queue) != NGX_OK) {
        ngx_carrierpay_work_queue_wait(queue, NGX_CARRIERPAY_WORK_QUEUE_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_work_queue_claim(ngx_carrierpay_work_queue_t *queue)
{
    ngx_uint_t                        room;
    ngx_carrierpay_core_t            *core;
    ngx_carrierpay_pq_query_t        *q;
    ngx_carrierpay_pq_transaction_t  *u;

    core = queue->core;
    room = queue->conf->running - queue->running;

    if (room == 0 || !ngx_carrierpay_ledger_ready(core->ledger)) {
        return NGX_DECLINED;
    }

    queue->pool = ngx_create_pool(1024, core->log);
    if (queue->pool == NULL) {
        return NGX_ERROR;
    }

    queue->claimed = 0;
    queue->token = ngx_carrierpay_ledger_id(core->ledger);

    q = &queue->query;
    q->statement = queue->conf->claim;
    q->params = queue->params;

    u = &queue->unit;

    u->queries = q;
    u->nqueries = 1;
    u->result = ngx_carrierpay_work_queue_result;
    u->done = ngx_carrierpay_work_queue_done;
    u->data = queue;

    if (ngx_carrierpay_pq_param_int4(&queue->params[0], queue->pool,
                                     ngx_min(room, queue->conf->rows))
        == NGX_OK
        && ngx_carrierpay_pq_param_int4(&queue->params[1], queue->pool,
                                        queue->conf->lease)
           == NGX_OK
        && ngx_carrierpay_pq_param_int8(&queue->params[2], queue->pool,
                                        queue->token)
           == NGX_OK
        && ngx_carrierpay_pq_read(core->pq, u) == NGX_OK)
    {
        return NGX_OK;
    }

    ngx_destroy_pool(queue->pool);
    queue->pool = NULL;

    return NGX_DECLINED;
}


/*
 * The flows start from posted events, after the claim's commit is known; a
 * claim that was rolled back only means that somebody else may claim, too,
 * and ends are idempotent.
 */

static void
ngx_carrierpay_work_queue_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t                    row, rows;
    ngx_carrierpay_work_queue_t  *queue;

    queue = u->data;

    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        if (ngx_carrierpay_work_queue_start(queue, res, row) != NGX_OK) {
            return;
        }

        queue->claimed++;
    }
}


static ngx_int_t
ngx_carrierpay_work_queue_start(ngx_carrierpay_work_queue_t *queue,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_flow_t             *flow;
    ngx_carrierpay_work_queue_slot_t  *slot;

    flow = queue->conf->flow(queue->core, res, row, queue->token);
    if (flow == NULL) {
        return NGX_ERROR;
    }

    slot = ngx_pcalloc(flow->pool, sizeof(ngx_carrierpay_work_queue_slot_t));
    if (slot == NULL) {
        ngx_carrierpay_flow_discard(flow);
        return NGX_ERROR;
    }

    slot->queue = queue;
    slot->observer.handler = ngx_carrierpay_work_queue_ended;

    queue->running++;

    ngx_carrierpay_flow_start(flow, &slot->observer, queue->conf->lease);

    return NGX_OK;
}


static void
ngx_carrierpay_work_queue_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_work_queue_slot_t  *slot;

    slot = ngx_queue_data(obs, ngx_carrierpay_work_queue_slot_t, observer);
    slot->queue->running--;
}


static void
ngx_carrierpay_work_queue_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_work_queue_t  *queue;

    queue = u->data;

    ngx_destroy_pool(queue->pool);
    queue->pool = NULL;

    /* where there was something, there may be more */

    ngx_carrierpay_work_queue_wait(queue,
                                   queue->claimed
                                   ? NGX_CARRIERPAY_WORK_QUEUE_SOON
                                   : NGX_CARRIERPAY_WORK_QUEUE_TICK);
}


static void
ngx_carrierpay_work_queue_wait(ngx_carrierpay_work_queue_t *queue,
    ngx_msec_t timer)
{
    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    /* the jitter keeps the workers of many machines apart */

    ngx_add_timer(&queue->tick, timer / 2 + ngx_random() % timer);
}
