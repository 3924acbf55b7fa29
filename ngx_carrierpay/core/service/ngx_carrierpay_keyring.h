
/*
 * The keys, which are read once from the file of carrierpay_secrets.
 *
 * A line is "name id base64", with an id from 1 to 255.  The service's own
 * names are those of ngx_carrierpay_key_e, with keys of 32 bytes.  The key
 * with the highest id of a name is used for new values.  A sealed value tells
 * the id of its key, so older values stay readable.
 *
 * Any other name (small letters, digits, underscores and hyphens) is that of
 * keys with which an operator's gateway encrypts: 32 bytes for aes-256-gcm, 64
 * for aes-256-cbc, or else a private RSA key in DER.  If there are several ids
 * of a name, values of all of them are read.
 *
 * All is allocated in the pool of the configuration, which also frees the keys
 * that are loaded.
 */


#ifndef _NGX_CARRIERPAY_KEYRING_H_INCLUDED_
#define _NGX_CARRIERPAY_KEYRING_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_enriched_format.h"


#define NGX_CARRIERPAY_KEY_NAME_MAX  64


typedef enum {
    NGX_CARRIERPAY_KEY_SEAL = 0,    /* AES-256-GCM of what is stored sealed */
    NGX_CARRIERPAY_KEY_INDEX,       /* blind index of the MSISDN */
    NGX_CARRIERPAY_KEY_APIKEY,      /* API keys at rest */
    NGX_CARRIERPAY_KEY_SESSION,     /* checkout tokens, idempotency keys */
    NGX_CARRIERPAY_KEY_MAX
} ngx_carrierpay_key_e;


/* The keys of one name that an operator's gateway uses. */

typedef struct {
    ngx_str_t                name;
    ngx_carrierpay_cipher_e  cipher;    /* of which they are */
    ngx_array_t              keys;      /* ngx_carrierpay_enriched_key_t, the
                                           newest first */
} ngx_carrierpay_keyring_other_t;


typedef struct {
    ngx_str_t              keys[NGX_CARRIERPAY_KEY_MAX][256];   /* by id */
    ngx_uint_t             newest[NGX_CARRIERPAY_KEY_MAX];      /* 0: none */
    ngx_carrierpay_gcm_t  *seals[256];      /* those of SEAL, loaded */

    /* by name: ngx_carrierpay_keyring_other_t */
    ngx_array_t            others;
} ngx_carrierpay_keyring_t;


/* The service's own names, as in the file. */
extern const ngx_str_t  ngx_carrierpay_key_names[NGX_CARRIERPAY_KEY_MAX];

/* What a sealed value is; it is authenticated together with the value. */
extern const ngx_str_t  ngx_carrierpay_aad_msisdn;
extern const ngx_str_t  ngx_carrierpay_aad_webhook;
extern const ngx_str_t  ngx_carrierpay_aad_email;
extern const ngx_str_t  ngx_carrierpay_aad_message;
extern const ngx_str_t  ngx_carrierpay_aad_mo;


/*
 * Reads the file.  NGX_ERROR: memory is short, or an [emerg] line names the
 * file and the line.
 */
ngx_int_t ngx_carrierpay_keyring_read(ngx_conf_t *cf, ngx_str_t *file,
    ngx_carrierpay_keyring_t *ring);

/* Returns the newest key of a name. */
const ngx_str_t *ngx_carrierpay_keyring_key(ngx_carrierpay_keyring_t *ring,
    ngx_carrierpay_key_e name);

/*
 * Sets keys and nkeys of a header's format to the keys of a name, after the
 * file has been read.  Returns NULL, or else what is wrong, as words for an
 * error message: there are no such keys, or they are of another cipher.
 */
const char *ngx_carrierpay_keyring_named(ngx_carrierpay_keyring_t *ring,
    const ngx_str_t *name, ngx_carrierpay_enriched_format_t *format);

/*
 * Seal and open small values; the result is allocated in the pool.  NGX_ERROR:
 * memory is short, there is no such key, or the value is forged or damaged.
 */
ngx_int_t ngx_carrierpay_keyring_seal(ngx_carrierpay_keyring_t *ring,
    ngx_pool_t *pool, const ngx_str_t *aad, const ngx_str_t *plain,
    ngx_str_t *sealed);
ngx_int_t ngx_carrierpay_keyring_open(ngx_carrierpay_keyring_t *ring,
    ngx_pool_t *pool, const ngx_str_t *aad, const ngx_str_t *sealed,
    ngx_str_t *plain);


#endif /* _NGX_CARRIERPAY_KEYRING_H_INCLUDED_ */
