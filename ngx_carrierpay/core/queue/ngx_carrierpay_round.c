
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_round.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_ROUND_SOON  1000      /* ms, until it can ask */


struct ngx_carrierpay_round_s {
    ngx_carrierpay_core_t       *core;
    ngx_uint_t                   number;     /* of the cell */
    ngx_carrierpay_cell_t       *cell;
    ngx_carrierpay_statement_t  *statement;
    ngx_msec_t                   period;
    ngx_event_t                  tick;
    ngx_pool_t                  *pool;       /* of the call in flight */
    ngx_carrierpay_sql_call_t    call;
};


static void ngx_carrierpay_round_tick(ngx_event_t *ev);
static void ngx_carrierpay_round_ask(ngx_carrierpay_round_t *round);
static void ngx_carrierpay_round_done(void *data);


ngx_carrierpay_round_t *
ngx_carrierpay_round_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle,
    ngx_uint_t cell, ngx_carrierpay_statement_t *statement,
    ngx_msec_t period)
{
    ngx_carrierpay_round_t  *round;

    round = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_round_t));
    if (round == NULL) {
        return NULL;
    }

    round->core = core;
    round->number = cell;
    round->cell = ngx_carrierpay_ledger_cell(core->ledger, cell);
    round->statement = statement;
    round->period = period;

    round->tick.handler = ngx_carrierpay_round_tick;
    round->tick.data = round;
    round->tick.log = core->log;
    round->tick.cancelable = 1;

    if (ngx_worker == 0) {
        ngx_add_timer(&round->tick, NGX_CARRIERPAY_ROUND_SOON);
    }

    return round;
}


void
ngx_carrierpay_round_destroy(ngx_carrierpay_round_t *round)
{
    if (round->tick.timer_set) {
        ngx_del_timer(&round->tick);
    }

    if (round->pool) {
        ngx_destroy_pool(round->pool);
        round->pool = NULL;
    }
}


ngx_uint_t
ngx_carrierpay_round_cell(ngx_carrierpay_round_t *round, ngx_uint_t *cells)
{
    *cells = round->core->conf->ncells;

    return round->number;
}


/* A worker that leaves asks nothing: its successor does. */

static void
ngx_carrierpay_round_tick(ngx_event_t *ev)
{
    ngx_carrierpay_round_t  *round;

    round = ev->data;

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (!ngx_carrierpay_cell_ready(round->cell)) {
        ngx_add_timer(&round->tick, NGX_CARRIERPAY_ROUND_SOON);
        return;
    }

    /* a question that is still in flight is not asked twice */

    if (round->pool == NULL) {
        ngx_carrierpay_round_ask(round);
    }

    ngx_add_timer(&round->tick, round->period);
}


static void
ngx_carrierpay_round_ask(ngx_carrierpay_round_t *round)
{
    ngx_carrierpay_sql_call_t  *call;

    round->pool = ngx_create_pool(1024, round->core->log);
    if (round->pool == NULL) {
        return;
    }

    call = &round->call;

    call->statement = round->statement;
    call->args = round;
    call->pool = round->pool;
    call->done = ngx_carrierpay_round_done;
    call->data = round;

    if (ngx_carrierpay_cell_call(round->cell, call) != NGX_OK) {
        ngx_destroy_pool(round->pool);
        round->pool = NULL;
    }
}


static void
ngx_carrierpay_round_done(void *data)
{
    ngx_carrierpay_round_t  *round;

    round = data;

    ngx_destroy_pool(round->pool);
    round->pool = NULL;
}
