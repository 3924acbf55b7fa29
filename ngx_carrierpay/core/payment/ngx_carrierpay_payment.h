
/*
 * A payment as the ledger shows it, and its one JSON form.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"


/* the fields that a merchant may set are limited to these many bytes */

#define NGX_CARRIERPAY_DESCRIPTION_MAX   200
#define NGX_CARRIERPAY_REFERENCE_MAX     100
#define NGX_CARRIERPAY_RETURN_URL_MAX    2048
#define NGX_CARRIERPAY_METADATA_MAX      4096


typedef struct {
    int64_t          id;
    int32_t          merchant_id;
    ngx_str_t        merchant_name;
    ngx_uint_t       live;
    int64_t          amount;           /* minor units */
    ngx_str_t        currency;         /* ISO 4217 */
    ngx_str_t        description;
    ngx_str_t        reference;        /* data NULL: none; so below */
    ngx_str_t        return_url;
    ngx_str_t        metadata;         /* a JSON object's text; NULL: {} */
    ngx_str_t        state;            /* "pending", … */
    ngx_uint_t       outcome_unknown;
    ngx_str_t        failure_code;
    ngx_str_t        operator;         /* code */
    ngx_str_t        operator_name;
    int64_t          pseudonym_id;     /* 0: none */
    ngx_str_t        msisdn;           /* sealed */
    int64_t          attempt;
    ngx_int_t        attempts;         /* of recovery */
    int64_t          created;          /* ms since the epoch, by the id */
    int64_t          expires;          /* ms since the epoch */
    ngx_str_t        locale;           /* "fr"; data NULL: not said */
    ngx_str_t        email;            /* sealed; where a receipt goes */
    ngx_uint_t       approval;         /* waits for the handset */
    ngx_uint_t       pin;              /* pending, and a PIN was sent */
} ngx_carrierpay_payment_t;


/* what shoppers see of a merchant; data NULL: nothing */

typedef struct {
    ngx_str_t        support;          /* whom to ask */
    ngx_str_t        terms_url;
    ngx_str_t        colour;           /* six hex digits */
    ngx_str_t        logo;             /* a data: URI */
    ngx_str_t        frames;           /* origins that may frame his pages */
} ngx_carrierpay_brand_t;


/* columns of the ledger's payment view; the page view has a brand behind */
#define NGX_CARRIERPAY_PAYMENT_COLUMNS  25
#define NGX_CARRIERPAY_PAGE_COLUMNS     30


/*
 * Reads a row of the payment view that starts at `column`, copying into the
 * pool.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_payment_read(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);

/* The brand of a row of the page view; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_carrierpay_payment_brand(ngx_carrierpay_brand_t *brand,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_pool_t *pool);

ngx_uint_t ngx_carrierpay_payment_is(ngx_carrierpay_payment_t *p,
    const char *state);

/*
 * The payment object in JSON, as API and webhooks show it; `url` is where the
 * shopper goes while the payment is pending, or empty.
 */
ngx_int_t ngx_carrierpay_payment_render(ngx_carrierpay_payment_t *p,
    ngx_str_t *url, ngx_pool_t *pool, ngx_str_t *json);

/*
 * An operator's decline code in our words: itself when it is one of the
 * normalised codes, else "generic_decline".
 */
void ngx_carrierpay_payment_code(ngx_str_t *code, ngx_str_t *normalised);

/* A sentence for a decline code, for the API and for pages; never NULL. */
const char *ngx_carrierpay_payment_advice(ngx_str_t *code);


#endif /* _NGX_CARRIERPAY_PAYMENT_H_INCLUDED_ */
