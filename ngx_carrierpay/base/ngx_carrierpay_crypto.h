
#ifndef _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_
#define _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_


/*
 * Cryptography and the byte encodings that go with it.  The only room that
 * knows OpenSSL; it keeps no state.
 *
 * Specifications: SHA-256 FIPS 180-4, HMAC RFC 2104, AES-256-GCM NIST
 * SP 800-38D, AES-256-CBC NIST SP 800-38A with the padding of PKCS #7,
 * RSA-OAEP RFC 8017, base64 and base64url RFC 4648.
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

/* what others have encrypted, for the functions below */

#define NGX_CARRIERPAY_CBC_IV_LEN    16
#define NGX_CARRIERPAY_CBC_BLOCK     16
#define NGX_CARRIERPAY_CBC_KEY_LEN   (2 * NGX_CARRIERPAY_KEY_LEN)

#define NGX_CARRIERPAY_RSA_MIN       256     /* bytes of a modulus */
#define NGX_CARRIERPAY_RSA_MAX       512

typedef struct ngx_carrierpay_rsa_s  ngx_carrierpay_rsa_t;


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


/*
 * Opens what somebody else has encrypted, an operator's gateway.  The caller
 * gives text->data with room for value->len bytes, of RSA for
 * NGX_CARRIERPAY_RSA_MAX; on NGX_OK it is filled and text->len is set.
 * NGX_DECLINED: not of this key, or changed on the way; one answer for all
 * causes, and nothing readable is left in text->data.
 *
 * gcm: nonce, ciphertext, tag; a key of NGX_CARRIERPAY_KEY_LEN bytes.
 *
 * cbc: iv, ciphertext, HMAC-SHA256 of both; NGX_CARRIERPAY_CBC_KEY_LEN bytes,
 * the cipher's key first, then the MAC's.  The MAC is checked first, so who
 * does not know its key learns nothing of the padding.
 *
 * rsa: one block of the modulus' length.  It is for whoever knows the public
 * key, and so tells nothing about who wrote it.
 */
ngx_int_t ngx_carrierpay_gcm_open(ngx_str_t *text, const u_char *key,
    const ngx_str_t *value);
ngx_int_t ngx_carrierpay_cbc_open(ngx_str_t *text, const u_char *key,
    const ngx_str_t *value);
ngx_int_t ngx_carrierpay_rsa_open(ngx_str_t *text, ngx_carrierpay_rsa_t *rsa,
    const ngx_str_t *value);

/*
 * A private key in DER (PKCS #8, or RSAPrivateKey of PKCS #1) of 2,048 to
 * 4,096 bits; the caller frees it.  NULL: not such a key.
 */
ngx_carrierpay_rsa_t *ngx_carrierpay_rsa_load(const ngx_str_t *der);
void ngx_carrierpay_rsa_free(ngx_carrierpay_rsa_t *rsa);


/*
 * Forgets what OpenSSL has queued for this thread.  Another library that uses
 * it may leave an error behind, and nginx would take it for one of its own.
 */
void ngx_carrierpay_crypto_forget(void);


/* bytes fit for keys and tokens; NGX_OK or NGX_ERROR (out is then unfit) */

ngx_int_t ngx_carrierpay_random(u_char *out, size_t len);

/* 1 when equal, in time that does not tell where they differ */

ngx_uint_t ngx_carrierpay_equal(const u_char *a, const u_char *b, size_t len);


#endif /* _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_ */
