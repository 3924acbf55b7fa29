
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_limit.h"
#include "ngx_carrierpay_core_counters.h"


#define NGX_CARRIERPAY_LIMIT_WAYS  8

/* In us.  The cached times of busy workers differ by less. */
#define NGX_CARRIERPAY_LIMIT_SKEW  10000000


/*
 * A set takes three cache lines.  A time of 0 is a free place.  The clock is
 * the monotonic one, in us, so its value is never 0 in practice, and if it
 * were, it would mean that the bucket is full.
 */

typedef struct {
    int64_t    time[NGX_CARRIERPAY_LIMIT_WAYS];
    uint64_t   key[NGX_CARRIERPAY_LIMIT_WAYS][2];
} ngx_carrierpay_limit_set_t;


struct ngx_carrierpay_limit_table_s {
    size_t                       size;     /* size of this struct */
    uint64_t                     nsets;
    u_char                       secret[NGX_CARRIERPAY_SIPHASH_KEY_LEN];
    ngx_carrierpay_limit_set_t  *sets;
};


static ngx_uint_t ngx_carrierpay_limit_zone_name(ngx_str_t *name);
static ngx_int_t ngx_carrierpay_limit_zone_init(ngx_shm_zone_t *shm,
    void *data);
static ngx_carrierpay_limit_table_t *ngx_carrierpay_limit_table(
    ngx_slab_pool_t *shpool);
static void ngx_carrierpay_limit_one(ngx_carrierpay_limit_item_t *item,
    int64_t now);
static int64_t *ngx_carrierpay_limit_bucket(
    ngx_carrierpay_limit_table_t *table, uint64_t *key);
static int64_t *ngx_carrierpay_limit_entry(ngx_carrierpay_limit_table_t *table,
    uint64_t *key, int64_t now);


#define ngx_carrierpay_limit_set(table, key)                                  \
    (&(table)->sets[(((key)[0] >> 32) * (table)->nsets) >> 32])

#if (__GNUC__)
#define ngx_carrierpay_limit_prefetch(set)                                    \
    __builtin_prefetch((set)->time, 1);                                       \
    __builtin_prefetch((set)->key);                                           \
    __builtin_prefetch((set)->key[NGX_CARRIERPAY_LIMIT_WAYS / 2])
#else
#define ngx_carrierpay_limit_prefetch(set)
#endif

#define ngx_carrierpay_limit_mutex(zone)                                      \
    (&((ngx_slab_pool_t *) (zone)->shm->shm.addr)->mutex)


ngx_carrierpay_limit_zone_t *
ngx_carrierpay_limit_zone(ngx_conf_t *cf, ngx_str_t *name, size_t size,
    void *tag)
{
    ngx_shm_zone_t               *shm;
    ngx_carrierpay_limit_zone_t  *zone;

    if (!ngx_carrierpay_limit_zone_name(name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid name of a zone \"%V\"", name);
        return NULL;
    }

    if (size && size < (size_t) NGX_CARRIERPAY_LIMIT_ZONE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "zone \"%V\" is too small",
                           name);
        return NULL;
    }

    shm = ngx_shared_memory_add(cf, name, size, tag);
    if (shm == NULL) {
        return NULL;
    }

    if (shm->data) {
        return shm->data;
    }

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_carrierpay_limit_zone_t));
    if (zone == NULL) {
        return NULL;
    }

    zone->shm = shm;
    zone->name = *name;
    zone->file = cf->conf_file->file.name.data;
    zone->line = cf->conf_file->line;

    shm->init = ngx_carrierpay_limit_zone_init;
    shm->data = zone;

    return zone;
}


/* The name of a zone is a part of headers and of names in Redis. */

static ngx_uint_t
ngx_carrierpay_limit_zone_name(ngx_str_t *name)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'))
        {
            return 0;
        }
    }

    return name->len != 0 && name->len <= NGX_CARRIERPAY_LIMIT_NAME_MAX;
}


void
ngx_carrierpay_limit_zone_complete(ngx_carrierpay_limit_zone_t *zone,
    const ngx_str_t *secret)
{
    u_char  hmac[NGX_CARRIERPAY_SHA256_LEN];

    if (zone->shm->shm.size == 0) {
        zone->shm->shm.size = NGX_CARRIERPAY_LIMIT_ZONE_DEFAULT;
    }

    if (secret) {
        ngx_carrierpay_hmac_sha256(hmac, secret, (u_char *) "carrierpay_limit",
                                   sizeof("carrierpay_limit") - 1);
        ngx_memcpy(zone->secret, hmac, sizeof(zone->secret));
        zone->has_secret = 1;
    }
}


static ngx_int_t
ngx_carrierpay_limit_zone_init(ngx_shm_zone_t *shm, void *data)
{
    uint64_t                      n[2];
    ngx_slab_pool_t              *shpool;
    ngx_carrierpay_limit_zone_t  *zone;

    zone = shm->data;
    shpool = (ngx_slab_pool_t *) shm->shm.addr;

    if (data || shm->shm.exists) {
        zone->table = shpool->data;

        if (zone->table == NULL
            || zone->table->size != sizeof(ngx_carrierpay_limit_table_t))
        {
            ngx_log_error(NGX_LOG_EMERG, shm->shm.log, 0,
                          "zone \"%V\" holds the limits of another version",
                          &zone->name);
            return NGX_ERROR;
        }

    } else {
        zone->table = ngx_carrierpay_limit_table(shpool);

        if (zone->table == NULL) {
            return NGX_ERROR;
        }
    }

    if (!zone->has_secret) {
        ngx_memcpy(zone->secret, zone->table->secret, sizeof(zone->secret));
    }

    /*
     * If the key is written otherwise in the configuration, it means other
     * buckets.
     */

    ngx_carrierpay_siphash(n, zone->secret, zone->name.data, zone->name.len);
    ngx_memcpy(zone->hash, n, sizeof(zone->hash));

    ngx_carrierpay_siphash(n, zone->hash, zone->key.data, zone->key.len);
    ngx_memcpy(zone->hash, n, sizeof(zone->hash));

    return NGX_OK;
}


/* Creates a table with as many sets as the zone has pages for. */

static ngx_carrierpay_limit_table_t *
ngx_carrierpay_limit_table(ngx_slab_pool_t *shpool)
{
    size_t                         size;
    ngx_carrierpay_limit_table_t  *table;

    table = ngx_slab_calloc(shpool, sizeof(ngx_carrierpay_limit_table_t));
    if (table == NULL) {
        return NULL;
    }

    size = shpool->pfree * ngx_pagesize;

    table->size = sizeof(ngx_carrierpay_limit_table_t);
    table->nsets = size / sizeof(ngx_carrierpay_limit_set_t);
    table->sets = ngx_slab_calloc(shpool, size);

    if (table->sets == NULL
        || ngx_carrierpay_random(table->secret, sizeof(table->secret))
           != NGX_OK)
    {
        return NULL;
    }

    shpool->data = table;

    return table;
}


void
ngx_carrierpay_limit_item(ngx_carrierpay_limit_item_t *item,
    ngx_carrierpay_limit_t *limit, const u_char *data, size_t len)
{
    item->limit = limit;
    item->rc = NGX_DECLINED;
    item->ahead = 0;

    ngx_carrierpay_siphash(item->key, limit->zone->hash, data, len);

    /*
     * The cache lines of the set are there by the time the limit is evaluated.
     */

    ngx_carrierpay_limit_prefetch(
                   ngx_carrierpay_limit_set(limit->zone->table, item->key));
}


ngx_int_t
ngx_carrierpay_limit_consume(ngx_carrierpay_limit_item_t *items, ngx_uint_t n)
{
    int64_t      now;
    ngx_uint_t   i;

    now = (int64_t) ngx_current_msec * 1000;

    for (i = 0; i < n; i++) {
        ngx_carrierpay_limit_one(&items[i], now);

        if (items[i].rc != NGX_OK && !items[i].limit->dry_run) {
            break;
        }
    }

    if (i == n) {
        return NGX_OK;
    }

    while (i--) {
        if (items[i].rc == NGX_OK) {
            ngx_carrierpay_limit_refund(&items[i]);
        }
    }

    return NGX_BUSY;
}


/*
 * Each worker has its own cached time, so now may be before a time that
 * another worker has written: a refused request never moves a bucket back.  A
 * time that is further ahead than any limit of the zone allows comes from a
 * clock that was set back, or from a larger burst before a reload.
 */

static void
ngx_carrierpay_limit_one(ngx_carrierpay_limit_item_t *item, int64_t now)
{
    int64_t                       ahead, *time;
    ngx_carrierpay_limit_t       *limit;
    ngx_carrierpay_limit_zone_t  *zone;

    limit = item->limit;
    zone = limit->zone;

    ngx_shmtx_lock(ngx_carrierpay_limit_mutex(zone));

    time = ngx_carrierpay_limit_entry(zone->table, item->key, now);

    ahead = *time - now;

    if (ahead < 0) {
        ahead = 0;

    } else if (ahead > zone->span + NGX_CARRIERPAY_LIMIT_SKEW) {
        ahead = zone->span;
    }

    if (ahead + limit->interval <= limit->span) {
        ahead += limit->interval;
        item->rc = NGX_OK;

    } else {
        item->rc = NGX_BUSY;
    }

    *time = now + ahead;

    ngx_shmtx_unlock(ngx_carrierpay_limit_mutex(zone));

    item->ahead = ahead;
}


void
ngx_carrierpay_limit_refund(ngx_carrierpay_limit_item_t *item)
{
    int64_t                      *time;
    ngx_carrierpay_limit_zone_t  *zone;

    zone = item->limit->zone;

    ngx_shmtx_lock(ngx_carrierpay_limit_mutex(zone));

    time = ngx_carrierpay_limit_bucket(zone->table, item->key);

    if (time) {
        *time -= item->limit->interval;
    }

    ngx_shmtx_unlock(ngx_carrierpay_limit_mutex(zone));

    item->rc = NGX_DECLINED;
    item->ahead -= item->limit->interval;
}


/*
 * Returns the bucket of a key, or NULL if its place has been given to another
 * key.  The caller holds the lock of the zone.
 */

static int64_t *
ngx_carrierpay_limit_bucket(ngx_carrierpay_limit_table_t *table, uint64_t *key)
{
    ngx_uint_t                   i;
    ngx_carrierpay_limit_set_t  *set;

    set = ngx_carrierpay_limit_set(table, key);

    for (i = 0; i < NGX_CARRIERPAY_LIMIT_WAYS; i++) {
        if (set->key[i][0] == key[0] && set->key[i][1] == key[1]) {
            return &set->time[i];
        }
    }

    return NULL;
}


/*
 * Returns the bucket of a key; if there is none, the one of its set that is
 * full first is given to the key.  The caller holds the lock of the zone.
 */

static int64_t *
ngx_carrierpay_limit_entry(ngx_carrierpay_limit_table_t *table, uint64_t *key,
    int64_t now)
{
    int64_t                     *time;
    ngx_uint_t                   i, first;
    ngx_carrierpay_limit_set_t  *set;

    time = ngx_carrierpay_limit_bucket(table, key);
    if (time) {
        return time;
    }

    set = ngx_carrierpay_limit_set(table, key);
    first = 0;

    for (i = 1; i < NGX_CARRIERPAY_LIMIT_WAYS; i++) {
        if (set->time[i] < set->time[first]) {
            first = i;
        }
    }

    if (set->time[first] > now) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_EVICTED);
    }

    /*
     * The bucket is full before its key changes, in case the worker dies
     * between the two.
     */

    set->time[first] = 0;
    ngx_memory_barrier();

    set->key[first][0] = key[0];
    set->key[first][1] = key[1];

    return &set->time[first];
}
