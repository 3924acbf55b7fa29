
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger_result.h"


typedef struct {
    ngx_str_t                       word;
    ngx_carrierpay_ledger_result_e  result;
} ngx_carrierpay_ledger_word_t;


static const ngx_carrierpay_ledger_word_t  ngx_carrierpay_ledger_words[] = {
    { ngx_string("processing"), NGX_CARRIERPAY_LEDGER_PROCESSING },
    { ngx_string("applied"), NGX_CARRIERPAY_LEDGER_APPLIED },
    { ngx_string("pending"), NGX_CARRIERPAY_LEDGER_PENDING },
    { ngx_string("blocked_by_subscriber"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("over_limit"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("consent_exceeded"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("limit_day"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("limit_week"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("limit_month"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("limit_total"), NGX_CARRIERPAY_LEDGER_BLOCKED },
    { ngx_string("held"), NGX_CARRIERPAY_LEDGER_HELD },
    { ngx_string("replay"), NGX_CARRIERPAY_LEDGER_REPLAY },
    { ngx_string("in_flight"), NGX_CARRIERPAY_LEDGER_IN_FLIGHT },
    { ngx_string("mismatch"), NGX_CARRIERPAY_LEDGER_MISMATCH },
    { ngx_string("already"), NGX_CARRIERPAY_LEDGER_ALREADY },
    { ngx_string("conflict"), NGX_CARRIERPAY_LEDGER_CONFLICT },
    { ngx_string("canceled"), NGX_CARRIERPAY_LEDGER_CANCELED },
    { ngx_string("expired"), NGX_CARRIERPAY_LEDGER_EXPIRED },
    { ngx_string("early"), NGX_CARRIERPAY_LEDGER_EARLY },
    { ngx_string("not_found"), NGX_CARRIERPAY_LEDGER_NOT_FOUND },
    { ngx_string("not_refundable"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("not_authorized"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("amount_too_large"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("nothing_left"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("too_many_refunds"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("no_contract"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("currency_mismatch"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("category_not_allowed"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("amount_not_allowed"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("subscriber_unknown"), NGX_CARRIERPAY_LEDGER_REFUSED },
    { ngx_string("consent_required"), NGX_CARRIERPAY_LEDGER_REFUSED }
};


ngx_int_t
ngx_carrierpay_ledger_result_parse(ngx_log_t *log, const ngx_str_t *word,
    ngx_carrierpay_ledger_result_e *result)
{
    ngx_uint_t                           i, n;
    const ngx_carrierpay_ledger_word_t  *known;

    known = ngx_carrierpay_ledger_words;
    n = sizeof(ngx_carrierpay_ledger_words) / sizeof(*known);

    if (word->len == sizeof("busy") - 1
        && ngx_memcmp(word->data, "busy", sizeof("busy") - 1) == 0)
    {
        return NGX_BUSY;
    }

    for (i = 0; i < n; i++) {
        if (known[i].word.len == word->len
            && ngx_memcmp(known[i].word.data, word->data, word->len) == 0)
        {
            *result = known[i].result;
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, log, 0, "the ledger answered \"%V\"", word);

    return NGX_ERROR;
}
