
/*
 * A transaction: one or more prepared queries and one sync, which the server
 * takes as an implicit transaction, committed as a whole or not at all.
 */


#ifndef _NGX_CARRIERPAY_PQ_TRANSACTION_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_TRANSACTION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_pq_query.h"
#include "ngx_carrierpay_pq_result.h"


typedef struct ngx_carrierpay_pq_transaction_s
    ngx_carrierpay_pq_transaction_t;


typedef enum {
    NGX_CARRIERPAY_PQ_DONE = 0,  /* committed */
    NGX_CARRIERPAY_PQ_FAILED,    /* the server refused: rolled back */
    NGX_CARRIERPAY_PQ_LOST       /* connection lost: perhaps committed */
} ngx_carrierpay_pq_outcome_e;


typedef void (*ngx_carrierpay_pq_result_pt)(ngx_carrierpay_pq_transaction_t *t,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
typedef void (*ngx_carrierpay_pq_done_pt)(ngx_carrierpay_pq_transaction_t *t);


struct ngx_carrierpay_pq_transaction_s {
    ngx_queue_t                  queue;      /* io/pq's */

    ngx_carrierpay_pq_query_t   *queries;
    ngx_uint_t                   nqueries;
    ngx_uint_t                   answered;   /* io/pq's */
    ngx_msec_t                   expire;     /* io/pq's */

    /*
     * Called once for each query that was answered with rows (perhaps none),
     * in order, before the commit is known: the handler copies the results
     * and does not act upon them yet.  It may be NULL.  It neither frees the
     * transaction nor submits another.
     */
    ngx_carrierpay_pq_result_pt  result;

    /*
     * Called once; it is the last thing that the pool does with the
     * transaction.  The handler may free the transaction, submit it again, or
     * submit others; it may not destroy the pool.
     */
    ngx_carrierpay_pq_done_pt    done;
    void                        *data;

    ngx_carrierpay_pq_outcome_e  outcome;
    u_char                       sqlstate[6]; /* of the first error, or "" */
};


#endif /* _NGX_CARRIERPAY_PQ_TRANSACTION_H_INCLUDED_ */
