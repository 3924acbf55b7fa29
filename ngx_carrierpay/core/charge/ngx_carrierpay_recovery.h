
/*
 * Recovery: payments that are due and that nobody works on.  A pending one
 * expires, of one in processing the operator is asked what became of it.
 */


#ifndef _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_
#define _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_work_queue.h"


extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_recovery;


#endif /* _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_ */
