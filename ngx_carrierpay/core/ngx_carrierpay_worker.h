
/*
 * A worker starts and stops the service: its connections, the ledger, and the
 * queues of work that waits in the database.
 */


#ifndef _NGX_CARRIERPAY_WORKER_H_INCLUDED_
#define _NGX_CARRIERPAY_WORKER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"


/*
 * For init_process.  NULL after a log line; a process without carrierpay
 * directives gets none.
 */
ngx_carrierpay_core_t *ngx_carrierpay_worker_start(ngx_cycle_t *cycle,
    ngx_carrierpay_conf_t *conf);

/* For exit_process: what is in flight is given up. */
void ngx_carrierpay_worker_stop(ngx_carrierpay_core_t *core);


#endif /* _NGX_CARRIERPAY_WORKER_H_INCLUDED_ */
