
/*
 * The counters hang on the zone's slab pool (shpool->data), so that a reload,
 * which keeps the mapping, finds them again.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_counters.h"


typedef struct {
    ngx_uint_t                   n;       /* as the zone's maker knew it */
    ngx_atomic_t                 counters[1];
} ngx_carrierpay_counters_sh_t;


/* The data of the zone, in memory of the configuration. */

typedef struct {
    ngx_uint_t                     n;
    ngx_carrierpay_counters_sh_t  *sh;
} ngx_carrierpay_counters_ctx_t;


static ngx_int_t ngx_carrierpay_counters_init(ngx_shm_zone_t *zone,
    void *data);


/*
 * Of the process, not of a cycle: a worker lives and dies with one cycle and
 * binds it once, in its start.
 */

ngx_atomic_t  *ngx_carrierpay_counters;


ngx_shm_zone_t *
ngx_carrierpay_counters_add(ngx_conf_t *cf, ngx_str_t *name, size_t size,
    ngx_uint_t n, void *tag)
{
    ngx_shm_zone_t                 *zone;
    ngx_carrierpay_counters_ctx_t  *ctx;

    if (size < 8 * ngx_pagesize) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "zone \"%V\" is too small",
                           name);
        return NULL;
    }

    ctx = ngx_pcalloc(cf->pool, sizeof(ngx_carrierpay_counters_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    ctx->n = n;

    zone = ngx_shared_memory_add(cf, name, size, tag);

    if (zone == NULL) {
        return NULL;
    }

    if (zone->init) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is declared twice", name);
        return NULL;
    }

    zone->init = ngx_carrierpay_counters_init;
    zone->data = ctx;

    return zone;
}


static ngx_int_t
ngx_carrierpay_counters_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t                *shpool;
    ngx_carrierpay_counters_sh_t   *sh;
    ngx_carrierpay_counters_ctx_t  *ctx;

    ctx = zone->data;
    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data || zone->shm.exists) {

        sh = shpool->data;

        /* a module with other counters must not count into these */

        if (sh == NULL || sh->n != ctx->n) {
            ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                          "zone \"%V\" holds the counters of another version",
                          &zone->shm.name);
            return NGX_ERROR;
        }

        ctx->sh = sh;

        return NGX_OK;
    }

    sh = ngx_slab_calloc(shpool,
                         offsetof(ngx_carrierpay_counters_sh_t, counters)
                         + ctx->n * sizeof(ngx_atomic_t));
    if (sh == NULL) {
        return NGX_ERROR;
    }

    sh->n = ctx->n;

    shpool->data = sh;
    ctx->sh = sh;

    return NGX_OK;
}


void
ngx_carrierpay_counters_attach(ngx_shm_zone_t *zone)
{
    ngx_carrierpay_counters_ctx_t  *ctx;

    ctx = zone->data;

    ngx_carrierpay_counters = ctx->sh->counters;
}


ngx_atomic_uint_t
ngx_carrierpay_counted(ngx_uint_t stat)
{
    if (ngx_carrierpay_counters == NULL) {
        return 0;
    }

    return ngx_carrierpay_counters[stat];
}
