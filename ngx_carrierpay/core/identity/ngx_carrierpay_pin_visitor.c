
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pin_visitor.h"
#include "ngx_carrierpay_time.h"


static void ngx_carrierpay_pin_visitor_hash(ngx_str_t *hash, u_char *room,
    const ngx_str_t *key, const char *kind, u_char *data, size_t len);


void
ngx_carrierpay_pin_visitor_set(ngx_carrierpay_pin_visitor_t *pv,
    ngx_carrierpay_identity_t *visitor, ngx_carrierpay_keyring_t *ring,
    const u_char *index, ngx_uint_t live)
{
    u_char                  name[NGX_CARRIERPAY_PROOF_NAME_LEN];
    ngx_str_t               proof;
    const ngx_str_t        *key;
    ngx_carrierpay_addr_t  *address;

    address = &visitor->address;
    proof.data = visitor->proof;
    proof.len = sizeof(visitor->proof);

    pv->proved = ngx_carrierpay_proof_verify(&proof,
                           ngx_carrierpay_keyring_key(ring,
                                               NGX_CARRIERPAY_KEY_SESSION),
                           index, live, ngx_carrierpay_now(), name);

    key = ngx_carrierpay_keyring_key(ring, NGX_CARRIERPAY_KEY_INDEX);

    if (pv->proved) {
        ngx_carrierpay_pin_visitor_hash(&pv->name, pv->hashes[0], key,
                                        "browser:", name, sizeof(name));

    } else {
        ngx_carrierpay_pin_visitor_hash(&pv->name, pv->hashes[0], key,
                                        "address:", address->bytes,
                                        ngx_carrierpay_addr_visitor(address));
    }

    ngx_carrierpay_pin_visitor_hash(&pv->block, pv->hashes[1], key,
                                    "block:", address->bytes,
                                    ngx_carrierpay_addr_block(address));
}


static void
ngx_carrierpay_pin_visitor_hash(ngx_str_t *hash, u_char *room,
    const ngx_str_t *key, const char *kind, u_char *data, size_t len)
{
    u_char     mac[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t  pieces[2];

    if (len == 0) {
        return;
    }

    pieces[0].data = (u_char *) kind;
    pieces[0].len = ngx_strlen(kind);
    pieces[1].data = data;
    pieces[1].len = len;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 2);

    ngx_memcpy(room, mac, NGX_CARRIERPAY_PIN_VISITOR_LEN);

    hash->data = room;
    hash->len = NGX_CARRIERPAY_PIN_VISITOR_LEN;
}
