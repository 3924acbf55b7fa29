
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_time.h"


typedef struct {
    ngx_str_t    code;
    const char  *advice;
} ngx_carrierpay_advice_t;


static ngx_carrierpay_advice_t *ngx_carrierpay_payment_advised(
    ngx_str_t *code);
static size_t ngx_carrierpay_payment_json_size(ngx_str_t *text);
static u_char *ngx_carrierpay_payment_json(u_char *p, const char *name,
    ngx_str_t *text);
static u_char *ngx_carrierpay_payment_time(u_char *p, const char *name,
    int64_t ms);
static u_char *ngx_carrierpay_payment_subscriber(u_char *p, int64_t id);
static u_char *ngx_carrierpay_payment_failure(u_char *p, ngx_str_t *code);
static u_char *ngx_carrierpay_payment_next(u_char *b,
    ngx_carrierpay_payment_t *p, ngx_str_t *url);


/* the normalised decline codes; the last row is for all others */

static ngx_carrierpay_advice_t  ngx_carrierpay_advices[] = {
    { ngx_string("insufficient_funds"),
      "The balance or credit is too low." },
    { ngx_string("limit_exceeded"),
      "A spending limit for this period is reached." },
    { ngx_string("amount_not_allowed"),
      "The operator does not allow this amount." },
    { ngx_string("subscriber_not_found"),
      "The operator does not know this number." },
    { ngx_string("subscriber_not_eligible"),
      "This line cannot pay this way." },
    { ngx_string("subscriber_blocked"),
      "Purchases are barred on this line." },
    { ngx_string("declined_by_subscriber"),
      "The payment was refused by the subscriber." },
    { ngx_string("authentication_failed"),
      "The subscriber could not be authenticated." },
    { ngx_string("expired"),
      "The payment was not approved in time." },
    { ngx_string("subscriber_unreachable"),
      "The handset could not be reached." },
    { ngx_string("subscriber_busy"),
      "Another transaction of this subscriber is open." },
    { ngx_string("too_frequent"),
      "Too soon after the previous payment." },
    { ngx_string("merchant_not_allowed"),
      "The operator does not accept this merchant." },
    { ngx_string("invalid_request"),
      "The operator could not read the request." },
    { ngx_string("operator_unavailable"),
      "The operator could not be reached; nothing was charged." },
    { ngx_string("cancelled"),
      "The payment was cancelled." },

    /* those of eligibility, which the operator has no part in */

    { ngx_string("not_a_number"),
      "This is no phone number of a country that can pay." },
    { ngx_string("fixed_line"),
      "A fixed line cannot pay; mobile lines can." },
    { ngx_string("operator_not_connected"),
      "The line's operator cannot be paid with." },
    { ngx_string("mvno_barred"),
      "The line's provider allows no purchases on its bills." },
    { ngx_string("number_ported"),
      "The number has moved to another operator; identify it again." },
    { ngx_string("currency_not_supported"),
      "The line's operator bills in another currency." },
    { ngx_string("over_limit"),
      "The operator's limit of one payment is lower." },
    { ngx_string("service_not_allowed"),
      "You have no contract in force with the line's operator." },
    { ngx_string("blocked_by_subscriber"),
      "The subscriber has blocked purchases." },

    { ngx_string("generic_decline"),
      "The payment was refused." }
};


ngx_int_t
ngx_carrierpay_payment_read(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_uint_t  i;

    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
        { 2,  &p->merchant_name },
        { 5,  &p->currency },
        { 6,  &p->description },
        { 7,  &p->reference },
        { 8,  &p->return_url },
        { 9,  &p->metadata },
        { 10, &p->state },
        { 12, &p->failure_code },
        { 13, &p->operator },
        { 14, &p->operator_name },
        { 16, &p->msisdn },
        { 21, &p->locale },
        { 22, &p->email }
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, column + texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    p->id = ngx_carrierpay_pq_int(res, row, column);
    p->merchant_id = ngx_carrierpay_pq_int(res, row, column + 1);
    p->live = ngx_carrierpay_pq_int(res, row, column + 3);
    p->amount = ngx_carrierpay_pq_int(res, row, column + 4);
    p->outcome_unknown = ngx_carrierpay_pq_int(res, row, column + 11);
    p->pseudonym_id = ngx_carrierpay_pq_int(res, row, column + 15);
    p->attempt = ngx_carrierpay_pq_int(res, row, column + 17);
    p->attempts = ngx_carrierpay_pq_int(res, row, column + 18);
    p->created = ngx_carrierpay_id_time(p->id);
    p->expires = ngx_carrierpay_pq_int(res, row, column + 20);
    p->approval = ngx_carrierpay_pq_int(res, row, column + 23);
    p->pin = ngx_carrierpay_pq_int(res, row, column + 24);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_payment_brand(ngx_carrierpay_brand_t *brand,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_pool_t *pool)
{
    ngx_uint_t  i;

    ngx_str_t  *texts[] = { &brand->support, &brand->terms_url,
                            &brand->colour, &brand->logo, &brand->frames };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row,
                                   NGX_CARRIERPAY_PAYMENT_COLUMNS + i, pool,
                                   texts[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_uint_t
ngx_carrierpay_payment_is(ngx_carrierpay_payment_t *p, const char *state)
{
    size_t  len;

    len = ngx_strlen(state);

    return p->state.len == len && ngx_memcmp(p->state.data, state, len) == 0;
}


ngx_int_t
ngx_carrierpay_payment_render(ngx_carrierpay_payment_t *p, ngx_str_t *url,
    ngx_pool_t *pool, ngx_str_t *json)
{
    size_t   len;
    u_char  *b;

    /* 1024 is more than all names, numbers, times and advices together */

    len = 1024 + p->state.len + p->metadata.len
          + ngx_carrierpay_payment_json_size(&p->description)
          + ngx_carrierpay_payment_json_size(&p->reference)
          + ngx_carrierpay_payment_json_size(&p->return_url)
          + ngx_carrierpay_payment_json_size(&p->locale)
          + ngx_carrierpay_payment_json_size(&p->operator)
          + ngx_carrierpay_payment_json_size(&p->failure_code)
          + ngx_carrierpay_payment_json_size(url);

    b = ngx_pnalloc(pool, len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    json->data = b;

    b = ngx_cpymem(b, "{\"id\":\"", sizeof("{\"id\":\"") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_PAYMENT, p->id);
    b = ngx_sprintf(b, "\",\"object\":\"payment\",\"livemode\":%s,"
                    "\"status\":\"%V\",\"outcome\":%s,\"amount\":%L,"
                    "\"currency\":\"%V\"",
                    p->live ? "true" : "false", &p->state,
                    p->outcome_unknown ? "\"unknown\"" : "null",
                    (int64_t) p->amount, &p->currency);

    b = ngx_carrierpay_payment_json(b, "description", &p->description);
    b = ngx_carrierpay_payment_json(b, "reference", &p->reference);
    b = ngx_carrierpay_payment_json(b, "return_url", &p->return_url);

    if (p->metadata.len) {
        b = ngx_sprintf(b, ",\"metadata\":%V", &p->metadata);

    } else {
        b = ngx_cpymem(b, ",\"metadata\":{}", sizeof(",\"metadata\":{}") - 1);
    }

    b = ngx_carrierpay_payment_json(b, "locale", &p->locale);
    b = ngx_carrierpay_payment_subscriber(b, p->pseudonym_id);
    b = ngx_carrierpay_payment_json(b, "operator", &p->operator);
    b = ngx_carrierpay_payment_failure(b, &p->failure_code);
    b = ngx_carrierpay_payment_next(b, p, url);
    b = ngx_carrierpay_payment_time(b, "created", p->created);
    b = ngx_carrierpay_payment_time(b, "expires", p->expires);

    *b++ = '}';

    json->len = b - json->data;

    return NGX_OK;
}


void
ngx_carrierpay_payment_code(ngx_str_t *code, ngx_str_t *normalised)
{
    *normalised = ngx_carrierpay_payment_advised(code)->code;
}


const char *
ngx_carrierpay_payment_advice(ngx_str_t *code)
{
    return ngx_carrierpay_payment_advised(code)->advice;
}


static ngx_carrierpay_advice_t *
ngx_carrierpay_payment_advised(ngx_str_t *code)
{
    ngx_uint_t                i, last;
    ngx_carrierpay_advice_t  *a;

    a = ngx_carrierpay_advices;
    last = sizeof(ngx_carrierpay_advices) / sizeof(*a) - 1;

    for (i = 0; i < last; i++) {
        if (a[i].code.len == code->len
            && ngx_memcmp(a[i].code.data, code->data, code->len) == 0)
        {
            break;
        }
    }

    return &a[i];
}


static size_t
ngx_carrierpay_payment_json_size(ngx_str_t *text)
{
    return text->len ? ngx_carrierpay_text_json_size(text->data, text->len)
                     : 0;
}


static u_char *
ngx_carrierpay_payment_json(u_char *p, const char *name, ngx_str_t *text)
{
    p = ngx_sprintf(p, ",\"%s\":", name);

    if (text->data == NULL) {
        return ngx_cpymem(p, "null", 4);
    }

    *p++ = '"';
    p = ngx_carrierpay_text_json(p, text->data, text->len);
    *p++ = '"';

    return p;
}


static u_char *
ngx_carrierpay_payment_time(u_char *p, const char *name, int64_t ms)
{
    p = ngx_sprintf(p, ",\"%s\":\"", name);
    p = ngx_carrierpay_time_print(p, ms);
    *p++ = '"';

    return p;
}


static u_char *
ngx_carrierpay_payment_subscriber(u_char *p, int64_t id)
{
    if (id == 0) {
        return ngx_cpymem(p, ",\"subscriber\":null",
                          sizeof(",\"subscriber\":null") - 1);
    }

    p = ngx_cpymem(p, ",\"subscriber\":\"", sizeof(",\"subscriber\":\"") - 1);
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_SUBSCRIBER, id);
    *p++ = '"';

    return p;
}


static u_char *
ngx_carrierpay_payment_failure(u_char *p, ngx_str_t *code)
{
    if (code->len == 0) {
        return ngx_cpymem(p, ",\"failure\":null",
                          sizeof(",\"failure\":null") - 1);
    }

    return ngx_sprintf(p, ",\"failure\":{\"code\":\"%V\",\"message\":\"%s\"}",
                       code, ngx_carrierpay_payment_advice(code));
}


static u_char *
ngx_carrierpay_payment_next(u_char *b, ngx_carrierpay_payment_t *p,
    ngx_str_t *url)
{
    const char  *type;

    type = p->approval ? "approve_on_phone" : p->pin ? "enter_pin"
                                                     : "identify";

    if (url->len == 0 && !p->approval) {
        return ngx_cpymem(b, ",\"next_action\":null",
                          sizeof(",\"next_action\":null") - 1);
    }

    b = ngx_sprintf(b, ",\"next_action\":{\"type\":\"%s\"", type);

    return ngx_sprintf(ngx_carrierpay_payment_json(b, "url", url), "}");
}
