
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_request_header.h"


static ngx_carrierpay_operator_t *ngx_http_carrierpay_countries_browser(
    ngx_http_request_t *r, ngx_carrierpay_operators_t *ops,
    const ngx_carrierpay_language_t *lang, const ngx_str_t *currency);
static ngx_carrierpay_operator_t *ngx_http_carrierpay_countries_find(
    ngx_carrierpay_operators_t *ops, const ngx_str_t *country,
    const ngx_str_t *currency);
static ngx_carrierpay_operator_t *ngx_http_carrierpay_countries_region(
    ngx_http_request_t *r, ngx_carrierpay_operators_t *ops,
    const ngx_str_t *currency);
static ngx_int_t ngx_http_carrierpay_countries_option(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, const ngx_carrierpay_language_t *lang,
    ngx_http_carrierpay_country_t *country);
static ngx_uint_t ngx_http_carrierpay_countries_sends(
    ngx_carrierpay_operator_t *op);


ngx_carrierpay_operator_t *
ngx_http_carrierpay_countries_network(ngx_http_request_t *r)
{
    ngx_carrierpay_addr_t      addr;
    ngx_carrierpay_conf_t     *conf;
    ngx_carrierpay_network_t  *network;

    conf = ngx_http_carrierpay_conf(r);

    ngx_http_carrierpay_peer_client(r, &addr);

    network = ngx_carrierpay_network_find(&conf->operators.networks, &addr);

    return network ? network->operator : NULL;
}


void
ngx_http_carrierpay_countries_default(ngx_http_request_t *r,
    const ngx_carrierpay_language_t *lang, ngx_str_t *chosen,
    const ngx_str_t *currency, ngx_str_t *country)
{
    ngx_str_t                     any;
    ngx_carrierpay_operator_t    *op;
    ngx_carrierpay_operators_t   *ops;

    ops = &ngx_http_carrierpay_conf(r)->operators;
    ngx_str_null(&any);

    op = ngx_http_carrierpay_countries_find(ops, chosen, &any);

    if (op == NULL) {
        op = ngx_http_carrierpay_countries_network(r);
    }

    if (op == NULL) {
        op = ngx_http_carrierpay_countries_browser(r, ops, lang, currency);
    }

    if (op == NULL) {
        op = ngx_http_carrierpay_countries_browser(r, ops, lang, &any);
    }

    if (op) {
        *country = op->country;

    } else {
        ngx_str_null(country);
    }
}


/* By what the browser says, of those that bill in this currency; or NULL. */

static ngx_carrierpay_operator_t *
ngx_http_carrierpay_countries_browser(ngx_http_request_t *r,
    ngx_carrierpay_operators_t *ops, const ngx_carrierpay_language_t *lang,
    const ngx_str_t *currency)
{
    u_char                      upper[2];
    ngx_str_t                   code;
    ngx_carrierpay_operator_t  *op;

    op = ngx_http_carrierpay_countries_region(r, ops, currency);

    if (op == NULL) {
        upper[0] = ngx_toupper(lang->tag.data[0]);
        upper[1] = ngx_toupper(lang->tag.data[1]);
        code.data = upper;
        code.len = sizeof(upper);

        op = ngx_http_carrierpay_countries_find(ops, &code, currency);
    }

    if (op == NULL) {
        op = ngx_http_carrierpay_countries_find(ops, NULL, currency);
    }

    return op;
}


/*
 * The first operator of a country (or NULL: of any) that bills in a currency
 * (or "": in any); NULL: there is none.
 */

static ngx_carrierpay_operator_t *
ngx_http_carrierpay_countries_find(ngx_carrierpay_operators_t *ops,
    const ngx_str_t *country, const ngx_str_t *currency)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {

        if (country
            && (op[i]->country.len != country->len
                || ngx_memcmp(op[i]->country.data, country->data, country->len)
                   != 0))
        {
            continue;
        }

        if (currency->len == 0
            || ngx_strncmp(op[i]->currency->code, currency->data,
                           currency->len)
               == 0)
        {
            return op[i];
        }
    }

    return NULL;
}


/* The first region of "fr-CM,fr;q=0.9" that has such an operator. */

static ngx_carrierpay_operator_t *
ngx_http_carrierpay_countries_region(ngx_http_request_t *r,
    ngx_carrierpay_operators_t *ops, const ngx_str_t *currency)
{
    u_char                     *p, *last, upper[2];
    ngx_str_t                   value, code;
    ngx_carrierpay_operator_t  *op;

    if (ngx_http_carrierpay_request_header(r, "accept-language", &value)
        != NGX_OK)
    {
        return NULL;
    }

    code.data = upper;
    code.len = sizeof(upper);
    last = value.data + value.len;

    for (p = value.data; p + 2 < last; p++) {

        if (*p != '-') {
            continue;
        }

        upper[0] = ngx_toupper(p[1]);
        upper[1] = ngx_toupper(p[2]);

        op = ngx_http_carrierpay_countries_find(ops, &code, currency);

        if (op) {
            return op;
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_carrierpay_countries_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, const ngx_carrierpay_language_t *lang,
    ngx_array_t *countries)
{
    ngx_str_t                       any;
    ngx_uint_t                      i;
    ngx_carrierpay_operator_t     **op;
    ngx_http_carrierpay_country_t  *country;

    if (ngx_array_init(countries, cf->pool, ops->list.nelts + 1,
                       sizeof(ngx_http_carrierpay_country_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    op = ops->list.elts;
    ngx_str_null(&any);

    for (i = 0; i < ops->list.nelts; i++) {

        /* a country of several operators has one option */

        if (ngx_http_carrierpay_countries_find(ops, &op[i]->country, &any)
            != op[i])
        {
            continue;
        }

        country = ngx_array_push(countries);

        if (country == NULL
            || ngx_http_carrierpay_countries_option(cf, op[i], lang, country)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* <option value="FR" selected>France +33</option>, cut before " selected" */

static ngx_int_t
ngx_http_carrierpay_countries_option(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, const ngx_carrierpay_language_t *lang,
    ngx_http_carrierpay_country_t *country)
{
    u_char           *p;
    const ngx_str_t  *name;

    name = ngx_carrierpay_language_text(lang,
               ngx_carrierpay_phrase_variant("country_", &op->country,
                                             NGX_CARRIERPAY_PHRASE_NONE));
    if (name->len == 0) {
        name = &op->country;
    }

    p = ngx_pnalloc(cf->pool, sizeof("<option value=\"\"> +</option>\n")
                              + op->country.len + op->numbering.cc.len
                              + ngx_carrierpay_text_html_size(name->data,
                                                              name->len));
    if (p == NULL) {
        return NGX_ERROR;
    }

    country->code = op->country;

    country->begin.data = p;
    p = ngx_sprintf(p, "<option value=\"%V\"", &op->country);
    country->begin.len = p - country->begin.data;

    country->end.data = p;
    *p++ = '>';
    p = ngx_carrierpay_text_html(p, name->data, name->len);
    p = ngx_sprintf(p, " +%V</option>\n", &op->numbering.cc);
    country->end.len = p - country->end.data;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_countries_options(ngx_http_request_t *r,
    ngx_array_t *countries, ngx_str_t *chosen, ngx_str_t *html)
{
    u_char                         *p;
    size_t                          len;
    ngx_uint_t                      i;
    ngx_http_carrierpay_country_t  *country;

    country = countries->elts;
    len = sizeof(" selected") - 1;

    for (i = 0; i < countries->nelts; i++) {
        len += country[i].begin.len + country[i].end.len;
    }

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    html->data = p;

    for (i = 0; i < countries->nelts; i++) {
        p = ngx_cpymem(p, country[i].begin.data, country[i].begin.len);

        if (country[i].code.len == chosen->len
            && ngx_memcmp(country[i].code.data, chosen->data, chosen->len)
               == 0)
        {
            p = ngx_cpymem(p, " selected", sizeof(" selected") - 1);
        }

        p = ngx_cpymem(p, country[i].end.data, country[i].end.len);
    }

    html->len = p - html->data;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_countries_code(ngx_http_request_t *r, ngx_str_t *country,
    ngx_str_t *code)
{
    ngx_uint_t                    i;
    ngx_carrierpay_operator_t    *op, **list;
    ngx_carrierpay_operators_t   *ops;

    if (ngx_http_carrierpay_conf(r)->callback_url.len == 0) {
        return NGX_DECLINED;
    }

    op = ngx_http_carrierpay_countries_network(r);

    if (op && ngx_http_carrierpay_countries_sends(op)) {
        *code = op->sms_from;
        return NGX_OK;
    }

    ops = &ngx_http_carrierpay_conf(r)->operators;
    list = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        op = list[i];

        if (op->country.len == country->len
            && ngx_memcmp(op->country.data, country->data, country->len) == 0
            && ngx_http_carrierpay_countries_sends(op))
        {
            *code = op->sms_from;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* An SMS can be sent to digits, not to a sender that is a name. */

static ngx_uint_t
ngx_http_carrierpay_countries_sends(ngx_carrierpay_operator_t *op)
{
    size_t  i;

    for (i = 0; i < op->sms_from.len; i++) {
        if (op->sms_from.data[i] < '0' || op->sms_from.data[i] > '9') {
            return 0;
        }
    }

    return op->nproviders && op->sms_from.len;
}
