
/*
 * Refunds are read, for the merchant they belong to.
 *
 *   refund_get    load          one
 *   refund_list   load          those of a payment, the oldest first
 *
 * The data of the flows is an ngx_carrierpay_refund_read_t.
 */


#ifndef _NGX_CARRIERPAY_REFUND_READ_H_INCLUDED_
#define _NGX_CARRIERPAY_REFUND_READ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_refund.h"


typedef struct {
    int32_t                       merchant_id;
    ngx_uint_t                    live;
    int64_t                       id;           /* of the refund or payment */
    ngx_array_t                   refunds;      /* ngx_carrierpay_refund_t */
    ngx_str_t                     body;         /* JSON */

    ngx_carrierpay_sql_call_t     call;
} ngx_carrierpay_refund_read_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_refund_get_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_refund_list_statement;


/*
 * Of a merchant.  The flow's result is OK with the body; NOT_FOUND, of one
 * refund; or UNAVAILABLE.  A payment that is not there has no refunds.  NULL:
 * memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_refund_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id);
ngx_carrierpay_flow_t *ngx_carrierpay_refund_list(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id);


#endif /* _NGX_CARRIERPAY_REFUND_READ_H_INCLUDED_ */
