
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_text.h>


/* 17 digits, a sign, a point and an exponent. */
#define NGX_CARRIERPAY_TEXT_DOUBLE_LEN  24


static u_char ngx_carrierpay_text_json_escape(u_char c);
static const ngx_str_t *ngx_carrierpay_text_html_reference(u_char c);
static ngx_uint_t ngx_carrierpay_text_unreserved(u_char c);


ngx_uint_t
ngx_carrierpay_text_utf8_valid(const u_char *p, size_t len)
{
    u_char         c, low, high;
    size_t         n;
    const u_char  *last;

    last = p + len;

    while (p < last) {

        c = *p++;

        if (c < 0x80) {
            continue;
        }

        /* n bytes follow, of which the first one is from low to high. */

        low = 0x80;
        high = 0xbf;

        if (c < 0xc2) {
            return 0;

        } else if (c < 0xe0) {
            n = 1;

        } else if (c < 0xf0) {
            n = 2;
            low = (c == 0xe0) ? 0xa0 : low;         /* shortest form */
            high = (c == 0xed) ? 0x9f : high;       /* no surrogates */

        } else if (c < 0xf5) {
            n = 3;
            low = (c == 0xf0) ? 0x90 : low;         /* shortest form */
            high = (c == 0xf4) ? 0x8f : high;       /* up to U+10FFFF */

        } else {
            return 0;
        }

        if ((size_t) (last - p) < n || *p < low || *p > high) {
            return 0;
        }

        p++;

        for ( /* void */ ; n > 1; n--) {
            if ((*p++ & 0xc0) != 0x80) {
                return 0;
            }
        }
    }

    return 1;
}


size_t
ngx_carrierpay_text_utf8_length(const u_char *p, size_t len)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < len; i++) {
        n += (p[i] & 0xc0) != 0x80;
    }

    return n;
}


ngx_uint_t
ngx_carrierpay_text_begins(const ngx_str_t *text, const ngx_str_t *with)
{
    return with->len == 0
           || (with->len <= text->len
               && ngx_memcmp(text->data, with->data, with->len) == 0);
}


void
ngx_carrierpay_text_skip_mark(ngx_str_t *text)
{
    static const ngx_str_t  mark = ngx_string("\xef\xbb\xbf");

    if (ngx_carrierpay_text_begins(text, &mark)) {
        text->data += mark.len;
        text->len -= mark.len;
    }
}


size_t
ngx_carrierpay_text_json_size(const u_char *src, size_t len)
{
    u_char  escape;
    size_t  i, size;

    size = len;

    for (i = 0; i < len; i++) {
        escape = ngx_carrierpay_text_json_escape(src[i]);

        if (escape) {
            size += (escape == 'u') ? sizeof("\\u001f") - 2 : 1;
        }
    }

    return size;
}


u_char *
ngx_carrierpay_text_json(u_char *dst, const u_char *src, size_t len)
{
    u_char             escape;
    size_t             i;
    static const char  hex[] = "0123456789abcdef";

    for (i = 0; i < len; i++) {
        escape = ngx_carrierpay_text_json_escape(src[i]);

        if (escape == 0) {
            *dst++ = src[i];
            continue;
        }

        *dst++ = '\\';
        *dst++ = escape;

        if (escape == 'u') {
            *dst++ = '0';
            *dst++ = '0';
            *dst++ = hex[src[i] >> 4];
            *dst++ = hex[src[i] & 0xf];
        }
    }

    return dst;
}


size_t
ngx_carrierpay_text_html_size(const u_char *src, size_t len)
{
    size_t            i, size;
    const ngx_str_t  *reference;

    size = len;

    for (i = 0; i < len; i++) {
        reference = ngx_carrierpay_text_html_reference(src[i]);

        if (reference) {
            size += reference->len - 1;
        }
    }

    return size;
}


u_char *
ngx_carrierpay_text_html(u_char *dst, const u_char *src, size_t len)
{
    size_t            i;
    const ngx_str_t  *reference;

    for (i = 0; i < len; i++) {
        reference = ngx_carrierpay_text_html_reference(src[i]);

        if (reference) {
            dst = ngx_cpymem(dst, reference->data, reference->len);

        } else {
            *dst++ = src[i];
        }
    }

    return dst;
}


size_t
ngx_carrierpay_text_uri_size(const u_char *src, size_t len)
{
    size_t  i, size;

    size = len;

    for (i = 0; i < len; i++) {
        size += ngx_carrierpay_text_unreserved(src[i]) ? 0 : 2;
    }

    return size;
}


u_char *
ngx_carrierpay_text_uri(u_char *dst, const u_char *src, size_t len)
{
    size_t             i;
    static const char  hex[] = "0123456789ABCDEF";

    for (i = 0; i < len; i++) {
        if (ngx_carrierpay_text_unreserved(src[i])) {
            *dst++ = src[i];
            continue;
        }

        *dst++ = '%';
        *dst++ = hex[src[i] >> 4];
        *dst++ = hex[src[i] & 0xf];
    }

    return dst;
}


u_char *
ngx_carrierpay_text_hex(u_char *dst, const u_char *src, size_t len)
{
    size_t             i;
    static const char  hex[] = "0123456789abcdef";

    for (i = 0; i < len; i++) {
        *dst++ = hex[src[i] >> 4];
        *dst++ = hex[src[i] & 0xf];
    }

    return dst;
}


ngx_int_t
ngx_carrierpay_text_hex_parse(const ngx_str_t *text, ngx_str_t *data)
{
    u_char      c;
    size_t      i;
    ngx_uint_t  value;

    if (text->len % 2) {
        return NGX_DECLINED;
    }

    value = 0;

    for (i = 0; i < text->len; i++) {
        c = text->data[i];

        if (c >= '0' && c <= '9') {
            value = value << 4 | (c - '0');

        } else if (c >= 'a' && c <= 'f') {
            value = value << 4 | (c - 'a' + 10);

        } else {
            return NGX_DECLINED;
        }

        data->data[i / 2] = (u_char) value;
    }

    data->len = text->len / 2;

    return NGX_OK;
}


u_char *
ngx_carrierpay_text_int(u_char *dst, int64_t n)
{
    u_char      digits[NGX_INT64_LEN];
    uint64_t    rest;
    ngx_uint_t  ndigits;

    rest = n;

    if (n < 0) {
        *dst++ = '-';
        rest = 0 - rest;
    }

    ndigits = 0;

    do {
        digits[ndigits++] = (u_char) ('0' + rest % 10);
        rest /= 10;
    } while (rest);

    while (ndigits) {
        *dst++ = digits[--ndigits];
    }

    return dst;
}


ngx_int_t
ngx_carrierpay_text_int_parse(const ngx_str_t *text, int64_t *n)
{
    u_char    *p, *last;
    uint64_t   value, limit;

    p = text->data;
    last = p + text->len;
    limit = INT64_MAX;

    if (p < last && *p == '-') {
        p++;
        limit++;

        if (p < last && *p == '0') {
            return NGX_DECLINED;
        }
    }

    /* 19 digits cannot overflow a uint64_t. */

    if (p == last || last - p > 19 || (*p == '0' && last - p > 1)) {
        return NGX_DECLINED;
    }

    for (value = 0; p < last; p++) {
        if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }

        value = value * 10 + (*p - '0');
    }

    if (value > limit) {
        return NGX_DECLINED;
    }

    *n = (text->data[0] == '-') ? (int64_t) (0 - value) : (int64_t) value;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_text_double_parse(const ngx_str_t *text, int64_t *n)
{
    char    buf[NGX_CARRIERPAY_TEXT_DOUBLE_LEN + 1], *end;
    double  value;

    if (text->len == 0 || text->len > NGX_CARRIERPAY_TEXT_DOUBLE_LEN
        || (text->data[0] != '-' && (text->data[0] < '0'
                                     || text->data[0] > '9')))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(buf, text->data, text->len);
    buf[text->len] = '\0';

    value = strtod(buf, &end);

    /*
     * The limits are 2^63.  NaN fails each comparison, so it is refused, too.
     */

    if (end != buf + text->len
        || !(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
    {
        return NGX_DECLINED;
    }

    *n = (int64_t) value;

    return NGX_OK;
}


/*
 * Returns 0 if the character is written as it is, 'u' if it is written by its
 * number, or else what follows the backslash.
 */

static u_char
ngx_carrierpay_text_json_escape(u_char c)
{
    if (c > 0x1f) {
        return (c == '"' || c == '\\') ? c : 0;
    }

    switch (c) {

    case '\b':
        return 'b';

    case '\t':
        return 't';

    case '\n':
        return 'n';

    case '\f':
        return 'f';

    case '\r':
        return 'r';

    default:
        return 'u';
    }
}


static const ngx_str_t *
ngx_carrierpay_text_html_reference(u_char c)
{
    static const ngx_str_t  amp = ngx_string("&amp;");
    static const ngx_str_t  lt = ngx_string("&lt;");
    static const ngx_str_t  gt = ngx_string("&gt;");
    static const ngx_str_t  quot = ngx_string("&quot;");
    static const ngx_str_t  apos = ngx_string("&#39;");

    switch (c) {

    case '&':
        return &amp;

    case '<':
        return &lt;

    case '>':
        return &gt;

    case '"':
        return &quot;

    case '\'':
        return &apos;

    default:
        return NULL;
    }
}


static ngx_uint_t
ngx_carrierpay_text_unreserved(u_char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || c == '-' || c == '.' || c == '_' || c == '~';
}
