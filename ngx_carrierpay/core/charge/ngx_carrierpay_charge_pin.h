
/*
 * A PIN, and what it pays.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"


/*
 * Six digits (see guess) entered on our page, or on a merchant's own.  ENDED
 * with the payment as it is then; PIN when they prove nothing; TOKEN_USED.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_prove(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token, ngx_str_t *pin,
    ngx_carrierpay_consent_t *consent);
ngx_carrierpay_flow_t *ngx_carrierpay_charge_prove_order(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t id, ngx_str_t *pin);


#endif /* _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_ */
