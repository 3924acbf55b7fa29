
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_text.h"


#define NGX_CARRIERPAY_END_USER_ACR_LEN     (sizeof("acr:") - 1)

/* The last characters of a shorter token would reveal too much of it. */
#define NGX_CARRIERPAY_END_USER_TOKEN_SHOWN  8


static ngx_int_t ngx_carrierpay_end_user_number(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_end_user_join(const ngx_str_t *text,
    const ngx_str_t *prefix, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_end_user_reference(const ngx_str_t *text,
    ngx_carrierpay_end_user_t *end_user);


static const ngx_str_t  ngx_carrierpay_end_user_plus = ngx_string("+");
static const ngx_str_t  ngx_carrierpay_end_user_abroad = ngx_string("00");
static const ngx_str_t  ngx_carrierpay_end_user_none = ngx_null_string;


ngx_uint_t
ngx_carrierpay_end_user_acr(const ngx_str_t *end_user)
{
    return end_user->len >= NGX_CARRIERPAY_END_USER_ACR_LEN
           && ngx_strncmp(end_user->data, "acr:",
                          NGX_CARRIERPAY_END_USER_ACR_LEN)
              == 0;
}


ngx_int_t
ngx_carrierpay_end_user_check(const ngx_str_t *end_user)
{
    size_t                   i;
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_end_user_acr(end_user)) {
        return ngx_carrierpay_msisdn_load(end_user, &msisdn);
    }

    if (end_user->len == NGX_CARRIERPAY_END_USER_ACR_LEN
        || end_user->len > NGX_CARRIERPAY_END_USER_MAX)
    {
        return NGX_DECLINED;
    }

    for (i = NGX_CARRIERPAY_END_USER_ACR_LEN; i < end_user->len; i++) {
        if (end_user->data[i] <= ' ' || end_user->data[i] > '~') {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


u_char *
ngx_carrierpay_end_user_mask(u_char *buf, const ngx_str_t *end_user)
{
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_end_user_acr(end_user)) {
        return ngx_carrierpay_msisdn_load(end_user, &msisdn) == NGX_OK
               ? ngx_carrierpay_msisdn_mask(buf, &msisdn) : buf;
    }

    buf = ngx_cpymem(buf, "acr:******", sizeof("acr:******") - 1);

    if (end_user->len
        >= NGX_CARRIERPAY_END_USER_ACR_LEN
           + NGX_CARRIERPAY_END_USER_TOKEN_SHOWN)
    {
        buf = ngx_cpymem(buf, end_user->data + end_user->len - 2, 2);
    }

    return buf;
}


void
ngx_carrierpay_end_user_index(u_char index[NGX_CARRIERPAY_SHA256_LEN],
    const ngx_str_t *key, const ngx_str_t *operator, const ngx_str_t *end_user)
{
    ngx_str_t  pieces[3];

    pieces[0] = *end_user;
    ngx_str_set(&pieces[1], "\n");      /* no end user and no name has one */
    pieces[2] = *operator;

    ngx_carrierpay_hmac_sha256_pieces(index, key, pieces,
                                      ngx_carrierpay_end_user_acr(end_user) ? 3
                                      : 1);
}


ngx_int_t
ngx_carrierpay_end_user_read(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_end_user_t *end_user)
{
    ngx_int_t  rc;

    end_user->msisdn.len = 0;
    end_user->acr_len = 0;

    if (form == NGX_CARRIERPAY_FORM_ACR) {
        return ngx_carrierpay_end_user_reference(text, end_user);
    }

    rc = ngx_carrierpay_end_user_number(form, text, numbering,
                                       &end_user->msisdn);
    if (rc != NGX_OK) {
        end_user->msisdn.len = 0;
    }

    return rc;
}


static ngx_int_t
ngx_carrierpay_end_user_number(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_str_t         rest;
    const ngx_str_t  *before, *none;

    none = &ngx_carrierpay_end_user_none;

    if (form == NGX_CARRIERPAY_FORM_NATIONAL) {

        if (ngx_carrierpay_end_user_join(text, &numbering->trunk, numbering,
                                         msisdn)
            == NGX_OK)
        {
            return NGX_OK;
        }

        return ngx_carrierpay_end_user_join(text, none, numbering, msisdn);
    }

    before = &ngx_carrierpay_end_user_abroad;

    if (form == NGX_CARRIERPAY_FORM_E164) {
        before = &ngx_carrierpay_end_user_plus;

        if (!ngx_carrierpay_text_begins(text, before)) {
            before = none;
        }
    }

    if (!ngx_carrierpay_text_begins(text, before)) {
        return NGX_DECLINED;
    }

    rest.data = text->data + before->len;
    rest.len = text->len - before->len;

    return ngx_carrierpay_end_user_join(&rest, &numbering->cc, numbering,
                                        msisdn);
}


/* A gateway of a mobile network that names a fixed line is not believed. */

static ngx_int_t
ngx_carrierpay_end_user_join(const ngx_str_t *text, const ngx_str_t *prefix,
    const ngx_carrierpay_numbering_t *numbering,
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
ngx_carrierpay_end_user_reference(const ngx_str_t *text,
    ngx_carrierpay_end_user_t *end_user)
{
    u_char  c, *p;
    size_t  i, len, acr;

    p = text->data;
    len = text->len;
    acr = NGX_CARRIERPAY_END_USER_ACR_LEN;

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

    ngx_memcpy(end_user->acr, "acr:", acr);
    ngx_memcpy(end_user->acr + acr, p, len);
    end_user->acr_len = acr + len;

    return NGX_OK;
}
