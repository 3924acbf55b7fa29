
/*
 * A cell: one of the databases of the ledger, as a worker asks it.  Each call
 * goes the way that its statement says, into a batch of the cell's writer or
 * of its reader, or alone.  The identifiers of the cell's rows are made here,
 * too.
 */


#ifndef _NGX_CARRIERPAY_CELL_H_INCLUDED_
#define _NGX_CARRIERPAY_CELL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_sql_call.h"


typedef struct ngx_carrierpay_cell_s  ngx_carrierpay_cell_t;


/*
 * A worker's cell, by its number in conf; the table of statements must outlive
 * it.  NULL: memory.  Nothing is connected yet on return.
 */
ngx_carrierpay_cell_t *ngx_carrierpay_cell_create(ngx_cycle_t *cycle,
    ngx_carrierpay_conf_t *conf, ngx_uint_t number,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t n);

/*
 * For exit_process: closes the connections, and gives up what waits and what
 * is in flight.
 */
void ngx_carrierpay_cell_destroy(ngx_carrierpay_cell_t *cell);

/* Is the writer connected? */
ngx_uint_t ngx_carrierpay_cell_connected(ngx_carrierpay_cell_t *cell);

/* So, and may identifiers be made (see lease.h)? */
ngx_uint_t ngx_carrierpay_cell_ready(ngx_carrierpay_cell_t *cell);

/*
 * NULL, or what is known to be another one than that of the database (see
 * lease.h).  Then every call is refused, after an [alert] line.
 */
const char *ngx_carrierpay_cell_foreign(ngx_carrierpay_cell_t *cell);

/* A fresh identifier; only when the cell is ready. */
int64_t ngx_carrierpay_cell_id(ngx_carrierpay_cell_t *cell);

/*
 * Asks the database.  NGX_OK: call->done() will be called, not before this
 * returns.  NGX_ERROR: nothing was asked, which is counted, and it will not be
 * called; this happens to statements flagged intent when the cell is not ready
 * or too many calls wait, to calls that are not batched, and to every call
 * when the database is foreign.  Other batched calls are always taken: the
 * writer's write what has happened already, and there are no more of them than
 * flows.
 */
ngx_int_t ngx_carrierpay_cell_call(ngx_carrierpay_cell_t *cell,
    ngx_carrierpay_sql_call_t *call);


#endif /* _NGX_CARRIERPAY_CELL_H_INCLUDED_ */
