
/*
 * A merchant's payment is created, and charged at once when its subscriber is
 * known: server to server.
 *
 *   create   create                                pending, for the shopper
 *   charge   begin, eligible, operator, finish     charged
 *
 * The data of the flows is an ngx_carrierpay_charge_t.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_steps.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_create_statement;


/*
 * Of `payment` these are copied: amount, currency, later_max, description,
 * reference, return_url, metadata, locale, manual and email (as text);
 * category is the name of one, or with len 0 the merchant's.  A subscriber who
 * is set, by the pseudonym, is charged at once.  Both hashes have 16 bytes: of
 * the key with its scope, and of the request's body.
 *
 * The result is OK, CONFLICT, REFUSED with flow->reason, or UNAVAILABLE;
 * charge->answer says more.  NULL: memory, or too many flows; nothing has
 * happened.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_charge_create(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    ngx_carrierpay_payment_t *payment,
    const ngx_carrierpay_optional_t *subscriber, u_char *idempotency,
    u_char *request);


#endif /* _NGX_CARRIERPAY_CHARGE_H_INCLUDED_ */
