
/*
 * A batch: calls of several statements as one transaction, with one query for
 * each statement, in the order of the statements' numbers, which is the order
 * in which all workers lock.
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


#define NGX_CARRIERPAY_BATCH_STATEMENTS  16


/* The calls of one statement; one that has timed out is NULL. */

typedef struct {
    ngx_carrierpay_statement_t       *statement;
    ngx_carrierpay_sql_call_t       **calls;
    ngx_uint_t                        n;
} ngx_carrierpay_batch_query_t;


typedef struct {
    ngx_pool_t                       *pool;
    ngx_uint_t                        n;         /* calls, when it was made */
    ngx_carrierpay_batch_query_t      queries[NGX_CARRIERPAY_BATCH_STATEMENTS];
    ngx_carrierpay_pq_query_t         encoded[NGX_CARRIERPAY_BATCH_STATEMENTS];

    /* the sender sets done; data is the batch */
    ngx_carrierpay_pq_transaction_t   transaction;

    /* the sender's */
    void                             *sender;
    ngx_uint_t                        retries;
    ngx_msec_t                        sent_at;
    unsigned                          sent:1;
} ngx_carrierpay_batch_t;


/*
 * Makes a batch of calls off the head of a queue, which must not be empty; an
 * isolated call is a batch of its own.  NULL: memory is short, and all stays
 * in the queue.
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
