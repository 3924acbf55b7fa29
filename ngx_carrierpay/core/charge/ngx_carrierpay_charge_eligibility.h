
/*
 * May the end user be charged, by this intent?  For the flows that charge; the
 * rows have the last word of the configuration before an operator is called.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_ELIGIBILITY_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_ELIGIBILITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_steps.h"


/*
 * Before a shopper's payment begins: an end user who may not pay at all ends
 * the flow REFUSED, and the payment waits for another.
 */
ngx_int_t ngx_carrierpay_charge_may_pay(ngx_carrierpay_flow_t *flow);

/*
 * After the intent has been written: declines with flow->reason, with which
 * the last row fails the payment, when the end user or this amount may not be
 * charged.
 */
ngx_int_t ngx_carrierpay_charge_eligible(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_eligible_done(ngx_carrierpay_flow_t *flow);

/*
 * The MVNO to remember of a shopper: what the gateway or a lookup said, or
 * nothing.  What the configuration says by prefix it can say again.
 */
void ngx_carrierpay_charge_mvno(ngx_carrierpay_carrier_t *carrier,
    ngx_str_t *mvno);

/*
 * The ledger says that the intent is written.  `own`: what it says is of the
 * intent of this flow, which is counted then, NGX_OK.  Else, after an [alert]
 * line, NGX_ERROR: without an intent of its own nothing may be charged.
 */
ngx_int_t ngx_carrierpay_charge_begun(ngx_carrierpay_flow_t *flow,
    ngx_uint_t own);


#endif /* _NGX_CARRIERPAY_CHARGE_ELIGIBILITY_H_INCLUDED_ */
