
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charset.h"
#include "ngx_carrierpay_sms_query.h"


static ngx_int_t ngx_carrierpay_sms_query_decode(ngx_pool_t *pool, u_char *p,
    u_char *last, ngx_str_t *value);


ngx_int_t
ngx_carrierpay_sms_query_field(ngx_pool_t *pool, const ngx_str_t *query,
    const ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = ngx_carrierpay_sms_query_bytes(pool, query, name, value);

    if (rc == NGX_OK) {
        ngx_carrierpay_sms_query_blank(value);
    }

    return rc;
}


void
ngx_carrierpay_sms_query_blank(ngx_str_t *value)
{
    size_t  i;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] == '\0') {
            value->data[i] = ' ';
        }
    }
}


ngx_int_t
ngx_carrierpay_sms_query_bytes(ngx_pool_t *pool, const ngx_str_t *query,
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

        *dst++ = (u_char) n;
        p += 2;
    }

    value->len = dst - value->data;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_sms_query_text(ngx_pool_t *pool, const ngx_str_t *charset,
    const ngx_str_t *bytes, ngx_str_t *text)
{
    u_char                    *end;
    ngx_carrierpay_charset_e   found;

    found = NGX_CARRIERPAY_CHARSET_UTF8;

    if (charset->len
        && ngx_carrierpay_charset_find(charset, &found) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    text->data = ngx_pnalloc(pool,
                             ngx_carrierpay_charset_size(bytes->len) + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_charset_convert(found, bytes, text->data, &end)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    text->len = end - text->data;

    return NGX_OK;
}


void
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
