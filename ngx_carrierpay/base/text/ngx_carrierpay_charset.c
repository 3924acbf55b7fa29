
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_charset.h>
#include <ngx_carrierpay_text.h>


#define NGX_CARRIERPAY_CHARSET_MARK          0xfeff
#define NGX_CARRIERPAY_CHARSET_MARK_SWAPPED  0xfffe


static ngx_uint_t ngx_carrierpay_charset_named(const char *compact,
    const ngx_str_t *name);
static void ngx_carrierpay_charset_trim(ngx_str_t *text, size_t size);
static ngx_int_t ngx_carrierpay_charset_utf8(ngx_str_t *text, u_char *dst,
    u_char **end);
static ngx_int_t ngx_carrierpay_charset_bytes(
    ngx_carrierpay_charset_e charset, ngx_str_t *text, u_char *dst,
    u_char **end);
static uint32_t ngx_carrierpay_charset_byte(ngx_carrierpay_charset_e charset,
    u_char byte);
static ngx_int_t ngx_carrierpay_charset_utf16(ngx_str_t *text,
    ngx_uint_t little, u_char *dst, u_char **end);
static uint32_t ngx_carrierpay_charset_unit(const u_char *p,
    ngx_uint_t little);


/* The names are in small letters, without hyphens. */

static const struct {
    const char                 *name;
    ngx_carrierpay_charset_e    charset;
} ngx_carrierpay_charset_names[] = {
    { "utf8", NGX_CARRIERPAY_CHARSET_UTF8 },
    { "usascii", NGX_CARRIERPAY_CHARSET_ASCII },
    { "ascii", NGX_CARRIERPAY_CHARSET_ASCII },
    { "utf16", NGX_CARRIERPAY_CHARSET_UTF16 },
    { "utf16be", NGX_CARRIERPAY_CHARSET_UTF16BE },
    { "utf16le", NGX_CARRIERPAY_CHARSET_UTF16LE },
    { "ucs2", NGX_CARRIERPAY_CHARSET_UTF16 },
    { "ucs2be", NGX_CARRIERPAY_CHARSET_UTF16BE },
    { "ucs2le", NGX_CARRIERPAY_CHARSET_UTF16LE },
    { "iso10646ucs2", NGX_CARRIERPAY_CHARSET_UTF16 },
    { "iso88591", NGX_CARRIERPAY_CHARSET_LATIN1 },
    { "latin1", NGX_CARRIERPAY_CHARSET_LATIN1 },
    { "iso885915", NGX_CARRIERPAY_CHARSET_LATIN9 },
    { "latin9", NGX_CARRIERPAY_CHARSET_LATIN9 },
    { "windows1252", NGX_CARRIERPAY_CHARSET_WINDOWS1252 },
    { "cp1252", NGX_CARRIERPAY_CHARSET_WINDOWS1252 }
};


/* 0x80 to 0x9f of windows-1252, where Latin-1 has controls. */

static const uint16_t  ngx_carrierpay_charset_windows1252[] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
    0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178
};


/* In what ISO-8859-15 differs from ISO-8859-1. */

static const struct {
    u_char      byte;
    uint16_t    c;
} ngx_carrierpay_charset_latin9[] = {
    { 0xa4, 0x20ac }, { 0xa6, 0x0160 }, { 0xa8, 0x0161 }, { 0xb4, 0x017d },
    { 0xb8, 0x017e }, { 0xbc, 0x0152 }, { 0xbd, 0x0153 }, { 0xbe, 0x0178 }
};


#define ngx_carrierpay_charset_n(table)  (sizeof(table) / sizeof(table[0]))


ngx_int_t
ngx_carrierpay_charset_find(const ngx_str_t *name,
    ngx_carrierpay_charset_e *charset)
{
    ngx_uint_t  i;

    for (i = 0; i < ngx_carrierpay_charset_n(ngx_carrierpay_charset_names);
         i++)
    {
        if (ngx_carrierpay_charset_named(ngx_carrierpay_charset_names[i].name,
                                         name))
        {
            *charset = ngx_carrierpay_charset_names[i].charset;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_carrierpay_charset_convert(ngx_carrierpay_charset_e charset,
    const ngx_str_t *bytes, u_char *dst, u_char **end)
{
    ngx_str_t   text;
    ngx_uint_t  little;

    text = *bytes;

    switch (charset) {

    case NGX_CARRIERPAY_CHARSET_UTF16:
    case NGX_CARRIERPAY_CHARSET_UTF16BE:
    case NGX_CARRIERPAY_CHARSET_UTF16LE:

        little = charset == NGX_CARRIERPAY_CHARSET_UTF16LE
                 || (charset == NGX_CARRIERPAY_CHARSET_UTF16 && text.len > 1
                     && ngx_carrierpay_charset_unit(text.data, 0)
                        == NGX_CARRIERPAY_CHARSET_MARK_SWAPPED);

        return ngx_carrierpay_charset_utf16(&text, little, dst, end);

    case NGX_CARRIERPAY_CHARSET_UTF8:

        ngx_carrierpay_text_skip_mark(&text);

        return ngx_carrierpay_charset_utf8(&text, dst, end);

    default:
        return ngx_carrierpay_charset_bytes(charset, &text, dst, end);
    }
}


static ngx_uint_t
ngx_carrierpay_charset_named(const char *compact, const ngx_str_t *name)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (c == '-' || c == '_' || c == ' ') {
            continue;
        }

        if (ngx_tolower(c) != (u_char) *compact || c == '\0') {
            return 0;
        }

        compact++;
    }

    return *compact == '\0';
}


/* Cuts off characters of so many zeros at the end. */

static void
ngx_carrierpay_charset_trim(ngx_str_t *text, size_t size)
{
    while (text->len >= size && text->data[text->len - 1] == '\0'
           && text->data[text->len - size] == '\0')
    {
        text->len -= size;
    }
}


static ngx_int_t
ngx_carrierpay_charset_utf8(ngx_str_t *text, u_char *dst, u_char **end)
{
    size_t  i;

    ngx_carrierpay_charset_trim(text, 1);

    if (!ngx_carrierpay_text_utf8_valid(text->data, text->len)) {
        return NGX_DECLINED;
    }

    for (i = 0; i < text->len; i++) {

        if (text->data[i] == '\0') {
            return NGX_DECLINED;
        }

        *dst++ = text->data[i];
    }

    *end = dst;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_charset_bytes(ngx_carrierpay_charset_e charset,
    ngx_str_t *text, u_char *dst, u_char **end)
{
    size_t    i;
    uint32_t  c;

    ngx_carrierpay_charset_trim(text, 1);

    for (i = 0; i < text->len; i++) {
        c = ngx_carrierpay_charset_byte(charset, text->data[i]);

        if (c == '\0' || c == NGX_CARRIERPAY_CHARACTER_NONE) {
            return NGX_DECLINED;
        }

        dst = ngx_carrierpay_character_write(dst, c);
    }

    *end = dst;

    return NGX_OK;
}


static uint32_t
ngx_carrierpay_charset_byte(ngx_carrierpay_charset_e charset, u_char byte)
{
    ngx_uint_t  i;

    switch (charset) {

    case NGX_CARRIERPAY_CHARSET_ASCII:
        return (byte < 0x80) ? byte : NGX_CARRIERPAY_CHARACTER_NONE;

    case NGX_CARRIERPAY_CHARSET_WINDOWS1252:
        return (byte >= 0x80 && byte <= 0x9f)
               ? ngx_carrierpay_charset_windows1252[byte - 0x80] : byte;

    case NGX_CARRIERPAY_CHARSET_LATIN9:

        for (i = 0;
             i < ngx_carrierpay_charset_n(ngx_carrierpay_charset_latin9);
             i++)
        {
            if (ngx_carrierpay_charset_latin9[i].byte == byte) {
                return ngx_carrierpay_charset_latin9[i].c;
            }
        }

        return byte;

    default: /* NGX_CARRIERPAY_CHARSET_LATIN1 */
        return byte;
    }
}


static ngx_int_t
ngx_carrierpay_charset_utf16(ngx_str_t *text, ngx_uint_t little, u_char *dst,
    u_char **end)
{
    u_char    *p, *last;
    uint32_t   c, low;

    if (text->len % 2) {
        return NGX_DECLINED;
    }

    ngx_carrierpay_charset_trim(text, 2);

    p = text->data;
    last = p + text->len;

    if (p < last
        && ngx_carrierpay_charset_unit(p, little)
           == NGX_CARRIERPAY_CHARSET_MARK)
    {
        p += 2;
    }

    for ( /* void */ ; p < last; p += 2) {
        c = ngx_carrierpay_charset_unit(p, little);

        if (c == '\0' || ngx_carrierpay_character_low(c)) {
            return NGX_DECLINED;
        }

        if (ngx_carrierpay_character_high(c)) {
            p += 2;

            if (p == last) {
                return NGX_DECLINED;
            }

            low = ngx_carrierpay_charset_unit(p, little);

            if (!ngx_carrierpay_character_low(low)) {
                return NGX_DECLINED;
            }

            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }

        dst = ngx_carrierpay_character_write(dst, c);
    }

    *end = dst;

    return NGX_OK;
}


static uint32_t
ngx_carrierpay_charset_unit(const u_char *p, ngx_uint_t little)
{
    return little ? (uint32_t) (p[1] << 8 | p[0])
                  : (uint32_t) (p[0] << 8 | p[1]);
}
