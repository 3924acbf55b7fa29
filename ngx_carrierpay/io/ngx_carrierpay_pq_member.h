
/*
 * A member of the pool: a connection and the transactions that were sent on
 * it.  A member makes its connection anew after a failure; it knows neither
 * the pool nor the other members.
 */


#ifndef _NGX_CARRIERPAY_PQ_MEMBER_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_MEMBER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_pq_conf.h"
#include "ngx_carrierpay_pq_conn.h"
#include "ngx_carrierpay_pq_transaction.h"


/*
 * The timer depends on the connection's state:
 *
 *   CLOSED                  the pause before the next attempt to connect
 *   CONNECTING, PREPARING   the deadline of connecting
 *   READY                   the deadline of the first transaction, if any
 *
 * Only the deadline of transactions keeps a worker that is told to quit.  The
 * other timers are cancelable, so a lost connection is made anew only while
 * something else keeps the worker.
 */

typedef struct {
    ngx_carrierpay_pq_conf_t   *conf;
    ngx_event_t                *ready;          /* posted when it is ready */

    ngx_carrierpay_pq_conn_t    conn;

    ngx_queue_t                 transactions;   /* sent, in order */
    ngx_uint_t                  ntransactions;

    ngx_uint_t                  failures;       /* in a row */
    ngx_msec_t                  since;          /* of being ready */

    ngx_event_t                 timer;
    ngx_event_t                 broken;         /* posted by a submit */
} ngx_carrierpay_pq_member_t;


/* The handlers of the member's connection; they belong into its conf. */
extern const ngx_carrierpay_pq_conn_handlers_t
    ngx_carrierpay_pq_member_handlers;


/*
 * Starts to connect, from a timer.  The caller has zeroed the member and set
 * conf, ready, conn.conf and conn.number.
 */
void ngx_carrierpay_pq_member_start(ngx_carrierpay_pq_member_t *m);

/* Tells whether the member takes transactions. */
ngx_uint_t ngx_carrierpay_pq_member_usable(ngx_carrierpay_pq_member_t *m);

/*
 * Sends a transaction that is well formed.  NGX_OK: done() will be called,
 * not before this returns.  NGX_DECLINED: the member is not usable.  NGX_BUSY:
 * conf->queue_max are in flight.
 */
ngx_int_t ngx_carrierpay_pq_member_submit(ngx_carrierpay_pq_member_t *m,
    ngx_carrierpay_pq_transaction_t *t);

/*
 * Closes the connection for good; its transactions join the queue of the
 * lost, which the caller passes to ngx_carrierpay_pq_member_lose().
 */
void ngx_carrierpay_pq_member_close(ngx_carrierpay_pq_member_t *m,
    ngx_queue_t *lost);

/* Ends transactions as LOST. */
void ngx_carrierpay_pq_member_lose(ngx_queue_t *lost);


#endif /* _NGX_CARRIERPAY_PQ_MEMBER_H_INCLUDED_ */
