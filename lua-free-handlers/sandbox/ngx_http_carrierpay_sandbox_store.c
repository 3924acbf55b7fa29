
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_sandbox_store.h"


/* of the log, read at a time; and what a worker looks at when it starts */
#define NGX_HTTP_CARRIERPAY_STORE_CHUNK  65536

#define NGX_HTTP_CARRIERPAY_STORE_LINE_MAX                                    \
    (2 * NGX_INT64_LEN + NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX            \
     + sizeof("  duplicate  EUR declined_by_subscriber\n"))


typedef struct {
    ngx_rbtree_node_t               node;
    ngx_queue_t                     queue;      /* newest first */
    int64_t                         amount;
    int64_t                         answered;
    u_char                          currency[3];
    u_char                          decline;
    u_char                          len;
    u_char                          reference[1];
} ngx_http_carrierpay_entry_t;


typedef struct {
    ngx_rbtree_t                    rbtree;
    ngx_rbtree_node_t               sentinel;
    ngx_queue_t                     queue;
} ngx_http_carrierpay_index_t;


struct ngx_http_carrierpay_store_s {
    ngx_open_file_t                *log;
    ngx_shm_zone_t                 *zone;
    ngx_slab_pool_t                *shpool;
    ngx_http_carrierpay_index_t    *index;
};


static ngx_int_t ngx_http_carrierpay_store_init_zone(ngx_shm_zone_t *zone,
    void *data);
static void ngx_http_carrierpay_store_insert_value(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static ngx_int_t ngx_http_carrierpay_store_order(
    ngx_http_carrierpay_entry_t *entry, u_char *reference, size_t len);
static ngx_http_carrierpay_entry_t *ngx_http_carrierpay_store_find(
    ngx_http_carrierpay_store_t *store, ngx_str_t *reference);
static void ngx_http_carrierpay_store_add(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge);
static void ngx_http_carrierpay_store_fill(
    ngx_http_carrierpay_charge_t *charge, ngx_http_carrierpay_entry_t *entry);
static ngx_int_t ngx_http_carrierpay_store_log(
    ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge, ngx_uint_t duplicate);
static void ngx_http_carrierpay_store_load(ngx_http_carrierpay_store_t *store,
    off_t limit, ngx_log_t *log);
static void ngx_http_carrierpay_store_load_lines(
    ngx_http_carrierpay_store_t *store, ngx_file_t *file, off_t from,
    u_char *buf);
static void ngx_http_carrierpay_store_line(ngx_http_carrierpay_store_t *store,
    u_char *p, u_char *last);


static const char  *ngx_http_carrierpay_declines[] = {
    "",
    "insufficient_funds",
    "declined_by_subscriber",
    "subscriber_blocked",
    NULL
};


ngx_http_carrierpay_store_t *
ngx_http_carrierpay_store_create(ngx_conf_t *cf, ngx_str_t *log,
    ngx_str_t *zone, size_t size, void *tag)
{
    ngx_http_carrierpay_store_t  *store;

    store = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_store_t));
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

    store->zone->init = ngx_http_carrierpay_store_init_zone;
    store->zone->data = store;

    return store;
}


static ngx_int_t
ngx_http_carrierpay_store_init_zone(ngx_shm_zone_t *zone, void *data)
{
    ngx_http_carrierpay_store_t  *old = data;

    ngx_http_carrierpay_store_t  *store;
    ngx_http_carrierpay_index_t  *index;

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

    index = ngx_slab_alloc(store->shpool, sizeof(ngx_http_carrierpay_index_t));
    if (index == NULL) {
        return NGX_ERROR;
    }

    ngx_rbtree_init(&index->rbtree, &index->sentinel,
                    ngx_http_carrierpay_store_insert_value);
    ngx_queue_init(&index->queue);

    store->index = index;
    store->shpool->data = index;

    /* when it is full, the oldest leave: that is no error */

    store->shpool->log_nomem = 0;

    /* more lines than that could not be kept: an entry is the longer one */

    ngx_http_carrierpay_store_load(store, zone->shm.size, zone->shm.log);

    return NGX_OK;
}


void
ngx_http_carrierpay_store_start(ngx_http_carrierpay_store_t *store,
    ngx_log_t *log)
{
    ngx_http_carrierpay_store_load(store, NGX_HTTP_CARRIERPAY_STORE_CHUNK,
                                   log);
}


static void
ngx_http_carrierpay_store_insert_value(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_int_t                     rc;
    ngx_rbtree_node_t           **p;
    ngx_http_carrierpay_entry_t  *new, *entry;

    new = (ngx_http_carrierpay_entry_t *) node;

    for ( ;; ) {

        if (node->key != temp->key) {
            rc = (node->key < temp->key) ? -1 : 1;

        } else {
            entry = (ngx_http_carrierpay_entry_t *) temp;
            rc = ngx_http_carrierpay_store_order(entry, new->reference,
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
ngx_http_carrierpay_store_order(ngx_http_carrierpay_entry_t *entry,
    u_char *reference, size_t len)
{
    return ngx_memn2cmp(reference, entry->reference, len, entry->len);
}


/* under the lock */

static ngx_http_carrierpay_entry_t *
ngx_http_carrierpay_store_find(ngx_http_carrierpay_store_t *store,
    ngx_str_t *reference)
{
    uint32_t                      key;
    ngx_int_t                     rc;
    ngx_rbtree_node_t            *node, *sentinel;
    ngx_http_carrierpay_entry_t  *entry;

    key = ngx_murmur_hash2(reference->data, reference->len);

    node = store->index->rbtree.root;
    sentinel = store->index->rbtree.sentinel;

    while (node != sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        entry = (ngx_http_carrierpay_entry_t *) node;
        rc = ngx_http_carrierpay_store_order(entry, reference->data,
                                             reference->len);
        if (rc == 0) {
            return entry;
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


/* under the lock; what finds no room is in the log only */

static void
ngx_http_carrierpay_store_add(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge)
{
    size_t                        size;
    ngx_uint_t                    i;
    ngx_queue_t                  *q;
    ngx_http_carrierpay_index_t  *index;
    ngx_http_carrierpay_entry_t  *entry, *oldest;

    index = store->index;
    size = offsetof(ngx_http_carrierpay_entry_t, reference)
           + charge->reference.len;

    entry = ngx_slab_alloc_locked(store->shpool, size);

    /* a page is free again when all that lies on it is, so a few may go */

    for (i = 0; entry == NULL && i < 64; i++) {

        if (ngx_queue_empty(&index->queue)) {
            return;
        }

        q = ngx_queue_last(&index->queue);
        oldest = ngx_queue_data(q, ngx_http_carrierpay_entry_t, queue);

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
ngx_http_carrierpay_store_fill(ngx_http_carrierpay_charge_t *charge,
    ngx_http_carrierpay_entry_t *entry)
{
    charge->amount = entry->amount;
    charge->decline = entry->decline;
    charge->answered = entry->answered;
    ngx_memcpy(charge->currency, entry->currency, sizeof(charge->currency));
}


ngx_int_t
ngx_http_carrierpay_store_put(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge, ngx_log_t *log)
{
    ngx_err_t                     err;
    ngx_int_t                     rc;
    ngx_http_carrierpay_entry_t  *entry;

    err = 0;

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_store_find(store, &charge->reference);

    if (entry) {
        rc = ngx_http_carrierpay_store_log(store, charge, 1);
        ngx_http_carrierpay_store_fill(charge, entry);

    } else {
        rc = ngx_http_carrierpay_store_log(store, charge, 0);

        if (rc == NGX_OK) {
            ngx_http_carrierpay_store_add(store, charge);
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


ngx_int_t
ngx_http_carrierpay_store_get(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge)
{
    ngx_http_carrierpay_entry_t  *entry;

    ngx_shmtx_lock(&store->shpool->mutex);

    entry = ngx_http_carrierpay_store_find(store, &charge->reference);

    if (entry) {
        ngx_http_carrierpay_store_fill(charge, entry);
    }

    ngx_shmtx_unlock(&store->shpool->mutex);

    return entry ? NGX_OK : NGX_DECLINED;
}


/* under the lock, since the order of the lines is the order of the charges */

static ngx_int_t
ngx_http_carrierpay_store_log(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge, ngx_uint_t duplicate)
{
    u_char       line[NGX_HTTP_CARRIERPAY_STORE_LINE_MAX], *p, *last;
    ngx_str_t    currency;
    ngx_time_t  *tp;
    const char  *event, *code;

    tp = ngx_timeofday();
    last = line + sizeof(line);
    event = duplicate ? "duplicate" : charge->decline ? "declined" : "charged";

    currency.data = charge->currency;
    currency.len = sizeof(charge->currency);

    p = ngx_slprintf(line, last, "%T%03M %s %V %L %V", tp->sec, tp->msec,
                     event, &charge->reference, charge->amount, &currency);

    if (charge->decline && !duplicate) {
        code = ngx_http_carrierpay_store_decline_code(charge->decline);
        p = ngx_slprintf(p, last, " %s", code);
    }

    *p++ = LF;

    return (ngx_write_fd(store->log->fd, line, p - line) == p - line)
           ? NGX_OK : NGX_ERROR;
}


/* adds what the last bytes of the log tell and the index does not know */

static void
ngx_http_carrierpay_store_load(ngx_http_carrierpay_store_t *store,
    off_t limit, ngx_log_t *log)
{
    off_t            from;
    u_char          *buf;
    ngx_file_t       file;
    ngx_file_info_t  fi;

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.name = store->log->name;
    file.log = log;
    file.fd = ngx_open_file(file.name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_WARN, log, ngx_errno,
                      ngx_open_file_n " \"%V\" failed, earlier sandbox"
                      " charges are not known", &file.name);
        return;
    }

    buf = ngx_alloc(NGX_HTTP_CARRIERPAY_STORE_CHUNK, log);

    if (buf && ngx_fd_info(file.fd, &fi) != NGX_FILE_ERROR) {
        from = ngx_max(ngx_file_size(&fi) - limit, 0);
        ngx_http_carrierpay_store_load_lines(store, &file, from, buf);
    }

    if (buf) {
        ngx_free(buf);
    }

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", &file.name);
    }
}


static void
ngx_http_carrierpay_store_load_lines(ngx_http_carrierpay_store_t *store,
    ngx_file_t *file, off_t from, u_char *buf)
{
    u_char      *p, *last, *end;
    ssize_t      n;
    ngx_uint_t   skip;

    /* the first line may have lost its beginning */

    skip = (from > 0);

    for ( ;; ) {
        n = ngx_read_file(file, buf, NGX_HTTP_CARRIERPAY_STORE_CHUNK, from);

        if (n <= 0) {
            return;
        }

        last = buf + n;

        for (p = buf; /* void */ ; p = end + 1) {

            end = ngx_strlchr(p, last, LF);

            if (end == NULL) {
                break;
            }

            if (!skip) {
                ngx_http_carrierpay_store_line(store, p, end);
            }

            skip = 0;
        }

        /* a chunk without a line's end is not ours: the end was reached */

        if (p == buf) {
            return;
        }

        from += p - buf;
    }
}


static void
ngx_http_carrierpay_store_line(ngx_http_carrierpay_store_t *store, u_char *p,
    u_char *last)
{
    u_char                        *space;
    ngx_str_t                      field[6];
    ngx_uint_t                     n;
    ngx_http_carrierpay_charge_t   charge;

    for (n = 0; n < 6 && p < last; n++) {
        space = ngx_strlchr(p, last, ' ');

        field[n].data = p;
        field[n].len = (space ? space : last) - p;

        p += field[n].len + 1;
    }

    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_charge_t));

    if (n == 6) {
        charge.decline = ngx_http_carrierpay_store_decline(field[5].data,
                                                           field[5].len);
    }

    /* other lines, duplicates among them, tell of nothing new */

    if (n < 5
        || field[1].len != sizeof("declined") - (charge.decline ? 1 : 2)
        || ngx_strncmp(field[1].data, charge.decline ? "declined" : "charged",
                       field[1].len)
           != 0)
    {
        return;
    }

    charge.reference = field[2];

    if (field[2].len > NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX
        || field[4].len != sizeof(charge.currency)
        || ngx_carrierpay_text_int_parse(&field[3], &charge.amount) != NGX_OK)
    {
        return;
    }

    ngx_memcpy(charge.currency, field[4].data, sizeof(charge.currency));

    ngx_shmtx_lock(&store->shpool->mutex);

    if (ngx_http_carrierpay_store_find(store, &charge.reference) == NULL) {
        ngx_http_carrierpay_store_add(store, &charge);
    }

    ngx_shmtx_unlock(&store->shpool->mutex);
}


const char *
ngx_http_carrierpay_store_decline_code(ngx_uint_t decline)
{
    return ngx_http_carrierpay_declines[decline];
}


ngx_uint_t
ngx_http_carrierpay_store_decline(u_char *code, size_t len)
{
    ngx_uint_t  i;

    for (i = 1; ngx_http_carrierpay_declines[i]; i++) {
        if (ngx_strlen(ngx_http_carrierpay_declines[i]) == len
            && ngx_strncmp(ngx_http_carrierpay_declines[i], code, len) == 0)
        {
            return i;
        }
    }

    return 0;
}
