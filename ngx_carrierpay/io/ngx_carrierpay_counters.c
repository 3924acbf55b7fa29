
/*
 * The sets hang on the zone's slab pool (shpool->data), so that a reload,
 * which keeps the mapping, finds them again.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_counters.h"


/* The data of the zone, in memory of the configuration. */

typedef struct {
    ngx_uint_t                      n;
    ngx_carrierpay_counters_set_t  *service;
} ngx_carrierpay_counters_ctx_t;


static ngx_int_t ngx_carrierpay_counters_init(ngx_shm_zone_t *zone,
    void *data);
static ngx_carrierpay_counters_set_t *ngx_carrierpay_counters_make(
    ngx_slab_pool_t *shpool, ngx_str_t *label, ngx_str_t *value,
    ngx_uint_t n);


/*
 * Of the process, not of a cycle: a worker lives and dies with one cycle and
 * binds them once, in its start.
 */

ngx_carrierpay_counters_set_t  *ngx_carrierpay_counters;

static ngx_shm_zone_t  *ngx_carrierpay_counters_zone;


const ngx_msec_t
    ngx_carrierpay_histogram_bounds[NGX_CARRIERPAY_HISTOGRAM_BUCKETS] =
{
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000
};


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
    ngx_str_t                       none = ngx_string("");
    ngx_slab_pool_t                *shpool;
    ngx_carrierpay_counters_ctx_t  *ctx;

    ctx = zone->data;
    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data || zone->shm.exists) {

        ctx->service = shpool->data;

        /* a module with other counters must not count into these */

        if (ctx->service == NULL || ctx->service->n != ctx->n) {
            ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                          "zone \"%V\" holds the counters of another version",
                          &zone->shm.name);
            return NGX_ERROR;
        }

        return NGX_OK;
    }

    ctx->service = ngx_carrierpay_counters_make(shpool, &none, &none, ctx->n);
    if (ctx->service == NULL) {
        return NGX_ERROR;
    }

    shpool->data = ctx->service;
    shpool->log_nomem = 0;

    return NGX_OK;
}


/* Called under the lock of the pool, or before there are workers. */

static ngx_carrierpay_counters_set_t *
ngx_carrierpay_counters_make(ngx_slab_pool_t *shpool, ngx_str_t *label,
    ngx_str_t *value, ngx_uint_t n)
{
    size_t                          size;
    u_char                         *p;
    ngx_carrierpay_counters_set_t  *set;

    size = offsetof(ngx_carrierpay_counters_set_t, numbers)
           + n * sizeof(ngx_atomic_t);

    set = ngx_slab_calloc_locked(shpool, size + label->len + value->len);
    if (set == NULL) {
        return NULL;
    }

    p = (u_char *) set + size;

    set->n = n;
    set->label.len = label->len;
    set->label.data = p;
    set->value.len = value->len;
    set->value.data = ngx_cpymem(p, label->data, label->len);
    ngx_memcpy(set->value.data, value->data, value->len);

    return set;
}


void
ngx_carrierpay_counters_attach(ngx_shm_zone_t *zone)
{
    ngx_carrierpay_counters_ctx_t  *ctx;

    ctx = zone->data;

    ngx_carrierpay_counters_zone = zone;
    ngx_carrierpay_counters = ctx->service;
}


/*
 * A set of another size is that of another version of the module, whose
 * workers may still count into it.
 */

ngx_carrierpay_counters_set_t *
ngx_carrierpay_counters_set(const char *label, ngx_str_t *value, ngx_uint_t n)
{
    ngx_str_t                        name;
    ngx_slab_pool_t                 *shpool;
    ngx_carrierpay_counters_set_t   *set, **last;

    if (ngx_carrierpay_counters == NULL) {
        return NULL;
    }

    name.data = (u_char *) label;
    name.len = ngx_strlen(label);

    shpool = (ngx_slab_pool_t *) ngx_carrierpay_counters_zone->shm.addr;

    ngx_shmtx_lock(&shpool->mutex);

    for (last = &ngx_carrierpay_counters->next;
         (set = *last) != NULL;
         last = &set->next)
    {
        if (set->n == n
            && set->label.len == name.len && set->value.len == value->len
            && ngx_memcmp(set->label.data, name.data, name.len) == 0
            && ngx_memcmp(set->value.data, value->data, value->len) == 0)
        {
            goto done;
        }
    }

    set = ngx_carrierpay_counters_make(shpool, &name, value, n);

    if (set) {
        /* readers take no lock: a set is whole before it is in the list */

        ngx_memory_barrier();
        *last = set;
    }

done:

    ngx_shmtx_unlock(&shpool->mutex);

    if (set == NULL) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "zone \"%V\" has no room to count for %s \"%V\"",
                      &ngx_carrierpay_counters_zone->shm.name, label, value);
    }

    return set;
}


void
ngx_carrierpay_observe_in(ngx_carrierpay_counters_set_t *set, ngx_uint_t stat,
    ngx_msec_t time)
{
    ngx_uint_t  i;

    if (set == NULL) {
        return;
    }

    for (i = 0; i < NGX_CARRIERPAY_HISTOGRAM_BUCKETS; i++) {
        if (time <= ngx_carrierpay_histogram_bounds[i]) {
            break;
        }
    }

    (void) ngx_atomic_fetch_add(&set->numbers[stat + i], 1);
    (void) ngx_atomic_fetch_add(&set->numbers[stat
                                              + NGX_CARRIERPAY_HISTOGRAM_SUM],
                                time);
}
