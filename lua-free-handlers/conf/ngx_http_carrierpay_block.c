
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_block.h"


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


ngx_int_t
ngx_http_carrierpay_block_name(ngx_conf_t *cf, ngx_str_t *name)
{
    if (!ngx_http_carrierpay_block_name_valid(name, NGX_CARRIERPAY_NAME_MAX)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a name has letters a-z, digits and underscores: "
                           "\"%V\"", name);
        return NGX_ERROR;
    }

    /* the file of ported numbers has names and MCCMNCs in one column */

    if (ngx_carrierpay_mccmnc_valid(name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a name is not an MCCMNC: \"%V\"", name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_http_carrierpay_block_name_valid(ngx_str_t *name, size_t max)
{
    u_char  c;
    size_t  i;

    if (name->len == 0 || name->len > max) {
        return 0;
    }

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') {
            return 0;
        }
    }

    return 1;
}
