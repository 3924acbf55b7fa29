
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_identity.h"


/* by ngx_carrierpay_method_e */

static ngx_str_t  ngx_carrierpay_methods[] = {
    ngx_string("header_enrichment"),
    ngx_string("mo_sms"),
    ngx_string("pin_sms")
};


void
ngx_carrierpay_identity_end_user(ngx_carrierpay_identity_t *identity,
    ngx_str_t *end_user)
{
    if (identity->acr.len) {
        *end_user = identity->acr;
        return;
    }

    end_user->data = identity->msisdn.digits;
    end_user->len = identity->msisdn.len;
}


void
ngx_carrierpay_identity_index(ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_keyring_t *ring, u_char index[NGX_CARRIERPAY_SHA256_LEN])
{
    ngx_str_t         end_user;
    const ngx_str_t  *key;

    key = ngx_carrierpay_keyring_key(ring, NGX_CARRIERPAY_KEY_INDEX);

    ngx_carrierpay_identity_end_user(identity, &end_user);
    ngx_carrierpay_end_user_index(index, key,
                                  &identity->carrier.operator->name,
                                  &end_user);
}


ngx_uint_t
ngx_carrierpay_identity_same_visitor(ngx_carrierpay_identity_t *a,
    ngx_carrierpay_identity_t *b)
{
    return a->family == b->family
           && ngx_memcmp(a->agent, b->agent, sizeof(a->agent)) == 0;
}


ngx_uint_t
ngx_carrierpay_identity_same_place(ngx_carrierpay_identity_t *a,
    ngx_carrierpay_identity_t *b)
{
    return ngx_memcmp(a->client_network, b->client_network,
                      sizeof(a->client_network))
           == 0;
}


ngx_str_t *
ngx_carrierpay_method_name(ngx_carrierpay_method_e method)
{
    return &ngx_carrierpay_methods[method];
}
