
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_ctx.h"


ngx_int_t
ngx_http_carrierpay_checkout_url_plain(ngx_http_request_t *r, ngx_str_t *url)
{
    ngx_carrierpay_conf_t      *conf;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    conf = ngx_http_carrierpay_conf(r);

    url->len = conf->checkout_url.len + ctx->id.len;
    url->data = ngx_pnalloc(r->pool, url->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url->data, "%V%V", &conf->checkout_url, &ctx->id);

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_checkout_url_self(ngx_http_request_t *r,
    const char *query, ngx_str_t *url)
{
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_core_loc_conf_t   *clcf;

    ctx = ngx_http_carrierpay_ctx(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    url->len = clcf->name.len + ctx->id.len + ngx_strlen(query);
    url->data = ngx_pnalloc(r->pool, url->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url->data, "%V%V%s", &clcf->name, &ctx->id, query);

    return NGX_OK;
}
