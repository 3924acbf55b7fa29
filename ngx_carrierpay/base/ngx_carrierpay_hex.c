
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_hex.h"


u_char *
ngx_carrierpay_hex_encode(u_char *out, const u_char *data, size_t len)
{
    size_t             i;
    static const char  hex[] = "0123456789abcdef";

    for (i = 0; i < len; i++) {
        *out++ = hex[data[i] >> 4];
        *out++ = hex[data[i] & 0xf];
    }

    return out;
}


ngx_int_t
ngx_carrierpay_hex_decode(ngx_str_t *data, const ngx_str_t *text)
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
