
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_chargeback.h"
#include "ngx_carrierpay_id.h"


ngx_int_t
ngx_carrierpay_chargeback_row(ngx_carrierpay_chargeback_t *back,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_uint_t  i;
    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
        { NGX_CARRIERPAY_CHARGEBACK_STATE, &back->state },
        { NGX_CARRIERPAY_CHARGEBACK_REASON, &back->reason },
        { NGX_CARRIERPAY_CHARGEBACK_BEARER, &back->bearer }
    };

#define ngx_carrierpay_chargeback_int(name)                                   \
    ngx_carrierpay_pq_int(res, row, column + NGX_CARRIERPAY_CHARGEBACK_##name)

    if (ngx_carrierpay_pq_null(res, row, column)) {
        return NGX_OK;
    }

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, column + texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    back->number = ngx_carrierpay_chargeback_int(NUMBER);
    back->amount = ngx_carrierpay_chargeback_int(AMOUNT);
    back->fee = ngx_carrierpay_chargeback_int(FEE);

    return NGX_OK;
}


size_t
ngx_carrierpay_chargeback_json_size(const ngx_carrierpay_chargeback_t *back)
{
    /* 512 is more than all names and numbers together */

    return 512 + back->currency.len + back->state.len + back->reason.len
           + back->bearer.len;
}


u_char *
ngx_carrierpay_chargeback_json(u_char *p, ngx_carrierpay_chargeback_t *back)
{
    p = ngx_sprintf(p, "{\"object\":\"chargeback\",\"number\":%D,"
                    "\"payment\":\"", back->number);
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT,
                                back->payment_id);

    return ngx_sprintf(p, "\",\"status\":\"%V\",\"amount\":%L,"
                       "\"currency\":\"%V\",\"reason\":\"%V\","
                       "\"bearer\":\"%V\",\"fee\":%L}",
                       &back->state, back->amount, &back->currency,
                       &back->reason, &back->bearer, back->fee);
}
