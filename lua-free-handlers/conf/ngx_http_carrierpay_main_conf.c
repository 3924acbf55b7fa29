
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>
#include "ngx_carrierpay_keyword.h"
#include "ngx_http_carrierpay_main_conf.h"


void *
ngx_http_carrierpay_main_conf_create(ngx_conf_t *cf)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_main_conf_t));
    if (cmcf == NULL) {
        return NULL;
    }

    if (ngx_carrierpay_operators_create(cf->pool, &cmcf->conf.operators)
        != NGX_OK
        || ngx_array_init(&cmcf->conf.sms, cf->pool, 2,
                          sizeof(ngx_carrierpay_sms_provider_t *))
           != NGX_OK
        || ngx_array_init(&cmcf->conf.keywords, cf->pool, 4,
                          sizeof(ngx_carrierpay_keyword_t))
           != NGX_OK)
    {
        return NULL;
    }

    cmcf->conf.confirm_after = NGX_CONF_UNSET_MSEC;
    cmcf->conf.outbox = NGX_CONF_UNSET;
    cmcf->conf.flows_max = NGX_CONF_UNSET_UINT;

    return cmcf;
}


char *
ngx_http_carrierpay_main_conf_init(ngx_conf_t *cf, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    const char  *missing;

    ngx_conf_init_msec_value(cmcf->conf.confirm_after, 1000);
    ngx_conf_init_value(cmcf->conf.outbox, 1);
    ngx_conf_init_uint_value(cmcf->conf.flows_max, 4096);

    if (cmcf->conf.postgres.connections == 0) {
        return NGX_CONF_OK;
    }

    missing = NULL;

    if (cmcf->conf.redis.path.len == 0 && cmcf->conf.redis.address.len == 0) {
        missing = "carrierpay_redis";

    } else if (cmcf->conf.secrets.len == 0) {
        missing = "carrierpay_secrets";

    } else if (cmcf->conf.zone == NULL) {
        missing = "carrierpay_zone";

    } else if (cmcf->conf.checkout_url.len == 0) {
        missing = "carrierpay_checkout_url";

    } else if (cmcf->conf.webhook_pass.len == 0 && cmcf->conf.outbox) {
        missing = "carrierpay_webhook_pass";
    }

    if (missing) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"carrierpay_postgres\" needs \"%s\"", missing);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
