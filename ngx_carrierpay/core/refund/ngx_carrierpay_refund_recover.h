
/*
 * Refunds that are due and that no worker is at work on: a reversal that was
 * decided is made, and of the others the operator is asked what became of
 * them.
 *
 *   reverse          operator, finish
 *   refund_recover   operator, finish
 *
 * The data of the flows is an ngx_carrierpay_refund_make_t.
 */


#ifndef _NGX_CARRIERPAY_REFUND_RECOVER_H_INCLUDED_
#define _NGX_CARRIERPAY_REFUND_RECOVER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_work_queue.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_refund_claim_statement;

extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_refund_recovery;


#endif /* _NGX_CARRIERPAY_REFUND_RECOVER_H_INCLUDED_ */
