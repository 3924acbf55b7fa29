
/*
 * One call of a database function.
 *
 * Its owner gives the statement and the struct that the statement's columns
 * point into, and keeps both, with all that they point to, until done() has
 * been called; a call cannot be withdrawn.
 */


#ifndef _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_
#define _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_statement.h"


struct ngx_carrierpay_sql_call_s {
    ngx_carrierpay_statement_t  *statement;
    void                        *args;
    ngx_pool_t                  *pool;       /* parameters and results */
    ngx_msec_t                   timeout;    /* in a batch */

    /*
     * Called once with data, not before the function that asked has
     * returned.
     *
     * rc is NGX_OK: committed, and there was a row; NGX_DECLINED: committed,
     * and there was none; NGX_ERROR: there is no answer, and the function has
     * perhaps done its work.
     */
    ngx_carrierpay_done_pt       done;
    void                        *data;
    ngx_int_t                    rc;

    /* of the batch that it is in */

    ngx_queue_t                  queue;
    ngx_msec_t                   expire;
    unsigned                     isolated:1; /* goes alone */
};


/*
 * Sends a call that is not batched, as a transaction of its own.  NGX_OK:
 * done() will be called; NGX_ERROR: nothing was sent and it will not be.
 */
ngx_int_t ngx_carrierpay_sql_call_send(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_t *pq);

/* Gives a row of the answer to the statement, which sets rc. */
void ngx_carrierpay_sql_call_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


#endif /* _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_ */
