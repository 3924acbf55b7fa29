
/*
 * A PIN is entered, and pays.
 *
 *   pin       consume, count, compare, mark, forget,      on our page, of that
 *                                                         token
 *   pin_api   count, compare, mark, forget,               on a merchant's page
 *             and both go on with: restore, may_pay, begin, eligible,
 *             operator, finish
 *
 * The data of the flows is an ngx_carrierpay_charge_t.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_steps.h"


/*
 * Six digits (see ngx_carrierpay_pin_attempt_valid()) were entered on our
 * page by the browser `visitor`.  The results are those of
 * ngx_carrierpay_charge_confirm(), and REFUSED with answer PIN when the digits
 * prove nothing.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_pin(ngx_carrierpay_core_t *core,
    int64_t id, ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_str_t *digits, ngx_carrierpay_consent_t *consent);

/*
 * The same for digits entered on a page of the merchant; the payment must be
 * the merchant's own.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_pin_api(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t id, ngx_str_t *digits);


#endif /* _NGX_CARRIERPAY_CHARGE_PIN_H_INCLUDED_ */
