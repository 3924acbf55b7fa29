
/*
 * A chargeback, as an event tells of it: money that the operator has taken
 * back of a payment, or that it gives back after all.
 */


#ifndef _NGX_CARRIERPAY_CHARGEBACK_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGEBACK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"


/* The columns of an event that are about a chargeback, in order. */

typedef enum {
    NGX_CARRIERPAY_CHARGEBACK_NUMBER = 0,
    NGX_CARRIERPAY_CHARGEBACK_AMOUNT,
    NGX_CARRIERPAY_CHARGEBACK_FEE,
    NGX_CARRIERPAY_CHARGEBACK_STATE,
    NGX_CARRIERPAY_CHARGEBACK_REASON,
    NGX_CARRIERPAY_CHARGEBACK_BEARER
} ngx_carrierpay_chargeback_column_e;


/*
 * The words of state, reason and bearer are the ledger's: "charged_back",
 * "reversed"; "chargeback", "non_payment", "fraud", "error"; "merchant",
 * "platform", "operator".
 */

typedef struct {
    int64_t        payment_id;
    int32_t        number;             /* in the payment; 0: none */
    int64_t        amount;             /* minor units */
    int64_t        fee;                /* the merchant's, for it */
    ngx_str_t      currency;
    ngx_str_t      state;
    ngx_str_t      reason;
    ngx_str_t      bearer;
} ngx_carrierpay_chargeback_t;


/*
 * Reads the columns that start at `column`; texts are copied into the pool.
 * What an event that is about none has there leaves the number 0.  NGX_OK or
 * NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_chargeback_row(ngx_carrierpay_chargeback_t *back,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);

/*
 * The bytes that its JSON may have, and the JSON, which is Chargeback in
 * docs/openapi.yaml: returns the position after it.
 */
size_t ngx_carrierpay_chargeback_json_size(
    const ngx_carrierpay_chargeback_t *back);
u_char *ngx_carrierpay_chargeback_json(u_char *p,
    ngx_carrierpay_chargeback_t *back);


#endif /* _NGX_CARRIERPAY_CHARGEBACK_H_INCLUDED_ */
