
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_code_budget.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_main_conf.h"


void *
ngx_http_carrierpay_limit_conf_create_main(ngx_conf_t *cf)
{
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_limit_main_conf_t));
    if (lmcf == NULL) {
        return NULL;
    }

    lmcf->zones = ngx_array_create(cf->pool, 4,
                                   sizeof(ngx_carrierpay_limit_zone_t *));
    if (lmcf->zones == NULL) {
        return NULL;
    }

    return lmcf;
}


void *
ngx_http_carrierpay_limit_conf_create_loc(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_limit_loc_conf_t));
}


char *
ngx_http_carrierpay_limit_conf_merge_loc(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_limit_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_limit_loc_conf_t  *conf = child;

    if (conf->rules == NULL) {
        conf->rules = prev->rules;
        conf->kinds = prev->kinds;
    }

    return NGX_CONF_OK;
}


/* nodes that share secrets make the same keys of Redis from a number */

ngx_int_t
ngx_http_carrierpay_limit_conf_complete(ngx_conf_t *cf)
{
    ngx_uint_t                              i;
    const ngx_str_t                        *secret;
    ngx_carrierpay_conf_t                  *conf;
    ngx_carrierpay_limit_zone_t           **zone;
    ngx_http_carrierpay_main_conf_t        *cmcf;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    conf = &cmcf->conf;

    secret = conf->secrets.len
             ? ngx_carrierpay_keyring_key(&conf->keyring,
                                          NGX_CARRIERPAY_KEY_SESSION)
             : NULL;

    if (conf->ncells) {
        conf->code_budgets = ngx_carrierpay_code_budget_create(cf,
                                           &ngx_http_carrierpay_limit_module);

        zone = ngx_array_push(lmcf->zones);

        if (conf->code_budgets == NULL || zone == NULL) {
            return NGX_ERROR;
        }

        *zone = ((ngx_carrierpay_limit_t *) conf->code_budgets->elts)->zone;
    }

    zone = lmcf->zones->elts;

    for (i = 0; i < lmcf->zones->nelts; i++) {

        if (zone[i]->shared && conf->ncells == 0) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"shared=redis\" needs \"carrierpay_redis\" and"
                          " \"carrierpay_postgres\" in %s:%ui",
                          zone[i]->file, zone[i]->line);
            return NGX_ERROR;
        }

        ngx_carrierpay_limit_zone_complete(zone[i], secret);
    }

    return NGX_OK;
}
