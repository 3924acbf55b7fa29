
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_check.h"
#include "ngx_http_carrierpay_limit_reply.h"
#include "ngx_http_carrierpay_limit_rule.h"


static void ngx_http_carrierpay_limit_request_keys(ngx_http_request_t *r,
    ngx_str_t *keys);
static void ngx_http_carrierpay_limit_address(ngx_http_request_t *r,
    size_t v4, size_t v6, ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_limit_collect(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx, ngx_array_t *rules,
    ngx_str_t *keys);
static ngx_int_t ngx_http_carrierpay_limit_value(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_rule_t *rule, ngx_str_t *key);
static ngx_uint_t ngx_http_carrierpay_limit_wants(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind);


ngx_int_t
ngx_http_carrierpay_limit_handler(ngx_http_request_t *r)
{
    ngx_int_t                              rc;
    ngx_str_t                              keys[NGX_HTTP_CARRIERPAY_LIMIT_MAX];
    ngx_http_carrierpay_limit_ctx_t       *ctx;
    ngx_http_carrierpay_limit_loc_conf_t  *llcf;

    llcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_limit_module);

    if (llcf->rules == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_carrierpay_limit_check_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->entered) {
        return NGX_DECLINED;
    }

    ctx->entered = 1;
    ctx->handler = NULL;

    ngx_http_carrierpay_limit_request_keys(r, keys);

    if (ngx_http_carrierpay_limit_collect(r, ctx, llcf->rules, keys) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_carrierpay_limit_check(r, ctx);

    if (rc == NGX_AGAIN) {
        r->write_event_handler = ngx_http_request_empty_handler;
        return NGX_AGAIN;
    }

    if (rc == NGX_BUSY) {
        rc = ngx_http_carrierpay_limit_reply_refuse(r, ctx->retry);
        ngx_http_finalize_request(r, rc);
        return NGX_DONE;
    }

    return (rc == NGX_ERROR) ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_DECLINED;
}


/*
 * The keys that are known in PREACCESS; they point into the connection and the
 * request.
 */

static void
ngx_http_carrierpay_limit_request_keys(ngx_http_request_t *r, ngx_str_t *keys)
{
    ngx_str_t                  *subscriber;
    ngx_http_carrierpay_ctx_t  *ctx;

    ngx_memzero(keys, NGX_HTTP_CARRIERPAY_LIMIT_MAX * sizeof(ngx_str_t));

    ngx_http_carrierpay_limit_address(r, 4, 8,
                                   &keys[NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS]);

    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx == NULL || ctx->identity != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED)
    {
        return;
    }

    subscriber = &keys[NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER];
    *subscriber = ctx->acr;

    if (ctx->msisdn.len) {
        subscriber->data = ctx->msisdn.digits;
        subscriber->len = ctx->msisdn.len;
    }
}


/*
 * The first v4 or v6 bytes of the client's address; none for a unix socket.
 * On a listener with enrichment the peer counts, else the connection's
 * address.
 */

static void
ngx_http_carrierpay_limit_address(ngx_http_request_t *r, size_t v4, size_t v6,
    ngx_str_t *key)
{
    struct sockaddr_in         *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6        *sin6;
#endif
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx && ctx->peer.family) {
        key->data = ctx->peer.bytes;
        key->len = (ctx->peer.family == AF_INET) ? v4 : v6;
        return;
    }

    switch (r->connection->sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;

        key->data = sin6->sin6_addr.s6_addr;
        key->len = v6;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            key->data += 12;
            key->len = v4;
        }

        break;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;

        key->data = (u_char *) &sin->sin_addr;
        key->len = v4;
        break;

    default:
        ngx_str_null(key);
        break;
    }
}


/*
 * Collects the items of the rules whose key is known.  Values of variables are
 * evaluated once, in PREACCESS.
 */

static ngx_int_t
ngx_http_carrierpay_limit_collect(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx, ngx_array_t *rules, ngx_str_t *keys)
{
    ngx_str_t                         *key;
    ngx_uint_t                         i, values;
    ngx_http_carrierpay_limit_rule_t  *rule;

    ctx->n = 0;
    ctx->items = ngx_palloc(r->pool, rules->nelts
                                     * sizeof(ngx_carrierpay_limit_item_t));
    if (ctx->items == NULL) {
        return NGX_ERROR;
    }

    values = !(ctx->charged & 1 << NGX_HTTP_CARRIERPAY_LIMIT_VALUE);
    rule = rules->elts;

    for (i = 0; i < rules->nelts; i++) {
        key = &keys[rule[i].kind];

        if (rule[i].kind == NGX_HTTP_CARRIERPAY_LIMIT_VALUE && values
            && ngx_http_carrierpay_limit_value(r, &rule[i], key) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (key->len == 0) {
            continue;
        }

        ctx->charged |= 1 << rule[i].kind;

        ngx_carrierpay_limit_item(&ctx->items[ctx->n++], &rule[i].limit,
                                  key->data, key->len);
    }

    ctx->charged |= 1 << NGX_HTTP_CARRIERPAY_LIMIT_VALUE;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_value(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_rule_t *rule, ngx_str_t *key)
{
    ngx_http_variable_value_t  *v;

    if (rule->variable == NGX_ERROR) {
        return ngx_http_complex_value(r, &rule->value, key);
    }

    ngx_str_null(key);

    v = ngx_http_get_flushed_variable(r, rule->variable);

    if (v && !v->not_found) {
        key->data = v->data;
        key->len = v->len;
    }

    return NGX_OK;
}


/* Has the location a limit with this key that was not charged yet? */

static ngx_uint_t
ngx_http_carrierpay_limit_wants(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind)
{
    ngx_http_carrierpay_limit_ctx_t       *ctx;
    ngx_http_carrierpay_limit_loc_conf_t  *llcf;

    llcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_limit_module);

    if (!(llcf->kinds & 1 << kind)) {
        return 0;
    }

    ctx = ngx_http_carrierpay_limit_check_ctx(r);

    return ctx == NULL || !(ctx->charged & 1 << kind);
}


ngx_int_t
ngx_http_carrierpay_limit_late(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind, u_char *data, size_t len,
    ngx_http_carrierpay_limit_pt handler)
{
    ngx_int_t                              rc;
    ngx_str_t                              keys[NGX_HTTP_CARRIERPAY_LIMIT_MAX];
    ngx_http_carrierpay_limit_ctx_t       *ctx;
    ngx_http_carrierpay_limit_loc_conf_t  *llcf;

    if (!ngx_http_carrierpay_limit_wants(r, kind)) {
        return NGX_DECLINED;
    }

    llcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_limit_module);

    ctx = ngx_http_carrierpay_limit_check_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(keys, sizeof(keys));
    keys[kind].data = data;
    keys[kind].len = len;

    ctx->handler = handler;

    if (ngx_http_carrierpay_limit_collect(r, ctx, llcf->rules, keys) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_http_carrierpay_limit_check(r, ctx);

    if (rc == NGX_BUSY) {
        return ngx_http_carrierpay_limit_reply_refuse(r, ctx->retry);
    }

    return (rc == NGX_OK) ? NGX_DECLINED : rc;
}


void
ngx_http_carrierpay_limit_block(ngx_http_request_t *r, ngx_str_t *block)
{
    ngx_http_carrierpay_limit_address(r, 3, 6, block);
}
