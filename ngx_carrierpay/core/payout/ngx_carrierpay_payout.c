
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_json_member.h"
#include "ngx_carrierpay_payout.h"


ngx_int_t
ngx_carrierpay_payout_row(ngx_carrierpay_payout_t *payout,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_uint_t  i;
    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
        { NGX_CARRIERPAY_PAYOUT_OPERATOR, &payout->operator },
        { NGX_CARRIERPAY_PAYOUT_CURRENCY, &payout->currency },
        { NGX_CARRIERPAY_PAYOUT_REFERENCE, &payout->reference },
        { NGX_CARRIERPAY_PAYOUT_STATE, &payout->state },
        { NGX_CARRIERPAY_PAYOUT_FAILURE_CODE, &payout->failure_code },
        { NGX_CARRIERPAY_PAYOUT_MSISDN, &payout->msisdn }
    };

#define ngx_carrierpay_payout_int(name)                                       \
    ngx_carrierpay_pq_int(res, row, column + NGX_CARRIERPAY_PAYOUT_##name)

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, column + texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    payout->id = ngx_carrierpay_payout_int(ID);
    payout->live = ngx_carrierpay_payout_int(LIVE);
    payout->amount = ngx_carrierpay_payout_int(AMOUNT);
    payout->outcome_unknown = ngx_carrierpay_payout_int(OUTCOME_UNKNOWN);

    return NGX_OK;
}


size_t
ngx_carrierpay_payout_json_size(const ngx_carrierpay_payout_t *payout)
{
    /* 512 is more than all names, words, numbers and times together */

    return 512 + NGX_CARRIERPAY_DECLINE_JSON_MAX + payout->failure_code.len
           + ngx_carrierpay_json_member_size(&payout->reference);
}


u_char *
ngx_carrierpay_payout_json(u_char *p, ngx_carrierpay_payout_t *payout)
{
    p = ngx_cpymem(p, "{\"id\":\"", sizeof("{\"id\":\"") - 1);
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYOUT, payout->id);
    p = ngx_sprintf(p, "\",\"object\":\"payout\",\"livemode\":%s,"
                    "\"status\":\"%V\",\"outcome\":%s,"
                    "\"amount\":%L,\"currency\":\"%V\",\"operator\":\"%V\"",
                    payout->live ? "true" : "false", &payout->state,
                    payout->outcome_unknown ? "\"unknown\"" : "null",
                    payout->amount, &payout->currency, &payout->operator);

    p = ngx_carrierpay_json_member_text(p, "reference", &payout->reference);
    p = ngx_carrierpay_decline_json(p, &payout->failure_code);
    p = ngx_carrierpay_json_member_time(p, "created",
                                        ngx_carrierpay_id_time(payout->id));
    *p++ = '}';

    return p;
}
