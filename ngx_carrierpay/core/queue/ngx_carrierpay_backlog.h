
/*
 * How much work waits in the database, as gauges of the service.
 *
 * One worker, the first, asks the database every 15 seconds; the others and
 * the page of metrics find the answer in shared memory.  While there is no
 * answer the gauges stay as they are, and the one of when they were read tells
 * so.
 */


#ifndef _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_
#define _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_statement.h"


typedef struct ngx_carrierpay_backlog_s  ngx_carrierpay_backlog_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_backlog_statement;


/* Starts to ask, if this worker does.  NULL: memory. */
ngx_carrierpay_backlog_t *ngx_carrierpay_backlog_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle);

/* For exit_process. */
void ngx_carrierpay_backlog_destroy(ngx_carrierpay_backlog_t *backlog);


#endif /* _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_ */
