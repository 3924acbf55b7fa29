
/*
 * The outbox: webhooks that are still owed.  Signed as Standard Webhooks 1.0.0
 * says.
 */


#ifndef _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_
#define _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_work_queue.h"


extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_outbox;


#endif /* _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_ */
