
/*
 * A payment that waits for its shopper is canceled.
 *
 *   cancel   load, cancel                the payment is not wanted any more
 *
 * The data of the flow is an ngx_carrierpay_payment_cancel_t.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_CANCEL_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_CANCEL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_ledger_result.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_payment_read.h"


typedef struct {
    ngx_carrierpay_payment_read_t   read;      /* with the state it has now */

    /*
     * CANCELED; IN_FLIGHT, it is being charged; ALREADY, it has ended before,
     * perhaps in this way.
     */
    ngx_carrierpay_ledger_result_e  ledger_result;

    /* the row's own */

    ngx_carrierpay_sql_call_t       call;
} ngx_carrierpay_payment_cancel_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_payment_cancel_statement;


/*
 * Cancels a payment of a merchant; with merchant NULL it may be of any.  The
 * flow's result is OK, NOT_FOUND or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_payment_cancel(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t payment_id);


#endif /* _NGX_CARRIERPAY_PAYMENT_CANCEL_H_INCLUDED_ */
