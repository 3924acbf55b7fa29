
/*
 * Work that waits in the database: claimed with a lease, done by flows.
 *
 * Each worker looks now and then for rows of a cell that are due, claims a
 * few and starts a flow for each; there is no leader.  What a worker does not
 * finish falls due again when its lease ends, so a flow must end within it.
 *
 * A claim is a statement of three parameters, which
 * ngx_carrierpay_work_queue_columns names: how many rows, the lease in ms,
 * and its token, with which the end of the work must prove itself.
 */


#ifndef _NGX_CARRIERPAY_WORK_QUEUE_H_INCLUDED_
#define _NGX_CARRIERPAY_WORK_QUEUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"


typedef struct ngx_carrierpay_work_queue_s  ngx_carrierpay_work_queue_t;


/*
 * Makes a flow, not yet started, for a row of the claim; the row is gone when
 * this returns.  A flow without a trace gets a new one.  NULL: memory, or too
 * many flows; the rest of the claim waits for the end of its lease.
 */
typedef ngx_carrierpay_flow_t *(*ngx_carrierpay_work_queue_pt)(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);


typedef struct {
    ngx_carrierpay_statement_t    *claim;
    ngx_uint_t                     rows;       /* of a claim, at most */
    ngx_uint_t                     running;    /* flows of a worker, at most */
    ngx_msec_t                     lease;
    ngx_carrierpay_work_queue_pt   flow;
} ngx_carrierpay_work_queue_conf_t;


/* For the descriptors of claims. */

#define NGX_CARRIERPAY_WORK_QUEUE_COLUMNS  3

extern const ngx_carrierpay_column_t  ngx_carrierpay_work_queue_columns[];

ngx_int_t ngx_carrierpay_work_queue_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


/* For its flow(): a flow of the worker, as ngx_carrierpay_flow_create(). */
ngx_carrierpay_flow_t *ngx_carrierpay_work_queue_flow(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, size_t size);

/* Starts to look in a cell; conf must outlive it.  NULL: memory. */
ngx_carrierpay_work_queue_t *ngx_carrierpay_work_queue_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle, ngx_uint_t cell,
    const ngx_carrierpay_work_queue_conf_t *conf);

/* For exit_process; NULL is allowed, here and below. */
void ngx_carrierpay_work_queue_destroy(ngx_carrierpay_work_queue_t *queue);

/* A row was written: look soon rather than at the next tick. */
void ngx_carrierpay_work_queue_wake(ngx_carrierpay_work_queue_t *queue);


#endif /* _NGX_CARRIERPAY_WORK_QUEUE_H_INCLUDED_ */
