
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_proof.h>


typedef struct {
    u_char   name[NGX_CARRIERPAY_PROOF_NAME_LEN];
    int64_t  at;
    u_char   mac[NGX_CARRIERPAY_PROOF_NAME_LEN];
} ngx_carrierpay_proof_t;


static void ngx_carrierpay_proof_mac(ngx_carrierpay_proof_t *proof,
    const ngx_str_t *key, const u_char *index, ngx_uint_t live, u_char *mac);


ngx_int_t
ngx_carrierpay_proof_write(u_char *p, const ngx_str_t *key,
    const u_char *index, ngx_uint_t live, int64_t now)
{
    u_char                  mac[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_proof_t  proof;

    if (ngx_carrierpay_random(proof.name, sizeof(proof.name)) != NGX_OK) {
        return NGX_ERROR;
    }

    proof.at = now;

    ngx_carrierpay_proof_mac(&proof, key, index, live, mac);
    ngx_memcpy(proof.mac, mac, sizeof(proof.mac));

    (void) ngx_carrierpay_base64url_encode(p, (u_char *) &proof,
                                           sizeof(proof));

    return NGX_OK;
}


ngx_uint_t
ngx_carrierpay_proof_verify(const ngx_str_t *text, const ngx_str_t *key,
    const u_char *index, ngx_uint_t live, int64_t now,
    u_char name[NGX_CARRIERPAY_PROOF_NAME_LEN])
{
    u_char                  buf[NGX_CARRIERPAY_BASE64_ROOM(
                                                  NGX_CARRIERPAY_PROOF_LEN)];
    u_char                  mac[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t               bytes;
    ngx_carrierpay_proof_t  proof;

    bytes.data = buf;

    if (text->len != NGX_CARRIERPAY_PROOF_LEN
        || ngx_carrierpay_base64url_decode(&bytes, text) != NGX_OK)
    {
        return 0;
    }

    ngx_memcpy(&proof, buf, sizeof(proof));
    ngx_carrierpay_proof_mac(&proof, key, index, live, mac);

    if (!ngx_carrierpay_equal(proof.mac, mac, sizeof(proof.mac))
        || proof.at > now
        || now - proof.at > NGX_CARRIERPAY_PROOF_LIFETIME * 1000LL)
    {
        return 0;
    }

    ngx_memcpy(name, proof.name, sizeof(proof.name));

    return 1;
}


static void
ngx_carrierpay_proof_mac(ngx_carrierpay_proof_t *proof, const ngx_str_t *key,
    const u_char *index, ngx_uint_t live, u_char *mac)
{
    ngx_str_t  pieces[3];

    if (live) {
        ngx_str_set(&pieces[0], "proof:");

    } else {
        ngx_str_set(&pieces[0], "test:");
    }

    pieces[1].data = (u_char *) proof;
    pieces[1].len = offsetof(ngx_carrierpay_proof_t, mac);
    pieces[2].data = (u_char *) index;
    pieces[2].len = NGX_CARRIERPAY_SHA256_LEN;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 3);
}
