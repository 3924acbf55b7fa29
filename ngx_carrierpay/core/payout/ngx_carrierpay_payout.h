
/*
 * A payout as the ledger shows it: money of a merchant that goes to a wallet.
 */


#ifndef _NGX_CARRIERPAY_PAYOUT_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYOUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"


/* The columns of payout_view, in order. */

typedef enum {
    NGX_CARRIERPAY_PAYOUT_ID = 0,
    NGX_CARRIERPAY_PAYOUT_MERCHANT_ID,
    NGX_CARRIERPAY_PAYOUT_LIVE,
    NGX_CARRIERPAY_PAYOUT_OPERATOR,
    NGX_CARRIERPAY_PAYOUT_AMOUNT,
    NGX_CARRIERPAY_PAYOUT_CURRENCY,
    NGX_CARRIERPAY_PAYOUT_REFERENCE,
    NGX_CARRIERPAY_PAYOUT_STATE,
    NGX_CARRIERPAY_PAYOUT_OUTCOME_UNKNOWN,
    NGX_CARRIERPAY_PAYOUT_FAILURE_CODE,
    NGX_CARRIERPAY_PAYOUT_ENDED,
    NGX_CARRIERPAY_PAYOUT_MSISDN,
    NGX_CARRIERPAY_PAYOUT_COLUMNS
} ngx_carrierpay_payout_column_e;


/*
 * Strings with data NULL are not set.  The words of state are the ledger's:
 * "queued", "sending", "succeeded", "failed", "canceled".
 */

typedef struct {
    int64_t        id;
    ngx_uint_t     live;
    ngx_str_t      operator;
    int64_t        amount;             /* minor units */
    ngx_str_t      currency;
    ngx_str_t      reference;          /* the merchant's */
    ngx_str_t      state;
    ngx_uint_t     outcome_unknown;
    ngx_str_t      failure_code;
    ngx_str_t      msisdn;             /* sealed */
} ngx_carrierpay_payout_t;


/*
 * Reads a row of payout_view that starts at `column`; texts are copied into
 * the pool.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_payout_row(ngx_carrierpay_payout_t *payout,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);

/*
 * The bytes that its JSON may have, and the JSON, which is Payout in
 * docs/openapi.yaml: returns the position after it.
 */
size_t ngx_carrierpay_payout_json_size(const ngx_carrierpay_payout_t *payout);
u_char *ngx_carrierpay_payout_json(u_char *p,
    ngx_carrierpay_payout_t *payout);


#endif /* _NGX_CARRIERPAY_PAYOUT_H_INCLUDED_ */
