
/*
 * The ledger, as a worker asks it: each call goes the way that its statement
 * says, into a batch of the writer or of the reader, or alone.  The worker's
 * identifiers are made here, too.
 */


#ifndef _NGX_CARRIERPAY_LEDGER_H_INCLUDED_
#define _NGX_CARRIERPAY_LEDGER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
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


/* A worker's ledger on pq, with the keyring of conf.  NULL: memory. */
ngx_carrierpay_ledger_t *ngx_carrierpay_ledger_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_t *pq, ngx_carrierpay_conf_t *conf);

/* For exit_process: what waits and what is in flight is given up. */
void ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger);

/* May identifiers be made (see lease.h), and is the writer connected? */
ngx_uint_t ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger);

/*
 * NULL, or what is known to be another one than that of the database (see
 * lease.h).  Then every call is refused, after an [alert] line.
 */
const char *ngx_carrierpay_ledger_foreign(ngx_carrierpay_ledger_t *ledger);

/* A fresh identifier; only when the ledger is ready. */
int64_t ngx_carrierpay_ledger_id(ngx_carrierpay_ledger_t *ledger);

/*
 * Asks the database.  NGX_OK: call->done() will be called, not before this
 * returns.  NGX_ERROR: nothing was asked, which is counted, and it will not be
 * called; this happens to statements flagged intent when the ledger is not
 * ready or too many calls wait, to calls that are not batched, and to every
 * call when the database is foreign.  Other batched calls are always taken: the
 * writer's write what has happened already, and there are no more of them than
 * flows.
 */
ngx_int_t ngx_carrierpay_ledger_call(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call);

/*
 * For a flow's row that makes an identifier, or that does what must not be
 * done in vain, before it asks the database: NGX_OK when the ledger is ready.
 * Else NGX_DONE with the result UNAVAILABLE, which the row returns; it is
 * counted as an operation that was refused.
 */
ngx_int_t ngx_carrierpay_ledger_require(ngx_carrierpay_flow_t *flow);

/*
 * The run of a flow's row: asks the database, and the row's done finds
 * call->rc.  A timeout of 0 is that of a question.  Returns NGX_AGAIN, or
 * NGX_DONE with the result UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_ledger_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_statement_t *statement,
    void *args, ngx_msec_t timeout);

/*
 * The done of a flow's row that asked for one thing: NGX_OK, or NGX_DONE with
 * the result NOT_FOUND (there was no row) or UNAVAILABLE (no answer).
 */
ngx_int_t ngx_carrierpay_ledger_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call);


#endif /* _NGX_CARRIERPAY_LEDGER_H_INCLUDED_ */
