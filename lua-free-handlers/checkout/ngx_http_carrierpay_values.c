
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_colour.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_values.h"


static ngx_int_t ngx_http_carrierpay_values_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_values_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url);
static ngx_int_t ngx_http_carrierpay_values_brand(ngx_http_request_t *r,
    ngx_carrierpay_brand_t *brand, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_values_support(ngx_http_request_t *r,
    ngx_str_t *support, ngx_str_t *url);
static ngx_uint_t ngx_http_carrierpay_values_begins(ngx_str_t *text,
    const char *begin);


/* how people write a currency; others are written by their code */

static struct {
    const char  *code;
    ngx_str_t    sign;
} ngx_http_carrierpay_signs[] = {
    { "EUR", ngx_string("€") },
    { "GBP", ngx_string("£") },
    { "XAF", ngx_string("FCFA") },
    { "XOF", ngx_string("F CFA") },
    { NULL, ngx_null_string }
};


ngx_int_t
ngx_http_carrierpay_values_payment(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout, ngx_str_t *values)
{
    u_char                     *id;
    ngx_carrierpay_payment_t   *p;
    ngx_http_carrierpay_ctx_t  *ctx;

    p = &checkout->payment;
    ctx = ngx_http_carrierpay_ctx(r);

    ngx_http_carrierpay_value(CHECKOUT) = ctx->id;
    ngx_http_carrierpay_value(MERCHANT) = p->merchant_name;
    ngx_http_carrierpay_value(DESCRIPTION) = p->description;

    if (!p->live) {
        ngx_str_set(&ngx_http_carrierpay_value(TEST), "1");
    }

    id = ngx_pnalloc(r->pool, NGX_CARRIERPAY_ID_LEN);
    if (id == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(REFERENCE).data = id;
    ngx_http_carrierpay_value(REFERENCE).len =
          ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT, p->id) - id;

    if (ngx_http_carrierpay_values_price(r, cr, p, values) != NGX_OK
        || ngx_http_carrierpay_values_brand(r, &checkout->brand, values)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_values_return(r, p,
                                           &ngx_http_carrierpay_value(RETURN));
}


static ngx_int_t
ngx_http_carrierpay_values_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    u_char                           *b;
    ngx_str_t                        *sign;
    ngx_uint_t                        i;
    const ngx_carrierpay_currency_t  *currency;

    currency = ngx_carrierpay_currency_find(p->currency.data, p->currency.len);

    b = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MONEY_LEN);

    if (b == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(AMOUNT).data = b;
    ngx_http_carrierpay_value(AMOUNT).len =
                       ngx_carrierpay_money_print_locale(b, p->amount,
                                                         currency,
                                                         cr->lang->locale)
                       - b;

    sign = &p->currency;

    for (i = 0; ngx_http_carrierpay_signs[i].code; i++) {
        if (ngx_memcmp(ngx_http_carrierpay_signs[i].code, currency->code, 3)
            == 0)
        {
            sign = &ngx_http_carrierpay_signs[i].sign;
        }
    }

    ngx_http_carrierpay_value(CURRENCY) = *sign;

    /* in English, a sign that is no letter stands at the first digit */

    if (cr->lang->locale != NGX_CARRIERPAY_LOCALE_EN
        || sign->data[sign->len - 1] < 0x80)
    {
        ngx_str_set(&ngx_http_carrierpay_value(GAP), "\xc2\xa0");
    }

    return NGX_OK;
}


/* the merchant's URL with the payment and its state; it has no fragment */

static ngx_int_t
ngx_http_carrierpay_values_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url)
{
    u_char     *b;
    ngx_str_t  *base;

    base = &p->return_url;

    if (base->len == 0) {
        return NGX_OK;
    }

    b = ngx_pnalloc(r->pool, base->len + sizeof("?payment=&status=") - 1
                             + NGX_CARRIERPAY_ID_LEN + p->state.len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    url->data = b;

    b = ngx_cpymem(b, base->data, base->len);
    *b++ = ngx_strlchr(base->data, base->data + base->len, '?') ? '&' : '?';
    b = ngx_cpymem(b, "payment=", sizeof("payment=") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_PAYMENT, p->id);
    b = ngx_sprintf(b, "&status=%V", &p->state);

    url->len = b - url->data;

    return NGX_OK;
}


/* what a merchant shows of himself; a link leads where we say, or nowhere */

static ngx_int_t
ngx_http_carrierpay_values_brand(ngx_http_request_t *r,
    ngx_carrierpay_brand_t *brand, ngx_str_t *values)
{
    uint32_t  colour;

    if (ngx_carrierpay_colour_parse(brand->colour.data, brand->colour.len,
                                    &colour)
        == NGX_OK)
    {
        ngx_http_carrierpay_value(COLOUR) = brand->colour;
    }

    if (ngx_http_carrierpay_values_begins(&brand->logo, "data:image/")) {
        ngx_http_carrierpay_value(LOGO) = brand->logo;
    }

    if (ngx_http_carrierpay_values_begins(&brand->terms_url, "https://")
        || ngx_http_carrierpay_values_begins(&brand->terms_url, "http://"))
    {
        ngx_http_carrierpay_value(TERMS) = brand->terms_url;
    }

    if (brand->support.len == 0) {
        return NGX_OK;
    }

    ngx_http_carrierpay_value(SUPPORT) = brand->support;

    return ngx_http_carrierpay_values_support(r, &brand->support,
                                      &ngx_http_carrierpay_value(SUPPORT_URL));
}


/* an address, a number or a page; anything else is no link */

static ngx_int_t
ngx_http_carrierpay_values_support(ngx_http_request_t *r, ngx_str_t *support,
    ngx_str_t *url)
{
    u_char      *p, c;
    size_t       i;
    ngx_uint_t   at, digits, other;

    if (ngx_http_carrierpay_values_begins(support, "https://")) {
        *url = *support;
        return NGX_OK;
    }

    at = 0;
    digits = 0;
    other = 0;

    for (i = 0; i < support->len; i++) {
        c = support->data[i];

        if (c >= '0' && c <= '9') {
            digits++;

        } else if (c == '@') {
            at++;

        } else if (c != ' ' && c != '.' && c != '-' && (c != '+' || i)) {
            other++;
        }
    }

    url->data = ngx_pnalloc(r->pool, sizeof("mailto:") - 1 + support->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = url->data;

    if (at == 1 && ngx_strlchr(support->data, support->data + support->len,
                               ' ')
                   == NULL)
    {
        p = ngx_sprintf(p, "mailto:%V", support);

    } else if (at == 0 && other == 0 && digits >= 3) {
        p = ngx_cpymem(p, "tel:", sizeof("tel:") - 1);

        for (i = 0; i < support->len; i++) {
            c = support->data[i];

            if ((c >= '0' && c <= '9') || c == '+') {
                *p++ = c;
            }
        }
    }

    url->len = p - url->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_carrierpay_values_begins(ngx_str_t *text, const char *begin)
{
    size_t  len;

    len = ngx_strlen(begin);

    return text->len > len && ngx_memcmp(text->data, begin, len) == 0;
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
    ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *values)
{
    u_char  *p;

    /* an operator's reference tells a shopper nothing: he has not seen it */

    if (msisdn->len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MSISDN_MASK_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(LINE).data = p;
    ngx_http_carrierpay_value(LINE).len =
                                    ngx_carrierpay_msisdn_mask(p, msisdn) - p;

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

    /* the ledger knows the operator; an MVNO of his is told by the number */

    ngx_carrierpay_number_carrier(&conf->operators, &msisdn, &carrier);

    if (carrier.operator && carrier.operator->name.len == p->operator.len
        && ngx_memcmp(carrier.operator->name.data, p->operator.data,
                      p->operator.len)
           == 0)
    {
        ngx_http_carrierpay_values_carrier(&carrier, values);
    }

    return ngx_http_carrierpay_values_end_user(r, &msisdn, values);
}


void
ngx_http_carrierpay_values_told(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *values)
{
    if (cr->alert) {
        ngx_http_carrierpay_value(ALERT) =
                    *ngx_carrierpay_language_text(cr->lang, cr->alert,
                                                  cr->why);
    }

    if (cr->note) {
        ngx_http_carrierpay_value(NOTE) =
                     *ngx_carrierpay_language_text(cr->lang, cr->note, NULL);
    }
}


ngx_int_t
ngx_http_carrierpay_values_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    ngx_str_t                   country, code;
    ngx_carrierpay_operator_t  *op;

    ngx_http_carrierpay_value(NUMBER) = cr->number;

    ngx_http_carrierpay_countries_guess(r, cr->lang, &cr->country, &country);

    op = ngx_http_carrierpay_countries_network(r);

    if (op) {
        ngx_http_carrierpay_value(GUESS) = op->title;
    }

    if (ngx_http_carrierpay_countries_code(r, &country, &code) == NGX_OK) {
        ngx_http_carrierpay_value(MO) = country;
    }

    if (ngx_http_carrierpay_values_again(r, &ngx_http_carrierpay_value(AGAIN))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_countries_options(r, cr->lang, &country,
                                        &ngx_http_carrierpay_value(COUNTRIES));
}


ngx_int_t
ngx_http_carrierpay_values_again(ngx_http_request_t *r, ngx_str_t *url)
{
    ngx_carrierpay_conf_t      *conf;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    conf = ngx_http_carrierpay_conf(r);

    url->len = conf->checkout_url.len + ctx->id.len;
    url->data = ngx_pnalloc(r->pool, url->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url->data, "%V%V", &conf->checkout_url, &ctx->id);

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_values_self(ngx_http_request_t *r, const char *query,
    ngx_str_t *url)
{
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_core_loc_conf_t   *clcf;

    ctx = ngx_http_carrierpay_ctx(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    url->len = clcf->name.len + ctx->id.len + ngx_strlen(query);
    url->data = ngx_pnalloc(r->pool, url->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url->data, "%V%V%s", &clcf->name, &ctx->id, query);

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_values_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *values)
{
    u_char           *p;
    ngx_uint_t        n;
    const char       *unit;
    const ngx_str_t  *word;

    if (seconds <= 90) {
        n = seconds;
        unit = (n == 1) ? "wait_second" : "wait_seconds";

    } else {
        n = (seconds + 59) / 60;
        unit = "wait_minutes";
    }

    word = ngx_carrierpay_language_text(cr->lang, unit, NULL);

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN + 1 + word->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(WAIT).data = p;
    ngx_http_carrierpay_value(WAIT).len = ngx_sprintf(p, "%ui %V", n, word)
                                          - p;

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(WAIT_SECONDS).data = p;
    ngx_http_carrierpay_value(WAIT_SECONDS).len =
                                          ngx_sprintf(p, "%ui", seconds) - p;

    return NGX_OK;
}
