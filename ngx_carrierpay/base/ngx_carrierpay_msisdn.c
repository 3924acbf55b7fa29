
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_msisdn.h>


static const char *ngx_carrierpay_numbering_prefixes(
    const ngx_carrierpay_numbering_t *numbering);
static ngx_int_t ngx_carrierpay_numbering_match(const ngx_str_t *prefixes,
    ngx_uint_t n, const u_char *p, size_t len);
static ngx_carrierpay_number_e ngx_carrierpay_msisdn_national(const u_char *p,
    size_t len, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *out);
static ngx_carrierpay_number_e ngx_carrierpay_msisdn_international(
    const u_char *p, size_t len, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *out);
static ngx_carrierpay_number_e ngx_carrierpay_msisdn_after(const u_char *p,
    size_t len, const ngx_str_t *prefix,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out);
static ngx_uint_t ngx_carrierpay_msisdn_begins(const u_char *p, size_t len,
    const ngx_str_t *with);
static ngx_uint_t ngx_carrierpay_msisdn_digits(const u_char *p, size_t len);
static size_t ngx_carrierpay_msisdn_cc_len(
    const ngx_carrierpay_msisdn_t *msisdn);


/*
 * The second digits of the country codes of two digits, by the first digit.
 * The codes of zones 1 and 7 have one digit, and all others have three.
 */

static const char  *ngx_carrierpay_msisdn_cc2[] = {
    "",                     /* never assigned */
    "",
    "07",
    "0123469",
    "013456789",
    "12345678",
    "0123456",
    "",
    "1246",
    "0123458"
};


static const ngx_str_t  ngx_carrierpay_msisdn_abroad = ngx_string("00");


const char *
ngx_carrierpay_numbering_check(const ngx_carrierpay_numbering_t *numbering)
{
    if (numbering->cc.len < 1 || numbering->cc.len > 3
        || !ngx_carrierpay_msisdn_digits(numbering->cc.data, numbering->cc.len)
        || numbering->cc.data[0] == '0')
    {
        return "country code is not 1 to 3 digits without leading zero";
    }

    if (numbering->len_min > numbering->len_max) {
        return "shortest length is greater than the longest";
    }

    if (numbering->cc.len + numbering->len_min < NGX_CARRIERPAY_MSISDN_MIN) {
        return "numbers are shorter than 5 digits";
    }

    if (numbering->cc.len + numbering->len_max > NGX_CARRIERPAY_MSISDN_MAX) {
        return "numbers are longer than the 15 digits of E.164";
    }

    if (numbering->trunk.len > 3
        || !ngx_carrierpay_msisdn_digits(numbering->trunk.data,
                                         numbering->trunk.len)
        || ngx_carrierpay_msisdn_begins(numbering->trunk.data,
                                        numbering->trunk.len,
                                        &ngx_carrierpay_msisdn_abroad))
    {
        return "trunk prefix is not 1 to 3 digits, or is 00";
    }

    return ngx_carrierpay_numbering_prefixes(numbering);
}


ngx_carrierpay_number_e
ngx_carrierpay_numbering_kind(const ngx_carrierpay_numbering_t *numbering,
    const ngx_carrierpay_msisdn_t *msisdn)
{
    size_t         len;
    ngx_int_t      own, fixed;
    const u_char  *p;

    if (!ngx_carrierpay_msisdn_begins(msisdn->digits, msisdn->len,
                                      &numbering->cc))
    {
        return NGX_CARRIERPAY_NUMBER_NONE;
    }

    p = msisdn->digits + numbering->cc.len;
    len = msisdn->len - numbering->cc.len;

    own = numbering->nprefixes == 0 ? 0
          : ngx_carrierpay_numbering_match(numbering->prefixes,
                                           numbering->nprefixes, p, len);
    fixed = ngx_carrierpay_numbering_match(numbering->fixed,
                                           numbering->nfixed, p, len);

    if (fixed > own) {
        return NGX_CARRIERPAY_NUMBER_FIXED;
    }

    if (len < numbering->len_min || len > numbering->len_max) {
        return NGX_CARRIERPAY_NUMBER_NONE;
    }

    if (own != NGX_DECLINED) {
        return NGX_CARRIERPAY_NUMBER_OWN;
    }

    /*
     * A text that begins with the trunk prefix is not the national number
     * itself.
     */

    if (numbering->nfixed == 0
        || (numbering->trunk.len
            && ngx_carrierpay_msisdn_begins(p, len, &numbering->trunk)))
    {
        return NGX_CARRIERPAY_NUMBER_NONE;
    }

    return NGX_CARRIERPAY_NUMBER_MOBILE;
}


ngx_int_t
ngx_carrierpay_msisdn_parse(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_form_e form, ngx_carrierpay_msisdn_t *out)
{
    size_t                    len;
    u_char                   *p;
    ngx_carrierpay_msisdn_t   at_home, abroad;
    ngx_carrierpay_number_e   national, international;

    p = text->data;
    len = text->len;
    national = NGX_CARRIERPAY_NUMBER_NONE;
    at_home.len = 0;

    if (len && p[0] == '+') {
        p++;
        len--;

    } else if (ngx_carrierpay_msisdn_begins(p, len,
                                            &ngx_carrierpay_msisdn_abroad))
    {
        p += ngx_carrierpay_msisdn_abroad.len;
        len -= ngx_carrierpay_msisdn_abroad.len;

    } else if (form == NGX_CARRIERPAY_MSISDN_INTERNATIONAL) {
        return NGX_DECLINED;

    } else if (form == NGX_CARRIERPAY_MSISDN_ANY) {
        national = ngx_carrierpay_msisdn_national(p, len, numbering, &at_home);
    }

    international = ngx_carrierpay_msisdn_international(p, len, numbering,
                                                        &abroad);

    if (national == NGX_CARRIERPAY_NUMBER_NONE
        && international == NGX_CARRIERPAY_NUMBER_NONE)
    {
        return NGX_DECLINED;
    }

    /*
     * The kinds are compared, since their enum is in the order of preference.
     */

    if (international == NGX_CARRIERPAY_NUMBER_NONE
        || (national != NGX_CARRIERPAY_NUMBER_NONE
            && national <= international
            && national != NGX_CARRIERPAY_NUMBER_FIXED))
    {
        *out = at_home;

    } else {
        *out = abroad;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_msisdn_join(const ngx_str_t *cc, const u_char *p, size_t len,
    ngx_carrierpay_msisdn_t *out)
{
    if (cc->len + len < NGX_CARRIERPAY_MSISDN_MIN
        || cc->len + len > NGX_CARRIERPAY_MSISDN_MAX
        || !ngx_carrierpay_msisdn_digits(p, len))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(out->digits, cc->data, cc->len);
    ngx_memcpy(out->digits + cc->len, p, len);
    out->len = (u_char) (cc->len + len);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_msisdn_load(const ngx_str_t *digits,
    ngx_carrierpay_msisdn_t *out)
{
    if (digits->len < NGX_CARRIERPAY_MSISDN_MIN
        || digits->len > NGX_CARRIERPAY_MSISDN_MAX
        || digits->data[0] == '0'
        || !ngx_carrierpay_msisdn_digits(digits->data, digits->len))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(out->digits, digits->data, digits->len);
    out->len = (u_char) digits->len;

    return NGX_OK;
}


u_char *
ngx_carrierpay_msisdn_mask(u_char *buf, const ngx_carrierpay_msisdn_t *msisdn)
{
    size_t  cc;

    cc = ngx_carrierpay_msisdn_cc_len(msisdn);

    *buf++ = '+';
    buf = ngx_cpymem(buf, msisdn->digits, cc);
    buf = ngx_cpymem(buf, "******", sizeof("******") - 1);

    if (msisdn->len - cc < 4 + 2) {
        return buf;
    }

    return ngx_cpymem(buf, msisdn->digits + msisdn->len - 2, 2);
}


u_char *
ngx_carrierpay_msisdn_pairs(u_char *buf, const ngx_carrierpay_msisdn_t *msisdn)
{
    size_t  i, cc;

    cc = ngx_carrierpay_msisdn_cc_len(msisdn);

    *buf++ = '+';

    for (i = 0; i < msisdn->len; i++) {

        if (i == cc || (i > cc && (msisdn->len - i) % 2 == 0)) {
            *buf++ = ' ';
        }

        *buf++ = msisdn->digits[i];
    }

    return buf;
}


/* Returns what is wrong with the prefixes, or NULL. */

static const char *
ngx_carrierpay_numbering_prefixes(const ngx_carrierpay_numbering_t *numbering)
{
    ngx_str_t   *prefix, *fixed;
    ngx_uint_t   i, j;

    for (i = 0; i < numbering->nprefixes; i++) {
        prefix = &numbering->prefixes[i];

        if (prefix->len == 0 || prefix->len > numbering->len_min
            || !ngx_carrierpay_msisdn_digits(prefix->data, prefix->len))
        {
            return "prefix is not digits, or longer than a number";
        }
    }

    for (i = 0; i < numbering->nfixed; i++) {
        fixed = &numbering->fixed[i];

        if (fixed->len == 0
            || fixed->len > NGX_CARRIERPAY_MSISDN_MAX - numbering->cc.len
            || !ngx_carrierpay_msisdn_digits(fixed->data, fixed->len))
        {
            return "fixed prefix is not digits, or longer than a number";
        }

        for (j = 0; j < numbering->nprefixes; j++) {
            prefix = &numbering->prefixes[j];

            if (prefix->len == fixed->len
                && ngx_memcmp(prefix->data, fixed->data, fixed->len) == 0)
            {
                return "a prefix is both mobile and fixed";
            }
        }
    }

    return NULL;
}


/* Returns the length of the longest prefix that matches, or NGX_DECLINED. */

static ngx_int_t
ngx_carrierpay_numbering_match(const ngx_str_t *prefixes, ngx_uint_t n,
    const u_char *p, size_t len)
{
    ngx_int_t   longest;
    ngx_uint_t  i;

    longest = NGX_DECLINED;

    for (i = 0; i < n; i++) {
        if ((ngx_int_t) prefixes[i].len > longest
            && ngx_carrierpay_msisdn_begins(p, len, &prefixes[i]))
        {
            longest = prefixes[i].len;
        }
    }

    return longest;
}


/*
 * Reads a national number with its trunk prefix, or without it, as contacts
 * and people who are used to their country code have it.  Fixed lines may be
 * of any length, so short codes would be such, too, without the prefix.
 */

static ngx_carrierpay_number_e
ngx_carrierpay_msisdn_national(const u_char *p, size_t len,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out)
{
    ngx_carrierpay_number_e  kind;

    static const ngx_str_t  none = ngx_null_string;

    kind = ngx_carrierpay_msisdn_after(p, len, &numbering->trunk, numbering,
                                       out);

    if (kind != NGX_CARRIERPAY_NUMBER_NONE || numbering->trunk.len == 0) {
        return kind;
    }

    kind = ngx_carrierpay_msisdn_after(p, len, &none, numbering, out);

    return kind != NGX_CARRIERPAY_NUMBER_FIXED ? kind
                                               : NGX_CARRIERPAY_NUMBER_NONE;
}


/*
 * Reads a number with its country code, which a trunk prefix may follow where
 * it cannot be the start of the number itself.
 */

static ngx_carrierpay_number_e
ngx_carrierpay_msisdn_international(const u_char *p, size_t len,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out)
{
    ngx_carrierpay_number_e  kind;

    kind = ngx_carrierpay_msisdn_after(p, len, &numbering->cc, numbering, out);

    if (kind != NGX_CARRIERPAY_NUMBER_NONE || numbering->trunk.len == 0
        || !ngx_carrierpay_msisdn_begins(p, len, &numbering->cc))
    {
        return kind;
    }

    return ngx_carrierpay_msisdn_after(p + numbering->cc.len,
                                       len - numbering->cc.len,
                                       &numbering->trunk, numbering, out);
}


/*
 * Reads what follows the trunk prefix or the country code as a national
 * number.
 */

static ngx_carrierpay_number_e
ngx_carrierpay_msisdn_after(const u_char *p, size_t len,
    const ngx_str_t *prefix, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *out)
{
    if (!ngx_carrierpay_msisdn_begins(p, len, prefix)
        || ngx_carrierpay_msisdn_join(&numbering->cc, p + prefix->len,
                                      len - prefix->len, out)
           != NGX_OK)
    {
        return NGX_CARRIERPAY_NUMBER_NONE;
    }

    return ngx_carrierpay_numbering_kind(numbering, out);
}


static ngx_uint_t
ngx_carrierpay_msisdn_begins(const u_char *p, size_t len,
    const ngx_str_t *with)
{
    /* The data of an empty string may be NULL. */

    return with->len == 0
           || (with->len <= len
               && ngx_memcmp(p, with->data, with->len) == 0);
}


static ngx_uint_t
ngx_carrierpay_msisdn_digits(const u_char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return 0;
        }
    }

    return 1;
}


static size_t
ngx_carrierpay_msisdn_cc_len(const ngx_carrierpay_msisdn_t *msisdn)
{
    u_char  first;

    first = msisdn->digits[0] - '0';

    if (first == 1 || first == 7) {
        return 1;
    }

    return strchr(ngx_carrierpay_msisdn_cc2[first], msisdn->digits[1]) ? 2 : 3;
}
