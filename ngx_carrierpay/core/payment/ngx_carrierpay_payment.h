
/*
 * A payment as the ledger shows it.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_pq.h"


/* the fields that a merchant may set are limited to these many bytes */

#define NGX_CARRIERPAY_DESCRIPTION_MAX   200
#define NGX_CARRIERPAY_REFERENCE_MAX     100
#define NGX_CARRIERPAY_RETURN_URL_MAX    2048
#define NGX_CARRIERPAY_METADATA_MAX      4096


/*
 * The states of the ledger, whose last four are terminal.  An authorized
 * payment is reserved, and waits for its capture.  The state is
 * "canceled" in all texts; the decline code "cancelled" is another word, of
 * the operators.
 */

typedef enum {
    NGX_CARRIERPAY_PAYMENT_PENDING = 0,
    NGX_CARRIERPAY_PAYMENT_PROCESSING,
    NGX_CARRIERPAY_PAYMENT_AUTHORIZED,
    NGX_CARRIERPAY_PAYMENT_SUCCEEDED,
    NGX_CARRIERPAY_PAYMENT_FAILED,
    NGX_CARRIERPAY_PAYMENT_EXPIRED,
    NGX_CARRIERPAY_PAYMENT_CANCELED,
    NGX_CARRIERPAY_PAYMENT_STATES
} ngx_carrierpay_payment_state_e;


/* The columns of payment_view, in order; then what page_view adds. */

typedef enum {
    NGX_CARRIERPAY_PAYMENT_ID = 0,
    NGX_CARRIERPAY_PAYMENT_MERCHANT_ID,
    NGX_CARRIERPAY_PAYMENT_MERCHANT_NAME,
    NGX_CARRIERPAY_PAYMENT_LIVE,
    NGX_CARRIERPAY_PAYMENT_AMOUNT,
    NGX_CARRIERPAY_PAYMENT_CURRENCY,
    NGX_CARRIERPAY_PAYMENT_DESCRIPTION,
    NGX_CARRIERPAY_PAYMENT_REFERENCE,
    NGX_CARRIERPAY_PAYMENT_RETURN_URL,
    NGX_CARRIERPAY_PAYMENT_METADATA,
    NGX_CARRIERPAY_PAYMENT_STATE,
    NGX_CARRIERPAY_PAYMENT_OUTCOME_UNKNOWN,
    NGX_CARRIERPAY_PAYMENT_FAILURE_CODE,
    NGX_CARRIERPAY_PAYMENT_OPERATOR,
    NGX_CARRIERPAY_PAYMENT_OPERATOR_NAME,
    NGX_CARRIERPAY_PAYMENT_PSEUDONYM_ID,
    NGX_CARRIERPAY_PAYMENT_MSISDN,
    NGX_CARRIERPAY_PAYMENT_ATTEMPT,
    NGX_CARRIERPAY_PAYMENT_CREATED,
    NGX_CARRIERPAY_PAYMENT_EXPIRES,
    NGX_CARRIERPAY_PAYMENT_LOCALE,
    NGX_CARRIERPAY_PAYMENT_EMAIL,
    NGX_CARRIERPAY_PAYMENT_APPROVAL,
    NGX_CARRIERPAY_PAYMENT_PIN,
    NGX_CARRIERPAY_PAYMENT_CATEGORY,
    NGX_CARRIERPAY_PAYMENT_LATER_MAX,
    NGX_CARRIERPAY_PAYMENT_SHARE,
    NGX_CARRIERPAY_PAYMENT_TAX,
    NGX_CARRIERPAY_PAYMENT_FEE,
    NGX_CARRIERPAY_PAYMENT_MANUAL,
    NGX_CARRIERPAY_PAYMENT_CAPTURED,
    NGX_CARRIERPAY_PAYMENT_REFUNDED,
    NGX_CARRIERPAY_PAYMENT_CHARGED_BACK,
    NGX_CARRIERPAY_PAYMENT_OPERATION,
    NGX_CARRIERPAY_PAYMENT_DECLINED,
    NGX_CARRIERPAY_PAYMENT_COLUMNS,

    NGX_CARRIERPAY_PAGE_SUPPORT = NGX_CARRIERPAY_PAYMENT_COLUMNS,
    NGX_CARRIERPAY_PAGE_TERMS_URL,
    NGX_CARRIERPAY_PAGE_COLOUR,
    NGX_CARRIERPAY_PAGE_LOGO,
    NGX_CARRIERPAY_PAGE_FRAMES,
    NGX_CARRIERPAY_PAGE_COLUMNS
} ngx_carrierpay_payment_column_e;


/* Strings with data NULL are not set. */

typedef struct {
    int64_t                         id;
    int32_t                         merchant_id;
    ngx_str_t                       merchant_name;
    ngx_uint_t                      live;
    int64_t                         amount;          /* minor units */
    ngx_str_t                       currency;        /* ISO 4217 */
    ngx_str_t                       description;
    ngx_str_t                       reference;
    ngx_str_t                       return_url;
    ngx_str_t                       metadata;        /* a JSON object's text */
    ngx_carrierpay_payment_state_e  state;
    ngx_uint_t                      outcome_unknown;
    ngx_str_t                       failure_code;
    ngx_str_t                       operator;        /* its code */
    ngx_str_t                       operator_name;
    int64_t                         pseudonym_id;    /* 0: none */
    ngx_str_t                       msisdn;          /* sealed */
    int64_t                         attempt;
    int64_t                         created;         /* Unix ms, by the id */
    int64_t                         expires;         /* Unix ms */
    ngx_str_t                       locale;          /* "fr" */
    ngx_str_t                       email;           /* sealed, for receipts */
    ngx_uint_t                      approval;        /* by the handset */
    ngx_uint_t                      pin;             /* pending, one is sent */
    ngx_uint_t                      manual;          /* in two steps */
    int64_t                         captured;        /* if so; 0: not yet */
    int64_t                         refunded;
    int64_t                         charged_back;
    ngx_carrierpay_operation_e      operation;       /* that is in flight while
                                                        it is processing */
    ngx_str_t                       category;        /* "digital_content" */
    ngx_str_t                       declined;        /* attempts; see there */
    int64_t                         later_max;       /* of later charges in a
                                                        month, which its payer
                                                        agrees to, too; or 0 */

    /* parts of the amount, once it is rated: when it begins to be charged */

    ngx_uint_t                      rated;
    int64_t                         share;           /* of the operator */
    int64_t                         tax;             /* VAT */
    int64_t                         fee;             /* ours */
} ngx_carrierpay_payment_t;


/* What shoppers see of a merchant. */

typedef struct {
    ngx_str_t                       support;     /* how to get help */
    ngx_str_t                       terms_url;
    ngx_str_t                       colour;      /* six hex digits */
    ngx_str_t                       logo;        /* a data: URI */
    ngx_str_t                       frames;      /* origins that may frame */
} ngx_carrierpay_brand_t;


/* When the shopper confirmed the payment, in Unix ms. */
int64_t ngx_carrierpay_payment_paid(const ngx_carrierpay_payment_t *p);

/* What is taken of the amount: all of it, unless a part is captured. */
int64_t ngx_carrierpay_payment_taken(const ngx_carrierpay_payment_t *p);

/* "pending" and so on, as API, webhooks and ledger write it. */
const ngx_str_t *ngx_carrierpay_payment_state_name(
    ngx_carrierpay_payment_state_e state);

/* NGX_OK, or NGX_ERROR after an [alert] line: the word is no state. */
ngx_int_t ngx_carrierpay_payment_state_parse(ngx_log_t *log,
    const ngx_str_t *word, ngx_carrierpay_payment_state_e *state);

/*
 * Reads a row of payment_view that starts at `column`; texts are copied into
 * the pool.  NGX_OK, or NGX_ERROR: memory, or an unknown state.
 */
ngx_int_t ngx_carrierpay_payment_row(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);

/* Reads share, tax and fee, which start at `column`, or that they are null. */
void ngx_carrierpay_payment_rated_row(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column);

/* The brand of a row of page_view, likewise. */
ngx_int_t ngx_carrierpay_payment_brand_row(ngx_carrierpay_brand_t *brand,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);


#endif /* _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_ */
