
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_dialects.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_operator_slot.h"


#define NGX_HTTP_CARRIERPAY_SMS_DIGITS_MAX   15
#define NGX_HTTP_CARRIERPAY_SMS_LETTERS_MAX  11


static char *ngx_http_carrierpay_operator_slot_check_country(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_operator_slot_check_language(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_operator_slot_check_sms_from(ngx_conf_t *cf,
    void *post, void *data);
static const void *ngx_http_carrierpay_operator_slot_find_currency(
    ngx_str_t *code);
static const void *ngx_http_carrierpay_operator_slot_find_dialect(
    ngx_str_t *name);
static ngx_uint_t ngx_http_carrierpay_operator_slot_prefix_valid(
    ngx_str_t *text);


ngx_conf_post_t  ngx_http_carrierpay_operator_slot_country = {
    ngx_http_carrierpay_operator_slot_check_country
};

ngx_conf_post_t  ngx_http_carrierpay_operator_slot_language = {
    ngx_http_carrierpay_operator_slot_check_language
};

ngx_conf_post_t  ngx_http_carrierpay_operator_slot_sms_from = {
    ngx_http_carrierpay_operator_slot_check_sms_from
};


ngx_http_carrierpay_slot_find_t  ngx_http_carrierpay_operator_slot_currency = {
    ngx_http_carrierpay_operator_slot_find_currency, NULL,
    "is not an ISO 4217 currency"
};

ngx_http_carrierpay_slot_find_t  ngx_http_carrierpay_operator_slot_dialect = {
    ngx_http_carrierpay_operator_slot_find_dialect, "dialect", NULL
};


ngx_http_carrierpay_slot_list_t  ngx_http_carrierpay_operator_slot_mccmnc = {
    ngx_carrierpay_mccmnc_valid,
    "is not an MCC and MNC of five or six digits", NULL
};

ngx_http_carrierpay_slot_list_t  ngx_http_carrierpay_operator_slot_prefix = {
    ngx_http_carrierpay_operator_slot_prefix_valid,
    "is not a prefix with a country code", NULL
};

/* the names are known when the whole configuration has been read */

ngx_http_carrierpay_slot_list_t  ngx_http_carrierpay_operator_slot_sms = {
    NULL, NULL, "names a provider twice"
};


static ngx_conf_enum_t  ngx_http_carrierpay_operator_slot_mvno_types[] = {
    { ngx_string("full"), 1 },
    { ngx_string("light"), 0 },
    { ngx_null_string, 0 }
};

ngx_http_carrierpay_slot_enum_t
    ngx_http_carrierpay_operator_slot_mvno_type =
{
    ngx_http_carrierpay_operator_slot_mvno_types,
    "is not \"full\" or \"light\""
};


static char *
ngx_http_carrierpay_operator_slot_check_country(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *code = data;

    u_char  *p;

    p = code->data;

    if (code->len != 2 || p[0] < 'A' || p[0] > 'Z' || p[1] < 'A'
        || p[1] > 'Z')
    {
        return "is not an ISO 3166-1 code of two capital letters";
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_operator_slot_check_language(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *code = data;

    u_char  *p;

    p = code->data;

    if (code->len != 2 || p[0] < 'a' || p[0] > 'z' || p[1] < 'a'
        || p[1] > 'z')
    {
        return "is not a language of two small letters";
    }

    return NGX_CONF_OK;
}


/* a short code or a number, or a name of what handsets show as a sender */

static char *
ngx_http_carrierpay_operator_slot_check_sms_from(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *from = data;

    u_char      *p, *last;
    ngx_uint_t   letters;

    letters = 0;
    last = from->data + from->len;

    for (p = from->data; p < last; p++) {

        if (*p >= '0' && *p <= '9') {
            continue;
        }

        letters = 1;

        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
            || *p == '-' || *p == '.' || *p == '_' || *p == '&'
            || (*p == ' ' && p > from->data && p < last - 1))
        {
            continue;
        }

        return "is neither digits nor a name of letters, digits, blanks and"
               " \"-._&\"";
    }

    if (from->len == 0
        || from->len > (letters ? NGX_HTTP_CARRIERPAY_SMS_LETTERS_MAX
                                : NGX_HTTP_CARRIERPAY_SMS_DIGITS_MAX))
    {
        return "is not 1 to 15 digits, or a name of 1 to 11 characters";
    }

    return NGX_CONF_OK;
}


static const void *
ngx_http_carrierpay_operator_slot_find_currency(ngx_str_t *code)
{
    return ngx_carrierpay_currency_find(code->data, code->len);
}


static const void *
ngx_http_carrierpay_operator_slot_find_dialect(ngx_str_t *name)
{
    return ngx_carrierpay_dialects_find(name);
}


static ngx_uint_t
ngx_http_carrierpay_operator_slot_prefix_valid(ngx_str_t *text)
{
    size_t  i;

    if (text->len < 1 || text->len > NGX_CARRIERPAY_MSISDN_MAX
        || text->data[0] == '0')
    {
        return 0;
    }

    for (i = 0; i < text->len; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            return 0;
        }
    }

    return 1;
}
