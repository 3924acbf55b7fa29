
/*
 * What a shopper may ask for when a payment has ended: a receipt by e-mail,
 * and no more purchases.
 *
 *   mail   load, mail        to an address that the shopper gives
 *   stop   load, stop        this payment's number, and its merchant
 *
 * The data of the flows is an ngx_carrierpay_receipt_t.
 */


#ifndef _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_
#define _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_subscriber_block.h"


typedef struct {
    ngx_carrierpay_payment_read_t  read;

    /*
     * It was done.  The mails of a payment are few, and where nothing was paid
     * there is nothing to stop.
     */
    ngx_uint_t                     done;

    /* the rows' own */

    int64_t                        message_id;
    ngx_str_t                      email;       /* sealed */
    ngx_str_t                      locale;
    ngx_carrierpay_sql_call_t      call;
    ngx_carrierpay_subscriber_block_t  block;
} ngx_carrierpay_receipt_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_receipt_mail_statement;


/*
 * Texts are copied; locale is that of the page, for a payment that has none.
 * The result is OK, NOT_FOUND or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_receipt_mail(
    ngx_carrierpay_core_t *core, int64_t payment_id, ngx_str_t *email,
    const ngx_str_t *locale);

ngx_carrierpay_flow_t *ngx_carrierpay_receipt_stop(
    ngx_carrierpay_core_t *core, int64_t payment_id);


#endif /* _NGX_CARRIERPAY_RECEIPT_H_INCLUDED_ */
