
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_query.h"
#include "ngx_carrierpay_text.h"


static ngx_int_t ngx_carrierpay_sms_query_decode(ngx_pool_t *pool, u_char *p,
    u_char *last, ngx_str_t *value);
static void ngx_carrierpay_sms_query_charset(const ngx_str_t *type,
    ngx_str_t *charset);
static ngx_int_t ngx_carrierpay_sms_query_utf16(const ngx_str_t *body,
    ngx_str_t *text);
static u_char *ngx_carrierpay_sms_query_put(u_char *p, uint32_t c);


ngx_int_t
ngx_carrierpay_sms_query_field(ngx_pool_t *pool, const ngx_str_t *query,
    const ngx_str_t *name, ngx_str_t *value)
{
    u_char      *p, *end, *last, *found;
    ngx_uint_t   n;

    n = 0;
    found = NULL;
    end = query->data + query->len;

    for (p = query->data; p < end; p = last + 1) {
        last = ngx_strlchr(p, end, '&');
        if (last == NULL) {
            last = end;
        }

        if ((size_t) (last - p) > name->len && p[name->len] == '='
            && ngx_memcmp(p, name->data, name->len) == 0)
        {
            found = p + name->len + 1;
            n++;
        }
    }

    if (n != 1) {
        return n ? NGX_ABORT : NGX_DECLINED;
    }

    last = ngx_strlchr(found, end, '&');

    return ngx_carrierpay_sms_query_decode(pool, found, last ? last : end,
                                           value);
}


static ngx_int_t
ngx_carrierpay_sms_query_decode(ngx_pool_t *pool, u_char *p, u_char *last,
    ngx_str_t *value)
{
    u_char     *dst;
    ngx_int_t   n;

    value->data = ngx_pnalloc(pool, last - p + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    for (dst = value->data; p < last; p++) {

        if (*p != '%') {
            *dst++ = (*p == '+') ? ' ' : *p;
            continue;
        }

        n = (last - p < 3) ? NGX_ERROR : ngx_hextoi(p + 1, 2);

        if (n == NGX_ERROR) {
            return NGX_ABORT;
        }

        *dst++ = n ? (u_char) n : ' ';
        p += 2;
    }

    value->len = dst - value->data;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_sms_query_text(ngx_pool_t *pool, const ngx_str_t *type,
    const ngx_str_t *body, ngx_str_t *text)
{
    size_t      i;
    u_char     *p;
    ngx_str_t   charset;

    ngx_carrierpay_sms_query_charset(type, &charset);

    /* No charset takes more than twice the bytes in UTF-8. */

    text->len = 0;
    text->data = ngx_pnalloc(pool, 2 * body->len + 1);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

#define ngx_carrierpay_sms_query_named(literal)                               \
    (charset.len == sizeof(literal) - 1                                       \
     && ngx_strncasecmp(charset.data, (u_char *) literal, charset.len) == 0)

    if (charset.len == 0 || ngx_carrierpay_sms_query_named("utf-8")) {

        if (!ngx_carrierpay_text_utf8_valid(body->data, body->len)) {
            return NGX_DECLINED;
        }

        for (i = 0; i < body->len; i++) {
            text->data[i] = body->data[i] ? body->data[i] : ' ';
        }

        text->len = body->len;

        return NGX_OK;
    }

    if (ngx_carrierpay_sms_query_named("utf-16be")) {
        return ngx_carrierpay_sms_query_utf16(body, text);
    }

    if (!ngx_carrierpay_sms_query_named("iso-8859-1")) {
        return NGX_DECLINED;
    }

    p = text->data;

    for (i = 0; i < body->len; i++) {
        p = ngx_carrierpay_sms_query_put(p, body->data[i]);
    }

    text->len = p - text->data;

    return NGX_OK;
}


static void
ngx_carrierpay_sms_query_charset(const ngx_str_t *type, ngx_str_t *charset)
{
    u_char  *p, *last;

    ngx_str_null(charset);

    if (type->len < sizeof("charset=") - 1) {
        return;
    }

    last = type->data + type->len;
    p = ngx_strlcasestrn(type->data, last, (u_char *) "charset=",
                         sizeof("charset=") - 2);
    if (p == NULL) {
        return;
    }

    p += sizeof("charset=") - 1;

    if (p < last && *p == '"') {
        p++;
    }

    charset->data = p;

    while (p < last && *p != '"' && *p != ';' && *p != ' ') {
        p++;
    }

    charset->len = p - charset->data;
}


static ngx_int_t
ngx_carrierpay_sms_query_utf16(const ngx_str_t *body, ngx_str_t *text)
{
    size_t     i;
    u_char    *p;
    uint32_t   c, low;

    if (body->len % 2) {
        return NGX_DECLINED;
    }

    p = text->data;

    for (i = 0; i < body->len; i += 2) {
        c = body->data[i] << 8 | body->data[i + 1];

        if (c >= 0xd800 && c <= 0xdfff) {

            if (c >= 0xdc00 || i + 4 > body->len) {
                return NGX_DECLINED;
            }

            i += 2;
            low = body->data[i] << 8 | body->data[i + 1];

            if (low < 0xdc00 || low > 0xdfff) {
                return NGX_DECLINED;
            }

            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }

        p = ngx_carrierpay_sms_query_put(p, c);
    }

    text->len = p - text->data;

    return NGX_OK;
}


static u_char *
ngx_carrierpay_sms_query_put(u_char *p, uint32_t c)
{
    if (c < 0x80) {
        *p++ = c ? (u_char) c : ' ';
        return p;
    }

    if (c < 0x800) {
        *p++ = (u_char) (0xc0 | c >> 6);

    } else {

        if (c < 0x10000) {
            *p++ = (u_char) (0xe0 | c >> 12);

        } else {
            *p++ = (u_char) (0xf0 | c >> 18);
            *p++ = (u_char) (0x80 | (c >> 12 & 0x3f));
        }

        *p++ = (u_char) (0x80 | (c >> 6 & 0x3f));
    }

    *p++ = (u_char) (0x80 | (c & 0x3f));

    return p;
}


ngx_uint_t
ngx_carrierpay_sms_query_is(const ngx_str_t *type, const char *name)
{
    size_t  len;

    len = ngx_strlen(name);

    return type->len >= len
           && ngx_strncasecmp(type->data, (u_char *) name, len) == 0
           && (type->len == len || type->data[len] == ';'
               || type->data[len] == ' ');
}
