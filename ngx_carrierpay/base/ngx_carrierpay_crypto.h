
#ifndef _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_
#define _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_


/*
 * Cryptography and the byte encodings that go with it.  The only room that
 * knows OpenSSL; it keeps no state.
 *
 * Specifications: SHA-256 FIPS 180-4, HMAC RFC 2104, AES-256-GCM NIST
 * SP 800-38D, base64 and base64url RFC 4648.
 *
 * Returns: NGX_OK done; NGX_DECLINED the input is malformed or not
 * authentic; NGX_ERROR OpenSSL is broken (no memory, no entropy).  What
 * returns void or a position cannot fail.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_KEY_LEN      32
#define NGX_CARRIERPAY_SHA256_LEN   32

/* a sealed value is: key id (1) nonce (12) ciphertext tag (16) */

#define NGX_CARRIERPAY_NONCE_LEN    12
#define NGX_CARRIERPAY_TAG_LEN      16
#define NGX_CARRIERPAY_SEAL_LEN                                               \
    (1 + NGX_CARRIERPAY_NONCE_LEN + NGX_CARRIERPAY_TAG_LEN)

#define ngx_carrierpay_sealed_key_id(sealed)  ((sealed)->data[0])

/* exact lengths of encodings of n bytes; base64url is without padding */

#define NGX_CARRIERPAY_BASE64_LEN(n)     (((n) + 2) / 3 * 4)
#define NGX_CARRIERPAY_BASE64URL_LEN(n)  (((n) * 4 + 2) / 3)
#define NGX_CARRIERPAY_HEX_LEN(n)        ((n) * 2)

/* room enough for what len characters of base64 or base64url decode to */

#define NGX_CARRIERPAY_BASE64_ROOM(len)  ((len) / 4 * 3 + 2)


/* out: NGX_CARRIERPAY_SHA256_LEN bytes */

void ngx_carrierpay_sha256(u_char *out, const u_char *data, size_t len);

/* a key of any length; ours have 32 bytes, webhook secrets 24 to 64 */

void ngx_carrierpay_hmac_sha256(u_char *out, const ngx_str_t *key,
    const u_char *data, size_t len);

/* the same over the pieces one after the other, as if they were one text */

void ngx_carrierpay_hmac_sha256_pieces(u_char *out, const ngx_str_t *key,
    const ngx_str_t *pieces, ngx_uint_t npieces);


/*
 * Seals text under a key of NGX_CARRIERPAY_KEY_LEN bytes with a random
 * nonce.  Writes text->len + NGX_CARRIERPAY_SEAL_LEN bytes to out, the key's
 * id (1 to 255) first.  The aad says what the value is ("msisdn", "webhook")
 * and must be given again to unseal it.  Random nonces limit one key to 2^32
 * values.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_carrierpay_seal(u_char *out, ngx_uint_t key_id,
    const u_char *key, const ngx_str_t *text, const ngx_str_t *aad);

/*
 * Unseals.  The caller has chosen the key by ngx_carrierpay_sealed_key_id(),
 * after a look at sealed->len.  On NGX_OK text->data, given by the caller
 * with sealed->len - NGX_CARRIERPAY_SEAL_LEN bytes of room, is filled and
 * text->len is set.  NGX_DECLINED: too short, or not sealed by this key with
 * this aad; nothing readable is left in text->data.
 */
ngx_int_t ngx_carrierpay_unseal(ngx_str_t *text, const u_char *key,
    const ngx_str_t *sealed, const ngx_str_t *aad);


/* bytes fit for keys and tokens; NGX_OK or NGX_ERROR (out is then unfit) */

ngx_int_t ngx_carrierpay_random(u_char *out, size_t len);

/* 1 when equal, in time that does not tell where they differ */

ngx_uint_t ngx_carrierpay_equal(const u_char *a, const u_char *b, size_t len);


/* each writes exactly the length above and returns the position after it */

u_char *ngx_carrierpay_base64_encode(u_char *out, const u_char *data,
    size_t len);
u_char *ngx_carrierpay_base64url_encode(u_char *out, const u_char *data,
    size_t len);
u_char *ngx_carrierpay_hex_encode(u_char *out, const u_char *data, size_t len);

/*
 * Strict: one text for one value.  No blanks, no foreign characters, padding
 * where base64 has it and none in base64url, unused bits zero, hex in small
 * letters.  The caller gives data->data with room; data->len is set.  NGX_OK
 * or NGX_DECLINED.
 */
ngx_int_t ngx_carrierpay_base64_decode(ngx_str_t *data, const ngx_str_t *text);
ngx_int_t ngx_carrierpay_base64url_decode(ngx_str_t *data,
    const ngx_str_t *text);
ngx_int_t ngx_carrierpay_hex_decode(ngx_str_t *data, const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_ */
