
/*
 * The ledger: its cells, and how a flow asks the one that it is about.
 *
 * A payment lies in one cell with all that belongs to it, and its identifier
 * names the cell.  So a flow is about one cell, flow->cell: it asks there, and
 * the identifiers that it makes are of this cell.  One database is one cell,
 * of number 0.
 */


#ifndef _NGX_CARRIERPAY_LEDGER_H_INCLUDED_
#define _NGX_CARRIERPAY_LEDGER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cell.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_sql_call.h"


/* An intent is refused when the ledger is slow; so is a question. */

#define NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT   1500      /* ms */
#define NGX_CARRIERPAY_LEDGER_READ_TIMEOUT     5000

/* An outcome is worth waiting for: recovery would have to ask again. */

#define NGX_CARRIERPAY_LEDGER_OUTCOME_TIMEOUT  600000    /* ms */


typedef struct ngx_carrierpay_ledger_s  ngx_carrierpay_ledger_t;


/*
 * A worker's ledger, with the cells of conf; the table of statements must
 * outlive it.  NULL: memory.
 */
ngx_carrierpay_ledger_t *ngx_carrierpay_ledger_create(ngx_cycle_t *cycle,
    ngx_carrierpay_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t n);

/* For exit_process: what waits and what is in flight is given up. */
void ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger);

/* A cell by its number; NULL: there is none. */
ngx_carrierpay_cell_t *ngx_carrierpay_ledger_cell(
    ngx_carrierpay_ledger_t *ledger, ngx_uint_t number);

/* The number of a cell that is ready; if none is, of any. */
ngx_uint_t ngx_carrierpay_ledger_any(ngx_carrierpay_ledger_t *ledger);

/* The number of the cell of a line, by its index. */
ngx_uint_t ngx_carrierpay_ledger_line(ngx_carrierpay_flow_t *flow,
    const u_char *index);

/* Is at least one cell ready?  Is each, and the writer of each connected? */
ngx_uint_t ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger);
ngx_uint_t ngx_carrierpay_ledger_complete(ngx_carrierpay_ledger_t *ledger);
ngx_uint_t ngx_carrierpay_ledger_connected(ngx_carrierpay_ledger_t *ledger);

/* NULL, or what a cell is foreign by (see cell.h). */
const char *ngx_carrierpay_ledger_foreign(ngx_carrierpay_ledger_t *ledger);

/* A fresh identifier of the flow's cell; only when it is ready. */
int64_t ngx_carrierpay_ledger_id(ngx_carrierpay_flow_t *flow);

/*
 * For a flow's row that makes an identifier, or that does what must not be
 * done in vain, before it asks the database: NGX_OK when the flow's cell is
 * ready.  Else NGX_DONE, which the row returns, with the result UNAVAILABLE,
 * and it is counted as an operation that was refused; or NOT_FOUND, there is
 * no such cell.
 */
ngx_int_t ngx_carrierpay_ledger_require(ngx_carrierpay_flow_t *flow);

/*
 * The run of a flow's row: asks the flow's cell, and the row's done finds
 * call->rc.  A timeout of 0 is that of a question.  Returns NGX_AGAIN, or
 * NGX_DONE with the result UNAVAILABLE, or NOT_FOUND: there is no such cell.
 */
ngx_int_t ngx_carrierpay_ledger_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_statement_t *statement,
    void *args, ngx_msec_t timeout);

/* The same in the cell of that number, which need not be the flow's. */
ngx_int_t ngx_carrierpay_ledger_ask_cell(ngx_carrierpay_flow_t *flow,
    ngx_uint_t number, ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_statement_t *statement, void *args, ngx_msec_t timeout);

/*
 * The done of a flow's row that asked for one thing: NGX_OK, or NGX_DONE with
 * the result NOT_FOUND (there was no row) or UNAVAILABLE (no answer).
 */
ngx_int_t ngx_carrierpay_ledger_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call);


#endif /* _NGX_CARRIERPAY_LEDGER_H_INCLUDED_ */
