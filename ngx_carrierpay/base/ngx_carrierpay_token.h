
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
 * The message token names a message of ours to the gateway that reports on it,
 * in the same way: "ms_", 13 characters, and the MAC.
 *
 * The single-use token is 16 random bytes as 22 base64url characters; what
 * it means, for how long, is kept in Redis under its name.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TOKEN_BYTES         16
#define NGX_CARRIERPAY_TOKEN_LEN           22

#define NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN                                     \
    (sizeof("cs_") - 1 + 13 + NGX_CARRIERPAY_TOKEN_LEN)
#define NGX_CARRIERPAY_TOKEN_MESSAGE_LEN  NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN

#define NGX_CARRIERPAY_TOKEN_DIGITS       6


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

/* The same of a message: NGX_CARRIERPAY_TOKEN_MESSAGE_LEN bytes. */

u_char *ngx_carrierpay_token_message(u_char *p, const ngx_str_t *key,
    int64_t message_id);
ngx_int_t ngx_carrierpay_token_message_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *message_id);

/*
 * Writes a fresh single-use token, NGX_CARRIERPAY_TOKEN_LEN bytes.
 * NGX_OK, or NGX_ERROR when there is no randomness.
 */
ngx_int_t ngx_carrierpay_token_random(u_char *p);

/*
 * Writes NGX_CARRIERPAY_TOKEN_DIGITS random decimal digits, all of the million
 * equally likely.  NGX_OK, or NGX_ERROR when there is no randomness.
 */
ngx_int_t ngx_carrierpay_token_digits(u_char *p);

/*
 * Writes as many digits that follow from a single-use token: a short name for
 * it that somebody can type.  They tell nothing of the token.
 */
void ngx_carrierpay_token_code(u_char *p, const u_char *token);

/* 1 when the text can be a single-use token, so worth asking Redis for */

ngx_uint_t ngx_carrierpay_token_valid(const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_TOKEN_H_INCLUDED_ */
