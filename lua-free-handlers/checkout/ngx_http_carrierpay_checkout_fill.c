
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_checkout_fill.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_values.h"
#include "ngx_http_carrierpay_values_receipt.h"


static ngx_int_t ngx_http_carrierpay_fill_after(ngx_http_request_t *r,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_fill_tries(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_fill_sms_text(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *code,
    ngx_str_t *values);
static void ngx_http_carrierpay_fill_decision(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_uint_t ngx_http_carrierpay_fill_is(ngx_str_t *value,
    const char *text);


ngx_int_t
ngx_http_carrierpay_fill_confirm(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_http_carrierpay_values_alert(cr, values);
    ngx_http_carrierpay_values_carrier(&cr->identity.carrier, values);
    ngx_http_carrierpay_value(TOKEN) = cr->token;

    if (ngx_http_carrierpay_fill_after(r, values) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_values_end_user(r, &cr->identity.msisdn,
                                               cr->typed, values);
}


/* The script counts from when the page is in view, the server from now. */

static ngx_int_t
ngx_http_carrierpay_fill_after(ngx_http_request_t *r, ngx_str_t *values)
{
    u_char      *p;
    ngx_msec_t   after;

    after = ngx_http_carrierpay_conf(r)->confirm_after;

    if (after == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(AFTER).data = p;
    ngx_http_carrierpay_value(AFTER).len = ngx_sprintf(p, "%M", after) - p;

    return NGX_OK;
}


/*
 * The page says why the shopper was not identified by the operator, or, of a
 * payment that was declined, that another line may pay.
 */

ngx_int_t
ngx_http_carrierpay_fill_identify(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_carrierpay_phrase_e  why;

    why = cr->bounce.len
          ? NGX_CARRIERPAY_PHRASE_WHY_USED
          : ngx_carrierpay_phrase_variant("why_", &cr->reason,
                                          p->declined.len
                                          ? NGX_CARRIERPAY_PHRASE_WHY_OTHER
                                          : NGX_CARRIERPAY_PHRASE_WHY_ABSENT);

    ngx_http_carrierpay_value(REASON) =
                               *ngx_carrierpay_language_text(cr->lang, why);

    ngx_http_carrierpay_values_alert(cr, values);

    if (ngx_carrierpay_sms_free(&ngx_http_carrierpay_conf(r)->sms)) {
        ngx_str_set(&ngx_http_carrierpay_value(FREE), "1");
    }

    if (cr->retry
        && ngx_http_carrierpay_values_wait(r, cr, cr->retry, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_values_number(r, cr, p, values);
}


/* How many PINs are left is known only when one was asked for just now. */

ngx_int_t
ngx_http_carrierpay_fill_pin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_http_carrierpay_values_alert(cr, values);
    ngx_http_carrierpay_values_carrier(&cr->identity.carrier, values);
    ngx_http_carrierpay_value(TOKEN) = cr->token;

    if (cr->sent.result == NGX_CARRIERPAY_PIN_SEND_NONE || cr->sent.left) {
        ngx_str_set(&ngx_http_carrierpay_value(RESEND), "1");
    }

    if (cr->dead) {
        ngx_str_set(&ngx_http_carrierpay_value(DEAD), "1");
    }

    if (cr->later
        && ngx_http_carrierpay_values_time(r, cr, cr->later,
                                           &ngx_http_carrierpay_value(LATER))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cr->sent.wait
        && ngx_http_carrierpay_values_wait(r, cr, cr->sent.wait, values)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_carrierpay_values_end_user(r, &cr->identity.msisdn,
                                            cr->typed, values)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_fill_tries(r, cr, values);
}


static ngx_int_t
ngx_http_carrierpay_fill_tries(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    u_char  *p;

    if (cr->tries == 1) {
        ngx_str_set(&ngx_http_carrierpay_value(LAST), "1");

    } else if (cr->tries) {
        p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_http_carrierpay_value(LEFT).data = p;
        ngx_http_carrierpay_value(LEFT).len = ngx_sprintf(p, "%ui", cr->tries)
                                              - p;
    }

    return NGX_OK;
}


/* The page polls for the SMS, whose code follows from the token. */

ngx_int_t
ngx_http_carrierpay_fill_sms_code(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    u_char     *query;
    ngx_str_t   country, code;

    ngx_http_carrierpay_countries_default(r, cr->lang, &cr->country,
                                          &p->currency, &country);

    query = ngx_pnalloc(r->pool,
                        sizeof("?m=&c=") + cr->sms_token.len + country.len);

    if (query == NULL
        || ngx_http_carrierpay_countries_code(r, &country, &code) != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(query, "?m=%V&c=%V%Z", &cr->sms_token, &country);

    if (ngx_http_carrierpay_checkout_url_self(r, (char *) query,
                                              &ngx_http_carrierpay_value(LIVE))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_fill_sms_text(r, cr, &code, values);
}


static ngx_int_t
ngx_http_carrierpay_fill_sms_text(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *code,
    ngx_str_t *values)
{
    u_char           *p, digits[NGX_CARRIERPAY_TOKEN_DIGITS];
    ngx_str_t         number;
    const ngx_str_t  *word;

    ngx_carrierpay_token_code(digits, cr->sms_token.data);
    number.data = digits;
    number.len = sizeof(digits);

    word = ngx_carrierpay_language_text(cr->lang,
                                        NGX_CARRIERPAY_PHRASE_MO_WORD);

    p = ngx_pnalloc(r->pool, 2 * (word->len + sizeof(digits))
                             + sizeof(" sms:?&body=%20") + code->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(SMS_NUMBER) = *code;

    ngx_http_carrierpay_value(SMS_TEXT).data = p;
    p = ngx_sprintf(p, "%V %V", word, &number);
    ngx_http_carrierpay_value(SMS_TEXT).len =
                              p - ngx_http_carrierpay_value(SMS_TEXT).data;

    /* iOS wants an ampersand before the body, Android a question mark */

    ngx_http_carrierpay_value(SMS_URL).data = p;
    p = ngx_sprintf(p, "sms:%V?&body=%V%%20%V", code, word, &number);
    ngx_http_carrierpay_value(SMS_URL).len =
                               p - ngx_http_carrierpay_value(SMS_URL).data;

    return NGX_OK;
}


/* The operator, why the number may not pay, and the form for another one. */

ngx_int_t
ngx_http_carrierpay_fill_barred(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_http_carrierpay_values_carrier(&cr->decision->carrier, values);
    ngx_http_carrierpay_fill_decision(cr, values);

    if (ngx_http_carrierpay_values_end_user(r, &cr->end_user, cr->typed,
                                            values)
        != NGX_OK
        || ngx_http_carrierpay_values_number(r, cr, p, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_str_null(&ngx_http_carrierpay_value(NUMBER));
    ngx_str_null(&ngx_http_carrierpay_value(NETWORK));

    return NGX_OK;
}


/* A reason that the configuration has made up has no phrase of its own. */

static void
ngx_http_carrierpay_fill_decision(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *values)
{
    ngx_str_t                *reason;
    ngx_carrierpay_phrase_e   why, instead;

    reason = &cr->decision->reason;

    why = ngx_carrierpay_phrase_variant("code_", reason,
                                        NGX_CARRIERPAY_PHRASE_BARRED);
    instead = ngx_carrierpay_phrase_variant("instead_", reason,
                                            NGX_CARRIERPAY_PHRASE_INSTEAD);

    ngx_http_carrierpay_value(REASON) =
                               *ngx_carrierpay_language_text(cr->lang, why);
    ngx_http_carrierpay_value(ADVICE) =
                           *ngx_carrierpay_language_text(cr->lang, instead);
}


/* The page polls itself until the operator or the handset has answered. */

ngx_int_t
ngx_http_carrierpay_fill_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    if (ngx_http_carrierpay_checkout_url_self(r, "",
                                              &ngx_http_carrierpay_value(LIVE))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_values_texted(r, p, values);

    return ngx_http_carrierpay_values_subscriber(r, p, values);
}


ngx_int_t
ngx_http_carrierpay_fill_receipt(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    if (ngx_http_carrierpay_values_receipt(r, cr, p, values) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_carrierpay_value(MAILED).len == 0
        && ngx_http_carrierpay_fill_is(&cr->mailed, "sent"))
    {
        cr->note = NGX_CARRIERPAY_PHRASE_MAIL_SENT;

    } else if (ngx_http_carrierpay_fill_is(&cr->mailed, "many")) {
        cr->note = NGX_CARRIERPAY_PHRASE_MAIL_MANY;
    }

    ngx_http_carrierpay_values_alert(cr, values);
    ngx_http_carrierpay_value(EMAIL) = cr->email;

    if (ngx_http_carrierpay_conf(r)->smtp.max) {
        ngx_str_set(&ngx_http_carrierpay_value(MAIL), "1");
    }

    return ngx_http_carrierpay_values_subscriber(r, p, values);
}


static ngx_uint_t
ngx_http_carrierpay_fill_is(ngx_str_t *value, const char *text)
{
    return value->len == ngx_strlen(text)
           && ngx_memcmp(value->data, text, value->len) == 0;
}


ngx_int_t
ngx_http_carrierpay_fill_failed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_carrierpay_phrase_e  why;

    why = ngx_carrierpay_phrase_variant("code_", &p->failure_code,
                                        NGX_CARRIERPAY_PHRASE_CODE);

    ngx_http_carrierpay_value(REASON) =
                               *ngx_carrierpay_language_text(cr->lang, why);
    ngx_str_set(&ngx_http_carrierpay_value(CSS_CLASS), "bad");

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_fill_stop(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_str_null(&ngx_http_carrierpay_value(RETURN));

    return ngx_http_carrierpay_values_subscriber(r, p, values);
}


ngx_int_t
ngx_http_carrierpay_fill_stopped(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_str_null(&ngx_http_carrierpay_value(REFERENCE));

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_fill_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_str_set(&ngx_http_carrierpay_value(CSS_CLASS), "bad");

    if (cr->payment_id == 0) {
        return NGX_OK;
    }

    return ngx_http_carrierpay_checkout_url_plain(r,
                                            &ngx_http_carrierpay_value(AGAIN));
}


ngx_int_t
ngx_http_carrierpay_fill_nothing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    return NGX_OK;
}
