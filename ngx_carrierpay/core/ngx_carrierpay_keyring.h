
/*
 * The service's keys, read once from the file of carrierpay_secrets.
 *
 * Lines are "name id base64"; names are those below, ids 1..255, keys 32
 * bytes.  The highest id of a name is used for new values; sealed values
 * tell the id of their key, so older ones stay readable.
 */


#ifndef _NGX_CARRIERPAY_KEYRING_H_INCLUDED_
#define _NGX_CARRIERPAY_KEYRING_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_KEY_SEAL = 0,    /* AES-256-GCM of what is stored sealed */
    NGX_CARRIERPAY_KEY_INDEX,       /* blind index of the MSISDN */
    NGX_CARRIERPAY_KEY_APIKEY,      /* API keys at rest */
    NGX_CARRIERPAY_KEY_SESSION,     /* checkout tokens, idempotency keys */
    NGX_CARRIERPAY_KEY_MAX
} ngx_carrierpay_key_e;


typedef struct {
    ngx_str_t    keys[NGX_CARRIERPAY_KEY_MAX][256];   /* by id */
    ngx_uint_t   newest[NGX_CARRIERPAY_KEY_MAX];      /* id; 0: none */
} ngx_carrierpay_keyring_t;


/* what a sealed value is */
extern const ngx_str_t  ngx_carrierpay_aad_msisdn;
extern const ngx_str_t  ngx_carrierpay_aad_webhook;


/* Reads the file; NGX_ERROR after an [emerg] line with file and line. */
ngx_int_t ngx_carrierpay_keyring_read(ngx_conf_t *cf, ngx_str_t *file,
    ngx_carrierpay_keyring_t *ring);

/* The newest key of a name. */
const ngx_str_t *ngx_carrierpay_keyring_key(ngx_carrierpay_keyring_t *ring,
    ngx_carrierpay_key_e name);

/*
 * Seals and opens small values; the result lies in the pool.  NGX_ERROR: no
 * such key, forged or damaged.
 */
ngx_int_t ngx_carrierpay_keyring_seal(ngx_carrierpay_keyring_t *ring,
    ngx_pool_t *pool, const ngx_str_t *aad, const ngx_str_t *plain,
    ngx_str_t *sealed);
ngx_int_t ngx_carrierpay_keyring_open(ngx_carrierpay_keyring_t *ring,
    ngx_pool_t *pool, const ngx_str_t *aad, const ngx_str_t *sealed,
    ngx_str_t *plain);


#endif /* _NGX_CARRIERPAY_KEYRING_H_INCLUDED_ */
