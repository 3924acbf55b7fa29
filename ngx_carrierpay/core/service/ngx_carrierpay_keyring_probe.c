
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_keyring_probe.h"
#include "ngx_carrierpay_text.h"


#define NGX_CARRIERPAY_KEYRING_PROBE_TEXT  "carrierpay keyring"

/* the longest name, an id and a probe, with what stands between them */
#define NGX_CARRIERPAY_KEYRING_PROBE_LINE                                     \
    (sizeof("session 255 \n") - 1 + 2 * NGX_CARRIERPAY_SHA256_LEN)


static u_char *ngx_carrierpay_keyring_probe_line(u_char *p,
    ngx_carrierpay_key_e name, ngx_uint_t id, const ngx_str_t *key);


ngx_int_t
ngx_carrierpay_keyring_probe(ngx_carrierpay_keyring_t *ring, ngx_pool_t *pool,
    ngx_str_t *lines)
{
    u_char      *p;
    ngx_uint_t   name, id, n;

    n = 0;

    for (name = 0; name < NGX_CARRIERPAY_KEY_MAX; name++) {
        for (id = 1; id < 256; id++) {
            n += ring->keys[name][id].data != NULL;
        }
    }

    p = ngx_pnalloc(pool, n * NGX_CARRIERPAY_KEYRING_PROBE_LINE);
    if (p == NULL) {
        return NGX_ERROR;
    }

    lines->data = p;

    for (name = 0; name < NGX_CARRIERPAY_KEY_MAX; name++) {
        for (id = 1; id < 256; id++) {
            if (ring->keys[name][id].data) {
                p = ngx_carrierpay_keyring_probe_line(p, name, id,
                                                      &ring->keys[name][id]);
            }
        }
    }

    lines->len = p - lines->data;

    return NGX_OK;
}


static u_char *
ngx_carrierpay_keyring_probe_line(u_char *p, ngx_carrierpay_key_e name,
    ngx_uint_t id, const ngx_str_t *key)
{
    u_char  probe[NGX_CARRIERPAY_SHA256_LEN];

    ngx_carrierpay_hmac_sha256(probe, key,
                               (u_char *) NGX_CARRIERPAY_KEYRING_PROBE_TEXT,
                               sizeof(NGX_CARRIERPAY_KEYRING_PROBE_TEXT) - 1);

    p = ngx_sprintf(p, "%V %ui ", &ngx_carrierpay_key_names[name], id);
    p = ngx_carrierpay_text_hex(p, probe, sizeof(probe));
    *p++ = LF;

    return p;
}
