
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_checkout_proof.h"
#include "ngx_http_carrierpay_compat.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_reply.h"


/* browsers take such a name from HTTPS alone, for this host and all paths */
#define NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_NAME  "__Host-carrierpay"

#define NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_ATTRIBUTES                         \
    "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age="


static ngx_str_t  ngx_http_carrierpay_checkout_proof_name =
    ngx_string(NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_NAME);


void
ngx_http_carrierpay_checkout_proof_read(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor)
{
    ngx_str_t  value;

    if (ngx_http_carrierpay_compat_cookie(r,
                                   &ngx_http_carrierpay_checkout_proof_name,
                                   &value)
        && value.len == sizeof(visitor->proof))
    {
        ngx_memcpy(visitor->proof, value.data, value.len);
        return;
    }

    ngx_memzero(visitor->proof, sizeof(visitor->proof));
}


ngx_int_t
ngx_http_carrierpay_checkout_proof_send(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge)
{
    u_char                 *p;
    ngx_str_t               cookie;
    const ngx_str_t        *key;
    ngx_carrierpay_conf_t  *conf;

    /* an SMS proves that its phone is the line's, not the browser's */

    if (charge->intent.attempt == 0
        || charge->session.identity.method == NGX_CARRIERPAY_METHOD_MO)
    {
        return NGX_OK;
    }

    conf = ngx_http_carrierpay_conf(r);
    key = ngx_carrierpay_keyring_key(&conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    p = ngx_pnalloc(r->pool,
                    sizeof(NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_NAME "=")
                    + NGX_CARRIERPAY_PROOF_LEN
                    + sizeof(NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_ATTRIBUTES)
                    + NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    cookie.data = p;

    p = ngx_sprintf(p, NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_NAME "=");

    if (ngx_carrierpay_proof_write(p, key, charge->intent.index,
                                   charge->payment.live, ngx_carrierpay_now())
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_sprintf(p + NGX_CARRIERPAY_PROOF_LEN,
                    NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_ATTRIBUTES "%d",
                    NGX_CARRIERPAY_PROOF_LIFETIME);

    cookie.len = p - cookie.data;

    return ngx_http_carrierpay_reply_header(r, "Set-Cookie", &cookie);
}
