
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_json_member.h"
#include "ngx_carrierpay_refund.h"


static ngx_uint_t ngx_carrierpay_refund_is(const ngx_str_t *word,
    const char *text);


ngx_uint_t
ngx_carrierpay_refund_wallet(const ngx_carrierpay_refund_t *refund)
{
    return ngx_carrierpay_refund_is(&refund->way, "wallet");
}


ngx_uint_t
ngx_carrierpay_refund_reversal(const ngx_carrierpay_refund_t *refund)
{
    return ngx_carrierpay_refund_is(&refund->kind, "reversal");
}


static ngx_uint_t
ngx_carrierpay_refund_is(const ngx_str_t *word, const char *text)
{
    return word->len == ngx_strlen(text)
           && ngx_memcmp(word->data, text, word->len) == 0;
}


ngx_int_t
ngx_carrierpay_refund_row(ngx_carrierpay_refund_t *refund,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_uint_t  i;
    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
        { NGX_CARRIERPAY_REFUND_CURRENCY, &refund->currency },
        { NGX_CARRIERPAY_REFUND_KIND, &refund->kind },
        { NGX_CARRIERPAY_REFUND_WAY, &refund->way },
        { NGX_CARRIERPAY_REFUND_STATE, &refund->state },
        { NGX_CARRIERPAY_REFUND_REASON, &refund->reason },
        { NGX_CARRIERPAY_REFUND_FAILURE_CODE, &refund->failure_code },
        { NGX_CARRIERPAY_REFUND_OPERATOR, &refund->operator },
        { NGX_CARRIERPAY_REFUND_MSISDN, &refund->msisdn },
        { NGX_CARRIERPAY_REFUND_DESCRIPTION, &refund->description }
    };

#define ngx_carrierpay_refund_int(name)                                       \
    ngx_carrierpay_pq_int(res, row, column + NGX_CARRIERPAY_REFUND_##name)

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, column + texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    refund->id = ngx_carrierpay_refund_int(ID);
    refund->payment_id = ngx_carrierpay_refund_int(PAYMENT_ID);
    refund->live = ngx_carrierpay_refund_int(LIVE);
    refund->amount = ngx_carrierpay_refund_int(AMOUNT);
    refund->outcome_unknown = ngx_carrierpay_refund_int(OUTCOME_UNKNOWN);
    refund->attempt = ngx_carrierpay_refund_int(ATTEMPT);

    return NGX_OK;
}


size_t
ngx_carrierpay_refund_json_size(const ngx_carrierpay_refund_t *refund)
{
    /* 512 is more than all names, words, numbers and times together */

    return 512 + NGX_CARRIERPAY_DECLINE_JSON_MAX + refund->failure_code.len
           + ngx_carrierpay_json_member_size(&refund->reason);
}


u_char *
ngx_carrierpay_refund_json(u_char *p, ngx_carrierpay_refund_t *refund)
{
    p = ngx_cpymem(p, "{\"id\":\"", sizeof("{\"id\":\"") - 1);
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_REFUND, refund->id);
    p = ngx_sprintf(p, "\",\"object\":\"%V\",\"livemode\":%s,"
                    "\"payment\":\"", &refund->kind,
                    refund->live ? "true" : "false");
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT,
                                refund->payment_id);
    p = ngx_sprintf(p, "\",\"status\":\"%V\",\"outcome\":%s,"
                    "\"amount\":%L,\"currency\":\"%V\"", &refund->state,
                    refund->outcome_unknown ? "\"unknown\"" : "null",
                    refund->amount, &refund->currency);

    p = ngx_carrierpay_json_member_text(p, "reason", &refund->reason);
    p = ngx_carrierpay_decline_json(p, &refund->failure_code);
    p = ngx_carrierpay_json_member_time(p, "created",
                                        ngx_carrierpay_id_time(refund->id));
    *p++ = '}';

    return p;
}
