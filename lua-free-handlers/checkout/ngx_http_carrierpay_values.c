
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_token.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_values.h"
#include "ngx_http_carrierpay_values_brand.h"
#include "ngx_http_carrierpay_values_declined.h"


/* waits up to here, those of PINs, are told in seconds; others in minutes */
#define NGX_HTTP_CARRIERPAY_VALUES_SECONDS  120


static ngx_int_t ngx_http_carrierpay_values_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_values_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_values_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url);


ngx_int_t
ngx_http_carrierpay_values_payment(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_read_t *read, ngx_str_t *values)
{
    u_char                     *id;
    ngx_carrierpay_payment_t   *p;
    ngx_http_carrierpay_ctx_t  *ctx;

    p = &read->payment;
    ctx = ngx_http_carrierpay_ctx(r);

    ngx_http_carrierpay_value(CHECKOUT) = ctx->id;
    ngx_http_carrierpay_value(MERCHANT) = p->merchant_name;
    ngx_http_carrierpay_value(DESCRIPTION) = p->description;

    if (!p->live) {
        ngx_str_set(&ngx_http_carrierpay_value(TEST), "1");
    }

    if (p->manual) {
        ngx_str_set(&ngx_http_carrierpay_value(MANUAL), "1");
    }

    id = ngx_pnalloc(r->pool, NGX_CARRIERPAY_ID_LEN);
    if (id == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(REFERENCE).data = id;
    ngx_http_carrierpay_value(REFERENCE).len =
          ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT, p->id) - id;

    if (ngx_http_carrierpay_values_form(r, cr, p, values) != NGX_OK
        || ngx_http_carrierpay_values_price(r, cr, p, values) != NGX_OK
        || ngx_http_carrierpay_values_brand(r, &read->brand, values)
           != NGX_OK
        || ngx_http_carrierpay_values_declined(r, cr, p, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_values_return(r, p,
                                           &ngx_http_carrierpay_value(RETURN));
}


static ngx_int_t
ngx_http_carrierpay_values_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    u_char  *token;

    token = ngx_pnalloc(r->pool, NGX_CARRIERPAY_TOKEN_LEN);
    if (token == NULL) {
        return NGX_ERROR;
    }

    ngx_carrierpay_identity_form(&cr->visitor,
                                 &ngx_http_carrierpay_conf(r)->keyring, p->id,
                                 token);

    ngx_http_carrierpay_value(FORM).data = token;
    ngx_http_carrierpay_value(FORM).len = NGX_CARRIERPAY_TOKEN_LEN;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_values_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    u_char                           *b;
    const ngx_carrierpay_currency_t  *currency;

    currency = ngx_carrierpay_currency_find(p->currency.data, p->currency.len);

    b = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MONEY_LEN
                             + NGX_CARRIERPAY_PRICE_LEN);

    if (b == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(AMOUNT).data = b;
    ngx_http_carrierpay_value(AMOUNT).len =
                       ngx_carrierpay_money_print_locale(b,
                                               ngx_carrierpay_payment_taken(p),
                                               currency, cr->lang->locale)
                       - b;

    ngx_carrierpay_money_sign(currency, cr->lang->locale,
                              &ngx_http_carrierpay_value(CURRENCY),
                              &ngx_http_carrierpay_value(GAP));

    if (p->later_max) {
        b += NGX_CARRIERPAY_MONEY_LEN;

        ngx_http_carrierpay_value(MONTHLY).data = b;
        ngx_http_carrierpay_value(MONTHLY).len =
                         ngx_carrierpay_money_print_price(b, p->later_max,
                                                          currency,
                                                          cr->lang->locale)
                         - b;
    }

    return NGX_OK;
}


/* The merchant's URL, which has no fragment, with payment and state. */

static ngx_int_t
ngx_http_carrierpay_values_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url)
{
    u_char           *b;
    ngx_str_t        *base;
    const ngx_str_t  *state;

    base = &p->return_url;

    if (base->len == 0) {
        return NGX_OK;
    }

    state = ngx_carrierpay_payment_state_name(p->state);

    b = ngx_pnalloc(r->pool, base->len + sizeof("?payment=&status=") - 1
                             + NGX_CARRIERPAY_ID_LEN + state->len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    url->data = b;

    b = ngx_cpymem(b, base->data, base->len);
    *b++ = ngx_strlchr(base->data, base->data + base->len, '?') ? '&' : '?';
    b = ngx_cpymem(b, "payment=", sizeof("payment=") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_PAYMENT, p->id);
    b = ngx_sprintf(b, "&status=%V", state);

    url->len = b - url->data;

    return NGX_OK;
}


void
ngx_http_carrierpay_values_carrier(ngx_carrierpay_carrier_t *carrier,
    ngx_str_t *values)
{
    if (carrier->mvno) {
        ngx_http_carrierpay_value(OPERATOR) = carrier->mvno->title;
        ngx_http_carrierpay_value(HOST) = carrier->mvno->host->title;

    } else if (carrier->operator) {
        ngx_http_carrierpay_value(OPERATOR) = carrier->operator->title;
    }
}


ngx_int_t
ngx_http_carrierpay_values_end_user(ngx_http_request_t *r,
    ngx_carrierpay_msisdn_t *msisdn, ngx_uint_t typed, ngx_str_t *values)
{
    u_char  *p;

    /* an operator's reference is of no use to a shopper */

    if (msisdn->len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, ngx_max(NGX_CARRIERPAY_MSISDN_MASK_LEN,
                                     NGX_CARRIERPAY_MSISDN_PAIRS_LEN));
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(END_USER).data = p;

    p = typed ? ngx_carrierpay_msisdn_pairs(p, msisdn)
              : ngx_carrierpay_msisdn_mask(p, msisdn);

    ngx_http_carrierpay_value(END_USER).len =
                                 p - ngx_http_carrierpay_value(END_USER).data;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_values_subscriber(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_str_t                 end_user;
    ngx_carrierpay_conf_t    *conf;
    ngx_carrierpay_msisdn_t   msisdn;
    ngx_carrierpay_carrier_t  carrier;

    conf = ngx_http_carrierpay_conf(r);

    ngx_http_carrierpay_value(OPERATOR) = p->operator_name;

    if (p->msisdn.len == 0
        || ngx_carrierpay_keyring_open(&conf->keyring, r->pool,
                                       &ngx_carrierpay_aad_msisdn, &p->msisdn,
                                       &end_user)
           != NGX_OK
        || ngx_carrierpay_msisdn_load(&end_user, &msisdn) != NGX_OK)
    {
        return NGX_OK;
    }

    /* the ledger has the operator; an MVNO of it follows from the number */

    ngx_carrierpay_number_carrier(&conf->operators, &msisdn, &carrier);

    if (carrier.operator && carrier.operator->name.len == p->operator.len
        && ngx_memcmp(carrier.operator->name.data, p->operator.data,
                      p->operator.len)
           == 0)
    {
        ngx_http_carrierpay_values_carrier(&carrier, values);
    }

    return ngx_http_carrierpay_values_end_user(r, &msisdn, 0, values);
}


void
ngx_http_carrierpay_values_alert(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *values)
{
    ngx_http_carrierpay_value(ALERT) =
                         *ngx_carrierpay_language_text(cr->lang, cr->alert);
    ngx_http_carrierpay_value(NOTE) =
                          *ngx_carrierpay_language_text(cr->lang, cr->note);
}


ngx_int_t
ngx_http_carrierpay_values_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_str_t                   country, code;
    ngx_carrierpay_operator_t  *op;

    ngx_http_carrierpay_value(NUMBER) = cr->number;

    ngx_http_carrierpay_countries_default(r, cr->lang, &cr->country,
                                          &p->currency, &country);

    op = ngx_http_carrierpay_countries_network(r);

    if (op) {
        ngx_http_carrierpay_value(NETWORK) = op->title;
    }

    if (ngx_http_carrierpay_countries_code(r, &country, &code) == NGX_OK) {
        ngx_http_carrierpay_value(SMS_COUNTRY) = country;
    }

    if (ngx_http_carrierpay_checkout_url_plain(r,
                                             &ngx_http_carrierpay_value(AGAIN))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_countries_options(r,
                   ngx_http_carrierpay_pages_countries(cr->pages, cr->lang),
                   &country, &ngx_http_carrierpay_value(COUNTRIES));
}


ngx_int_t
ngx_http_carrierpay_values_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *values)
{
    u_char  *p;

    if (ngx_http_carrierpay_values_time(r, cr, seconds,
                                        &ngx_http_carrierpay_value(WAIT))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(WAIT_SECONDS).data = p;
    ngx_http_carrierpay_value(WAIT_SECONDS).len =
                                          ngx_sprintf(p, "%ui", seconds) - p;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_values_time(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *text)
{
    ngx_uint_t                n;
    const ngx_str_t          *word;
    ngx_carrierpay_phrase_e   unit;

    if (seconds <= NGX_HTTP_CARRIERPAY_VALUES_SECONDS) {
        n = seconds;
        unit = (n == 1) ? NGX_CARRIERPAY_PHRASE_WAIT_SECOND
                        : NGX_CARRIERPAY_PHRASE_WAIT_SECONDS;

    } else {
        n = (seconds + 59) / 60;
        unit = NGX_CARRIERPAY_PHRASE_WAIT_MINUTES;
    }

    word = ngx_carrierpay_language_text(cr->lang, unit);

    text->data = ngx_pnalloc(r->pool, NGX_INT_T_LEN + 1 + word->len);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = ngx_sprintf(text->data, "%ui %V", n, word) - text->data;

    return NGX_OK;
}
