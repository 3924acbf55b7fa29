
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_main_conf.h"


static void ngx_http_carrierpay_ctx_cleanup(void *data);


ngx_http_carrierpay_ctx_t *
ngx_http_carrierpay_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t         *cln;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_carrierpay_module);

    if (ctx != NULL || !(r->internal || r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_carrierpay_ctx_cleanup) {
            ngx_http_set_ctx(r, cln->data, ngx_http_carrierpay_module);
            return cln->data;
        }
    }

    return NULL;
}


ngx_http_carrierpay_ctx_t *
ngx_http_carrierpay_ctx_get(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t         *cln;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx != NULL) {
        return ctx;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_carrierpay_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_carrierpay_ctx_t));

    cln->handler = ngx_http_carrierpay_ctx_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_http_carrierpay_module);

    return ctx;
}


ngx_int_t
ngx_http_carrierpay_ctx_end_user(ngx_http_carrierpay_ctx_t *ctx,
    ngx_str_t *end_user)
{
    if (ctx->identity != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
        return NGX_DECLINED;
    }

    if (ctx->acr.len) {
        *end_user = ctx->acr;
        return NGX_OK;
    }

    end_user->data = ctx->msisdn.digits;
    end_user->len = ctx->msisdn.len;

    return NGX_OK;
}


/* marks the context, so that it is found again; and wipes the number */

static void
ngx_http_carrierpay_ctx_cleanup(void *data)
{
    ngx_http_carrierpay_ctx_t  *ctx = data;

    ngx_memzero(&ctx->msisdn, sizeof(ngx_carrierpay_msisdn_t));
}


ngx_carrierpay_conf_t *
ngx_http_carrierpay_conf(ngx_http_request_t *r)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_carrierpay_module);

    return &cmcf->conf;
}


ngx_carrierpay_core_t *
ngx_http_carrierpay_core(ngx_http_request_t *r)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_carrierpay_module);

    return cmcf->core;
}
