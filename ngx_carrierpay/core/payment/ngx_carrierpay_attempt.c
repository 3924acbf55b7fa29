
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_attempt.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_json_member.h"
#include "ngx_carrierpay_time.h"


static ngx_int_t ngx_carrierpay_attempt_word(ngx_str_t *text,
    ngx_str_t *word);


ngx_int_t
ngx_carrierpay_attempt_next(ngx_str_t *text, ngx_carrierpay_attempt_t *attempt)
{
    ngx_str_t  at;

    if (ngx_carrierpay_attempt_word(text, &attempt->operator) != NGX_OK
        || ngx_carrierpay_attempt_word(text, &attempt->failure_code) != NGX_OK
        || ngx_carrierpay_attempt_word(text, &at) != NGX_OK)
    {
        return NGX_DONE;
    }

    attempt->at = ngx_atoof(at.data, at.len);

    return NGX_OK;
}


/* A word ends at a space, or with the text. */

static ngx_int_t
ngx_carrierpay_attempt_word(ngx_str_t *text, ngx_str_t *word)
{
    u_char  *p, *last;

    if (text->len == 0) {
        return NGX_DONE;
    }

    last = text->data + text->len;

    p = ngx_strlchr(text->data, last, ' ');
    if (p == NULL) {
        p = last;
    }

    word->data = text->data;
    word->len = p - text->data;

    p = ngx_min(p + 1, last);

    text->data = p;
    text->len = last - p;

    return NGX_OK;
}


ngx_uint_t
ngx_carrierpay_attempt_count(const ngx_str_t *declined)
{
    ngx_str_t                 text;
    ngx_uint_t                n;
    ngx_carrierpay_attempt_t  attempt;

    n = 0;
    text = *declined;

    while (ngx_carrierpay_attempt_next(&text, &attempt) == NGX_OK) {
        n++;
    }

    return n;
}


u_char *
ngx_carrierpay_attempt_reference(u_char *p, int64_t payment_id,
    ngx_uint_t number)
{
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT, payment_id);

    return number > 1 ? ngx_sprintf(p, "-%ui", number) : p;
}


size_t
ngx_carrierpay_attempt_json_size(const ngx_str_t *declined)
{
    return sizeof(",\"attempts\":[]")
           + ngx_carrierpay_attempt_count(declined)
             * (sizeof(",{\"operator\":\"\",\"at\":\"\"}")
                + NGX_CARRIERPAY_TIME_LEN + NGX_CARRIERPAY_DECLINE_JSON_MAX)
           + declined->len;
}


u_char *
ngx_carrierpay_attempt_json(u_char *p, const ngx_str_t *declined)
{
    ngx_str_t                 text;
    ngx_carrierpay_attempt_t  attempt;

    text = *declined;
    p = ngx_cpymem(p, ",\"attempts\":[", sizeof(",\"attempts\":[") - 1);

    while (ngx_carrierpay_attempt_next(&text, &attempt) == NGX_OK) {

        if (p[-1] != '[') {
            *p++ = ',';
        }

        p = ngx_sprintf(p, "{\"operator\":\"%V\"", &attempt.operator);
        p = ngx_carrierpay_decline_json(p, &attempt.failure_code);
        p = ngx_carrierpay_json_member_time(p, "at", attempt.at);
        *p++ = '}';
    }

    *p++ = ']';

    return p;
}
