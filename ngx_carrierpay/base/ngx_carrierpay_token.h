
#ifndef _NGX_CARRIERPAY_TOKEN_H_INCLUDED_
#define _NGX_CARRIERPAY_TOKEN_H_INCLUDED_


/*
 * Tokens in a shopper's hands.
 *
 * The checkout token names a payment in the shopper's URL and cannot be
 * guessed: "cs_", the payment's 13 characters, and 22 base64url characters
 * of HMAC-SHA256(session key, all before them) cut to 16 bytes.  Nothing is
 * stored for it.
 *
 * The single-use token is 16 random bytes as 22 base64url characters; what
 * it means, for how long, is kept in Redis under its name.
 *
 * Looks sideways at id (the 13 characters) and crypto.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TOKEN_BYTES         16
#define NGX_CARRIERPAY_TOKEN_LEN           22

#define NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN                                     \
    (sizeof("cs_") - 1 + 13 + NGX_CARRIERPAY_TOKEN_LEN)


/*
 * Writes NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN bytes, returns the position after
 * them.  The key is the one named "session".
 */
u_char *ngx_carrierpay_token_checkout(u_char *p, const ngx_str_t *key,
    int64_t payment_id);

/*
 * NGX_OK and *payment_id set when we have printed this text with this key;
 * else NGX_DECLINED, *payment_id untouched.
 */
ngx_int_t ngx_carrierpay_token_checkout_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *payment_id);

/*
 * Writes a fresh single-use token, NGX_CARRIERPAY_TOKEN_LEN bytes.
 * NGX_OK, or NGX_ERROR when there is no randomness.
 */
ngx_int_t ngx_carrierpay_token_random(u_char *p);

/* 1 when the text can be a single-use token, so worth asking Redis for */

ngx_uint_t ngx_carrierpay_token_valid(const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_TOKEN_H_INCLUDED_ */
