
/*
 * A merchant tells that a subscriber wants no more purchases.
 *
 *   block   block
 *
 * The data of the flow is an ngx_carrierpay_subscriber_block_t.
 */


#ifndef _NGX_CARRIERPAY_SUBSCRIBER_BLOCK_H_INCLUDED_
#define _NGX_CARRIERPAY_SUBSCRIBER_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_merchant.h"


typedef struct {
    int32_t                    merchant_id;
    ngx_uint_t                 live;
    int64_t                    pseudonym_id;
    ngx_str_t                  source;    /* where it is said */
    ngx_uint_t                 done;      /* the merchant has the subscriber */
    ngx_carrierpay_sql_call_t  call;
} ngx_carrierpay_subscriber_block_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_subscriber_block_statement;


/*
 * The result is OK, NOT_FOUND or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_subscriber_block(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    int64_t pseudonym_id);


#endif /* _NGX_CARRIERPAY_SUBSCRIBER_BLOCK_H_INCLUDED_ */
