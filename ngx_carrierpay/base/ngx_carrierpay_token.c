
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_id.h>
#include <ngx_carrierpay_token.h>
#include <ngx_carrierpay_base64.h>


/* All prefixes have the same length. */

#define NGX_CARRIERPAY_TOKEN_CHECKOUT    "cs_"
#define NGX_CARRIERPAY_TOKEN_MESSAGE     "ms_"
#define NGX_CARRIERPAY_TOKEN_PREFIX_LEN                                       \
    (sizeof(NGX_CARRIERPAY_TOKEN_CHECKOUT) - 1)

#define NGX_CARRIERPAY_TOKEN_FORM        "form"

#define NGX_CARRIERPAY_TOKEN_CODES       1000000    /* 10 ^ digits */
#define NGX_CARRIERPAY_TOKEN_HOUR        3600000    /* ms */


static u_char *ngx_carrierpay_token_print(u_char *p, const char *prefix,
    const ngx_str_t *key, int64_t id);
static ngx_int_t ngx_carrierpay_token_verify(const ngx_str_t *text,
    const char *prefix, const ngx_str_t *key, int64_t *id);
static void ngx_carrierpay_token_form_print(u_char *p, const ngx_str_t *key,
    int64_t payment_id, const ngx_str_t *visitor, int64_t hour);
static void ngx_carrierpay_token_decimal(u_char *p, uint64_t n);


u_char *
ngx_carrierpay_token_checkout(u_char *p, const ngx_str_t *key,
    int64_t payment_id)
{
    return ngx_carrierpay_token_print(p, NGX_CARRIERPAY_TOKEN_CHECKOUT, key,
                                      payment_id);
}


ngx_int_t
ngx_carrierpay_token_checkout_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *payment_id)
{
    return ngx_carrierpay_token_verify(text, NGX_CARRIERPAY_TOKEN_CHECKOUT,
                                       key, payment_id);
}


u_char *
ngx_carrierpay_token_message(u_char *p, const ngx_str_t *key,
    int64_t message_id)
{
    return ngx_carrierpay_token_print(p, NGX_CARRIERPAY_TOKEN_MESSAGE, key,
                                      message_id);
}


ngx_int_t
ngx_carrierpay_token_message_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *message_id)
{
    return ngx_carrierpay_token_verify(text, NGX_CARRIERPAY_TOKEN_MESSAGE,
                                       key, message_id);
}


static u_char *
ngx_carrierpay_token_print(u_char *p, const char *prefix,
    const ngx_str_t *key, int64_t id)
{
    u_char  mac[NGX_CARRIERPAY_SHA256_LEN], *start;

    start = p;

    p = ngx_cpymem(p, prefix, NGX_CARRIERPAY_TOKEN_PREFIX_LEN);
    p = ngx_carrierpay_id_print_digits(p, id);

    ngx_carrierpay_hmac_sha256(mac, key, start, p - start);

    return ngx_carrierpay_base64url_encode(p, mac, NGX_CARRIERPAY_TOKEN_BYTES);
}


static ngx_int_t
ngx_carrierpay_token_verify(const ngx_str_t *text, const char *prefix,
    const ngx_str_t *key, int64_t *id)
{
    u_char   expected[NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN];
    int64_t  n;

    if (text->len != NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN
        || ngx_carrierpay_id_parse_digits(
               text->data + NGX_CARRIERPAY_TOKEN_PREFIX_LEN, &n)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    (void) ngx_carrierpay_token_print(expected, prefix, key, n);

    if (!ngx_carrierpay_equal(text->data, expected, sizeof(expected))) {
        return NGX_DECLINED;
    }

    *id = n;

    return NGX_OK;
}


void
ngx_carrierpay_token_form(u_char *p, const ngx_str_t *key, int64_t payment_id,
    const ngx_str_t *visitor, int64_t now_ms)
{
    ngx_carrierpay_token_form_print(p, key, payment_id, visitor,
                                    now_ms / NGX_CARRIERPAY_TOKEN_HOUR);
}


ngx_uint_t
ngx_carrierpay_token_form_verify(const ngx_str_t *text, const ngx_str_t *key,
    int64_t payment_id, const ngx_str_t *visitor, int64_t now_ms)
{
    u_char   expected[NGX_CARRIERPAY_TOKEN_LEN];
    int64_t  hour, now;

    if (text->len != sizeof(expected)) {
        return 0;
    }

    /* the clock of the machine that wrote it may be a little ahead */

    now = now_ms / NGX_CARRIERPAY_TOKEN_HOUR;

    for (hour = now + 1; hour >= now - 1; hour--) {
        ngx_carrierpay_token_form_print(expected, key, payment_id, visitor,
                                        hour);

        if (ngx_carrierpay_equal(text->data, expected, sizeof(expected))) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_carrierpay_token_form_print(u_char *p, const ngx_str_t *key,
    int64_t payment_id, const ngx_str_t *visitor, int64_t hour)
{
    u_char     mac[NGX_CARRIERPAY_SHA256_LEN];
    u_char     numbers[sizeof(NGX_CARRIERPAY_TOKEN_FORM) - 1
                       + 2 * NGX_CARRIERPAY_ID_DIGITS];
    u_char    *last;
    ngx_str_t  pieces[2];

    last = ngx_cpymem(numbers, NGX_CARRIERPAY_TOKEN_FORM,
                      sizeof(NGX_CARRIERPAY_TOKEN_FORM) - 1);
    last = ngx_carrierpay_id_print_digits(last, payment_id);
    (void) ngx_carrierpay_id_print_digits(last, hour);

    pieces[0].data = numbers;
    pieces[0].len = sizeof(numbers);
    pieces[1] = *visitor;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 2);

    (void) ngx_carrierpay_base64url_encode(p, mac, NGX_CARRIERPAY_TOKEN_BYTES);
}


void
ngx_carrierpay_token_write(u_char *p, const u_char *bytes)
{
    (void) ngx_carrierpay_base64url_encode(p, bytes,
                                           NGX_CARRIERPAY_TOKEN_BYTES);
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


/*
 * Values above the last whole million are not used, since they would make some
 * PINs likelier than others.
 */

ngx_int_t
ngx_carrierpay_token_digits(u_char *p)
{
    uint32_t  n;

    do {
        if (ngx_carrierpay_random((u_char *) &n, sizeof(n)) != NGX_OK) {
            return NGX_ERROR;
        }
    } while (n >= UINT32_MAX - UINT32_MAX % NGX_CARRIERPAY_TOKEN_CODES);

    ngx_carrierpay_token_decimal(p, n % NGX_CARRIERPAY_TOKEN_CODES);

    return NGX_OK;
}


void
ngx_carrierpay_token_code(u_char *p, const u_char *token)
{
    u_char    hash[NGX_CARRIERPAY_SHA256_LEN];
    uint64_t  n;

    ngx_carrierpay_sha256(hash, token, NGX_CARRIERPAY_TOKEN_LEN);
    ngx_memcpy(&n, hash, sizeof(n));

    ngx_carrierpay_token_decimal(p, n % NGX_CARRIERPAY_TOKEN_CODES);
}


void
ngx_carrierpay_token_pay_code(u_char *p, const ngx_str_t *key,
    const u_char *token)
{
    u_char     mac[NGX_CARRIERPAY_SHA256_LEN];
    uint64_t   n;
    ngx_str_t  pieces[2];

    ngx_str_set(&pieces[0], "pay:");
    pieces[1].data = (u_char *) token;
    pieces[1].len = NGX_CARRIERPAY_TOKEN_LEN;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 2);
    ngx_memcpy(&n, mac, sizeof(n));

    ngx_carrierpay_token_decimal(p, n % NGX_CARRIERPAY_TOKEN_CODES);
}


static void
ngx_carrierpay_token_decimal(u_char *p, uint64_t n)
{
    ngx_uint_t  i;

    for (i = NGX_CARRIERPAY_TOKEN_DIGITS; i > 0; i--) {
        p[i - 1] = '0' + n % 10;
        n /= 10;
    }
}
