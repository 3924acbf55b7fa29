
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_idempotency.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_variables.h"


#define NGX_HTTP_CARRIERPAY_API_IDEMPOTENCY_MAX  255


ngx_int_t
ngx_http_carrierpay_api_idempotency(ngx_http_request_t *r, ngx_str_t *key,
    ngx_http_carrierpay_problem_t *problem)
{
    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  name = ngx_string("Idempotency-Key");

    rc = ngx_http_carrierpay_request_header(r, "idempotency-key", key);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_json_refuse(problem,
                                               "idempotency_key_missing",
                                               &name,
                                               "is required");
    }

    if (rc == NGX_OK && key->len >= 2 && key->data[0] == '"'
        && key->data[key->len - 1] == '"')
    {
        key->data++;
        key->len -= 2;
    }

    if (rc != NGX_OK || key->len == 0
        || key->len > NGX_HTTP_CARRIERPAY_API_IDEMPOTENCY_MAX)
    {
        goto invalid;
    }

    for (i = 0; i < key->len; i++) {
        if (key->data[i] < 0x20 || key->data[i] > 0x7e || key->data[i] == '"')
        {
            goto invalid;
        }
    }

    return NGX_OK;

invalid:

    return ngx_http_carrierpay_json_refuse(problem, "idempotency_key_invalid",
                                           &name, "must have 1 to 255"
                                           " printable ASCII characters and"
                                           " be given once");
}


void
ngx_http_carrierpay_api_idempotency_hash(ngx_http_request_t *r, ngx_str_t *key,
    u_char *hash)
{
    u_char                      scope[NGX_INT32_LEN + sizeof(":1:") - 1];
    ngx_str_t                   pieces[2];
    const ngx_str_t            *secret;
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_merchant_t  *merchant;

    core = ngx_http_carrierpay_core(r);
    merchant = ngx_http_carrierpay_api_merchant(r);

    pieces[0].data = scope;
    pieces[0].len = ngx_sprintf(scope, "%D:%d:", merchant->id,
                                merchant->live ? 1 : 0)
                    - scope;
    pieces[1] = *key;

    secret = ngx_carrierpay_keyring_key(&core->conf->keyring,
                                        NGX_CARRIERPAY_KEY_SESSION);

    ngx_carrierpay_hmac_sha256_pieces(hash, secret, pieces, 2);
}


ngx_int_t
ngx_http_carrierpay_api_idempotency_replayed(ngx_http_request_t *r)
{
    ngx_str_t  replayed = ngx_string("true");

    return ngx_http_carrierpay_reply_header(r, "Idempotent-Replayed",
                                            &replayed);
}


ngx_int_t
ngx_http_carrierpay_api_idempotency_mismatch(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r,
                                           NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
                                           "idempotency_mismatch",
                                           "The key was used for another"
                                           " request");
}
