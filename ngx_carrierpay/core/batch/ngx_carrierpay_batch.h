
/*
 * A batch: calls of one statement, as one query, which is a transaction.
 *
 * Most of what PostgreSQL does for a query it does once, however many calls
 * are in it: a transaction with a few calls of each statement costs more than
 * one with many calls of one after the other.  And a transaction locks in the
 * order of one statement only.
 *
 * The encoded parameters are kept until it is known that the batch was
 * committed or refused, so that it can be sent again to the letter.  A call
 * that has timed out leaves its place: its owner has gone on, but what it
 * asked for is still asked.
 */


#ifndef _NGX_CARRIERPAY_BATCH_H_INCLUDED_
#define _NGX_CARRIERPAY_BATCH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_sql_call.h"


#define NGX_CARRIERPAY_BATCH_CALLS  256


typedef struct {
    ngx_pool_t                       *pool;
    ngx_carrierpay_statement_t       *statement;

    /* one that has timed out is NULL */
    ngx_carrierpay_sql_call_t        *calls[NGX_CARRIERPAY_BATCH_CALLS];
    ngx_uint_t                        n;         /* when it was made */

    /* the sender sets done; data is the batch */
    ngx_carrierpay_pq_query_t         query;
    ngx_carrierpay_pq_transaction_t   transaction;

    /* the sender's */
    void                             *sender;
    ngx_uint_t                        retries;
    ngx_msec_t                        sent_at;
    unsigned                          sent:1;
} ngx_carrierpay_batch_t;


/*
 * Makes a batch of the first call of a queue, which must not be empty, and of
 * the others of its statement; an isolated call is a batch of its own.  NULL:
 * memory is short, and all stays in the queue.
 */
ngx_carrierpay_batch_t *ngx_carrierpay_batch_create(ngx_queue_t *calls,
    ngx_log_t *log);

/* Before it is sent: what was answered before does not count any more. */
void ngx_carrierpay_batch_reset(ngx_carrierpay_batch_t *batch);

/*
 * Appends the calls that have waited too long to the queue of the late.
 * Returns how many are left.
 */
ngx_uint_t ngx_carrierpay_batch_expire(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *late);

/* Appends the calls, in order, to a queue. */
void ngx_carrierpay_batch_calls(ngx_carrierpay_batch_t *batch,
    ngx_queue_t *calls);

/* Frees the batch, and touches none of its calls. */
void ngx_carrierpay_batch_destroy(ngx_carrierpay_batch_t *batch);


#endif /* _NGX_CARRIERPAY_BATCH_H_INCLUDED_ */
