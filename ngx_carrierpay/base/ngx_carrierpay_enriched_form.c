
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_enriched_form.h"
#include "ngx_carrierpay_text.h"


static ngx_int_t ngx_carrierpay_enriched_form_number(
    ngx_carrierpay_form_e form, const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_enriched_form_join(const ngx_str_t *text,
    const ngx_str_t *prefix, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_enriched_form_reference(const ngx_str_t *text,
    ngx_carrierpay_enriched_end_user_t *end_user);


static const ngx_str_t  ngx_carrierpay_enriched_form_plus = ngx_string("+");
static const ngx_str_t  ngx_carrierpay_enriched_form_abroad = ngx_string("00");
static const ngx_str_t  ngx_carrierpay_enriched_form_acr = ngx_string("acr:");
static const ngx_str_t  ngx_carrierpay_enriched_form_none = ngx_null_string;


ngx_int_t
ngx_carrierpay_enriched_form_read(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_enriched_end_user_t *end_user)
{
    ngx_int_t  rc;

    end_user->msisdn.len = 0;
    end_user->acr_len = 0;

    if (form == NGX_CARRIERPAY_FORM_ACR) {
        return ngx_carrierpay_enriched_form_reference(text, end_user);
    }

    rc = ngx_carrierpay_enriched_form_number(form, text, numbering,
                                             &end_user->msisdn);
    if (rc != NGX_OK) {
        end_user->msisdn.len = 0;
    }

    return rc;
}


static ngx_int_t
ngx_carrierpay_enriched_form_number(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_str_t         rest;
    const ngx_str_t  *before, *none;

    none = &ngx_carrierpay_enriched_form_none;

    if (form == NGX_CARRIERPAY_FORM_NATIONAL) {

        if (ngx_carrierpay_enriched_form_join(text, &numbering->trunk,
                                              numbering, msisdn)
            == NGX_OK)
        {
            return NGX_OK;
        }

        return ngx_carrierpay_enriched_form_join(text, none, numbering,
                                                 msisdn);
    }

    before = &ngx_carrierpay_enriched_form_abroad;

    if (form == NGX_CARRIERPAY_FORM_E164) {
        before = &ngx_carrierpay_enriched_form_plus;

        if (!ngx_carrierpay_text_begins(text, before)) {
            before = none;
        }
    }

    if (!ngx_carrierpay_text_begins(text, before)) {
        return NGX_DECLINED;
    }

    rest.data = text->data + before->len;
    rest.len = text->len - before->len;

    return ngx_carrierpay_enriched_form_join(&rest, &numbering->cc, numbering,
                                             msisdn);
}


/* A gateway of a mobile network that names a fixed line is not believed. */

static ngx_int_t
ngx_carrierpay_enriched_form_join(const ngx_str_t *text,
    const ngx_str_t *prefix, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn)
{
    if (!ngx_carrierpay_text_begins(text, prefix)
        || ngx_carrierpay_msisdn_join(&numbering->cc, text->data + prefix->len,
                                      text->len - prefix->len, msisdn)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    switch (ngx_carrierpay_numbering_kind(numbering, msisdn)) {

    case NGX_CARRIERPAY_NUMBER_OWN:
    case NGX_CARRIERPAY_NUMBER_MOBILE:
        return NGX_OK;

    default:
        return NGX_DECLINED;
    }
}


/*
 * A reference is visible ASCII, without characters that would have to be
 * escaped on their way.
 */

static ngx_int_t
ngx_carrierpay_enriched_form_reference(const ngx_str_t *text,
    ngx_carrierpay_enriched_end_user_t *end_user)
{
    u_char  c, *p;
    size_t  i, len, acr;

    p = text->data;
    len = text->len;
    acr = ngx_carrierpay_enriched_form_acr.len;

    /* Some gateways write the prefix "acr:" themselves. */

    if (len >= acr && ngx_tolower(p[0]) == 'a' && ngx_tolower(p[1]) == 'c'
        && ngx_tolower(p[2]) == 'r' && p[3] == ':')
    {
        p += acr;
        len -= acr;
    }

    if (len == 0) {
        return NGX_DECLINED;
    }

    for (i = 0; i < len; i++) {
        c = p[i];

        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == ','
            || c == '<' || c == '>' || c == '&')
        {
            return NGX_DECLINED;
        }
    }

    ngx_memcpy(end_user->acr, ngx_carrierpay_enriched_form_acr.data, acr);
    ngx_memcpy(end_user->acr + acr, p, len);
    end_user->acr_len = acr + len;

    return NGX_OK;
}
