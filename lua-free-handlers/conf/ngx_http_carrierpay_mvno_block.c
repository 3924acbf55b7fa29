
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_mvno_block.h"
#include "ngx_http_carrierpay_operator_block.h"


static ngx_carrierpay_mvno_t *ngx_http_carrierpay_mvno_block_create(
    ngx_conf_t *cf, ngx_carrierpay_operator_t *op, ngx_str_t *name);
static const char *ngx_http_carrierpay_mvno_block_check(
    ngx_carrierpay_mvno_t *mvno);


char *
ngx_http_carrierpay_mvno_block(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    char                         *rv;
    ngx_str_t                    *value;
    const char                   *wrong;
    ngx_carrierpay_mvno_t        *mvno;
    ngx_carrierpay_conf_value_t  *mccmnc;

    value = cf->args->elts;

    mvno = ngx_http_carrierpay_mvno_block_create(cf, op, &value[1]);
    if (mvno == NULL) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_http_carrierpay_block_parse(cf,
                                         &ngx_http_carrierpay_operator_module,
                                         NGX_HTTP_CARRIERPAY_MVNO_CONF, mvno);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    wrong = ngx_http_carrierpay_mvno_block_check(mvno);

    if (wrong) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "mvno \"%V\": %s in %s:%ui", &mvno->name, wrong,
                      mvno->file, mvno->line);
        return NGX_CONF_ERROR;
    }

    if (mvno->title.len == 0) {
        mvno->title = mvno->name;
    }

    if (mvno->mccmncs.nelts) {
        mccmnc = mvno->mccmncs.elts;
        mvno->mccmnc = mccmnc[0].text;
    }

    return NGX_CONF_OK;
}


static ngx_carrierpay_mvno_t *
ngx_http_carrierpay_mvno_block_create(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_str_t *name)
{
    ngx_carrierpay_mvno_t  *mvno, **slot;

    if (ngx_http_carrierpay_block_name(cf, name) != NGX_OK) {
        return NULL;
    }

    if (ngx_carrierpay_mvno_find(op, name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate mvno \"%V\"",
                           name);
        return NULL;
    }

    slot = ngx_array_push(&op->mvnos);
    mvno = ngx_pcalloc(cf->pool, sizeof(ngx_carrierpay_mvno_t));

    if (slot == NULL || mvno == NULL
        || ngx_array_init(&mvno->mccmncs, cf->pool, 2,
                          sizeof(ngx_carrierpay_conf_value_t))
           != NGX_OK
        || ngx_array_init(&mvno->prefixes, cf->pool, 8,
                          sizeof(ngx_carrierpay_conf_value_t))
           != NGX_OK)
    {
        return NULL;
    }

    *slot = mvno;

    mvno->name = *name;
    mvno->host = op;
    mvno->file = cf->conf_file->file.name.data;
    mvno->line = cf->conf_file->line;

    mvno->full = NGX_CONF_UNSET;
    mvno->billing.on = NGX_CONF_UNSET;

    return mvno;
}


/* billing is why an MVNO has a block of its own, so it has no default */

static const char *
ngx_http_carrierpay_mvno_block_check(ngx_carrierpay_mvno_t *mvno)
{
    if (mvno->full == NGX_CONF_UNSET) {
        return "no \"type\"";
    }

    if (mvno->billing.on == NGX_CONF_UNSET) {
        return "no \"billing\"";
    }

    return NULL;
}
