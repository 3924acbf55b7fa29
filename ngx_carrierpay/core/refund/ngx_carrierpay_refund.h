
/*
 * A refund as the ledger shows it: money that goes back to the payer of a
 * payment, as the merchant has asked; or a reversal, of a charge that the
 * operator made after the payment had ended without one.
 */


#ifndef _NGX_CARRIERPAY_REFUND_H_INCLUDED_
#define _NGX_CARRIERPAY_REFUND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"


/* What a merchant may give as the reason, in bytes. */
#define NGX_CARRIERPAY_REFUND_REASON_MAX  200


/* The columns of refund_view, in order. */

typedef enum {
    NGX_CARRIERPAY_REFUND_ID = 0,
    NGX_CARRIERPAY_REFUND_PAYMENT_ID,
    NGX_CARRIERPAY_REFUND_NUMBER,
    NGX_CARRIERPAY_REFUND_MERCHANT_ID,
    NGX_CARRIERPAY_REFUND_LIVE,
    NGX_CARRIERPAY_REFUND_AMOUNT,
    NGX_CARRIERPAY_REFUND_CURRENCY,
    NGX_CARRIERPAY_REFUND_KIND,
    NGX_CARRIERPAY_REFUND_WAY,
    NGX_CARRIERPAY_REFUND_STATE,
    NGX_CARRIERPAY_REFUND_OUTCOME_UNKNOWN,
    NGX_CARRIERPAY_REFUND_REASON,
    NGX_CARRIERPAY_REFUND_FAILURE_CODE,
    NGX_CARRIERPAY_REFUND_ENDED,
    NGX_CARRIERPAY_REFUND_OPERATOR,
    NGX_CARRIERPAY_REFUND_MSISDN,
    NGX_CARRIERPAY_REFUND_DESCRIPTION,
    NGX_CARRIERPAY_REFUND_ATTEMPT,
    NGX_CARRIERPAY_REFUND_COLUMNS
} ngx_carrierpay_refund_column_e;


/*
 * Strings with data NULL are not set.  The words of kind, way and state are
 * the ledger's: "refund", "reversal"; "operator", "wallet", "manual";
 * "pending" (people do it), "processing", "succeeded", "failed".
 */

typedef struct {
    int64_t        id;
    int64_t        payment_id;
    ngx_uint_t     live;
    int64_t        amount;             /* minor units */
    ngx_str_t      currency;
    ngx_str_t      kind;
    ngx_str_t      way;
    ngx_str_t      state;
    ngx_uint_t     outcome_unknown;
    ngx_str_t      reason;
    ngx_str_t      failure_code;
    ngx_str_t      operator;
    ngx_str_t      msisdn;             /* sealed */
    ngx_str_t      description;        /* of the payment */
    ngx_uint_t     attempt;            /* its charge goes back */
} ngx_carrierpay_refund_t;


/* Does a worker pay it back as a payout to a wallet?  Is it a reversal? */
ngx_uint_t ngx_carrierpay_refund_wallet(const ngx_carrierpay_refund_t *refund);
ngx_uint_t ngx_carrierpay_refund_reversal(
    const ngx_carrierpay_refund_t *refund);

/*
 * Reads a row of refund_view that starts at `column`; texts are copied into
 * the pool.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_refund_row(ngx_carrierpay_refund_t *refund,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);

/*
 * The bytes that its JSON may have, and the JSON, which is Refund in
 * docs/openapi.yaml: returns the position after it.
 */
size_t ngx_carrierpay_refund_json_size(const ngx_carrierpay_refund_t *refund);
u_char *ngx_carrierpay_refund_json(u_char *p,
    ngx_carrierpay_refund_t *refund);


#endif /* _NGX_CARRIERPAY_REFUND_H_INCLUDED_ */
