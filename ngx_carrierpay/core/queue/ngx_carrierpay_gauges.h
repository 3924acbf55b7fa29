
/*
 * The gauges of a worker: once a second it publishes how it is, so that the
 * worker that is asked for metrics can tell of all.
 *
 * A worker that drains does not publish any more: its number is its
 * successor's.
 */


#ifndef _NGX_CARRIERPAY_GAUGES_H_INCLUDED_
#define _NGX_CARRIERPAY_GAUGES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"


/* Publishes now and from now on; the worker is attached to the counters. */
void ngx_carrierpay_gauges_start(ngx_carrierpay_core_t *core);

/* For exit_process. */
void ngx_carrierpay_gauges_stop(ngx_carrierpay_core_t *core);


#endif /* _NGX_CARRIERPAY_GAUGES_H_INCLUDED_ */
