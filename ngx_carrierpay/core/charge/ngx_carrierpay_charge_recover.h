
/*
 * Payments that are due and that no worker is at work on.  Of a payment in
 * processing the operator is asked what became of it; a pending one expires;
 * an authorized one that was not captured in time is released.
 *
 *   recover   operator, finish
 *   expire    expire
 *
 * The data of the flows is an ngx_carrierpay_charge_t.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_RECOVER_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_RECOVER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_work_queue.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_expire_statement;

extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_charge_recovery;


#endif /* _NGX_CARRIERPAY_CHARGE_RECOVER_H_INCLUDED_ */
