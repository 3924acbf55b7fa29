
/*
 * Rate limits in shared memory, by the generic cell rate algorithm (GCRA of
 * ITU-T I.371).
 *
 * A bucket is one number: the time at which it will be full again, in us,
 * which is the theoretical arrival time of the algorithm.  A request moves it
 * ahead by the interval of the limit, and is refused if that would be more
 * than burst + 1 intervals ahead of now.
 *
 * The buckets of a zone are in a table of fixed size, in sets of eight.  The
 * key of a bucket is a keyed hash, so the table contains no number and no
 * address.  A new key takes the place of the bucket of its set that is full
 * first.  If that bucket was not full yet, the requests of its key get one
 * budget too much, which is counted.  One short lock for each zone makes the
 * limit exact over all workers.
 *
 * There are no pointers in the table, and each bucket is valid by itself, so
 * what a killed worker was writing harms one bucket only.  A reload finds the
 * table again; a zone begins anew if its size has changed, or the way its key
 * is written.
 */


#ifndef _NGX_CARRIERPAY_LIMIT_H_INCLUDED_
#define _NGX_CARRIERPAY_LIMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_siphash.h"


#define NGX_CARRIERPAY_LIMIT_ZONE_MIN      (8 * ngx_pagesize)
#define NGX_CARRIERPAY_LIMIT_ZONE_DEFAULT  1048576
#define NGX_CARRIERPAY_LIMIT_NAME_MAX      64

/*
 * The shortest interval and the longest span of a limit, in us.  The rounding
 * of a shorter interval would distort the rate.
 */

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

    /*
     * The rest is set when the zone is initialised; the secret may be set
     * before.
     */

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


/* A limit that applies to a request, and its result. */

typedef struct {
    ngx_carrierpay_limit_t          *limit;
    uint64_t                         key[2];
    ngx_int_t                        rc;     /* NGX_OK; NGX_BUSY: refused;
                                                NGX_DECLINED: not charged */
    int64_t                          ahead;  /* us until the bucket is full */
} ngx_carrierpay_limit_item_t;


/*
 * Adds a zone while the configuration is read, or returns the one of this
 * name.  A size of 0 means that it is given elsewhere, or by default.  A name
 * consists of letters, digits, "_", "." and "-".  Returns NULL after an
 * [emerg] line.
 */
ngx_carrierpay_limit_zone_t *ngx_carrierpay_limit_zone(ngx_conf_t *cf,
    ngx_str_t *name, size_t size, void *tag);

/*
 * Completes a zone when the whole configuration has been read: sets its size
 * if none was given, and the secret of 32 bytes that the nodes share.  If
 * secret is NULL, each zone makes a secret of its own.
 */
void ngx_carrierpay_limit_zone_complete(ngx_carrierpay_limit_zone_t *zone,
    const ngx_str_t *secret);

/* Initialises an item.  The bytes are the key of its budget. */
void ngx_carrierpay_limit_item(ngx_carrierpay_limit_item_t *item,
    ngx_carrierpay_limit_t *limit, const u_char *data, size_t len);

/*
 * Consumes one request of each item, or of none: if a limit without dry_run
 * refuses, the requests consumed before are refunded.  Returns NGX_OK, or
 * NGX_BUSY if the request is refused.
 */
ngx_int_t ngx_carrierpay_limit_consume(ngx_carrierpay_limit_item_t *items,
    ngx_uint_t n);

/*
 * Refunds what an item with rc NGX_OK has consumed.  Its rc is NGX_DECLINED
 * then.
 */
void ngx_carrierpay_limit_refund(ngx_carrierpay_limit_item_t *item);


/* Values that follow from ahead. */

/* us that an allowed request waits for its turn */
#define ngx_carrierpay_limit_delay(item)                                      \
    ngx_max((item)->ahead - (item)->limit->interval, 0)

/* requests that would still be allowed at once */
#define ngx_carrierpay_limit_remaining(item)                                  \
    (((item)->limit->span - (item)->ahead) / (item)->limit->interval)

/* us until a refused request would be allowed */
#define ngx_carrierpay_limit_retry(item)                                      \
    ((item)->ahead + (item)->limit->interval - (item)->limit->span)


#endif /* _NGX_CARRIERPAY_LIMIT_H_INCLUDED_ */
