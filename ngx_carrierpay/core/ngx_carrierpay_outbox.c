
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_outbox.h"
#include "ngx_carrierpay_sql.h"
#include "ngx_carrierpay_webhook.h"


#define NGX_CARRIERPAY_OUTBOX_TICK      1000     /* ms, and as much jitter */
#define NGX_CARRIERPAY_OUTBOX_SOON      20       /* ms after a kick */
#define NGX_CARRIERPAY_OUTBOX_CLAIM     32       /* rows at a time */
#define NGX_CARRIERPAY_OUTBOX_LEASE     120000   /* ms; a delivery's waits */
#define NGX_CARRIERPAY_OUTBOX_RUNNING   128      /* deliveries in a worker */


struct ngx_carrierpay_outbox_s {
    ngx_carrierpay_core_t      *core;
    ngx_event_t                 tick;
    ngx_uint_t                  running;

    ngx_carrierpay_pq_query_t   query;
    ngx_carrierpay_pq_unit_t    unit;
    ngx_pool_t                 *pool;       /* of the claim in flight */
    int64_t                     token;
    ngx_uint_t                  claimed;
};


/* counts a delivery that runs */
typedef struct {
    ngx_carrierpay_observer_t   observer;
    ngx_carrierpay_outbox_t    *outbox;
} ngx_carrierpay_outbox_slot_t;


static void ngx_carrierpay_outbox_tick(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_outbox_claim(ngx_carrierpay_outbox_t *outbox);
static void ngx_carrierpay_outbox_result(ngx_carrierpay_pq_unit_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static ngx_int_t ngx_carrierpay_outbox_deliver(
    ngx_carrierpay_outbox_t *outbox, ngx_carrierpay_webhook_t *hook);
static void ngx_carrierpay_outbox_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_outbox_done(ngx_carrierpay_pq_unit_t *u);
static void ngx_carrierpay_outbox_wait(ngx_carrierpay_outbox_t *outbox,
    ngx_msec_t timer);


ngx_carrierpay_outbox_t *
ngx_carrierpay_outbox_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle)
{
    ngx_carrierpay_outbox_t  *outbox;

    outbox = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_outbox_t));
    if (outbox == NULL) {
        return NULL;
    }

    outbox->core = core;

    outbox->tick.handler = ngx_carrierpay_outbox_tick;
    outbox->tick.data = outbox;
    outbox->tick.log = core->log;
    outbox->tick.cancelable = 1;

    ngx_carrierpay_outbox_wait(outbox, NGX_CARRIERPAY_OUTBOX_TICK);

    return outbox;
}


void
ngx_carrierpay_outbox_destroy(ngx_carrierpay_outbox_t *outbox)
{
    if (outbox->tick.timer_set) {
        ngx_del_timer(&outbox->tick);
    }

    if (outbox->pool) {
        ngx_destroy_pool(outbox->pool);
        outbox->pool = NULL;
    }
}


void
ngx_carrierpay_outbox_kick(ngx_carrierpay_outbox_t *outbox)
{
    ngx_msec_int_t  left;

    /* a claim in flight looks again when it is done */

    if (outbox == NULL || !outbox->tick.timer_set) {
        return;
    }

    left = outbox->tick.timer.key - ngx_current_msec;

    if (left > NGX_CARRIERPAY_OUTBOX_SOON) {
        ngx_carrierpay_outbox_wait(outbox, NGX_CARRIERPAY_OUTBOX_SOON);
    }
}


static void
ngx_carrierpay_outbox_tick(ngx_event_t *ev)
{
    ngx_carrierpay_outbox_t  *outbox;

    outbox = ev->data;

    /* a worker that leaves takes no new work */

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (ngx_carrierpay_outbox_claim(outbox) != NGX_OK) {
        ngx_carrierpay_outbox_wait(outbox, NGX_CARRIERPAY_OUTBOX_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_outbox_claim(ngx_carrierpay_outbox_t *outbox)
{
    ngx_uint_t                  room;
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_pq_unit_t   *u;
    ngx_carrierpay_pq_query_t  *q;

    core = outbox->core;
    room = NGX_CARRIERPAY_OUTBOX_RUNNING - outbox->running;

    if (room == 0 || !ngx_carrierpay_ledger_ready(core->ledger)) {
        return NGX_DECLINED;
    }

    outbox->pool = ngx_create_pool(1024, core->log);
    if (outbox->pool == NULL) {
        return NGX_ERROR;
    }

    outbox->claimed = 0;
    outbox->token = ngx_carrierpay_ledger_id(core->ledger);

    q = &outbox->query;
    q->statement = NGX_CARRIERPAY_SQL_OUTBOX_CLAIM;

    u = &outbox->unit;

    u->queries = q;
    u->nqueries = 1;
    u->result = ngx_carrierpay_outbox_result;
    u->done = ngx_carrierpay_outbox_done;
    u->data = outbox;

    if (ngx_carrierpay_pq_param_int4(&q->params[0], outbox->pool,
                                ngx_min(room, NGX_CARRIERPAY_OUTBOX_CLAIM))
        == NGX_OK
        && ngx_carrierpay_pq_param_int4(&q->params[1], outbox->pool,
                                        NGX_CARRIERPAY_OUTBOX_LEASE)
           == NGX_OK
        && ngx_carrierpay_pq_param_int8(&q->params[2], outbox->pool,
                                        outbox->token)
           == NGX_OK
        && ngx_carrierpay_pq_read(core->pq, u) == NGX_OK)
    {
        return NGX_OK;
    }

    ngx_destroy_pool(outbox->pool);
    outbox->pool = NULL;

    return NGX_DECLINED;
}


static void
ngx_carrierpay_outbox_result(ngx_carrierpay_pq_unit_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t                 row, rows;
    ngx_carrierpay_outbox_t   *outbox;
    ngx_carrierpay_webhook_t   hook;

    outbox = u->data;

    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        hook.payment_id = ngx_carrierpay_pq_int(res, row, 0);
        hook.seq = ngx_carrierpay_pq_int(res, row, 1);
        hook.endpoint_id = ngx_carrierpay_pq_int(res, row, 2);
        ngx_carrierpay_pq_bytes(res, row, 3, &hook.url);
        ngx_carrierpay_pq_bytes(res, row, 4, &hook.secret);
        hook.live = ngx_carrierpay_pq_int(res, row, 5);
        ngx_carrierpay_pq_bytes(res, row, 6, &hook.type);
        ngx_carrierpay_pq_bytes(res, row, 7, &hook.body);
        hook.at = ngx_carrierpay_pq_int(res, row, 8);
        hook.attempts = ngx_carrierpay_pq_int(res, row, 9);
        hook.token = outbox->token;

        if (ngx_carrierpay_outbox_deliver(outbox, &hook) != NGX_OK) {
            return;
        }

        outbox->claimed++;
    }
}


static ngx_int_t
ngx_carrierpay_outbox_deliver(ngx_carrierpay_outbox_t *outbox,
    ngx_carrierpay_webhook_t *hook)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_outbox_slot_t  *slot;

    flow = ngx_carrierpay_webhook_deliver(outbox->core, hook);
    if (flow == NULL) {
        return NGX_ERROR;
    }

    slot = ngx_pcalloc(flow->pool, sizeof(ngx_carrierpay_outbox_slot_t));
    if (slot == NULL) {
        ngx_carrierpay_flow_discard(flow);
        return NGX_ERROR;
    }

    slot->outbox = outbox;
    slot->observer.handler = ngx_carrierpay_outbox_ended;

    outbox->running++;

    ngx_carrierpay_flow_start(flow, &slot->observer,
                              NGX_CARRIERPAY_OUTBOX_LEASE);

    return NGX_OK;
}


static void
ngx_carrierpay_outbox_ended(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_outbox_slot_t  *slot;

    slot = ngx_queue_data(obs, ngx_carrierpay_outbox_slot_t, observer);
    slot->outbox->running--;
}


static void
ngx_carrierpay_outbox_done(ngx_carrierpay_pq_unit_t *u)
{
    ngx_carrierpay_outbox_t  *outbox;

    outbox = u->data;

    ngx_destroy_pool(outbox->pool);
    outbox->pool = NULL;

    /* where there was something, there may be more */

    ngx_carrierpay_outbox_wait(outbox, outbox->claimed
                                       ? NGX_CARRIERPAY_OUTBOX_SOON
                                       : NGX_CARRIERPAY_OUTBOX_TICK);
}


static void
ngx_carrierpay_outbox_wait(ngx_carrierpay_outbox_t *outbox, ngx_msec_t timer)
{
    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    /* the jitter keeps the workers of many machines apart */

    ngx_add_timer(&outbox->tick, timer / 2 + ngx_random() % timer);
}
