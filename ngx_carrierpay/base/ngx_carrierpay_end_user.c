
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_end_user.h"


#define NGX_CARRIERPAY_END_USER_ACR_LEN     (sizeof("acr:") - 1)

/* The last characters of a shorter token would reveal too much of it. */
#define NGX_CARRIERPAY_END_USER_TOKEN_SHOWN  8


ngx_uint_t
ngx_carrierpay_end_user_acr(const ngx_str_t *end_user)
{
    return end_user->len >= NGX_CARRIERPAY_END_USER_ACR_LEN
           && ngx_strncmp(end_user->data, "acr:",
                          NGX_CARRIERPAY_END_USER_ACR_LEN)
              == 0;
}


ngx_int_t
ngx_carrierpay_end_user_check(const ngx_str_t *end_user)
{
    size_t                   i;
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_end_user_acr(end_user)) {
        return ngx_carrierpay_msisdn_load(end_user, &msisdn);
    }

    if (end_user->len == NGX_CARRIERPAY_END_USER_ACR_LEN
        || end_user->len > NGX_CARRIERPAY_END_USER_MAX)
    {
        return NGX_DECLINED;
    }

    for (i = NGX_CARRIERPAY_END_USER_ACR_LEN; i < end_user->len; i++) {
        if (end_user->data[i] <= ' ' || end_user->data[i] > '~') {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


u_char *
ngx_carrierpay_end_user_mask(u_char *buf, const ngx_str_t *end_user)
{
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_end_user_acr(end_user)) {
        return ngx_carrierpay_msisdn_load(end_user, &msisdn) == NGX_OK
               ? ngx_carrierpay_msisdn_mask(buf, &msisdn) : buf;
    }

    buf = ngx_cpymem(buf, "acr:******", sizeof("acr:******") - 1);

    if (end_user->len
        >= NGX_CARRIERPAY_END_USER_ACR_LEN
           + NGX_CARRIERPAY_END_USER_TOKEN_SHOWN)
    {
        buf = ngx_cpymem(buf, end_user->data + end_user->len - 2, 2);
    }

    return buf;
}


void
ngx_carrierpay_end_user_index(u_char index[NGX_CARRIERPAY_SHA256_LEN],
    const ngx_str_t *key, const ngx_str_t *operator, const ngx_str_t *end_user)
{
    ngx_str_t  pieces[3];

    pieces[0] = *end_user;
    ngx_str_set(&pieces[1], "\n");      /* no end user and no name has one */
    pieces[2] = *operator;

    ngx_carrierpay_hmac_sha256_pieces(index, key, pieces,
                                      ngx_carrierpay_end_user_acr(end_user) ? 3
                                      : 1);
}
