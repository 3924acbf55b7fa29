
/*
 * PostgreSQL, asynchronously: the pool of a worker's few connections, all in
 * pipeline mode.
 *
 * The caller owns a transaction and all that it points to, from the submit
 * until its done handler; the pool never frees it.  Handlers never run inside
 * ngx_carrierpay_pq_write() or ngx_carrierpay_pq_read().
 *
 * A connection prepares all statements before it counts as ready, is made
 * anew after a failure, with back-off and jitter, and holds no state between
 * transactions.  Connection 0 is the writer; reads share the others, or go to
 * connection 0 when none of those is ready.  Transactions of one connection
 * are answered in order.
 *
 * A database whose role has synchronous_commit = off is refused: connections
 * to it never become ready.  Queries are sent as they are submitted.  Values
 * of parameters never reach a log.
 */


#ifndef _NGX_CARRIERPAY_PQ_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_pq_conf.h"
#include "ngx_carrierpay_pq_query.h"
#include "ngx_carrierpay_pq_result.h"
#include "ngx_carrierpay_pq_transaction.h"


typedef struct ngx_carrierpay_pq_s  ngx_carrierpay_pq_t;

typedef void (*ngx_carrierpay_pq_ready_pt)(void *data);


/*
 * Starts the connections of a worker; the table of statements must outlive
 * the pool.  Returns NULL when memory is short.  Nothing is connected yet on
 * return.
 */
ngx_carrierpay_pq_t *ngx_carrierpay_pq_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t nstatements);

/*
 * Closes all connections and frees the pool.  Transactions in flight end as
 * LOST, and what their handlers submit is declined.  For exit_process.
 */
void ngx_carrierpay_pq_destroy(ngx_carrierpay_pq_t *pq);

/*
 * Submit a transaction.  NGX_OK: done() will be called, within conf->timeout.
 * NGX_DECLINED: no connection is ready.  NGX_BUSY: conf->queue_max are in
 * flight on the connection.  NGX_ERROR: the transaction is malformed (a bug
 * of the caller, after an [alert] line).  In these three cases nothing was
 * sent, and done() will not be called.
 *
 * A worker that is told to quit lives on until the transactions in flight
 * have ended.  A caller that must write more before the worker ends holds a
 * timer that is not cancelable: meanwhile connections are kept, and lost ones
 * are made anew.
 */
ngx_int_t ngx_carrierpay_pq_write(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t);
ngx_int_t ngx_carrierpay_pq_read(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t);

/* Tells whether the writer is ready; for health checks. */
ngx_uint_t ngx_carrierpay_pq_ready(ngx_carrierpay_pq_t *pq);

/*
 * Sets the handler that is called, from a posted event, each time a
 * connection becomes ready, so that callers that hold work can try again.
 */
void ngx_carrierpay_pq_on_ready(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_ready_pt handler, void *data);


#endif /* _NGX_CARRIERPAY_PQ_H_INCLUDED_ */
