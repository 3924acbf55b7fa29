
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"


struct ngx_carrierpay_ledger_s {
    ngx_uint_t              ncells;
    ngx_uint_t              nlines;
    ngx_carrierpay_cell_t  *cells[NGX_CARRIERPAY_ID_CELLS];
};


static ngx_carrierpay_cell_t *ngx_carrierpay_ledger_flow_cell(
    ngx_carrierpay_flow_t *flow);


ngx_carrierpay_ledger_t *
ngx_carrierpay_ledger_create(ngx_cycle_t *cycle, ngx_carrierpay_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t n)
{
    ngx_uint_t                i;
    ngx_carrierpay_ledger_t  *ledger;

    ledger = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_ledger_t));
    if (ledger == NULL) {
        return NULL;
    }

    ledger->ncells = conf->ncells;
    ledger->nlines = conf->nlines;

    for (i = 0; i < ledger->ncells; i++) {
        ledger->cells[i] = ngx_carrierpay_cell_create(cycle, conf, i,
                                                      statements, n);
        if (ledger->cells[i] == NULL) {
            return NULL;
        }
    }

    return ledger;
}


void
ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t  i;

    for (i = 0; i < ledger->ncells; i++) {
        ngx_carrierpay_cell_destroy(ledger->cells[i]);
    }
}


ngx_carrierpay_cell_t *
ngx_carrierpay_ledger_cell(ngx_carrierpay_ledger_t *ledger, ngx_uint_t number)
{
    return (number < ledger->ncells) ? ledger->cells[number] : NULL;
}


/* as line_elsewhere() in sql/deploy/line.sql */

ngx_uint_t
ngx_carrierpay_ledger_line(ngx_carrierpay_flow_t *flow, const u_char *index)
{
    return index[0] % flow->core->ledger->nlines;
}


ngx_uint_t
ngx_carrierpay_ledger_connected(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t  i;

    for (i = 0; i < ledger->ncells; i++) {
        if (!ngx_carrierpay_cell_connected(ledger->cells[i])) {
            return 0;
        }
    }

    return 1;
}


ngx_uint_t
ngx_carrierpay_ledger_any(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t  i;

    for (i = 0; i < ledger->ncells; i++) {
        if (ngx_carrierpay_cell_ready(ledger->cells[i])) {
            return i;
        }
    }

    return 0;
}


ngx_uint_t
ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t  i;

    for (i = 0; i < ledger->ncells; i++) {
        if (ngx_carrierpay_cell_ready(ledger->cells[i])) {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_carrierpay_ledger_complete(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t  i;

    for (i = 0; i < ledger->ncells; i++) {
        if (!ngx_carrierpay_cell_ready(ledger->cells[i])) {
            return 0;
        }
    }

    return 1;
}


const char *
ngx_carrierpay_ledger_foreign(ngx_carrierpay_ledger_t *ledger)
{
    ngx_uint_t   i;
    const char  *foreign;

    for (i = 0; i < ledger->ncells; i++) {
        foreign = ngx_carrierpay_cell_foreign(ledger->cells[i]);

        if (foreign) {
            return foreign;
        }
    }

    return NULL;
}


int64_t
ngx_carrierpay_ledger_id(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_cell_id(ngx_carrierpay_ledger_flow_cell(flow));
}


static ngx_carrierpay_cell_t *
ngx_carrierpay_ledger_flow_cell(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_ledger_cell(flow->core->ledger, flow->cell);
}


ngx_int_t
ngx_carrierpay_ledger_require(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_cell_t  *cell;

    cell = ngx_carrierpay_ledger_flow_cell(flow);

    if (cell == NULL) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);
    }

    if (ngx_carrierpay_cell_ready(cell)) {
        return NGX_OK;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_UNAVAILABLE);
}


ngx_int_t
ngx_carrierpay_ledger_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_statement_t *statement,
    void *args, ngx_msec_t timeout)
{
    return ngx_carrierpay_ledger_ask_cell(flow, flow->cell, call, statement,
                                          args, timeout);
}


ngx_int_t
ngx_carrierpay_ledger_ask_cell(ngx_carrierpay_flow_t *flow, ngx_uint_t number,
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_statement_t *statement,
    void *args, ngx_msec_t timeout)
{
    ngx_carrierpay_cell_t  *cell;

    cell = ngx_carrierpay_ledger_cell(flow->core->ledger, number);

    if (cell == NULL) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);
    }

    call->statement = statement;
    call->args = args;
    call->pool = flow->pool;
    call->timeout = timeout ? timeout : NGX_CARRIERPAY_LEDGER_READ_TIMEOUT;
    call->done = ngx_carrierpay_flow_done;
    call->data = flow;

    if (ngx_carrierpay_cell_call(cell, call) != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_carrierpay_ledger_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call)
{
    switch (call->rc) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    default: /* NGX_ERROR */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}
