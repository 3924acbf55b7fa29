
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_merchant.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_route.h"


/* with the time of a charge it stays below what a client is promised, ms */
#define NGX_HTTP_CARRIERPAY_API_AUTH_TIMEOUT  800

/* "sk_test_" or "sk_live_" and 43 characters of base64url */
#define NGX_HTTP_CARRIERPAY_API_KEY_PREFIX    (sizeof("sk_test_") - 1)
#define NGX_HTTP_CARRIERPAY_API_KEY_LEN                                       \
    (NGX_HTTP_CARRIERPAY_API_KEY_PREFIX + 43)


/* It is ctx->caller. */

typedef struct {
    ngx_str_t                   body;
    ngx_carrierpay_merchant_t   merchant;
} ngx_http_carrierpay_api_caller_t;


static ngx_int_t ngx_http_carrierpay_api_key(ngx_http_request_t *r,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_api_lookup(ngx_http_request_t *r,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_api_lookup_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_limit(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_api_admitted(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_api_unauthorized(ngx_http_request_t *r);


ngx_int_t
ngx_http_carrierpay_api_authenticate(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                          rc;
    ngx_str_t                          key;
    ngx_carrierpay_core_t             *core;
    ngx_http_carrierpay_ctx_t         *ctx;
    ngx_http_carrierpay_api_caller_t  *caller;

    if (ngx_http_carrierpay_api_key(r, &key) != NGX_OK) {
        return ngx_http_carrierpay_api_unauthorized(r);
    }

    core = ngx_http_carrierpay_core(r);

    if (core == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    caller = ngx_palloc(r->pool, sizeof(ngx_http_carrierpay_api_caller_t));
    if (caller == NULL) {
        return NGX_ERROR;
    }

    caller->body = *body;

    ctx = ngx_http_carrierpay_ctx(r);
    ctx->caller = caller;

    rc = ngx_carrierpay_merchant_cached(core, &key, &caller->merchant);

    if (rc == NGX_OK) {
        return ngx_http_carrierpay_api_limit(r);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_api_unauthorized(r);
    }

    return ngx_http_carrierpay_api_lookup(r, &key);
}


ngx_carrierpay_merchant_t *
ngx_http_carrierpay_api_merchant(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t         *ctx;
    ngx_http_carrierpay_api_caller_t  *caller;

    ctx = ngx_http_carrierpay_ctx(r);
    caller = ctx->caller;

    return &caller->merchant;
}


/*
 * RFC 9110, section 11.4: a scheme in any case and one blank or more.  The
 * database is not asked for text that cannot be a key.
 */

static ngx_int_t
ngx_http_carrierpay_api_key(ngx_http_request_t *r, ngx_str_t *key)
{
    u_char   c;
    size_t   i;

    if (ngx_http_carrierpay_request_header(r, "authorization", key) != NGX_OK
        || key->len <= sizeof("Bearer ") - 1
        || ngx_strncasecmp(key->data, (u_char *) "Bearer ",
                           sizeof("Bearer ") - 1)
           != 0)
    {
        return NGX_DECLINED;
    }

    key->data += sizeof("Bearer ") - 1;
    key->len -= sizeof("Bearer ") - 1;

    while (key->len && key->data[0] == ' ') {
        key->data++;
        key->len--;
    }

    if (key->len != NGX_HTTP_CARRIERPAY_API_KEY_LEN
        || (ngx_strncmp(key->data, "sk_test_",
                        NGX_HTTP_CARRIERPAY_API_KEY_PREFIX) != 0
            && ngx_strncmp(key->data, "sk_live_",
                           NGX_HTTP_CARRIERPAY_API_KEY_PREFIX) != 0))
    {
        return NGX_DECLINED;
    }

    for (i = NGX_HTTP_CARRIERPAY_API_KEY_PREFIX; i < key->len; i++) {
        c = key->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '-' || c == '_'))
        {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_api_lookup(ngx_http_request_t *r, ngx_str_t *key)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_merchant_authenticate(ngx_http_carrierpay_core(r),
                                                key);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                     NGX_HTTP_CARRIERPAY_API_AUTH_TIMEOUT,
                                     ngx_http_carrierpay_api_lookup_end);
}


static ngx_int_t
ngx_http_carrierpay_api_lookup_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_authentication_t  *auth;

    auth = flow->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        break;

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_unauthorized(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }

    *ngx_http_carrierpay_api_merchant(r) = auth->merchant;

    return ngx_http_carrierpay_api_limit(r);
}


/* Charges the merchant's limits, then calls the endpoint. */

static ngx_int_t
ngx_http_carrierpay_api_limit(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_carrierpay_merchant_t  *merchant;

    merchant = ngx_http_carrierpay_api_merchant(r);

    rc = ngx_http_carrierpay_limit_late(r, NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT,
                                        (u_char *) &merchant->id,
                                        sizeof(merchant->id),
                                        ngx_http_carrierpay_api_admitted);

    return rc == NGX_DECLINED ? ngx_http_carrierpay_api_admitted(r) : rc;
}


static ngx_int_t
ngx_http_carrierpay_api_admitted(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t         *ctx;
    ngx_http_carrierpay_api_caller_t  *caller;

    ctx = ngx_http_carrierpay_ctx(r);
    caller = ctx->caller;

    return ctx->route->endpoint(r, &caller->body);
}


/* No key and a wrong key have the same answer. */

static ngx_int_t
ngx_http_carrierpay_api_unauthorized(ngx_http_request_t *r)
{
    ngx_str_t  challenge = ngx_string("Bearer realm=\"carrierpay\"");

    if (ngx_http_carrierpay_reply_header(r, "WWW-Authenticate", &challenge)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_UNAUTHORIZED,
                                           "unauthorized",
                                           "A valid API key is required"
                                           " (Authorization: Bearer)");
}
