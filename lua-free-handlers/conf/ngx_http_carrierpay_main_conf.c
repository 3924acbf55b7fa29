
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>
#include "ngx_carrierpay_keyword.h"
#include "ngx_http_carrierpay_main_conf.h"


static char *ngx_http_carrierpay_main_conf_cells(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *cmcf);
static char *ngx_http_carrierpay_main_conf_complete(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf);


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
           != NGX_OK
        || ngx_array_init(&cmcf->places, cf->pool, 8,
                          sizeof(ngx_http_carrierpay_place_t))
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

    ngx_conf_init_msec_value(cmcf->conf.confirm_after, 1000);
    ngx_conf_init_value(cmcf->conf.outbox, 1);
    ngx_conf_init_uint_value(cmcf->conf.flows_max, 4096);

    if (cmcf->conf.ncells == 0) {
        return NGX_CONF_OK;
    }

    if (ngx_http_carrierpay_main_conf_cells(cf, cmcf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_main_conf_complete(cf, &cmcf->conf);
}


/* Cells are numbered from 0 on, without a gap, and the first have lines. */

static char *
ngx_http_carrierpay_main_conf_cells(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *cmcf)
{
    ngx_uint_t              i;
    ngx_carrierpay_conf_t  *conf;

    conf = &cmcf->conf;

    for (i = 0; i < conf->ncells; i++) {
        if (conf->cells[i] == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "%ui cells need a \"carrierpay_postgres\" with "
                          "\"cell=%ui\" in %s:%ui", conf->ncells, i,
                          conf->postgres_file, conf->postgres_line);
            return NGX_CONF_ERROR;
        }

        if (cmcf->lines[i] && conf->nlines == i) {
            conf->nlines++;

        } else if (cmcf->lines[i] || i == 0) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "the first \"carrierpay_postgres\" cells have "
                          "lines, and none behind one with \"lines=off\" in "
                          "%s:%ui", conf->postgres_file, conf->postgres_line);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* Names all that is missing at once. */

static char *
ngx_http_carrierpay_main_conf_complete(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf)
{
    u_char      *p, *last, text[256];
    ngx_uint_t   i;

    struct {
        const char  *directive;
        ngx_uint_t   given;
    } needs[] = {
        { "carrierpay_redis", conf->redis.timeout != 0 },
        { "carrierpay_secrets", conf->secrets.len },
        { "carrierpay_zone", conf->zone != NULL },
        { "carrierpay_checkout_url", conf->checkout_url.len },
        { "carrierpay_webhook_pass", conf->webhook_pass.len || !conf->outbox }
    };

    p = text;
    last = text + sizeof(text);

    for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (!needs[i].given) {
            p = ngx_slprintf(p, last, "%s\"%s\"", p == text ? "" : ", ",
                             needs[i].directive);
        }
    }

    if (p == text) {
        return NGX_CONF_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"carrierpay_postgres\" needs %*s in %s:%ui",
                  (size_t) (p - text), text, conf->postgres_file,
                  conf->postgres_line);

    return NGX_CONF_ERROR;
}
