
/*
 * The second step of a payment that was reserved: the merchant captures it, or
 * does not want it any more; or its time is over.
 *
 *   capture   capture, operator, finish     wholly or in part, once
 *   release   release, operator, finish     the reservation is voided
 *
 * A payment that waits for its shopper has no reservation, and is canceled at
 * once.  The data of the flows is an ngx_carrierpay_charge_t.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_CAPTURE_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_CAPTURE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_steps.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_capture_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_release_statement;


/*
 * Captures a payment of the merchant; `amount` in minor units, 0: the whole.
 * The flow's result is OK with the body, or without one when this capture was
 * made before; NOT_FOUND; REFUSED; or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_capture(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id, int64_t amount);

/*
 * Releases a payment of the merchant; with merchant NULL one whose time is
 * over.  The result is OK, with a body or without one when it was over, or on
 * its way, before; CONFLICT: it is being charged, or has ended otherwise; and
 * else as above.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_release(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id);


#endif /* _NGX_CARRIERPAY_CHARGE_CAPTURE_H_INCLUDED_ */
