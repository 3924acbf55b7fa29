
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_recovery.h"
#include "ngx_carrierpay_sql.h"


#define NGX_CARRIERPAY_RECOVERY_TICK     1000     /* ms, and as much jitter */
#define NGX_CARRIERPAY_RECOVERY_CLAIM    32       /* payments at a time */
#define NGX_CARRIERPAY_RECOVERY_LEASE    60000    /* ms */


struct ngx_carrierpay_recovery_s {
    ngx_carrierpay_core_t      *core;
    ngx_event_t                 tick;
    ngx_carrierpay_pq_query_t   query;
    ngx_carrierpay_pq_unit_t    unit;
    ngx_pool_t                 *pool;       /* of the claim in flight */
};


static void ngx_carrierpay_recovery_tick(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_recovery_claim(
    ngx_carrierpay_recovery_t *recovery);
static void ngx_carrierpay_recovery_result(ngx_carrierpay_pq_unit_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_recovery_done(ngx_carrierpay_pq_unit_t *u);
static void ngx_carrierpay_recovery_wait(ngx_carrierpay_recovery_t *recovery);


ngx_carrierpay_recovery_t *
ngx_carrierpay_recovery_create(ngx_carrierpay_core_t *core,
    ngx_cycle_t *cycle)
{
    ngx_carrierpay_recovery_t  *recovery;

    recovery = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_recovery_t));
    if (recovery == NULL) {
        return NULL;
    }

    recovery->core = core;

    recovery->tick.handler = ngx_carrierpay_recovery_tick;
    recovery->tick.data = recovery;
    recovery->tick.log = core->log;
    recovery->tick.cancelable = 1;

    ngx_carrierpay_recovery_wait(recovery);

    return recovery;
}


void
ngx_carrierpay_recovery_destroy(ngx_carrierpay_recovery_t *recovery)
{
    if (recovery->tick.timer_set) {
        ngx_del_timer(&recovery->tick);
    }

    if (recovery->pool) {
        ngx_destroy_pool(recovery->pool);
        recovery->pool = NULL;
    }
}


static void
ngx_carrierpay_recovery_tick(ngx_event_t *ev)
{
    ngx_carrierpay_recovery_t  *recovery;

    recovery = ev->data;

    /* a worker that leaves takes no new work */

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (ngx_carrierpay_recovery_claim(recovery) != NGX_OK) {
        ngx_carrierpay_recovery_wait(recovery);
    }
}


static ngx_int_t
ngx_carrierpay_recovery_claim(ngx_carrierpay_recovery_t *recovery)
{
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_pq_unit_t   *u;
    ngx_carrierpay_pq_query_t  *q;

    core = recovery->core;

    if (!ngx_carrierpay_ledger_ready(core->ledger)) {
        return NGX_DECLINED;
    }

    recovery->pool = ngx_create_pool(1024, core->log);
    if (recovery->pool == NULL) {
        return NGX_ERROR;
    }

    q = &recovery->query;
    q->statement = NGX_CARRIERPAY_SQL_PAYMENT_CLAIM;

    u = &recovery->unit;

    u->queries = q;
    u->nqueries = 1;
    u->result = ngx_carrierpay_recovery_result;
    u->done = ngx_carrierpay_recovery_done;
    u->data = recovery;

    if (ngx_carrierpay_pq_param_int4(&q->params[0], recovery->pool,
                                     NGX_CARRIERPAY_RECOVERY_CLAIM)
        == NGX_OK
        && ngx_carrierpay_pq_param_int4(&q->params[1], recovery->pool,
                                        NGX_CARRIERPAY_RECOVERY_LEASE)
           == NGX_OK
        && ngx_carrierpay_pq_param_int8(&q->params[2], recovery->pool,
                                    ngx_carrierpay_ledger_id(core->ledger))
           == NGX_OK
        && ngx_carrierpay_pq_read(core->pq, u) == NGX_OK)
    {
        return NGX_OK;
    }

    ngx_destroy_pool(recovery->pool);
    recovery->pool = NULL;

    return NGX_DECLINED;
}


/*
 * The flows start from posted events, after the claim's commit is known; a
 * claim that was rolled back only means that somebody else may claim, too,
 * and finish is idempotent.
 */

static void
ngx_carrierpay_recovery_result(ngx_carrierpay_pq_unit_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_uint_t                  row, rows;
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_recovery_t  *recovery;

    recovery = u->data;

    rows = ngx_carrierpay_pq_rows(res);

    for (row = 0; row < rows; row++) {
        flow = ngx_carrierpay_charge_recover(recovery->core, res, row);

        if (flow == NULL) {
            return;
        }

        ngx_carrierpay_flow_start(flow, NULL, NGX_CARRIERPAY_RECOVERY_LEASE);
    }
}


static void
ngx_carrierpay_recovery_done(ngx_carrierpay_pq_unit_t *u)
{
    ngx_carrierpay_recovery_t  *recovery;

    recovery = u->data;

    ngx_destroy_pool(recovery->pool);
    recovery->pool = NULL;

    ngx_carrierpay_recovery_wait(recovery);
}


static void
ngx_carrierpay_recovery_wait(ngx_carrierpay_recovery_t *recovery)
{
    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    /* the jitter keeps the workers of many machines apart */

    ngx_add_timer(&recovery->tick,
                  NGX_CARRIERPAY_RECOVERY_TICK / 2
                  + ngx_random() % NGX_CARRIERPAY_RECOVERY_TICK);
}
