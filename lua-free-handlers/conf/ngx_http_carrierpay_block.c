
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_block.h"


/* tells nginx's parser which struct the block's directives fill */

char *
ngx_http_carrierpay_block_parse(ngx_conf_t *cf, ngx_module_t *module,
    ngx_uint_t type, void *conf)
{
    char                  *rv;
    void                 **confs;
    ngx_conf_t             saved;
    ngx_http_conf_ctx_t   *ctx;

    ctx = ngx_pcalloc(cf->pool, sizeof(ngx_http_conf_ctx_t));
    confs = ngx_pcalloc(cf->pool, sizeof(void *) * ngx_http_max_module);

    if (ctx == NULL || confs == NULL) {
        return NGX_CONF_ERROR;
    }

    confs[module->ctx_index] = conf;
    ctx->main_conf = confs;

    saved = *cf;

    cf->ctx = ctx;
    cf->cmd_type = type;

    rv = ngx_conf_parse(cf, NULL);

    *cf = saved;

    return rv;
}
