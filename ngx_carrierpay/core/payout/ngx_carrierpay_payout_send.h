
/*
 * Payouts that are due and that no worker is at work on: one that is queued is
 * sent, and of the others the operator is asked what became of them.
 *
 *   payout           begin, operator, finish
 *   payout_recover   operator, finish
 */


#ifndef _NGX_CARRIERPAY_PAYOUT_SEND_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYOUT_SEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_work_queue.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_payout_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_payout_begin_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_payout_finish_statement;

extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_payouts;


#endif /* _NGX_CARRIERPAY_PAYOUT_SEND_H_INCLUDED_ */
