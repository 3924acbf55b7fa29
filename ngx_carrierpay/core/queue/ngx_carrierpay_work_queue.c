
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"


#define NGX_CARRIERPAY_WORK_QUEUE_TICK  1000     /* ms, and as much jitter */
#define NGX_CARRIERPAY_WORK_QUEUE_SOON  20       /* ms after it was woken */


struct ngx_carrierpay_work_queue_s {
    ngx_carrierpay_core_t                   *core;
    ngx_uint_t                               cell;
    const ngx_carrierpay_work_queue_conf_t  *conf;
    ngx_event_t                              tick;
    ngx_uint_t                               running;

    /* the claim in flight */

    ngx_carrierpay_sql_call_t                call;
    ngx_pool_t                              *pool;
    int32_t                                  rows;
    int32_t                                  lease;
    int64_t                                  token;
    ngx_uint_t                               claimed;
};


/* counts a flow that runs */
typedef struct {
    ngx_carrierpay_observer_t                observer;
    ngx_carrierpay_work_queue_t             *queue;
} ngx_carrierpay_work_queue_slot_t;


static void ngx_carrierpay_work_queue_tick(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_work_queue_claim(
    ngx_carrierpay_work_queue_t *queue);
static void ngx_carrierpay_work_queue_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_work_queue_done(void *data);
static void ngx_carrierpay_work_queue_wait(
    ngx_carrierpay_work_queue_t *queue, ngx_msec_t timer);


const ngx_carrierpay_column_t  ngx_carrierpay_work_queue_columns[] = {
    ngx_carrierpay_column(INT4, ngx_carrierpay_work_queue_t, rows),
    ngx_carrierpay_column(INT4, ngx_carrierpay_work_queue_t, lease),
    ngx_carrierpay_column(INT8, ngx_carrierpay_work_queue_t, token)
};


ngx_carrierpay_work_queue_t *
ngx_carrierpay_work_queue_create(ngx_carrierpay_core_t *core,
    ngx_cycle_t *cycle, ngx_uint_t cell,
    const ngx_carrierpay_work_queue_conf_t *conf)
{
    ngx_carrierpay_work_queue_t  *queue;

    queue = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_work_queue_t));
    if (queue == NULL) {
        return NULL;
    }

    queue->core = core;
    queue->cell = cell;
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
    ngx_uint_t                  room;
    ngx_carrierpay_cell_t      *cell;
    ngx_carrierpay_sql_call_t  *call;

    cell = ngx_carrierpay_ledger_cell(queue->core->ledger, queue->cell);
    room = queue->conf->running - queue->running;

    if (room == 0 || !ngx_carrierpay_cell_ready(cell)) {
        return NGX_DECLINED;
    }

    queue->pool = ngx_create_pool(1024, queue->core->log);
    if (queue->pool == NULL) {
        return NGX_ERROR;
    }

    queue->claimed = 0;
    queue->rows = ngx_min(room, queue->conf->rows);
    queue->lease = queue->conf->lease;
    queue->token = ngx_carrierpay_cell_id(cell);

    call = &queue->call;

    call->statement = queue->conf->claim;
    call->args = queue;
    call->pool = queue->pool;
    call->done = ngx_carrierpay_work_queue_done;
    call->data = queue;

    if (ngx_carrierpay_cell_call(cell, call) != NGX_OK) {
        ngx_destroy_pool(queue->pool);
        queue->pool = NULL;
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/*
 * The flow starts from a posted event, after the claim's commit is known.  A
 * claim that was rolled back only means that another worker may claim, too,
 * and ends are idempotent.
 */

ngx_int_t
ngx_carrierpay_work_queue_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_flow_t             *flow;
    ngx_carrierpay_work_queue_t       *queue;
    ngx_carrierpay_work_queue_slot_t  *slot;

    queue = call->args;

    flow = queue->conf->flow(queue->core, res, row, queue->token);
    if (flow == NULL) {
        return NGX_ERROR;
    }

    slot = ngx_pcalloc(flow->pool, sizeof(ngx_carrierpay_work_queue_slot_t));

    if (slot == NULL
        || (!flow->trace.started
            && ngx_carrierpay_trace_start(&flow->trace) != NGX_OK))
    {
        ngx_carrierpay_flow_discard(flow);
        return NGX_ERROR;
    }

    slot->queue = queue;
    slot->observer.handler = ngx_carrierpay_work_queue_ended;

    flow->cell = queue->cell;

    queue->running++;
    queue->claimed++;

    ngx_carrierpay_flow_start(flow, &slot->observer, queue->conf->lease);

    return NGX_OK;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_work_queue_flow(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, size_t size)
{
    return ngx_carrierpay_flow_create(&core->flows, name, steps, size);
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
ngx_carrierpay_work_queue_done(void *data)
{
    ngx_carrierpay_work_queue_t  *queue;

    queue = data;

    ngx_destroy_pool(queue->pool);
    queue->pool = NULL;

    /* where there was work, there may be more */

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
