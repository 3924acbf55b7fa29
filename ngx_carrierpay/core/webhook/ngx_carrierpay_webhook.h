
/*
 * The outbox: webhooks that are still owed to merchants' endpoints, signed as
 * Standard Webhooks 1.0.0 says.
 *
 *   outbox   resolve, deliver, record
 *
 * The URL is the merchant's input: its host is resolved with nginx's
 * resolver, the address is refused unless it is public (or in
 * carrierpay_webhook_allow), and the call goes to the very address that was
 * checked, while SNI and certificate verification stay on the host name.
 */


#ifndef _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_
#define _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_work_queue.h"


/* indexes of ngx_carrierpay_egress_call_t.variables */

#define NGX_CARRIERPAY_WEBHOOK_TARGET  0    /* https://192.0.2.1:443/path */
#define NGX_CARRIERPAY_WEBHOOK_HOST    1    /* for the Host header */
#define NGX_CARRIERPAY_WEBHOOK_NAME    2    /* for SNI and verification */


extern ngx_carrierpay_statement_t  ngx_carrierpay_webhook_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_webhook_done_statement;

/* the queue */
extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_webhooks;


#endif /* _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_ */
