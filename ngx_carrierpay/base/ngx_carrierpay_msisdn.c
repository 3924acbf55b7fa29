
/*
 * The number of a subscriber.  See the header.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_msisdn.h>


static ngx_int_t ngx_carrierpay_msisdn_national(const u_char *p, size_t len,
    const ngx_carrierpay_numbering_t *numbering);
static ngx_uint_t ngx_carrierpay_msisdn_digits(const u_char *p, size_t len);
static size_t ngx_carrierpay_msisdn_cc_len(
    const ngx_carrierpay_msisdn_t *msisdn);


/*
 * The second digits of the country codes of two digits, by the first digit.
 * Zones 1 and 7 are codes of one digit, all others have three.
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


const char *
ngx_carrierpay_numbering_check(const ngx_carrierpay_numbering_t *numbering)
{
    ngx_str_t   *prefix;
    ngx_uint_t   i;

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

    for (i = 0; i < numbering->nprefixes; i++) {
        prefix = &numbering->prefixes[i];

        if (prefix->len == 0 || prefix->len > numbering->len_min
            || !ngx_carrierpay_msisdn_digits(prefix->data, prefix->len))
        {
            return "prefix is not digits, or longer than a number";
        }
    }

    return NULL;
}


ngx_int_t
ngx_carrierpay_msisdn_parse(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out)
{
    u_char           *p;
    size_t            len;
    const ngx_str_t  *cc;

    p = text->data;
    len = text->len;
    cc = &numbering->cc;

    if (len > 1 && p[0] == '0' && p[1] != '0') {

        /* trunk 0: the national number follows, the country is implied */

        p++;
        len--;

    } else {

        if (len && p[0] == '+') {
            p++;
            len--;

        } else if (len > 1 && p[0] == '0') {
            p += 2;
            len -= 2;
        }

        if (len < cc->len || ngx_memcmp(p, cc->data, cc->len) != 0) {
            return NGX_DECLINED;
        }

        p += cc->len;
        len -= cc->len;
    }

    if (ngx_carrierpay_msisdn_national(p, len, numbering) != NGX_OK) {
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


static ngx_int_t
ngx_carrierpay_msisdn_national(const u_char *p, size_t len,
    const ngx_carrierpay_numbering_t *numbering)
{
    ngx_str_t   *prefix;
    ngx_uint_t   i;

    if (len < numbering->len_min || len > numbering->len_max
        || numbering->cc.len + len > NGX_CARRIERPAY_MSISDN_MAX
        || !ngx_carrierpay_msisdn_digits(p, len))
    {
        return NGX_DECLINED;
    }

    if (numbering->nprefixes == 0) {
        return NGX_OK;
    }

    for (i = 0; i < numbering->nprefixes; i++) {
        prefix = &numbering->prefixes[i];

        if (prefix->len <= len
            && ngx_memcmp(p, prefix->data, prefix->len) == 0)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
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
