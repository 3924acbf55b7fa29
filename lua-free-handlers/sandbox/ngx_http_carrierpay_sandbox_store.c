
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_sandbox_store.h"


/* bytes of the log that a worker reads when it starts */
#define NGX_HTTP_CARRIERPAY_SANDBOX_STORE_TAIL  65536


typedef struct {
    ngx_rbtree_node_t               node;
    ngx_queue_t                     queue;      /* newest first */
    int64_t                         amount;
    int64_t                         refunded;
    int64_t                         answered;
    u_char                          currency[3];
    u_char                          event;
    u_char                          decline;
    u_char                          len;
    u_char                          reference[1];
} ngx_http_carrierpay_sandbox_entry_t;


typedef struct {
    ngx_rbtree_t                    rbtree;
    ngx_rbtree_node_t               sentinel;
    ngx_queue_t                     queue;
} ngx_http_carrierpay_sandbox_index_t;


struct ngx_http_carrierpay_sandbox_store_s {
    ngx_open_file_t                      *log;
    ngx_shm_zone_t                       *zone;
    ngx_slab_pool_t                      *shpool;
    ngx_http_carrierpay_sandbox_index_t  *index;
};


static ngx_int_t ngx_http_carrierpay_sandbox_store_init_zone(
    ngx_shm_zone_t *zone, void *data);
static void ngx_http_carrierpay_sandbox_store_insert_value(
    ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel);
static ngx_int_t ngx_http_carrierpay_sandbox_store_order(
    ngx_http_carrierpay_sandbox_entry_t *entry, u_char *reference, size_t len);
static ngx_http_carrierpay_sandbox_entry_t *
    ngx_http_carrierpay_sandbox_store_find(
    ngx_http_carrierpay_sandbox_store_t *store, ngx_str_t *reference);
static void ngx_http_carrierpay_sandbox_store_add(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge);
static void ngx_http_carrierpay_sandbox_store_fill(
    ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_http_carrierpay_sandbox_entry_t *entry);
static ngx_http_carrierpay_sandbox_entry_t *
    ngx_http_carrierpay_sandbox_store_refunded(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge);
static void ngx_http_carrierpay_sandbox_store_load(void *data,
    ngx_http_carrierpay_sandbox_charge_t *charge);


ngx_http_carrierpay_sandbox_store_t *
ngx_http_carrierpay_sandbox_store_create(ngx_conf_t *cf, ngx_str_t *log,
    ngx_str_t *zone, size_t size, void *tag)
{
    ngx_http_carrierpay_sandbox_store_t  *store;

    store = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_sandbox_store_t));
    if (store == NULL) {
        return NULL;
    }

    store->log = ngx_conf_open_file(cf->cycle, log);
    if (store->log == NULL) {
        return NULL;
    }

    store->zone = ngx_shared_memory_add(cf, zone, size, tag);
    if (store->zone == NULL) {
        return NULL;
    }

    if (store->zone->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "sandbox zone \"%V\" is used twice", zone);
        return NULL;
    }

    store->zone->init = ngx_http_carrierpay_sandbox_store_init_zone;
    store->zone->data = store;

    return store;
}


static ngx_int_t
ngx_http_carrierpay_sandbox_store_init_zone(ngx_shm_zone_t *zone, void *data)
{
    ngx_http_carrierpay_sandbox_store_t  *old = data;

    ngx_http_carrierpay_sandbox_store_t  *store;
    ngx_http_carrierpay_sandbox_index_t  *index;

    store = zone->data;
    store->shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (old) {
        store->index = old->index;
        return NGX_OK;
    }

    if (zone->shm.exists) {
        store->index = store->shpool->data;
        return NGX_OK;
    }

    index = ngx_slab_alloc(store->shpool,
                           sizeof(ngx_http_carrierpay_sandbox_index_t));
    if (index == NULL) {
        return NGX_ERROR;
    }

    ngx_rbtree_init(&index->rbtree, &index->sentinel,
                    ngx_http_carrierpay_sandbox_store_insert_value);
    ngx_queue_init(&index->queue);

    store->index = index;
    store->shpool->data = index;

    /* when the zone is full, the oldest charges leave: that is no error */

    store->shpool->log_nomem = 0;

    /* an entry is longer than a line, so that more lines would not fit */

    ngx_http_carrierpay_sandbox_log_read(&store->log->name, zone->shm.size,
                                       ngx_http_carrierpay_sandbox_store_load,
                                       store, zone->shm.log);

    return NGX_OK;
}


void
ngx_http_carrierpay_sandbox_store_start(
    ngx_http_carrierpay_sandbox_store_t *store, ngx_log_t *log)
{
    ngx_http_carrierpay_sandbox_log_read(&store->log->name,
                                      NGX_HTTP_CARRIERPAY_SANDBOX_STORE_TAIL,
                                      ngx_http_carrierpay_sandbox_store_load,
                                      store, log);
}


static void
ngx_http_carrierpay_sandbox_store_insert_value(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_int_t                             rc;
    ngx_rbtree_node_t                   **p;
    ngx_http_carrierpay_sandbox_entry_t  *new, *entry;

    new = (ngx_http_carrierpay_sandbox_entry_t *) node;

    for ( ;; ) {

        if (node->key != temp->key) {
            rc = (node->key < temp->key) ? -1 : 1;

        } else {
            entry = (ngx_http_carrierpay_sandbox_entry_t *) temp;
            rc = ngx_http_carrierpay_sandbox_store_order(entry, new->reference,
                                                         new->len);
        }

        p = (rc < 0) ? &temp->left : &temp->right;

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_store_order(
    ngx_http_carrierpay_sandbox_entry_t *entry, u_char *reference, size_t len)
{
    return ngx_memn2cmp(reference, entry->reference, len, entry->len);
}


/* Called under the lock. */

static ngx_http_carrierpay_sandbox_entry_t *
ngx_http_carrierpay_sandbox_store_find(
    ngx_http_carrierpay_sandbox_store_t *store, ngx_str_t *reference)
{
    uint32_t                              key;
    ngx_int_t                             rc;
    ngx_rbtree_node_t                    *node, *sentinel;
    ngx_http_carrierpay_sandbox_entry_t  *entry;

    key = ngx_murmur_hash2(reference->data, reference->len);

    node = store->index->rbtree.root;
    sentinel = store->index->rbtree.sentinel;

    while (node != sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        entry = (ngx_http_carrierpay_sandbox_entry_t *) node;
        rc = ngx_http_carrierpay_sandbox_store_order(entry, reference->data,
                                                     reference->len);
        if (rc == 0) {
            return entry;
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


/*
 * Called under the lock.  A charge that finds no room is in the log only.
 */

static void
ngx_http_carrierpay_sandbox_store_add(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    size_t                                size;
    ngx_uint_t                            i;
    ngx_queue_t                          *q;
    ngx_http_carrierpay_sandbox_index_t  *index;
    ngx_http_carrierpay_sandbox_entry_t  *entry, *oldest;

    index = store->index;
    size = offsetof(ngx_http_carrierpay_sandbox_entry_t, reference)
           + charge->reference.len;

    entry = ngx_slab_alloc_locked(store->shpool, size);

    /* a page becomes free when all entries on it have left */

    for (i = 0; entry == NULL && i < 64; i++) {

        if (ngx_queue_empty(&index->queue)) {
            return;
        }

        q = ngx_queue_last(&index->queue);
        oldest = ngx_queue_data(q, ngx_http_carrierpay_sandbox_entry_t, queue);

        ngx_queue_remove(q);
        ngx_rbtree_delete(&index->rbtree, &oldest->node);
        ngx_slab_free_locked(store->shpool, oldest);

        entry = ngx_slab_alloc_locked(store->shpool, size);
    }

    if (entry == NULL) {
        return;
    }

    entry->node.key = ngx_murmur_hash2(charge->reference.data,
                                       charge->reference.len);
    entry->amount = charge->amount;
    entry->refunded = 0;
    entry->event = (u_char) charge->event;
    entry->answered = charge->answered;
    entry->decline = (u_char) charge->decline;
    entry->len = (u_char) charge->reference.len;
    ngx_memcpy(entry->currency, charge->currency, sizeof(entry->currency));
    ngx_memcpy(entry->reference, charge->reference.data,
               charge->reference.len);

    ngx_rbtree_insert(&index->rbtree, &entry->node);
    ngx_queue_insert_head(&index->queue, &entry->queue);
}


static void
ngx_http_carrierpay_sandbox_store_fill(
    ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_http_carrierpay_sandbox_entry_t *entry)
{
    charge->event = entry->event;
    charge->amount = entry->amount;
    charge->decline = entry->decline;
    charge->answered = entry->answered;
    ngx_memcpy(charge->currency, entry->currency, sizeof(charge->currency));
}


ngx_int_t
ngx_http_carrierpay_sandbox_store_put(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_log_t *log)
{
    ngx_err_t                             err;
    ngx_int_t                             rc;
    ngx_http_carrierpay_sandbox_entry_t  *entry, *refunded;

    err = 0;

    /* under the lock the order of the lines is the order of the charges */

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_sandbox_store_find(store, &charge->reference);

    if (entry) {
        rc = ngx_http_carrierpay_sandbox_log_write(store->log->fd, charge,
                                                   1);
        ngx_http_carrierpay_sandbox_store_fill(charge, entry);

    } else {
        refunded = ngx_http_carrierpay_sandbox_store_refunded(store, charge);

        rc = ngx_http_carrierpay_sandbox_log_write(store->log->fd, charge,
                                                   0);

        if (rc == NGX_OK && refunded) {
            refunded->refunded += charge->amount;
        }

        if (rc == NGX_OK) {
            ngx_http_carrierpay_sandbox_store_add(store, charge);
        }
    }

    if (rc != NGX_OK) {
        err = ngx_errno;
    }

    ngx_shmtx_unlock(&store->shpool->mutex);

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, log, err, ngx_write_fd_n " \"%V\" failed",
                      &store->log->name);
        return NGX_ERROR;
    }

    return entry ? NGX_DECLINED : NGX_OK;
}


/*
 * Called under the lock.  What a refund takes from; NULL: it is none, or it is
 * declined now.
 */

static ngx_http_carrierpay_sandbox_entry_t *
ngx_http_carrierpay_sandbox_store_refunded(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    ngx_http_carrierpay_sandbox_entry_t  *entry;

    if (charge->event != NGX_HTTP_CARRIERPAY_SANDBOX_REFUND
        || charge->decline)
    {
        return NULL;
    }

    entry = ngx_http_carrierpay_sandbox_store_find(store, &charge->charge);

    if (entry == NULL || entry->decline
        || (entry->event != NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE
            && entry->event != NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE)
        || entry->refunded + charge->amount > entry->amount)
    {
        charge->decline = NGX_HTTP_CARRIERPAY_SANDBOX_REFUND_NOT_ALLOWED;
        return NULL;
    }

    return entry;
}


ngx_int_t
ngx_http_carrierpay_sandbox_store_change(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_log_t *log)
{
    ngx_err_t                             err;
    ngx_int_t                             rc;
    ngx_http_carrierpay_sandbox_entry_t  *entry;

    err = 0;
    rc = NGX_DECLINED;

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_sandbox_store_find(store, &charge->reference);

    if (entry && entry->event == charge->event) {
        ngx_http_carrierpay_sandbox_store_fill(charge, entry);
        rc = NGX_OK;

    } else if (entry && !entry->decline
               && entry->event == NGX_HTTP_CARRIERPAY_SANDBOX_RESERVE
               && charge->amount <= entry->amount)
    {
        ngx_memcpy(charge->currency, entry->currency,
                   sizeof(charge->currency));

        rc = ngx_http_carrierpay_sandbox_log_write(store->log->fd, charge, 0);

        if (rc == NGX_OK) {
            entry->event = (u_char) charge->event;
            entry->amount = charge->amount;

        } else {
            err = ngx_errno;
        }
    }

    ngx_shmtx_unlock(&store->shpool->mutex);

    if (rc == NGX_ERROR) {
        ngx_log_error(NGX_LOG_ERR, log, err, ngx_write_fd_n " \"%V\" failed",
                      &store->log->name);
    }

    return rc;
}


ngx_int_t
ngx_http_carrierpay_sandbox_store_get(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    ngx_http_carrierpay_sandbox_entry_t  *entry;

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_sandbox_store_find(store, &charge->reference);

    if (entry) {
        ngx_http_carrierpay_sandbox_store_fill(charge, entry);
    }

    ngx_shmtx_unlock(&store->shpool->mutex);

    return entry ? NGX_OK : NGX_DECLINED;
}


/* Adds what the log says and the index does not know. */

static void
ngx_http_carrierpay_sandbox_store_load(void *data,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    ngx_http_carrierpay_sandbox_store_t  *store = data;

    ngx_http_carrierpay_sandbox_entry_t  *entry, *refunded;

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_sandbox_store_find(store, &charge->reference);

    if (entry == NULL) {
        refunded = ngx_http_carrierpay_sandbox_store_refunded(store, charge);

        if (refunded) {
            refunded->refunded += charge->amount;
        }

        ngx_http_carrierpay_sandbox_store_add(store, charge);

    } else if (entry->event == NGX_HTTP_CARRIERPAY_SANDBOX_RESERVE
               && charge->event > entry->event)
    {
        entry->event = (u_char) charge->event;
        entry->amount = charge->amount;
    }

    ngx_shmtx_unlock(&store->shpool->mutex);
}
