
#ifndef _NGX_CARRIERPAY_TOKEN_H_INCLUDED_
#define _NGX_CARRIERPAY_TOKEN_H_INCLUDED_


/*
 * Tokens that shoppers and gateways hold.
 *
 * A checkout token names a payment in the shopper's URL and cannot be guessed:
 * "cs_", the payment's 13 characters, and 22 base64url characters of an
 * HMAC-SHA256 of all of it with the session key, cut to 16 bytes.  Nothing is
 * stored for it.
 *
 * A message token names one of the service's messages to the gateway that
 * reports on it, in the same way: "ms_", 13 characters, and the MAC.
 *
 * A form token is in the forms of a page that have no token of their own: it
 * says that the page was shown for this payment, to this visitor, in the last
 * hour or so.  It is 22 base64url characters of an HMAC-SHA256 with the
 * session key, and may be used again.
 *
 * A single-use token is 16 random bytes as 22 base64url characters.  What it
 * means, and for how long, is kept in Redis under its name.
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
 * Writes the checkout token of a payment, NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN
 * bytes, and returns the position after it.  The key is the one named
 * "session".
 */
u_char *ngx_carrierpay_token_checkout(u_char *p, const ngx_str_t *key,
    int64_t payment_id);

/*
 * Verifies a checkout token.  NGX_OK: the service has made it with this key,
 * and *payment_id is set.  NGX_DECLINED: it has not, and *payment_id is not
 * touched.
 */
ngx_int_t ngx_carrierpay_token_checkout_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *payment_id);

/* The same for a message: NGX_CARRIERPAY_TOKEN_MESSAGE_LEN bytes. */

u_char *ngx_carrierpay_token_message(u_char *p, const ngx_str_t *key,
    int64_t message_id);
ngx_int_t ngx_carrierpay_token_message_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t *message_id);

/*
 * Writes the form token of a payment and a visitor, any bytes that are the
 * same when the form comes back: NGX_CARRIERPAY_TOKEN_LEN bytes.
 */
void ngx_carrierpay_token_form(u_char *p, const ngx_str_t *key,
    int64_t payment_id, const ngx_str_t *visitor, int64_t now_ms);

/*
 * Returns 1 if the text is a form token that was written at most an hour ago,
 * or up to an hour more, and 0 otherwise.
 */
ngx_uint_t ngx_carrierpay_token_form_verify(const ngx_str_t *text,
    const ngx_str_t *key, int64_t payment_id, const ngx_str_t *visitor,
    int64_t now_ms);

/*
 * Writes NGX_CARRIERPAY_TOKEN_BYTES random bytes as a single-use token of
 * NGX_CARRIERPAY_TOKEN_LEN bytes.
 */
void ngx_carrierpay_token_write(u_char *p, const u_char *bytes);

/*
 * Writes NGX_CARRIERPAY_TOKEN_DIGITS random decimal digits, of which all of
 * the million are equally likely.  Returns NGX_OK, or NGX_ERROR if there is no
 * entropy.
 */
ngx_int_t ngx_carrierpay_token_digits(u_char *p);

/*
 * Writes NGX_CARRIERPAY_TOKEN_DIGITS digits that follow from a single-use
 * token: a short name for it that a shopper can type.  The token cannot be
 * found from them.
 */
void ngx_carrierpay_token_code(u_char *p, const u_char *token);

/*
 * Writes a second such code, which the holder of the token does not know: it
 * needs the key, the one named "session".
 */
void ngx_carrierpay_token_pay_code(u_char *p, const ngx_str_t *key,
    const u_char *token);

/*
 * Returns 1 if the text has the form of a single-use token, so that it is
 * worth asking Redis for it, and 0 otherwise.
 */

ngx_uint_t ngx_carrierpay_token_valid(const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_TOKEN_H_INCLUDED_ */
