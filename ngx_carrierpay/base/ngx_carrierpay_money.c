
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_money.h>


#define NGX_CARRIERPAY_NARROW_SPACE    "\xe2\x80\xaf"    /* U+202F */
#define NGX_CARRIERPAY_NO_BREAK_SPACE  "\xc2\xa0"        /* U+00A0 */


static u_char *ngx_carrierpay_money_write(u_char *buf, int64_t amount,
    ngx_uint_t exponent, u_char point, const ngx_str_t *group);


/* The table is in the order of the codes, for the binary search. */

static const ngx_carrierpay_currency_t  ngx_carrierpay_currencies[] = {
    { "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "AOA", 2 },
    { "ARS", 2 }, { "AUD", 2 }, { "AWG", 2 }, { "AZN", 2 }, { "BAM", 2 },
    { "BBD", 2 }, { "BDT", 2 }, { "BHD", 3 }, { "BIF", 0 }, { "BMD", 2 },
    { "BND", 2 }, { "BOB", 2 }, { "BOV", 2 }, { "BRL", 2 }, { "BSD", 2 },
    { "BTN", 2 }, { "BWP", 2 }, { "BYN", 2 }, { "BZD", 2 }, { "CAD", 2 },
    { "CDF", 2 }, { "CHE", 2 }, { "CHF", 2 }, { "CHW", 2 }, { "CLF", 4 },
    { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 }, { "COU", 2 }, { "CRC", 2 },
    { "CUP", 2 }, { "CVE", 2 }, { "CZK", 2 }, { "DJF", 0 }, { "DKK", 2 },
    { "DOP", 2 }, { "DZD", 2 }, { "EGP", 2 }, { "ERN", 2 }, { "ETB", 2 },
    { "EUR", 2 }, { "FJD", 2 }, { "FKP", 2 }, { "GBP", 2 }, { "GEL", 2 },
    { "GHS", 2 }, { "GIP", 2 }, { "GMD", 2 }, { "GNF", 0 }, { "GTQ", 2 },
    { "GYD", 2 }, { "HKD", 2 }, { "HNL", 2 }, { "HTG", 2 }, { "HUF", 2 },
    { "IDR", 2 }, { "ILS", 2 }, { "INR", 2 }, { "IQD", 3 }, { "IRR", 2 },
    { "ISK", 0 }, { "JMD", 2 }, { "JOD", 3 }, { "JPY", 0 }, { "KES", 2 },
    { "KGS", 2 }, { "KHR", 2 }, { "KMF", 0 }, { "KPW", 2 }, { "KRW", 0 },
    { "KWD", 3 }, { "KYD", 2 }, { "KZT", 2 }, { "LAK", 2 }, { "LBP", 2 },
    { "LKR", 2 }, { "LRD", 2 }, { "LSL", 2 }, { "LYD", 3 }, { "MAD", 2 },
    { "MDL", 2 }, { "MGA", 2 }, { "MKD", 2 }, { "MMK", 2 }, { "MNT", 2 },
    { "MOP", 2 }, { "MRU", 2 }, { "MUR", 2 }, { "MVR", 2 }, { "MWK", 2 },
    { "MXN", 2 }, { "MXV", 2 }, { "MYR", 2 }, { "MZN", 2 }, { "NAD", 2 },
    { "NGN", 2 }, { "NIO", 2 }, { "NOK", 2 }, { "NPR", 2 }, { "NZD", 2 },
    { "OMR", 3 }, { "PAB", 2 }, { "PEN", 2 }, { "PGK", 2 }, { "PHP", 2 },
    { "PKR", 2 }, { "PLN", 2 }, { "PYG", 0 }, { "QAR", 2 }, { "RON", 2 },
    { "RSD", 2 }, { "RUB", 2 }, { "RWF", 0 }, { "SAR", 2 }, { "SBD", 2 },
    { "SCR", 2 }, { "SDG", 2 }, { "SEK", 2 }, { "SGD", 2 }, { "SHP", 2 },
    { "SLE", 2 }, { "SOS", 2 }, { "SRD", 2 }, { "SSP", 2 }, { "STN", 2 },
    { "SVC", 2 }, { "SYP", 2 }, { "SZL", 2 }, { "THB", 2 }, { "TJS", 2 },
    { "TMT", 2 }, { "TND", 3 }, { "TOP", 2 }, { "TRY", 2 }, { "TTD", 2 },
    { "TWD", 2 }, { "TZS", 2 }, { "UAH", 2 }, { "UGX", 0 }, { "USD", 2 },
    { "USN", 2 }, { "UYI", 0 }, { "UYU", 2 }, { "UYW", 4 }, { "UZS", 2 },
    { "VED", 2 }, { "VES", 2 }, { "VND", 0 }, { "VUV", 0 }, { "WST", 2 },
    { "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 }, { "XOF", 0 }, { "XPF", 0 },
    { "YER", 2 }, { "ZAR", 2 }, { "ZMW", 2 }, { "ZWG", 2 }
};


/* Signs of currencies; other currencies are written as their code. */

static const struct {
    const char  *code;
    ngx_str_t    sign;
} ngx_carrierpay_signs[] = {
    { "EUR", ngx_string("\xe2\x82\xac") },
    { "GBP", ngx_string("\xc2\xa3") },
    { "XAF", ngx_string("FCFA") },
    { "XOF", ngx_string("FCFA") }
};


static const ngx_str_t  ngx_carrierpay_group_none = ngx_string("");
static const ngx_str_t  ngx_carrierpay_group_en = ngx_string(",");
static const ngx_str_t  ngx_carrierpay_group_fr =
    ngx_string(NGX_CARRIERPAY_NARROW_SPACE);


const ngx_carrierpay_currency_t *
ngx_carrierpay_currency_find(const u_char *code, size_t len)
{
    int         rc;
    ngx_uint_t  low, high, middle;

    if (len != sizeof("EUR") - 1) {
        return NULL;
    }

    low = 0;
    high = sizeof(ngx_carrierpay_currencies)
           / sizeof(ngx_carrierpay_currencies[0]);

    while (low < high) {
        middle = (low + high) / 2;

        rc = ngx_memcmp(code, ngx_carrierpay_currencies[middle].code, len);

        if (rc == 0) {
            return &ngx_carrierpay_currencies[middle];
        }

        if (rc < 0) {
            high = middle;

        } else {
            low = middle + 1;
        }
    }

    return NULL;
}


ngx_carrierpay_locale_e
ngx_carrierpay_locale_find(const u_char *tag, size_t len)
{
    if (len < 2 || (tag[0] | 0x20) != 'f' || (tag[1] | 0x20) != 'r') {
        return NGX_CARRIERPAY_LOCALE_EN;
    }

    if (len > 2 && tag[2] != '-' && tag[2] != '_') {
        return NGX_CARRIERPAY_LOCALE_EN;
    }

    return NGX_CARRIERPAY_LOCALE_FR;
}


u_char *
ngx_carrierpay_money_print(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency)
{
    return ngx_carrierpay_money_write(buf, amount, currency->exponent, '.',
                                      &ngx_carrierpay_group_none);
}


u_char *
ngx_carrierpay_money_print_locale(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency, ngx_carrierpay_locale_e locale)
{
    if (locale == NGX_CARRIERPAY_LOCALE_FR) {
        return ngx_carrierpay_money_write(buf, amount, currency->exponent, ',',
                                          &ngx_carrierpay_group_fr);
    }

    return ngx_carrierpay_money_write(buf, amount, currency->exponent, '.',
                                      &ngx_carrierpay_group_en);
}


void
ngx_carrierpay_money_sign(const ngx_carrierpay_currency_t *currency,
    ngx_carrierpay_locale_e locale, ngx_str_t *sign, ngx_str_t *gap)
{
    ngx_uint_t  i;

    sign->data = (u_char *) currency->code;
    sign->len = sizeof("EUR") - 1;

    for (i = 0;
         i < sizeof(ngx_carrierpay_signs) / sizeof(ngx_carrierpay_signs[0]);
         i++)
    {
        if (ngx_memcmp(ngx_carrierpay_signs[i].code, currency->code, sign->len)
            == 0)
        {
            *sign = ngx_carrierpay_signs[i].sign;
            break;
        }
    }

    /* In English, a sign that is not a letter touches the first digit. */

    if (locale == NGX_CARRIERPAY_LOCALE_EN
        && sign->data[sign->len - 1] >= 0x80)
    {
        ngx_str_set(gap, "");

    } else {
        ngx_str_set(gap, NGX_CARRIERPAY_NO_BREAK_SPACE);
    }
}


u_char *
ngx_carrierpay_money_print_price(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency, ngx_carrierpay_locale_e locale)
{
    ngx_str_t  sign, gap;

    ngx_carrierpay_money_sign(currency, locale, &sign, &gap);

    if (locale == NGX_CARRIERPAY_LOCALE_FR) {
        buf = ngx_carrierpay_money_print_locale(buf, amount, currency, locale);
        buf = ngx_cpymem(buf, gap.data, gap.len);

        return ngx_cpymem(buf, sign.data, sign.len);
    }

    buf = ngx_cpymem(buf, sign.data, sign.len);
    buf = ngx_cpymem(buf, gap.data, gap.len);

    return ngx_carrierpay_money_print_locale(buf, amount, currency, locale);
}


static u_char *
ngx_carrierpay_money_write(u_char *buf, int64_t amount, ngx_uint_t exponent,
    u_char point, const ngx_str_t *group)
{
    u_char      digits[NGX_INT64_LEN];
    uint64_t    n;
    ngx_uint_t  ndigits;

    n = amount;

    if (amount < 0) {
        *buf++ = '-';
        n = 0 - n;
    }

    /*
     * The digits are written from the last one, with at least one before the
     * point.
     */

    ndigits = 0;

    do {
        digits[ndigits++] = (u_char) ('0' + n % 10);
        n /= 10;
    } while (n || ndigits <= exponent);

    while (ndigits > exponent) {
        *buf++ = digits[--ndigits];

        if (ndigits > exponent && (ndigits - exponent) % 3 == 0) {
            buf = ngx_cpymem(buf, group->data, group->len);
        }
    }

    if (exponent) {
        *buf++ = point;
    }

    while (ndigits) {
        *buf++ = digits[--ndigits];
    }

    return buf;
}
