
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batcher.h"
#include "ngx_carrierpay_cell.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_lease.h"
#include "ngx_carrierpay_process.h"
#include "ngx_carrierpay_takeover.h"


struct ngx_carrierpay_cell_s {
    ngx_carrierpay_pq_t            *pq;
    ngx_carrierpay_lease_t         *lease;
    ngx_carrierpay_batcher_t       *writer;
    ngx_carrierpay_batcher_t       *reader;
    ngx_carrierpay_takeover_t      *takeover;
    ngx_str_t                       process;   /* this one's name */
    u_char                          name[NGX_CARRIERPAY_PROCESS_NAME_LEN];
};


static void ngx_carrierpay_cell_ready_handler(void *data);
static void ngx_carrierpay_cell_number(void *data, ngx_uint_t number);
static ngx_int_t ngx_carrierpay_cell_take(ngx_carrierpay_cell_t *cell,
    ngx_carrierpay_sql_call_t *call);


ngx_carrierpay_cell_t *
ngx_carrierpay_cell_create(ngx_cycle_t *cycle, ngx_carrierpay_conf_t *conf,
    ngx_uint_t number, const ngx_carrierpay_pq_statement_t *statements,
    ngx_uint_t n)
{
    ngx_carrierpay_pq_t    *pq;
    ngx_carrierpay_cell_t  *cell;

    cell = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_cell_t));
    if (cell == NULL) {
        return NULL;
    }

    cell->process.data = cell->name;
    cell->process.len = ngx_carrierpay_process_name(cell->name) - cell->name;

    pq = ngx_carrierpay_pq_create(cycle, conf->cells[number], statements, n);
    if (pq == NULL) {
        return NULL;
    }

    cell->pq = pq;
    cell->lease = ngx_carrierpay_lease_create(cycle, pq, conf, number,
                                              &cell->process,
                                              ngx_carrierpay_cell_number,
                                              cell);
    cell->writer = ngx_carrierpay_batcher_create(cycle, pq, 1);
    cell->reader = ngx_carrierpay_batcher_create(cycle, pq, 0);
    cell->takeover = ngx_carrierpay_takeover_create(cycle, pq,
                                                    &cell->process);

    if (cell->lease == NULL || cell->writer == NULL || cell->reader == NULL
        || cell->takeover == NULL)
    {
        return NULL;
    }

    ngx_carrierpay_pq_on_ready(pq, ngx_carrierpay_cell_ready_handler, cell);

    return cell;
}


/* The connections go first, since their transactions end as lost. */

void
ngx_carrierpay_cell_destroy(ngx_carrierpay_cell_t *cell)
{
    ngx_carrierpay_pq_destroy(cell->pq);
    ngx_carrierpay_batcher_destroy(cell->writer);
    ngx_carrierpay_batcher_destroy(cell->reader);
    ngx_carrierpay_takeover_destroy(cell->takeover);
    ngx_carrierpay_lease_destroy(cell->lease);
}


ngx_uint_t
ngx_carrierpay_cell_connected(ngx_carrierpay_cell_t *cell)
{
    return ngx_carrierpay_pq_ready(cell->pq);
}


ngx_uint_t
ngx_carrierpay_cell_ready(ngx_carrierpay_cell_t *cell)
{
    return ngx_carrierpay_lease_held(cell->lease)
           && ngx_carrierpay_pq_ready(cell->pq);
}


const char *
ngx_carrierpay_cell_foreign(ngx_carrierpay_cell_t *cell)
{
    return ngx_carrierpay_lease_foreign(cell->lease);
}


int64_t
ngx_carrierpay_cell_id(ngx_carrierpay_cell_t *cell)
{
    return ngx_carrierpay_lease_id(cell->lease);
}


/* A connection has come up: starts, and sends what is in doubt. */

static void
ngx_carrierpay_cell_ready_handler(void *data)
{
    ngx_carrierpay_cell_t  *cell;

    cell = data;

    ngx_carrierpay_lease_connected(cell->lease);
    ngx_carrierpay_batcher_ready(cell->writer);
}


static void
ngx_carrierpay_cell_number(void *data, ngx_uint_t number)
{
    ngx_carrierpay_cell_t  *cell;

    cell = data;

    ngx_carrierpay_takeover_start(cell->takeover, number);
}


ngx_int_t
ngx_carrierpay_cell_call(ngx_carrierpay_cell_t *cell,
    ngx_carrierpay_sql_call_t *call)
{
    if (ngx_carrierpay_cell_take(cell, call) != NGX_OK) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_ERROR;
    }

    if (call->statement->batched && call->statement->writer) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_OPERATIONS);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_cell_take(ngx_carrierpay_cell_t *cell,
    ngx_carrierpay_sql_call_t *call)
{
    if (ngx_carrierpay_lease_foreign(cell->lease)) {
        return NGX_ERROR;
    }

    if (!call->statement->batched) {
        return ngx_carrierpay_lease_held(cell->lease)
               ? ngx_carrierpay_sql_call_send(call, cell->pq) : NGX_ERROR;
    }

    if (!call->statement->writer) {
        return ngx_carrierpay_batcher_add(cell->reader, call);
    }

    if (call->statement->intent && !ngx_carrierpay_cell_ready(cell)) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_batcher_add(cell->writer, call);
}
