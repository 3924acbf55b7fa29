
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_typed.h>


/* U+FF01 to U+FF5E are "!" to "~". */

#define NGX_CARRIERPAY_TYPED_WIDE_FIRST  0xff01
#define NGX_CARRIERPAY_TYPED_WIDE_LAST   0xff5e


u_char *
ngx_carrierpay_typed_fold(u_char *dst, const u_char *src, size_t len)
{
    uint32_t       c;
    ngx_int_t      digit;
    const u_char  *p, *start, *last;

    last = src + len;

    for (p = src; p < last; /* void */ ) {
        start = p;
        c = ngx_carrierpay_character_read(&p, last);

        if (ngx_carrierpay_character_invisible(c)) {
            continue;
        }

        if (c >= NGX_CARRIERPAY_TYPED_WIDE_FIRST
            && c <= NGX_CARRIERPAY_TYPED_WIDE_LAST)
        {
            *dst++ = (u_char) (c - NGX_CARRIERPAY_TYPED_WIDE_FIRST + '!');
            continue;
        }

        digit = ngx_carrierpay_character_digit(c);

        if (digit != NGX_DECLINED) {
            *dst++ = (u_char) ('0' + digit);

        } else if (ngx_carrierpay_character_space(c)) {
            *dst++ = ' ';

        } else if (ngx_carrierpay_character_dash(c)) {
            *dst++ = '-';

        } else {
            dst = ngx_movemem(dst, start, p - start);
        }
    }

    return dst;
}


void
ngx_carrierpay_typed_word(ngx_str_t *text)
{
    text->len = ngx_carrierpay_typed_fold(text->data, text->data, text->len)
                - text->data;

    while (text->len && text->data[0] == ' ') {
        text->data++;
        text->len--;
    }

    while (text->len && text->data[text->len - 1] == ' ') {
        text->len--;
    }
}


void
ngx_carrierpay_typed_digits(ngx_str_t *text)
{
    u_char  *p, *dst, *last;

    dst = text->data;
    last = ngx_carrierpay_typed_fold(text->data, text->data, text->len);

    for (p = text->data; p < last; p++) {
        switch (*p) {

        case ' ':
        case '-':
        case '.':
        case '/':
        case '(':
        case ')':
        case '[':
        case ']':
            break;

        default:
            *dst++ = *p;
        }
    }

    text->len = dst - text->data;
}
