
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_loose_json.h>


#define NGX_CARRIERPAY_LOOSE_JSON_UNIT_LEN  (sizeof("\\ud83d") - 1)


static u_char *ngx_carrierpay_loose_json_number(u_char *dst,
    const u_char **pos, const u_char *last);
static u_char *ngx_carrierpay_loose_json_string(u_char *dst,
    const u_char **pos, const u_char *last);
static u_char *ngx_carrierpay_loose_json_escape(u_char *dst,
    const u_char **pos, const u_char *last);
static uint32_t ngx_carrierpay_loose_json_unit(const u_char *p,
    const u_char *last);


u_char *
ngx_carrierpay_loose_json(u_char *dst, const ngx_str_t *text)
{
    const u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last) {

        if (*p == '"') {
            dst = ngx_carrierpay_loose_json_string(dst, &p, last);

        } else if (*p == '-' || (*p >= '0' && *p <= '9')) {
            dst = ngx_carrierpay_loose_json_number(dst, &p, last);

        } else {
            *dst++ = *p++;
        }
    }

    return dst;
}


static u_char *
ngx_carrierpay_loose_json_number(u_char *dst, const u_char **pos,
    const u_char *last)
{
    const u_char  *p;

    *dst++ = '"';

    for (p = *pos; p < last; p++) {

        if ((*p < '0' || *p > '9') && *p != '-' && *p != '+' && *p != '.'
            && *p != 'e' && *p != 'E')
        {
            break;
        }

        *dst++ = *p;
    }

    *dst++ = '"';
    *pos = p;

    return dst;
}


static u_char *
ngx_carrierpay_loose_json_string(u_char *dst, const u_char **pos,
    const u_char *last)
{
    uint32_t       c;
    const u_char  *p;

    p = *pos;
    *dst++ = *p++;

    while (p < last) {

        if (*p == '\\') {
            dst = ngx_carrierpay_loose_json_escape(dst, &p, last);
            continue;
        }

        c = ngx_carrierpay_character_read(&p, last);

        if (c == '\0' || c == NGX_CARRIERPAY_CHARACTER_NONE) {
            c = NGX_CARRIERPAY_CHARACTER_REPLACEMENT;

        } else if (c < ' ') {
            c = ' ';
        }

        dst = ngx_carrierpay_character_write(dst, c);

        if (c == '"') {
            break;
        }
    }

    *pos = p;

    return dst;
}


static u_char *
ngx_carrierpay_loose_json_escape(u_char *dst, const u_char **pos,
    const u_char *last)
{
    size_t         n;
    uint32_t       c, low;
    const u_char  *p;

    p = *pos;

    if (last - p > 1 && ngx_strchr("\"\\/bfnrt", p[1]) && p[1] != '\0') {
        *pos = p + 2;
        return ngx_cpymem(dst, p, 2);
    }

    c = ngx_carrierpay_loose_json_unit(p, last);

    if (c == NGX_CARRIERPAY_CHARACTER_NONE) {
        *pos = p + 1;
        return ngx_cpymem(dst, "\\\\", 2);
    }

    n = NGX_CARRIERPAY_LOOSE_JSON_UNIT_LEN;

    if (ngx_carrierpay_character_high(c)) {
        low = ngx_carrierpay_loose_json_unit(p + n, last);

        if (ngx_carrierpay_character_low(low)) {
            *pos = p + 2 * n;
            return ngx_cpymem(dst, p, 2 * n);
        }
    }

    *pos = p + n;

    if (c == '\0' || ngx_carrierpay_character_high(c)
        || ngx_carrierpay_character_low(c))
    {
        return ngx_carrierpay_character_write(dst,
                                         NGX_CARRIERPAY_CHARACTER_REPLACEMENT);
    }

    return ngx_cpymem(dst, p, n);
}


/* Returns the unit of UTF-16 whose escape is at p, or NONE. */

static uint32_t
ngx_carrierpay_loose_json_unit(const u_char *p, const u_char *last)
{
    u_char    c;
    size_t    i;
    uint32_t  unit;

    if ((size_t) (last - p) < NGX_CARRIERPAY_LOOSE_JSON_UNIT_LEN
        || p[0] != '\\' || p[1] != 'u')
    {
        return NGX_CARRIERPAY_CHARACTER_NONE;
    }

    unit = 0;

    for (i = 2; i < NGX_CARRIERPAY_LOOSE_JSON_UNIT_LEN; i++) {
        c = ngx_tolower(p[i]);

        if (c >= '0' && c <= '9') {
            unit = unit << 4 | (c - '0');

        } else if (c >= 'a' && c <= 'f') {
            unit = unit << 4 | (c - 'a' + 10);

        } else {
            return NGX_CARRIERPAY_CHARACTER_NONE;
        }
    }

    return unit;
}
