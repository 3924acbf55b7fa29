
/*
 * Rate limits: the directives, and whose budgets a request takes from.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_check.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_limit_reply.h"


#define NGX_HTTP_CARRIERPAY_LIMIT_SMS_PREFIX  7    /* digits */


static ngx_int_t ngx_http_carrierpay_limit_handler(ngx_http_request_t *r);
static void ngx_http_carrierpay_limit_known(ngx_http_request_t *r,
    ngx_str_t *keys);
static void ngx_http_carrierpay_limit_address(ngx_http_request_t *r,
    size_t v4, size_t v6, ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_limit_gather(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx, ngx_array_t *rules,
    ngx_str_t *keys);

static ngx_int_t ngx_http_carrierpay_limit_value(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_rule_t *rule, ngx_str_t *key);

static ngx_int_t ngx_http_carrierpay_limit_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_limit_add_variable(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_limit_init(ngx_conf_t *cf);


static ngx_command_t  ngx_http_carrierpay_limit_commands[] = {

    { ngx_string("carrierpay_limit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_limit_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_sms_limit"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_limit_sms_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_limit_module_ctx = {
    ngx_http_carrierpay_limit_add_variable,       /* preconfiguration */
    ngx_http_carrierpay_limit_init,               /* postconfiguration */

    ngx_http_carrierpay_limit_create_main_conf,   /* create main conf */
    NULL,                                         /* init main conf */

    NULL,                                         /* create server conf */
    NULL,                                         /* merge server conf */

    ngx_http_carrierpay_limit_create_loc_conf,    /* create location conf */
    ngx_http_carrierpay_limit_merge_loc_conf      /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_limit_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_limit_module_ctx,        /* module context */
    ngx_http_carrierpay_limit_commands,           /* module directives */
    NGX_HTTP_MODULE,                              /* module type */
    NULL,                                         /* init master */
    NULL,                                         /* init module */
    NULL,                                         /* init process */
    NULL,                                         /* init thread */
    NULL,                                         /* exit thread */
    NULL,                                         /* exit process */
    NULL,                                         /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
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

    ctx = ngx_http_carrierpay_limit_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->entered) {
        return NGX_DECLINED;
    }

    ctx->entered = 1;
    ctx->handler = NULL;

    ngx_http_carrierpay_limit_known(r, keys);

    if (ngx_http_carrierpay_limit_gather(r, ctx, llcf->rules, keys) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_carrierpay_limit_check(r, ctx);

    if (rc == NGX_AGAIN) {
        r->write_event_handler = ngx_http_request_empty_handler;
        return NGX_AGAIN;
    }

    if (rc == NGX_BUSY) {
        rc = ngx_http_carrierpay_limit_refuse(r, ctx->retry);
        ngx_http_finalize_request(r, rc);
        return NGX_DONE;
    }

    return (rc == NGX_ERROR) ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_DECLINED;
}


/* what PREACCESS knows; the keys point into the connection and the request */

static void
ngx_http_carrierpay_limit_known(ngx_http_request_t *r, ngx_str_t *keys)
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
 * So many bytes of it, nothing of a unix socket's.  On a listener that
 * identifies it is the peer that was judged, else the one of the connection.
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
 * The items of those rules whose key is there.  Values made of variables are
 * asked for once, in PREACCESS.
 */

static ngx_int_t
ngx_http_carrierpay_limit_gather(ngx_http_request_t *r,
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

        if (!ctx->sms) {
            ctx->charged |= 1 << rule[i].kind;
        }

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


ngx_uint_t
ngx_http_carrierpay_limit_wants(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind)
{
    ngx_http_carrierpay_limit_ctx_t       *ctx;
    ngx_http_carrierpay_limit_loc_conf_t  *llcf;

    llcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_limit_module);

    if (!(llcf->kinds & 1 << kind)) {
        return 0;
    }

    ctx = ngx_http_carrierpay_limit_find(r);

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

    ctx = ngx_http_carrierpay_limit_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(keys, sizeof(keys));
    keys[kind].data = data;
    keys[kind].len = len;

    ctx->sms = 0;
    ctx->handler = handler;

    if (ngx_http_carrierpay_limit_gather(r, ctx, llcf->rules, keys) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_http_carrierpay_limit_check(r, ctx);

    if (rc == NGX_BUSY) {
        return ngx_http_carrierpay_limit_refuse(r, ctx->retry);
    }

    return (rc == NGX_OK) ? NGX_DECLINED : rc;
}


ngx_int_t
ngx_http_carrierpay_limit_sms(ngx_http_request_t *r, ngx_str_t *number,
    int32_t merchant, ngx_uint_t *retry, ngx_http_carrierpay_limit_pt handler)
{
    ngx_int_t                               rc;
    ngx_str_t                              keys[NGX_HTTP_CARRIERPAY_LIMIT_MAX];
    ngx_http_carrierpay_limit_ctx_t        *ctx;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    *retry = 0;

    lmcf = ngx_http_get_module_main_conf(r, ngx_http_carrierpay_limit_module);

    if (lmcf->sms == NULL) {
        return NGX_OK;
    }

    ctx = ngx_http_carrierpay_limit_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(keys, sizeof(keys));

    keys[NGX_HTTP_CARRIERPAY_LIMIT_NUMBER] = *number;
    keys[NGX_HTTP_CARRIERPAY_LIMIT_PREFIX].data = number->data;
    keys[NGX_HTTP_CARRIERPAY_LIMIT_PREFIX].len =
                  ngx_min(number->len, NGX_HTTP_CARRIERPAY_LIMIT_SMS_PREFIX);
    keys[NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT].data = (u_char *) &merchant;
    keys[NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT].len = sizeof(merchant);

    ngx_http_carrierpay_limit_address(r, 3, 6,
                                   &keys[NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS]);

    ctx->sms = 1;
    ctx->handler = handler;

    if (ngx_http_carrierpay_limit_gather(r, ctx, lmcf->sms, keys) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_http_carrierpay_limit_check(r, ctx);

    if (rc == NGX_BUSY) {
        *retry = ctx->retry;
        return NGX_OK;
    }

    return rc;
}


static ngx_int_t
ngx_http_carrierpay_limit_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const ngx_str_t                  *status;
    ngx_http_carrierpay_limit_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_limit_find(r->main);

    status = ctx ? ngx_http_carrierpay_limit_status(ctx) : NULL;

    if (status == NULL || status->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = status->len;
    v->data = status->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_add_variable(ngx_conf_t *cf)
{
    ngx_str_t             name = ngx_string("carrierpay_limit_status");
    ngx_http_variable_t  *var;

    var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_carrierpay_limit_variable;

    return NGX_OK;
}


/*
 * Handlers of a phase run from the last to the first.  This one becomes the
 * first, so that realip has told whose address it is.
 */

static ngx_int_t
ngx_http_carrierpay_limit_init(ngx_conf_t *cf)
{
    ngx_array_t                            *handlers;
    ngx_http_handler_pt                    *h;
    ngx_http_core_main_conf_t              *cmcf;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);

    if (ngx_http_carrierpay_limit_complete(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!lmcf->used) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    handlers = &cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    h = handlers->elts;

    ngx_memmove(h + 1, h, (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));
    *h = ngx_http_carrierpay_limit_handler;

    return NGX_OK;
}
