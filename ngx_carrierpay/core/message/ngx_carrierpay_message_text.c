
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_character.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_message_text.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_template.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"


/* in the order of the names below */

typedef enum {
    NGX_CARRIERPAY_WORDING_MERCHANT = 0,
    NGX_CARRIERPAY_WORDING_SUPPORT,
    NGX_CARRIERPAY_WORDING_PRICE,
    NGX_CARRIERPAY_WORDING_DESCRIPTION,
    NGX_CARRIERPAY_WORDING_OPERATOR,
    NGX_CARRIERPAY_WORDING_REFERENCE,
    NGX_CARRIERPAY_WORDING_CODE,
    NGX_CARRIERPAY_WORDING_STOP_URL,
    NGX_CARRIERPAY_WORDING_DATE,
    NGX_CARRIERPAY_WORDING_TAX,
    NGX_CARRIERPAY_WORDING_ORDER,
    NGX_CARRIERPAY_WORDING_END_USER,
    NGX_CARRIERPAY_WORDING_MONTHLY,
    NGX_CARRIERPAY_WORDING_VALUES
} ngx_carrierpay_wording_e;


static const ngx_carrierpay_language_t *ngx_carrierpay_message_text_language(
    ngx_carrierpay_wording_t *wording);
static ngx_int_t ngx_carrierpay_message_text_stop(ngx_carrierpay_conf_t *conf,
    ngx_carrierpay_wording_t *wording, ngx_pool_t *pool, ngx_str_t *url);
static ngx_int_t ngx_carrierpay_message_text_write(const ngx_str_t *source,
    ngx_str_t *values, ngx_pool_t *pool, size_t room, ngx_str_t *text);
static ngx_int_t ngx_carrierpay_message_text_values(
    ngx_carrierpay_wording_t *wording, const ngx_carrierpay_language_t *lang,
    ngx_pool_t *pool, ngx_str_t *values);
static ngx_int_t ngx_carrierpay_message_text_receipt(
    ngx_carrierpay_wording_t *wording, const ngx_carrierpay_language_t *lang,
    ngx_pool_t *pool, ngx_str_t *values);
static ngx_int_t ngx_carrierpay_message_text_money(
    ngx_carrierpay_wording_t *wording, int64_t amount,
    const ngx_carrierpay_language_t *lang, ngx_pool_t *pool, ngx_str_t *text);
static u_char *ngx_carrierpay_message_text_plain(u_char *p, u_char *last);


static const ngx_carrierpay_template_name_t
    ngx_carrierpay_wording_names[NGX_CARRIERPAY_WORDING_VALUES] =
{
    { ngx_string("merchant"), 0 },
    { ngx_string("support"), 0 },
    { ngx_string("price"), 0 },
    { ngx_string("description"), 0 },
    { ngx_string("operator"), 0 },
    { ngx_string("reference"), 0 },
    { ngx_string("code"), 0 },
    { ngx_string("stop_url"), 0 },
    { ngx_string("date"), 0 },
    { ngx_string("tax"), 0 },
    { ngx_string("order"), 0 },
    { ngx_string("line"), 0 },
    { ngx_string("monthly"), 0 }
};


ngx_int_t
ngx_carrierpay_message_text_sms(ngx_carrierpay_wording_t *wording,
    ngx_pool_t *pool, ngx_str_t *text)
{
    ngx_str_t                         host, *code;
    ngx_str_t                         values[NGX_CARRIERPAY_WORDING_VALUES];
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_message_text_language(wording);

    if (ngx_carrierpay_message_text_values(wording, lang, pool, values)
        != NGX_OK
        || ngx_carrierpay_message_text_write(
               ngx_carrierpay_language_text(lang,
                   ngx_carrierpay_phrase_variant("sms_", &wording->kind,
                                                 NGX_CARRIERPAY_PHRASE_NONE)),
               values, pool, sizeof("\n\n@ #") + wording->code.len, text)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* "Sending one-time codes over SMS", the format of WebOTP */

    code = &values[NGX_CARRIERPAY_WORDING_CODE];

    if (code->len < wording->code.len) {
        host.data = wording->code.data + code->len;
        host.len = wording->code.len - code->len;

        text->len = ngx_sprintf(text->data + text->len, "\n\n@%V #%V", &host,
                                code)
                    - text->data;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_message_text_mail(ngx_carrierpay_conf_t *conf,
    ngx_carrierpay_wording_t *wording, ngx_pool_t *pool,
    ngx_carrierpay_mail_parts_t *letter)
{
    ngx_str_t                         values[NGX_CARRIERPAY_WORDING_VALUES];
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_message_text_language(wording);

    letter->to = wording->to;
    letter->id.len = NGX_CARRIERPAY_ID_DIGITS;
    letter->id.data = ngx_pnalloc(pool, letter->id.len);

    if (letter->id.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_id_print_digits(letter->id.data, wording->id);

    if (ngx_carrierpay_message_text_values(wording, lang, pool, values)
        != NGX_OK
        || ngx_carrierpay_message_text_stop(conf, wording, pool,
                             &values[NGX_CARRIERPAY_WORDING_STOP_URL])
           != NGX_OK
        || ngx_carrierpay_message_text_write(
               ngx_carrierpay_language_text(lang,
                   ngx_carrierpay_phrase_variant("mail_subject_",
                                       &wording->kind,
                                       NGX_CARRIERPAY_PHRASE_MAIL_SUBJECT)),
               values, pool, 0, &letter->subject)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_message_text_write(
               ngx_carrierpay_language_text(lang,
                   ngx_carrierpay_phrase_variant("mail_", &wording->kind,
                                                 NGX_CARRIERPAY_PHRASE_NONE)),
               values, pool, 0, &letter->text);
}


static const ngx_carrierpay_language_t *
ngx_carrierpay_message_text_language(ngx_carrierpay_wording_t *wording)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(&wording->locale);

    return lang ? lang : ngx_carrierpay_language_default();
}


static ngx_int_t
ngx_carrierpay_message_text_stop(ngx_carrierpay_conf_t *conf,
    ngx_carrierpay_wording_t *wording, ngx_pool_t *pool, ngx_str_t *url)
{
    u_char           *p;
    const ngx_str_t  *key;

    ngx_str_null(url);

    if (conf->pay_url.len == 0 || wording->payment_id == 0) {
        return NGX_OK;
    }

    key = ngx_carrierpay_keyring_key(&conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    url->len = conf->pay_url.len + NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN
               + sizeof("/stop") - 1;
    url->data = ngx_pnalloc(pool, url->len);

    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url->data, conf->pay_url.data, conf->pay_url.len);
    p = ngx_carrierpay_token_checkout(p, key, wording->payment_id);
    ngx_memcpy(p, "/stop", sizeof("/stop") - 1);

    return NGX_OK;
}


/* the texts are compiled into the module, and tested: they have no mistakes */

static ngx_int_t
ngx_carrierpay_message_text_write(const ngx_str_t *source, ngx_str_t *values,
    ngx_pool_t *pool, size_t room, ngx_str_t *text)
{
    u_char                           *p;
    ngx_uint_t                        pass;
    ngx_carrierpay_template_t         t;
    ngx_carrierpay_template_error_t   err;

    ngx_memzero(&t, sizeof(ngx_carrierpay_template_t));
    t.escape = NGX_CARRIERPAY_TEMPLATE_TEXT;

    for (pass = 0; pass < 2; pass++) {

        if (ngx_carrierpay_template_compile(&t, source,
                                            ngx_carrierpay_wording_names,
                                            NGX_CARRIERPAY_WORDING_VALUES,
                                            &err)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (pass == 0) {
            t.ops = ngx_palloc(pool, t.nops
                                     * sizeof(ngx_carrierpay_template_op_t));
            if (t.ops == NULL) {
                return NGX_ERROR;
            }
        }
    }

    p = ngx_pnalloc(pool, ngx_carrierpay_template_size(&t, values) + room);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text->data = p;
    text->len = ngx_carrierpay_template_write(p, &t, values) - p;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_message_text_values(ngx_carrierpay_wording_t *wording,
    const ngx_carrierpay_language_t *lang, ngx_pool_t *pool,
    ngx_str_t *values)
{
    u_char  *id;

    ngx_memzero(values, NGX_CARRIERPAY_WORDING_VALUES * sizeof(ngx_str_t));

    values[NGX_CARRIERPAY_WORDING_MERCHANT] = wording->merchant;
    values[NGX_CARRIERPAY_WORDING_SUPPORT] = wording->support;
    values[NGX_CARRIERPAY_WORDING_CODE] = wording->code;
    values[NGX_CARRIERPAY_WORDING_CODE].len =
                    ngx_min(wording->code.len, NGX_CARRIERPAY_TOKEN_DIGITS);

    if (wording->payment_id == 0) {
        return NGX_OK;
    }

    id = ngx_pnalloc(pool, NGX_CARRIERPAY_ID_LEN);
    if (id == NULL) {
        return NGX_ERROR;
    }

    values[NGX_CARRIERPAY_WORDING_REFERENCE].data = id;
    values[NGX_CARRIERPAY_WORDING_REFERENCE].len =
                       ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT,
                                               wording->payment_id)
                       - id;

    values[NGX_CARRIERPAY_WORDING_DESCRIPTION] = wording->description;
    values[NGX_CARRIERPAY_WORDING_OPERATOR] = wording->operator_name;
    values[NGX_CARRIERPAY_WORDING_ORDER] = wording->order;

    if (ngx_carrierpay_message_text_money(wording, wording->amount, lang, pool,
                                     &values[NGX_CARRIERPAY_WORDING_PRICE])
        != NGX_OK
        || (wording->later_max
            && ngx_carrierpay_message_text_money(wording, wording->later_max,
                                     lang, pool,
                                     &values[NGX_CARRIERPAY_WORDING_MONTHLY])
               != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_message_text_receipt(wording, lang, pool, values);
}


/* What is known of a payment that has been made. */

static ngx_int_t
ngx_carrierpay_message_text_receipt(ngx_carrierpay_wording_t *wording,
    const ngx_carrierpay_language_t *lang, ngx_pool_t *pool,
    ngx_str_t *values)
{
    u_char                   *p;
    ngx_str_t                *date, *end_user;
    ngx_carrierpay_msisdn_t   msisdn;

    if (wording->attempt == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(pool, NGX_CARRIERPAY_TIME_SHOWN_LEN
                          + NGX_CARRIERPAY_MSISDN_MASK_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    date = &values[NGX_CARRIERPAY_WORDING_DATE];
    date->data = p;
    p = ngx_carrierpay_time_print_shown(p,
                                   ngx_carrierpay_id_time(wording->attempt));
    date->len = p - date->data;

    if (ngx_carrierpay_msisdn_load(&wording->end_user, &msisdn) == NGX_OK) {
        end_user = &values[NGX_CARRIERPAY_WORDING_END_USER];
        end_user->data = p;
        end_user->len = ngx_carrierpay_msisdn_mask(p, &msisdn) - p;
    }

    if (wording->tax == 0) {
        return NGX_OK;
    }

    return ngx_carrierpay_message_text_money(wording, wording->tax, lang, pool,
                                        &values[NGX_CARRIERPAY_WORDING_TAX]);
}


static ngx_int_t
ngx_carrierpay_message_text_money(ngx_carrierpay_wording_t *wording,
    int64_t amount, const ngx_carrierpay_language_t *lang, ngx_pool_t *pool,
    ngx_str_t *text)
{
    u_char                           *last;
    const ngx_carrierpay_currency_t  *currency;

    currency = ngx_carrierpay_currency_find(wording->currency.data,
                                            wording->currency.len);

    text->data = ngx_pnalloc(pool, NGX_CARRIERPAY_PRICE_LEN);

    if (text->data == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_money_print_price(text->data, amount, currency,
                                            lang->locale);

    text->len = ngx_carrierpay_message_text_plain(text->data, last)
                - text->data;

    return NGX_OK;
}


/*
 * The no-break spaces of a price are no characters of GSM 7-bit, and would
 * make three messages of one.  Returns the new end.
 */

static u_char *
ngx_carrierpay_message_text_plain(u_char *p, u_char *last)
{
    u_char        *dst;
    uint32_t       c;
    const u_char  *from;

    dst = p;

    for (from = p; from < last; /* void */ ) {
        c = ngx_carrierpay_character_read(&from, last);

        dst = ngx_carrierpay_character_write(dst,
                                 ngx_carrierpay_character_space(c) ? ' ' : c);
    }

    return dst;
}
