
/*
 * What may be asked for when a payment has ended: a receipt by e-mail, and no
 * more purchases.
 *
 *   mail   load, mail        to an address that the shopper gives
 *   stop   load, stop        his line, and this payment's merchant
 *   block  block             a merchant's word about a subscriber of his
 *
 * flow->data is an ngx_carrierpay_checkout_t; result OK, and `done` when it
 * was: mails of a payment are few, and who has not paid has nothing to stop.
 */


#ifndef _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_
#define _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_checkout.h"


/* Each copies what it is given; NULL: memory, or too many flows. */

ngx_carrierpay_flow_t *ngx_carrierpay_receipt_mail(
    ngx_carrierpay_core_t *core, int64_t payment_id, ngx_str_t *email,
    const ngx_str_t *locale);

ngx_carrierpay_flow_t *ngx_carrierpay_receipt_stop(
    ngx_carrierpay_core_t *core, int64_t payment_id);

ngx_carrierpay_flow_t *ngx_carrierpay_receipt_block(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t pseudonym_id);


#endif /* _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_ */
