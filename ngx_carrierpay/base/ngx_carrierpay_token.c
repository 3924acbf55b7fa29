
/*
 * Tokens in a shopper's hands.  See the header.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_id.h>
#include <ngx_carrierpay_token.h>


#define NGX_CARRIERPAY_TOKEN_PREFIX      "cs_"
#define NGX_CARRIERPAY_TOKEN_PREFIX_LEN                                       \
    (sizeof(NGX_CARRIERPAY_TOKEN_PREFIX) - 1)


u_char *
ngx_carrierpay_token_checkout(u_char *p, const ngx_str_t *key,
    int64_t payment_id)
{
    u_char  mac[NGX_CARRIERPAY_SHA256_LEN], *start;

    start = p;

    p = ngx_cpymem(p, NGX_CARRIERPAY_TOKEN_PREFIX,
                   NGX_CARRIERPAY_TOKEN_PREFIX_LEN);
    p = ngx_carrierpay_id_print_digits(p, payment_id);

    ngx_carrierpay_hmac_sha256(mac, key, start, p - start);

    return ngx_carrierpay_base64url_encode(p, mac, NGX_CARRIERPAY_TOKEN_BYTES);
}


ngx_int_t
ngx_carrierpay_token_checkout_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *payment_id)
{
    u_char   expected[NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN];
    int64_t  id;

    if (text->len != NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN
        || ngx_carrierpay_id_parse_digits(
               text->data + NGX_CARRIERPAY_TOKEN_PREFIX_LEN, &id)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    (void) ngx_carrierpay_token_checkout(expected, key, id);

    if (!ngx_carrierpay_equal(text->data, expected, sizeof(expected))) {
        return NGX_DECLINED;
    }

    *payment_id = id;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_token_random(u_char *p)
{
    u_char  bytes[NGX_CARRIERPAY_TOKEN_BYTES];

    if (ngx_carrierpay_random(bytes, sizeof(bytes)) != NGX_OK) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_base64url_encode(p, bytes, sizeof(bytes));

    return NGX_OK;
}


ngx_uint_t
ngx_carrierpay_token_valid(const ngx_str_t *text)
{
    u_char     buf[NGX_CARRIERPAY_BASE64_ROOM(NGX_CARRIERPAY_TOKEN_LEN)];
    ngx_str_t  bytes;

    bytes.data = buf;

    return text->len == NGX_CARRIERPAY_TOKEN_LEN
           && ngx_carrierpay_base64url_decode(&bytes, text) == NGX_OK;
}
