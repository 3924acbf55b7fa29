
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_work_queue.h"


#define NGX_CARRIERPAY_POLL_TICK  1000     /* ms, and as much jitter */
#define NGX_CARRIERPAY_POLL_SOON  20       /* ms after a kick */


struct ngx_carrierpay_poll_s {
    ngx_carrierpay_core_t             *core;
    const ngx_carrierpay_poll_conf_t  *conf;
    ngx_event_t                        tick;
    ngx_uint_t                         running;

    ngx_carrierpay_pq_query_t          query;
    ngx_carrierpay_pq_unit_t           unit;
    ngx_pool_t                        *pool;      /* of the claim in flight */
    int64_t                            token;
    ngx_uint_t                         claimed;
};


/* counts a flow that runs */
typedef struct {
    ngx_carrierpay_observer_t          observer;
    ngx_carrierpay_poll_t             *poll;
} ngx_carrierpay_poll_slot_t;


static void ngx_carrierpay_poll_tick(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_poll_claim(ngx_carrierpay_poll_t *poll);
static void ngx_carrierpay_poll_result(ngx_carrierpay_pq_unit_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static ngx_int_t ngx_carrierpay_poll_start(ngx_carrierpay_poll_t *poll,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static void ngx_carrierpay_poll_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_poll_done(ngx_carrierpay_pq_unit_t *u);
static void ngx_carrierpay_poll_wait(ngx_carrierpay_poll_t *poll,
    ngx_msec_t timer);


ngx_carrierpay_poll_t *
ngx_carrierpay_poll_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle,
    const ngx_carrierpay_poll_conf_t *conf)
{
    ngx_carrierpay_poll_t  *poll;

    poll = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_poll_t));
    if (poll == NULL) {
        return NULL;
    }

    poll->core = core;
    poll->conf = conf;

    poll->tick.handler = ngx_carrierpay_poll_tick;
    poll->tick.data = poll;
    poll->tick.log = core->log;
    poll->tick.cancelable = 1;

    ngx_carrierpay_poll_wait(poll, NGX_CARRIERPAY_POLL_TICK);

    return poll;
}


void
ngx_carrierpay_poll_destroy(ngx_carrierpay_poll_t *poll)
{
    if (poll == NULL) {
        return;
    }

    if (poll->tick.timer_set) {
        ngx_del_timer(&poll->tick);
    }

    if (poll->pool) {
        ngx_destroy_pool(poll->pool);
        poll->pool = NULL;
    }
}


void
ngx_carrierpay_poll_kick(ngx_carrierpay_poll_t *poll)
{
    ngx_msec_int_t  left;

    /* a claim in flight looks again when it is done */

    if (poll == NULL || !poll->tick.timer_set) {
        return;
    }

    left = poll->tick.timer.key - ngx_current_msec;

    if (left > NGX_CARRIERPAY_POLL_SOON) {
        ngx_carrierpay_poll_wait(poll, NGX_CARRIERPAY_POLL_SOON);
    }
}


static void
ngx_carrierpay_poll_tick(ngx_event_t *ev)
{
    ngx_carrierpay_poll_t  *poll;

    poll = ev->data;

    /* a worker that leaves takes no new work */

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (ngx_carrierpay_poll_claim(poll) != NGX_OK) {
        ngx_carrierpay_poll_wait(poll, NGX_CARRIERPAY_POLL_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_poll_claim(ngx_carrierpay_poll_t *poll)
{
    ngx_uint_t                  room;
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_pq_unit_t   *u;
    ngx_carrierpay_pq_query_t  *q;

    core = poll->core;
    room = poll->conf->running - poll->running;

    if (room == 0 || !ngx_carrierpay_ledger_ready(core->ledger)) {
        return NGX_DECLINED;
    }

    poll->pool = ngx_create_pool(1024, core->log);
    if (poll->pool == NULL) {
        return NGX_ERROR;
    }

    poll->claimed = 0;
    poll->token = ngx_carrierpay_ledger_id(core->ledger);

    q = &poll->query;
    q->statement = poll->conf->claim;

    u = &poll->unit;

    u->queries = q;
    u->nqueries = 1;
    u->result = ngx_carrierpay_poll_result;
    u->done = ngx_carrierpay_poll_done;
    u->data = poll;

    if (ngx_carrierpay_pq_param_int4(&q->params[0], poll->pool,
                                     ngx_min(room, poll->conf->rows))
        == NGX_OK
        && ngx_carrierpay_pq_param_int4(&q->params[1], poll->pool,
                                        poll->conf->lease)
           == NGX_OK
        && ngx_carrierpay_pq_param_int8(&q->params[2], poll->pool,
                                        poll->token)
           == NGX_OK
        && ngx_carrierpay_pq_read(core->pq, u) == NGX_OK)
    {
        return NGX_OK;
    }

    ngx_destroy_pool(poll->pool);
    poll->pool = NULL;

    return NGX_DECLINED;
}


/*
 * The flows start from posted events, after the claim's commit is known; a
 * claim that was rolled back only means that somebody else may claim, too,
 * and ends are idempotent.
 */

static void
ngx_carrierpay_poll_result(ngx_carrierpay_pq_unit_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t              row, rows;
    ngx_carrierpay_poll_t  *poll;

    poll = u->data;

    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        if (ngx_carrierpay_poll_start(poll, res, row) != NGX_OK) {
            return;
        }

        poll->claimed++;
    }
}


static ngx_int_t
ngx_carrierpay_poll_start(ngx_carrierpay_poll_t *poll,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_flow_t       *flow;
    ngx_carrierpay_poll_slot_t  *slot;

    flow = poll->conf->flow(poll->core, res, row, poll->token);
    if (flow == NULL) {
        return NGX_ERROR;
    }

    slot = ngx_pcalloc(flow->pool, sizeof(ngx_carrierpay_poll_slot_t));
    if (slot == NULL) {
        ngx_carrierpay_flow_discard(flow);
        return NGX_ERROR;
    }

    slot->poll = poll;
    slot->observer.handler = ngx_carrierpay_poll_ended;

    poll->running++;

    ngx_carrierpay_flow_start(flow, &slot->observer, poll->conf->lease);

    return NGX_OK;
}


static void
ngx_carrierpay_poll_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_poll_slot_t  *slot;

    slot = ngx_queue_data(obs, ngx_carrierpay_poll_slot_t, observer);
    slot->poll->running--;
}


static void
ngx_carrierpay_poll_done(ngx_carrierpay_pq_unit_t *u)
{
    ngx_carrierpay_poll_t  *poll;

    poll = u->data;

    ngx_destroy_pool(poll->pool);
    poll->pool = NULL;

    /* where there was something, there may be more */

    ngx_carrierpay_poll_wait(poll, poll->claimed ? NGX_CARRIERPAY_POLL_SOON
                                                 : NGX_CARRIERPAY_POLL_TICK);
}


static void
ngx_carrierpay_poll_wait(ngx_carrierpay_poll_t *poll, ngx_msec_t timer)
{
    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    /* the jitter keeps the workers of many machines apart */

    ngx_add_timer(&poll->tick, timer / 2 + ngx_random() % timer);
}
