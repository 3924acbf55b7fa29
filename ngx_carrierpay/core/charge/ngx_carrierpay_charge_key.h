
/*
 * The idempotency key of a new payment.  It lies with the payment, in the cell
 * that is the merchant's home; of a merchant that was moved, keys are looked
 * for in the former home first, for as long as they count there.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_KEY_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_KEY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_steps.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_key_statement;


/*
 * Rows: of a merchant that was moved, claims the key in the former home, so
 * that a worker which does not know of the move yet makes no payment with it
 * there.  When it has made one, the flow ends as
 * ngx_carrierpay_charge_repeated() says.
 */
ngx_int_t ngx_carrierpay_charge_key(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_key_done(ngx_carrierpay_flow_t *flow);

/* Ends the flow with the payment that the key was for, or with a conflict. */
ngx_int_t ngx_carrierpay_charge_repeated(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_CHARGE_KEY_H_INCLUDED_ */
