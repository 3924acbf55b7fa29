
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_message_text.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_template.h"
#include "ngx_carrierpay_token.h"


/* in the order of the names below */

typedef enum {
    NGX_CARRIERPAY_LETTER_MERCHANT = 0,
    NGX_CARRIERPAY_LETTER_SUPPORT,
    NGX_CARRIERPAY_LETTER_AMOUNT,
    NGX_CARRIERPAY_LETTER_CURRENCY,
    NGX_CARRIERPAY_LETTER_DESCRIPTION,
    NGX_CARRIERPAY_LETTER_OPERATOR,
    NGX_CARRIERPAY_LETTER_REFERENCE,
    NGX_CARRIERPAY_LETTER_CODE,
    NGX_CARRIERPAY_LETTER_VALUES
} ngx_carrierpay_letter_e;


static ngx_int_t ngx_carrierpay_message_text_write(
    const ngx_str_t *source, ngx_str_t *values, ngx_pool_t *pool,
    size_t room, ngx_str_t *text);
static ngx_int_t ngx_carrierpay_message_text_payment(
    ngx_carrierpay_letter_t *letter,
    const ngx_carrierpay_language_t *lang, ngx_pool_t *pool,
    ngx_str_t *values);
static u_char *ngx_carrierpay_message_text_plain(u_char *p, u_char *last);


static const ngx_carrierpay_template_name_t
    ngx_carrierpay_letter_names[NGX_CARRIERPAY_LETTER_VALUES] =
{
    { ngx_string("merchant"), 0 },
    { ngx_string("support"), 0 },
    { ngx_string("amount"), 0 },
    { ngx_string("currency"), 0 },
    { ngx_string("description"), 0 },
    { ngx_string("operator"), 0 },
    { ngx_string("reference"), 0 },
    { ngx_string("code"), 0 }
};


ngx_int_t
ngx_carrierpay_message_text_sms(ngx_carrierpay_letter_t *letter,
    ngx_pool_t *pool, ngx_str_t *text)
{
    ngx_str_t                         code, host;
    ngx_str_t                         values[NGX_CARRIERPAY_LETTER_VALUES];
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(&letter->locale);

    if (lang == NULL) {
        lang = ngx_carrierpay_language_default();
    }

    ngx_memzero(values, sizeof(values));

    code = letter->code;
    host.len = 0;

    if (code.len >= NGX_CARRIERPAY_TOKEN_DIGITS) {
        code.len = NGX_CARRIERPAY_TOKEN_DIGITS;
        host.data = code.data + code.len;
        host.len = letter->code.len - code.len;
    }

    values[NGX_CARRIERPAY_LETTER_MERCHANT] = letter->merchant;
    values[NGX_CARRIERPAY_LETTER_SUPPORT] = letter->support;
    values[NGX_CARRIERPAY_LETTER_CODE] = code;

    if (ngx_carrierpay_message_text_payment(letter, lang, pool, values)
        != NGX_OK
        || ngx_carrierpay_message_text_write(
               ngx_carrierpay_language_text(lang, "sms_", &letter->kind),
               values, pool, sizeof("\n\n@ #") + letter->code.len, text)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* "Sending one-time codes over SMS", the format of WebOTP */

    if (host.len) {
        text->len = ngx_sprintf(text->data + text->len, "\n\n@%V #%V", &host,
                                &code)
                    - text->data;
    }

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
                                            ngx_carrierpay_letter_names,
                                            NGX_CARRIERPAY_LETTER_VALUES,
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
ngx_carrierpay_message_text_payment(ngx_carrierpay_letter_t *letter,
    const ngx_carrierpay_language_t *lang, ngx_pool_t *pool,
    ngx_str_t *values)
{
    u_char                           *amount, *id, *last;
    const ngx_carrierpay_currency_t  *currency;

    if (letter->payment_id == 0) {
        return NGX_OK;
    }

    currency = ngx_carrierpay_currency_find(letter->currency.data,
                                            letter->currency.len);

    amount = ngx_pnalloc(pool, NGX_CARRIERPAY_MONEY_LEN);
    id = ngx_pnalloc(pool, NGX_CARRIERPAY_ID_LEN);

    if (amount == NULL || id == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_money_print_locale(amount, letter->amount, currency,
                                             lang->locale);

    values[NGX_CARRIERPAY_LETTER_AMOUNT].data = amount;
    values[NGX_CARRIERPAY_LETTER_AMOUNT].len =
                       ngx_carrierpay_message_text_plain(amount, last)
                       - amount;

    values[NGX_CARRIERPAY_LETTER_REFERENCE].data = id;
    values[NGX_CARRIERPAY_LETTER_REFERENCE].len =
                       ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT,
                                               letter->payment_id)
                       - id;

    values[NGX_CARRIERPAY_LETTER_CURRENCY] = letter->currency;
    values[NGX_CARRIERPAY_LETTER_DESCRIPTION] = letter->description;
    values[NGX_CARRIERPAY_LETTER_OPERATOR] = letter->operator_name;

    return NGX_OK;
}


/*
 * The blanks between thousands are no characters of GSM 7-bit, and would make
 * three messages of one: ours are two or three bytes of UTF-8 each.
 */

static u_char *
ngx_carrierpay_message_text_plain(u_char *p, u_char *last)
{
    u_char  *q;

    for (q = p; p < last; p++) {
        if (*p < 0x80) {
            *q++ = *p;

        } else if (*p >= 0xc0) {
            *q++ = ' ';
        }
    }

    return q;
}
