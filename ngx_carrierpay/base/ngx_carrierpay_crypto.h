
#ifndef _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_
#define _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_


/*
 * Cryptography.  This file alone knows OpenSSL; it keeps no state.  A key that
 * is loaded belongs to the caller, which frees it.
 *
 * Specifications: SHA-256 of FIPS 180-4, HMAC of RFC 2104, AES-256-GCM of NIST
 * SP 800-38D, AES-256-CBC of NIST SP 800-38A with the padding of PKCS #7,
 * RSA-OAEP of RFC 8017.
 *
 * NGX_OK: done.  NGX_DECLINED: the input is malformed or not authentic.
 * NGX_ERROR: OpenSSL has failed, for want of memory or of entropy.  A function
 * that returns nothing cannot fail.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_KEY_LEN      32
#define NGX_CARRIERPAY_SHA256_LEN   32

/*
 * A sealed value: the key's id (1), a nonce (12), the ciphertext, a tag (16).
 */

#define NGX_CARRIERPAY_NONCE_LEN    12
#define NGX_CARRIERPAY_TAG_LEN      16
#define NGX_CARRIERPAY_SEAL_LEN                                               \
    (1 + NGX_CARRIERPAY_NONCE_LEN + NGX_CARRIERPAY_TAG_LEN)

#define ngx_carrierpay_sealed_key_id(sealed)  ((sealed)->data[0])

/* The parts of values that an operator's gateway has encrypted. */

#define NGX_CARRIERPAY_CBC_IV_LEN    16
#define NGX_CARRIERPAY_CBC_BLOCK     16
#define NGX_CARRIERPAY_CBC_KEY_LEN   (2 * NGX_CARRIERPAY_KEY_LEN)

#define NGX_CARRIERPAY_RSA_MIN       256     /* bytes of a modulus */
#define NGX_CARRIERPAY_RSA_MAX       512

typedef struct ngx_carrierpay_gcm_s  ngx_carrierpay_gcm_t;
typedef struct ngx_carrierpay_rsa_s  ngx_carrierpay_rsa_t;


/* Writes the digest, NGX_CARRIERPAY_SHA256_LEN bytes, to out. */

void ngx_carrierpay_sha256(u_char *out, const u_char *data, size_t len);

/*
 * Writes the MAC, NGX_CARRIERPAY_SHA256_LEN bytes, to out.  The key may have
 * any length; the service's keys have 32 bytes and webhook secrets 24 to 64.
 */

void ngx_carrierpay_hmac_sha256(u_char *out, const ngx_str_t *key,
    const u_char *data, size_t len);

/* Does the same for pieces, as if they were one text. */

void ngx_carrierpay_hmac_sha256_pieces(u_char *out, const ngx_str_t *key,
    const ngx_str_t *pieces, ngx_uint_t npieces);


/*
 * Loads a key of AES-256-GCM, NGX_CARRIERPAY_KEY_LEN bytes: its schedule is
 * computed here, and not again with each value.  Returns the key, which the
 * caller frees, or NULL: OpenSSL has failed.  Sealing and opening use the key
 * as their workspace, so two threads may not share one; processes that are
 * forked have copies.
 */
ngx_carrierpay_gcm_t *ngx_carrierpay_gcm_load(const u_char *bytes);
void ngx_carrierpay_gcm_free(ngx_carrierpay_gcm_t *key);

/*
 * Seals a text with a key and a random nonce.
 * Writes text->len + NGX_CARRIERPAY_SEAL_LEN bytes to out, of which the first
 * one is the key's id, 1 to 255.  The aad says what the value is ("msisdn",
 * "webhook") and must be given again to unseal it.  Random nonces limit one
 * key to 2^32 values.  Returns NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_carrierpay_seal(u_char *out, ngx_uint_t key_id,
    ngx_carrierpay_gcm_t *key, const ngx_str_t *text, const ngx_str_t *aad);

/*
 * Unseals a value.  The caller has checked that sealed->len is not 0, has
 * chosen the key by ngx_carrierpay_sealed_key_id(), and provides text->data
 * with room for sealed->len - NGX_CARRIERPAY_SEAL_LEN bytes.  NGX_OK:
 * text->data is filled and text->len is set.  NGX_DECLINED: the value is too
 * short, or was not sealed with this key and this aad; nothing readable is
 * left in text->data.
 */
ngx_int_t ngx_carrierpay_unseal(ngx_str_t *text, ngx_carrierpay_gcm_t *key,
    const ngx_str_t *sealed, const ngx_str_t *aad);


/*
 * Open a value that an operator's gateway has encrypted.  The caller provides
 * text->data with room for value->len bytes, or for NGX_CARRIERPAY_RSA_MAX
 * bytes in the case of RSA.  NGX_OK: text->data is filled and text->len is
 * set.  NGX_DECLINED: the value is not of this key, or was changed on its way;
 * there is one answer for all causes, and nothing readable is left in
 * text->data.
 *
 * GCM: the value is a nonce, the ciphertext and a tag.
 *
 * CBC: the value is an iv, the ciphertext, and an HMAC-SHA256 of both; the key
 * has NGX_CARRIERPAY_CBC_KEY_LEN bytes, those of the cipher before those of
 * the MAC.  The MAC is checked first, so that a sender without the key cannot
 * probe the padding.
 *
 * RSA: the value is one block as long as the modulus.  Every holder of the
 * public key can make one, so it does not prove its author.
 */
ngx_int_t ngx_carrierpay_gcm_open(ngx_str_t *text, ngx_carrierpay_gcm_t *key,
    const ngx_str_t *value);
ngx_int_t ngx_carrierpay_cbc_open(ngx_str_t *text, const u_char *key,
    const ngx_str_t *value);
ngx_int_t ngx_carrierpay_rsa_open(ngx_str_t *text, ngx_carrierpay_rsa_t *rsa,
    const ngx_str_t *value);

/*
 * Loads a private key in DER (PKCS #8, or RSAPrivateKey of PKCS #1) of 2,048
 * to 4,096 bits.  Returns the key, which the caller frees, or NULL if the
 * bytes are not such a key.
 */
ngx_carrierpay_rsa_t *ngx_carrierpay_rsa_load(const ngx_str_t *der);
void ngx_carrierpay_rsa_free(ngx_carrierpay_rsa_t *rsa);


/*
 * Clears OpenSSL's queue of errors for this thread.  Another library that uses
 * OpenSSL may leave an error there, which nginx would take for one of its own.
 */
void ngx_carrierpay_crypto_forget(void);


/*
 * Writes random bytes that are fit for keys and tokens.  Returns NGX_OK, or
 * NGX_ERROR; the bytes must not be used then.
 */

ngx_int_t ngx_carrierpay_random(u_char *out, size_t len);

/*
 * Returns 1 if the bytes are equal and 0 otherwise, in a time that does not
 * depend on where they differ.
 */

ngx_uint_t ngx_carrierpay_equal(const u_char *a, const u_char *b, size_t len);


#endif /* _NGX_CARRIERPAY_CRYPTO_H_INCLUDED_ */
