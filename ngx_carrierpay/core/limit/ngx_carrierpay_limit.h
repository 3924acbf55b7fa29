
/*
 * Rate limits in shared memory: the generic cell rate algorithm.
 *
 * A bucket is one number: the time at which it will be full again, in us
 * (the theoretical arrival time).  A request moves it ahead by the limit's
 * interval, and is refused if that would be more than burst + 1 intervals
 * ahead of now.
 *
 * The buckets of a zone lie in a table of fixed size, in sets of eight.  The
 * key of a bucket is a keyed hash, so no number and no address lies there.  A
 * new key takes the place of the bucket of its set that is full first; when
 * that was not full yet, its owner gets a budget too much, and it is counted.
 * One short lock a zone makes it exact over the workers.
 *
 * There are no pointers in the table and each bucket is valid by itself: what
 * a killed worker was writing harms one bucket.  A reload finds the table
 * again; a zone that has another size, or whose key is written otherwise,
 * begins anew.
 */


#ifndef _NGX_CARRIERPAY_LIMIT_H_INCLUDED_
#define _NGX_CARRIERPAY_LIMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_siphash.h"


#define NGX_CARRIERPAY_LIMIT_ZONE_MIN      (8 * ngx_pagesize)
#define NGX_CARRIERPAY_LIMIT_ZONE_DEFAULT  1048576
#define NGX_CARRIERPAY_LIMIT_NAME_MAX      64

/* us; a rate beyond would be blurred by the rounding of its interval */

#define NGX_CARRIERPAY_LIMIT_INTERVAL_MIN  10
#define NGX_CARRIERPAY_LIMIT_SPAN_MAX      (366 * 86400 * 1000000LL)


typedef struct ngx_carrierpay_limit_table_s  ngx_carrierpay_limit_table_t;


typedef struct {
    ngx_shm_zone_t                  *shm;
    ngx_str_t                        name;
    ngx_str_t                        key;       /* as it is written */
    int64_t                          span;      /* largest of its limits */
    ngx_uint_t                       shared;    /* with other nodes */

    const u_char                    *file;      /* where it is named first */
    ngx_uint_t                       line;

    /* from here on by the zone's init; secret may be given before */

    ngx_carrierpay_limit_table_t    *table;
    ngx_uint_t                       has_secret;
    u_char                           secret[NGX_CARRIERPAY_SIPHASH_KEY_LEN];
    u_char                           hash[NGX_CARRIERPAY_SIPHASH_KEY_LEN];
} ngx_carrierpay_limit_zone_t;


typedef struct {
    ngx_carrierpay_limit_zone_t     *zone;
    int64_t                          interval;  /* us of one request */
    int64_t                          span;      /* interval * (burst + 1) */
    ngx_uint_t                       dry_run;
} ngx_carrierpay_limit_t;


/* A limit that a request meets, and what came of it. */

typedef struct {
    ngx_carrierpay_limit_t          *limit;
    uint64_t                         key[2];
    ngx_int_t                        rc;     /* NGX_OK; NGX_BUSY: refused;
                                                NGX_DECLINED: not charged */
    int64_t                          ahead;  /* us until the bucket is full */
} ngx_carrierpay_limit_item_t;


/*
 * Adds a zone while the configuration is read, or finds it; size 0: said
 * elsewhere, or by default.  Names are made of letters, digits, "_", "." and
 * "-".  NULL after an [emerg] line.
 */
ngx_carrierpay_limit_zone_t *ngx_carrierpay_limit_zone(ngx_conf_t *cf,
    ngx_str_t *name, size_t size, void *tag);

/*
 * When all is read: the size by default, and the secret that nodes share, if
 * there is one (32 bytes).  Without it each zone makes up its own.
 */
void ngx_carrierpay_limit_zone_complete(ngx_carrierpay_limit_zone_t *zone,
    const ngx_str_t *secret);

/* Makes an item; the bytes say whose budget it is. */
void ngx_carrierpay_limit_item(ngx_carrierpay_limit_item_t *item,
    ngx_carrierpay_limit_t *limit, const u_char *data, size_t len);

/*
 * Charges all items, or none: when a limit that is not dry_run refuses, the
 * others get back what they took.  NGX_OK, or NGX_BUSY: refused.
 */
ngx_int_t ngx_carrierpay_limit_consume(ngx_carrierpay_limit_item_t *items,
    ngx_uint_t n);

/* Gives back what an item with rc NGX_OK took; it is NGX_DECLINED then. */
void ngx_carrierpay_limit_refund(ngx_carrierpay_limit_item_t *item);


/* Derived from ahead: us, requests, us, us. */

/* how long a request that is allowed is to wait for its turn */
#define ngx_carrierpay_limit_delay(item)                                      \
    ngx_max((item)->ahead - (item)->limit->interval, 0)

/* how many further ones would be allowed at once */
#define ngx_carrierpay_limit_remaining(item)                                  \
    (((item)->limit->span - (item)->ahead) / (item)->limit->interval)

/* when one that was refused would be allowed */
#define ngx_carrierpay_limit_retry(item)                                      \
    ((item)->ahead + (item)->limit->interval - (item)->limit->span)


#endif /* _NGX_CARRIERPAY_LIMIT_H_INCLUDED_ */
