
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_text.h>


typedef struct {
    uint32_t    first;
    uint32_t    last;
} ngx_carrierpay_character_range_t;


static ngx_uint_t ngx_carrierpay_character_within(uint32_t c,
    const ngx_carrierpay_character_range_t *ranges, ngx_uint_t n);


/*
 * The digit zero of each script (general category Nd).  The other nine digits
 * follow it.  The tables are in order, for the binary search.
 */

static const uint32_t  ngx_carrierpay_character_zeros[] = {
    0x00030, 0x00660, 0x006f0, 0x007c0, 0x00966, 0x009e6, 0x00a66,
    0x00ae6, 0x00b66, 0x00be6, 0x00c66, 0x00ce6, 0x00d66, 0x00de6,
    0x00e50, 0x00ed0, 0x00f20, 0x01040, 0x01090, 0x017e0, 0x01810,
    0x01946, 0x019d0, 0x01a80, 0x01a90, 0x01b50, 0x01bb0, 0x01c40,
    0x01c50, 0x0a620, 0x0a8d0, 0x0a900, 0x0a9d0, 0x0a9f0, 0x0aa50,
    0x0abf0, 0x0ff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730,
    0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140,
    0x1e2f0, 0x1e950, 0x1fbf0
};


/* Default_Ignorable_Code_Point */

static const ngx_carrierpay_character_range_t
    ngx_carrierpay_character_invisibles[] =
{
    { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c },
    { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
    { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
    { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
    { 0xffa0, 0xffa0 }, { 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 },
    { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }
};


/* Zs, Zl and Zp, and the controls that move on. */

static const ngx_carrierpay_character_range_t
    ngx_carrierpay_character_spaces[] =
{
    { 0x0009, 0x000d }, { 0x0020, 0x0020 }, { 0x0085, 0x0085 },
    { 0x00a0, 0x00a0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200a },
    { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f },
    { 0x3000, 0x3000 }
};


/* Pd, and what keyboards and word processors put in its place. */

static const ngx_carrierpay_character_range_t
    ngx_carrierpay_character_dashes[] =
{
    { 0x002d, 0x002d }, { 0x058a, 0x058a }, { 0x05be, 0x05be },
    { 0x1400, 0x1400 }, { 0x1806, 0x1806 }, { 0x2010, 0x2015 },
    { 0x2043, 0x2043 }, { 0x2212, 0x2212 }, { 0x2e17, 0x2e17 },
    { 0x2e1a, 0x2e1a }, { 0x2e3a, 0x2e3b }, { 0x2e40, 0x2e40 },
    { 0x2e5d, 0x2e5d }, { 0x301c, 0x301c }, { 0x3030, 0x3030 },
    { 0x30a0, 0x30a0 }, { 0xfe31, 0xfe32 }, { 0xfe58, 0xfe58 },
    { 0xfe63, 0xfe63 }, { 0xff0d, 0xff0d }, { 0x10ead, 0x10ead }
};


#define ngx_carrierpay_character_n(table)  (sizeof(table) / sizeof(table[0]))

#define ngx_carrierpay_character_in(c, table)                                 \
    ngx_carrierpay_character_within(c, table,                                 \
                                    ngx_carrierpay_character_n(table))


uint32_t
ngx_carrierpay_character_read(const u_char **p, const u_char *last)
{
    u_char         c;
    size_t         n, i;
    uint32_t       value;
    const u_char  *from;

    from = *p;
    c = *from;

    n = (c < 0xc2) ? 1 : (c < 0xe0) ? 2 : (c < 0xf0) ? 3 : (c < 0xf5) ? 4 : 1;

    if (c < 0x80 || n == 1 || (size_t) (last - from) < n
        || !ngx_carrierpay_text_utf8_valid(from, n))
    {
        *p = from + 1;
        return (c < 0x80) ? c : NGX_CARRIERPAY_CHARACTER_NONE;
    }

    value = c & (0xff >> (n + 1));

    for (i = 1; i < n; i++) {
        value = value << 6 | (from[i] & 0x3f);
    }

    *p = from + n;

    return value;
}


u_char *
ngx_carrierpay_character_write(u_char *dst, uint32_t c)
{
    if (c < 0x80) {
        *dst++ = (u_char) c;
        return dst;
    }

    if (c < 0x800) {
        *dst++ = (u_char) (0xc0 | c >> 6);

    } else {

        if (c < 0x10000) {
            *dst++ = (u_char) (0xe0 | c >> 12);

        } else {
            *dst++ = (u_char) (0xf0 | c >> 18);
            *dst++ = (u_char) (0x80 | (c >> 12 & 0x3f));
        }

        *dst++ = (u_char) (0x80 | (c >> 6 & 0x3f));
    }

    *dst++ = (u_char) (0x80 | (c & 0x3f));

    return dst;
}


ngx_uint_t
ngx_carrierpay_character_lost(const ngx_str_t *text)
{
    const u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last) {
        if (ngx_carrierpay_character_read(&p, last)
            == NGX_CARRIERPAY_CHARACTER_REPLACEMENT)
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_carrierpay_character_digit(uint32_t c)
{
    ngx_uint_t  low, high, middle;

    low = 0;
    high = ngx_carrierpay_character_n(ngx_carrierpay_character_zeros);

    while (low < high) {
        middle = (low + high) / 2;

        if (c < ngx_carrierpay_character_zeros[middle]) {
            high = middle;

        } else if (c > ngx_carrierpay_character_zeros[middle] + 9) {
            low = middle + 1;

        } else {
            return c - ngx_carrierpay_character_zeros[middle];
        }
    }

    return NGX_DECLINED;
}


ngx_uint_t
ngx_carrierpay_character_invisible(uint32_t c)
{
    return ngx_carrierpay_character_in(c, ngx_carrierpay_character_invisibles);
}


ngx_uint_t
ngx_carrierpay_character_space(uint32_t c)
{
    return ngx_carrierpay_character_in(c, ngx_carrierpay_character_spaces);
}


ngx_uint_t
ngx_carrierpay_character_dash(uint32_t c)
{
    return ngx_carrierpay_character_in(c, ngx_carrierpay_character_dashes);
}


static ngx_uint_t
ngx_carrierpay_character_within(uint32_t c,
    const ngx_carrierpay_character_range_t *ranges, ngx_uint_t n)
{
    ngx_uint_t  low, high, middle;

    low = 0;
    high = n;

    while (low < high) {
        middle = (low + high) / 2;

        if (c < ranges[middle].first) {
            high = middle;

        } else if (c > ranges[middle].last) {
            low = middle + 1;

        } else {
            return 1;
        }
    }

    return 0;
}
