
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_base64.h"


static u_char *ngx_carrierpay_base64_write(u_char *out, const u_char *data,
    size_t len, const char *alphabet);
static ngx_int_t ngx_carrierpay_base64_read(ngx_str_t *data, const u_char *p,
    size_t len, const char *alphabet);
static ngx_uint_t ngx_carrierpay_base64_value(u_char c, const char *alphabet);


static const char  ngx_carrierpay_base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char  ngx_carrierpay_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


u_char *
ngx_carrierpay_base64_encode(u_char *out, const u_char *data, size_t len)
{
    out = ngx_carrierpay_base64_write(out, data, len,
                                      ngx_carrierpay_base64_alphabet);

    for ( /* void */ ; len % 3; len++) {
        *out++ = '=';
    }

    return out;
}


u_char *
ngx_carrierpay_base64url_encode(u_char *out, const u_char *data, size_t len)
{
    return ngx_carrierpay_base64_write(out, data, len,
                                       ngx_carrierpay_base64url_alphabet);
}


ngx_int_t
ngx_carrierpay_base64_decode(ngx_str_t *data, const ngx_str_t *text)
{
    size_t  len;

    len = text->len;

    if (len % 4) {
        return NGX_DECLINED;
    }

    if (len && text->data[len - 1] == '=') {
        len--;

        if (text->data[len - 1] == '=') {
            len--;
        }
    }

    return ngx_carrierpay_base64_read(data, text->data, len,
                                      ngx_carrierpay_base64_alphabet);
}


ngx_int_t
ngx_carrierpay_base64url_decode(ngx_str_t *data, const ngx_str_t *text)
{
    return ngx_carrierpay_base64_read(data, text->data, text->len,
                                      ngx_carrierpay_base64url_alphabet);
}


static u_char *
ngx_carrierpay_base64_write(u_char *out, const u_char *data, size_t len,
    const char *alphabet)
{
    size_t      i;
    uint32_t    value;
    ngx_uint_t  bits;

    value = 0;
    bits = 0;

    for (i = 0; i < len; i++) {
        value = value << 8 | data[i];
        bits += 8;

        while (bits >= 6) {
            bits -= 6;
            *out++ = alphabet[value >> bits & 0x3f];
        }
    }

    if (bits) {
        *out++ = alphabet[value << (6 - bits) & 0x3f];
    }

    return out;
}


static ngx_int_t
ngx_carrierpay_base64_read(ngx_str_t *data, const u_char *p, size_t len,
    const char *alphabet)
{
    size_t       i;
    u_char      *out;
    uint32_t     value;
    ngx_uint_t   bits, sextet;

    out = data->data;
    value = 0;
    bits = 0;

    for (i = 0; i < len; i++) {
        sextet = ngx_carrierpay_base64_value(p[i], alphabet);

        if (sextet > 63) {
            return NGX_DECLINED;
        }

        value = value << 6 | sextet;
        bits += 6;

        if (bits >= 8) {
            bits -= 8;
            *out++ = (u_char) (value >> bits);
        }
    }

    /*
     * A single character left over carries no whole byte, and the unused bits
     * must be zero.
     */

    if (bits == 6 || value & ((1 << bits) - 1)) {
        return NGX_DECLINED;
    }

    data->len = out - data->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_carrierpay_base64_value(u_char c, const char *alphabet)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }

    if (c == (u_char) alphabet[62]) {
        return 62;
    }

    return c == (u_char) alphabet[63] ? 63 : 64;
}
