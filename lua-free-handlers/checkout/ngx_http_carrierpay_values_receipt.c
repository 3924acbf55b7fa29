
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"
#include "ngx_http_carrierpay_values_receipt.h"


static ngx_int_t ngx_http_carrierpay_values_date(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *date);
static ngx_int_t ngx_http_carrierpay_values_money(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    int64_t amount, ngx_str_t *text);
static void ngx_http_carrierpay_values_mailed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *email);


ngx_int_t
ngx_http_carrierpay_values_receipt(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_value(ORDER) = p->reference;

    ngx_http_carrierpay_values_mailed(r, cr,
                                      &ngx_http_carrierpay_value(MAILED));

    if (ngx_http_carrierpay_values_date(r, p, &ngx_http_carrierpay_value(DATE))
        != NGX_OK
        || ngx_http_carrierpay_values_money(r, cr, p, p->tax,
                                            &ngx_http_carrierpay_value(TAX))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_values_money(r, cr, p, p->refunded,
                                        &ngx_http_carrierpay_value(REFUNDED));
}


static ngx_int_t
ngx_http_carrierpay_values_date(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *date)
{
    u_char  *last;

    date->data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_TIME_SHOWN_LEN);
    if (date->data == NULL) {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_time_print_shown(date->data,
                                           ngx_carrierpay_payment_paid(p));
    date->len = last - date->data;

    return NGX_OK;
}


/* An amount in the payment's currency, without its sign; of 0 no text. */

static ngx_int_t
ngx_http_carrierpay_values_money(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    int64_t amount, ngx_str_t *text)
{
    const ngx_carrierpay_currency_t  *currency;

    if (p->state != NGX_CARRIERPAY_PAYMENT_SUCCEEDED || amount == 0) {
        return NGX_OK;
    }

    currency = ngx_carrierpay_currency_find(p->currency.data, p->currency.len);

    text->data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MONEY_LEN);

    if (text->data == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    text->len = ngx_carrierpay_money_print_locale(text->data, amount, currency,
                                                  cr->lang->locale)
                - text->data;

    return NGX_OK;
}


/* The form's token in front of the address says for which browser it is. */

static void
ngx_http_carrierpay_values_mailed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *email)
{
    ngx_str_t                  sealed, plain, token;
    ngx_carrierpay_keyring_t  *ring;

    ring = &ngx_http_carrierpay_conf(r)->keyring;

    sealed.data = ngx_pnalloc(r->pool,
                           NGX_CARRIERPAY_BASE64_ROOM(cr->mailed_to.len));

    if (sealed.data == NULL || cr->mailed_to.len == 0
        || ngx_carrierpay_base64url_decode(&sealed, &cr->mailed_to) != NGX_OK
        || ngx_carrierpay_keyring_open(ring, r->pool,
                                       &ngx_carrierpay_aad_email, &sealed,
                                       &plain)
           != NGX_OK
        || plain.len <= NGX_CARRIERPAY_TOKEN_LEN)
    {
        return;
    }

    token.data = plain.data;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    if (ngx_carrierpay_identity_form_valid(&cr->visitor, ring, cr->payment_id,
                                           &token))
    {
        email->data = plain.data + NGX_CARRIERPAY_TOKEN_LEN;
        email->len = plain.len - NGX_CARRIERPAY_TOKEN_LEN;
    }
}


ngx_int_t
ngx_http_carrierpay_values_receipt_query(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *email,
    ngx_str_t *query)
{
    u_char                    *p;
    ngx_str_t                  plain, sealed;
    ngx_carrierpay_keyring_t  *ring;

    ring = &ngx_http_carrierpay_conf(r)->keyring;

    plain.len = NGX_CARRIERPAY_TOKEN_LEN + email->len;
    plain.data = ngx_pnalloc(r->pool, plain.len);
    if (plain.data == NULL) {
        return NGX_ERROR;
    }

    ngx_carrierpay_identity_form(&cr->visitor, ring, cr->payment_id,
                                 plain.data);
    ngx_memcpy(plain.data + NGX_CARRIERPAY_TOKEN_LEN, email->data, email->len);

    if (ngx_carrierpay_keyring_seal(ring, r->pool, &ngx_carrierpay_aad_email,
                                    &plain, &sealed)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    query->data = ngx_pnalloc(r->pool, sizeof("?s=sent&a=")
                              + NGX_CARRIERPAY_BASE64URL_LEN(sealed.len));
    if (query->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(query->data, "?s=sent&a=", sizeof("?s=sent&a=") - 1);
    p = ngx_carrierpay_base64url_encode(p, sealed.data, sealed.len);
    *p = '\0';

    query->len = p - query->data;

    return NGX_OK;
}


void
ngx_http_carrierpay_values_texted(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *values)
{
    ngx_str_t                   end_user;
    ngx_carrierpay_conf_t      *conf;
    ngx_carrierpay_operator_t  *op;

    conf = ngx_http_carrierpay_conf(r);
    op = ngx_carrierpay_operator_find(&conf->operators, &p->operator);

    if (op && p->msisdn.len
        && ngx_carrierpay_keyring_open(&conf->keyring, r->pool,
                                       &ngx_carrierpay_aad_msisdn, &p->msisdn,
                                       &end_user)
           == NGX_OK
        && ngx_carrierpay_operator_texts(op, &end_user))
    {
        ngx_str_set(&ngx_http_carrierpay_value(TEXTED), "1");
    }
}
