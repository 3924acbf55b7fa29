
/*
 * May the end user be charged?  Rows of the flows that charge, which have the
 * last word of the configuration before an operator is called.
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


#endif /* _NGX_CARRIERPAY_CHARGE_ELIGIBILITY_H_INCLUDED_ */
