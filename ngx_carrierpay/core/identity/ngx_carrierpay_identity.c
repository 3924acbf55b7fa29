
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_identity.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"


#define NGX_CARRIERPAY_IDENTITY_VISITOR_LEN  (1 + 16 + 16)


static void ngx_carrierpay_identity_visitor(
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bytes);


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
ngx_carrierpay_identity_same_visitor(ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_identity_t *visitor)
{
    static const u_char  none[sizeof(identity->browser)];

    if (identity->family != visitor->family
        || ngx_memcmp(identity->agent, visitor->agent, sizeof(visitor->agent))
           != 0)
    {
        return 0;
    }

    return ngx_memcmp(identity->browser, none, sizeof(none)) == 0
           || ngx_carrierpay_equal(identity->browser, visitor->browser,
                                   sizeof(none));
}


ngx_uint_t
ngx_carrierpay_identity_same_place(ngx_carrierpay_identity_t *a,
    ngx_carrierpay_identity_t *b)
{
    return ngx_memcmp(a->client_network, b->client_network,
                      sizeof(a->client_network))
           == 0;
}


void
ngx_carrierpay_identity_form(ngx_carrierpay_identity_t *visitor,
    ngx_carrierpay_keyring_t *ring, int64_t payment_id, u_char *p)
{
    u_char     buf[NGX_CARRIERPAY_IDENTITY_VISITOR_LEN];
    ngx_str_t  bytes;

    bytes.data = buf;
    ngx_carrierpay_identity_visitor(visitor, &bytes);

    ngx_carrierpay_token_form(p, ngx_carrierpay_keyring_key(ring,
                                                NGX_CARRIERPAY_KEY_SESSION),
                              payment_id, &bytes, ngx_carrierpay_now());
}


ngx_uint_t
ngx_carrierpay_identity_form_valid(ngx_carrierpay_identity_t *visitor,
    ngx_carrierpay_keyring_t *ring, int64_t payment_id, const ngx_str_t *text)
{
    u_char     buf[NGX_CARRIERPAY_IDENTITY_VISITOR_LEN];
    ngx_str_t  bytes;

    bytes.data = buf;
    ngx_carrierpay_identity_visitor(visitor, &bytes);

    return ngx_carrierpay_token_form_verify(text,
                           ngx_carrierpay_keyring_key(ring,
                                                NGX_CARRIERPAY_KEY_SESSION),
                           payment_id, &bytes, ngx_carrierpay_now());
}


static void
ngx_carrierpay_identity_visitor(ngx_carrierpay_identity_t *visitor,
    ngx_str_t *bytes)
{
    u_char  *p;

    p = bytes->data;

    *p++ = (u_char) visitor->family;
    p = ngx_cpymem(p, visitor->agent, sizeof(visitor->agent));
    p = ngx_cpymem(p, visitor->client_network,
                   sizeof(visitor->client_network));

    bytes->len = p - bytes->data;
}


ngx_str_t *
ngx_carrierpay_method_name(ngx_carrierpay_method_e method)
{
    return &ngx_carrierpay_methods[method];
}
