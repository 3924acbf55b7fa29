
/*
 * Gathers calls of database functions into batches, and sends these.
 *
 * A batcher has one batch in flight; the calls that arrive meanwhile are the
 * next one: group commit, in the application.  With nothing in flight a call
 * leaves at the end of its loop turn, so an idle batcher adds no wait.
 *
 * Each worker has two batchers.  The writer's functions change the ledger: a
 * batch whose commit is in doubt is sent again as it was, since they are
 * idempotent.  The reader's only read: a batch that got no answer ends with
 * an error, and one that no connection takes is counted as refused.
 *
 * A deadlock or a serialization failure is sent again at once, a few times.
 * What then still fails, and what the server refuses for another reason, is
 * sent call by call, so that a bad one harms only itself.  While the condition
 * can pass (a full disk, locks) the writer tries until the call's timeout.
 */


#ifndef _NGX_CARRIERPAY_BATCHER_H_INCLUDED_
#define _NGX_CARRIERPAY_BATCHER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_sql_call.h"


typedef struct ngx_carrierpay_batcher_s  ngx_carrierpay_batcher_t;


/* A worker's batcher on pq, a writer or a reader.  NULL: memory. */
ngx_carrierpay_batcher_t *ngx_carrierpay_batcher_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_t *pq, ngx_uint_t writer);

/* For exit_process: gives up what waits and what is in flight. */
void ngx_carrierpay_batcher_destroy(ngx_carrierpay_batcher_t *b);

/*
 * NGX_OK: call->done() will be called, within call->timeout and not before
 * this returns.  NGX_BUSY: too many calls wait already; only calls of
 * statements flagged intent are refused so.
 */
ngx_int_t ngx_carrierpay_batcher_add(ngx_carrierpay_batcher_t *b,
    ngx_carrierpay_sql_call_t *call);

/* A connection has come up: sends what waits, and again what is in doubt. */
void ngx_carrierpay_batcher_ready(ngx_carrierpay_batcher_t *b);


#endif /* _NGX_CARRIERPAY_BATCHER_H_INCLUDED_ */
