
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_outcome.h"
#include "ngx_carrierpay_payment.h"


typedef struct {
    ngx_uint_t   column;
    ngx_str_t   *text;
} ngx_carrierpay_payment_text_t;


static ngx_int_t ngx_carrierpay_payment_texts(
    ngx_carrierpay_payment_text_t *texts, ngx_uint_t n,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);


/* by ngx_carrierpay_payment_state_e */

static const ngx_str_t  ngx_carrierpay_payment_states[] = {
    ngx_string("pending"),
    ngx_string("processing"),
    ngx_string("authorized"),
    ngx_string("succeeded"),
    ngx_string("failed"),
    ngx_string("expired"),
    ngx_string("canceled")
};


const ngx_str_t *
ngx_carrierpay_payment_state_name(ngx_carrierpay_payment_state_e state)
{
    return &ngx_carrierpay_payment_states[state];
}


ngx_int_t
ngx_carrierpay_payment_state_parse(ngx_log_t *log, const ngx_str_t *word,
    ngx_carrierpay_payment_state_e *state)
{
    ngx_uint_t        i;
    const ngx_str_t  *name;

    for (i = 0; i < NGX_CARRIERPAY_PAYMENT_STATES; i++) {
        name = &ngx_carrierpay_payment_states[i];

        if (name->len == word->len
            && ngx_memcmp(name->data, word->data, word->len) == 0)
        {
            *state = i;
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, log, 0, "a payment is in state \"%V\"", word);

    return NGX_ERROR;
}


ngx_int_t
ngx_carrierpay_payment_row(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_str_t                      state, operation;
    ngx_carrierpay_payment_text_t  texts[] = {
        { NGX_CARRIERPAY_PAYMENT_MERCHANT_NAME, &p->merchant_name },
        { NGX_CARRIERPAY_PAYMENT_CURRENCY, &p->currency },
        { NGX_CARRIERPAY_PAYMENT_DESCRIPTION, &p->description },
        { NGX_CARRIERPAY_PAYMENT_REFERENCE, &p->reference },
        { NGX_CARRIERPAY_PAYMENT_RETURN_URL, &p->return_url },
        { NGX_CARRIERPAY_PAYMENT_METADATA, &p->metadata },
        { NGX_CARRIERPAY_PAYMENT_FAILURE_CODE, &p->failure_code },
        { NGX_CARRIERPAY_PAYMENT_OPERATOR, &p->operator },
        { NGX_CARRIERPAY_PAYMENT_OPERATOR_NAME, &p->operator_name },
        { NGX_CARRIERPAY_PAYMENT_MSISDN, &p->msisdn },
        { NGX_CARRIERPAY_PAYMENT_LOCALE, &p->locale },
        { NGX_CARRIERPAY_PAYMENT_EMAIL, &p->email },
        { NGX_CARRIERPAY_PAYMENT_CATEGORY, &p->category },
        { NGX_CARRIERPAY_PAYMENT_DECLINED, &p->declined }
    };

#define ngx_carrierpay_payment_int(name)                                      \
    ngx_carrierpay_pq_int(res, row, column + NGX_CARRIERPAY_PAYMENT_##name)

    if (ngx_carrierpay_payment_texts(texts, sizeof(texts) / sizeof(texts[0]),
                                     res, row, column, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p->id = ngx_carrierpay_payment_int(ID);
    p->merchant_id = ngx_carrierpay_payment_int(MERCHANT_ID);
    p->live = ngx_carrierpay_payment_int(LIVE);
    p->amount = ngx_carrierpay_payment_int(AMOUNT);
    p->outcome_unknown = ngx_carrierpay_payment_int(OUTCOME_UNKNOWN);
    p->pseudonym_id = ngx_carrierpay_payment_int(PSEUDONYM_ID);
    p->attempt = ngx_carrierpay_payment_int(ATTEMPT);
    p->created = ngx_carrierpay_id_time(p->id);
    p->expires = ngx_carrierpay_payment_int(EXPIRES);
    p->approval = ngx_carrierpay_payment_int(APPROVAL);
    p->pin = ngx_carrierpay_payment_int(PIN);
    ngx_carrierpay_payment_rated_row(p, res, row,
                                     column + NGX_CARRIERPAY_PAYMENT_SHARE);
    p->later_max = ngx_carrierpay_payment_int(LATER_MAX);
    p->manual = ngx_carrierpay_payment_int(MANUAL);
    p->captured = ngx_carrierpay_payment_int(CAPTURED);
    p->refunded = ngx_carrierpay_payment_int(REFUNDED);
    p->charged_back = ngx_carrierpay_payment_int(CHARGED_BACK);

    ngx_carrierpay_pq_bytes(res, row,
                            column + NGX_CARRIERPAY_PAYMENT_OPERATION,
                            &operation);

    if (ngx_carrierpay_operation_parse(pool->log, &operation, &p->operation)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_pq_bytes(res, row, column + NGX_CARRIERPAY_PAYMENT_STATE,
                            &state);

    return ngx_carrierpay_payment_state_parse(pool->log, &state, &p->state);
}


void
ngx_carrierpay_payment_rated_row(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column)
{
    p->rated = !ngx_carrierpay_pq_null(res, row, column);
    p->share = ngx_carrierpay_pq_int(res, row, column);
    p->tax = ngx_carrierpay_pq_int(res, row, column + 1);
    p->fee = ngx_carrierpay_pq_int(res, row, column + 2);
}


int64_t
ngx_carrierpay_payment_paid(const ngx_carrierpay_payment_t *p)
{
    return ngx_carrierpay_id_time(p->attempt ? p->attempt : p->id);
}


int64_t
ngx_carrierpay_payment_taken(const ngx_carrierpay_payment_t *p)
{
    return p->captured ? p->captured : p->amount;
}


ngx_int_t
ngx_carrierpay_payment_brand_row(ngx_carrierpay_brand_t *brand,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_carrierpay_payment_text_t  texts[] = {
        { NGX_CARRIERPAY_PAGE_SUPPORT, &brand->support },
        { NGX_CARRIERPAY_PAGE_TERMS_URL, &brand->terms_url },
        { NGX_CARRIERPAY_PAGE_COLOUR, &brand->colour },
        { NGX_CARRIERPAY_PAGE_LOGO, &brand->logo },
        { NGX_CARRIERPAY_PAGE_FRAMES, &brand->frames }
    };

    return ngx_carrierpay_payment_texts(texts,
                                        sizeof(texts) / sizeof(texts[0]),
                                        res, row, column, pool);
}


static ngx_int_t
ngx_carrierpay_payment_texts(ngx_carrierpay_payment_text_t *texts,
    ngx_uint_t n, ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column, ngx_pool_t *pool)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (ngx_carrierpay_pq_copy(res, row, column + texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
