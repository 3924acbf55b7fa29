
/*
 * A payment is read: for the merchant it belongs to, or for the shopper's
 * page, whose link is the right to see it.
 *
 * Pages are looked at far more often than paid, and starting a query costs
 * the database several times what a row costs; so pages are read in batches
 * (see ngx_carrierpay_batcher.h).
 *
 *   get     load, render                 the merchant asks for a payment
 *
 * The data of this flow is an ngx_carrierpay_payment_read_t; the data of
 * other families that load a payment begins with one.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_payment.h"


typedef struct {
    int32_t                      merchant_id;  /* 0: the shopper's page */
    ngx_uint_t                   live;         /* mode of the merchant's key */
    ngx_carrierpay_payment_t     payment;      /* id: which one */
    ngx_carrierpay_brand_t       brand;        /* of a page */
    ngx_str_t                    body;         /* get: the payment in JSON */

    ngx_carrierpay_sql_call_t    call;
} ngx_carrierpay_payment_read_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_payment_get_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_payment_first_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_payment_page_statement;


/*
 * Of a payment of this merchant, in JSON.  The flow's result is OK,
 * NOT_FOUND or UNAVAILABLE.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_payment_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id);

/*
 * The answer to the request that has made a payment, as it was given then; for
 * the merchant whose key it has.  The result is as above.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_payment_first(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t id);

/*
 * For a flow of another family, whose data begins with one of these: sets the
 * payment that it loads, and is about.  With merchant NULL it may be the
 * payment of any merchant.
 */
void ngx_carrierpay_payment_read_init(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_merchant_t *merchant, int64_t id);

/* Rows: the payment of flow->data is loaded, or the flow ends NOT_FOUND. */
ngx_int_t ngx_carrierpay_payment_load(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_payment_load_done(ngx_carrierpay_flow_t *flow);

/* A row: writes read->body. */
ngx_int_t ngx_carrierpay_payment_render(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_ */
