
/*
 * How much work waits in the database, as gauges of the service: a round of
 * the first worker.  The others and the page of metrics find the answer in
 * shared memory.  While there is no answer the gauges stay as they are, and
 * the one of when they were read tells so.
 */


#ifndef _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_
#define _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_BACKLOG_PERIOD  15000     /* ms */


extern ngx_carrierpay_statement_t  ngx_carrierpay_backlog_statement;


#endif /* _NGX_CARRIERPAY_BACKLOG_H_INCLUDED_ */
