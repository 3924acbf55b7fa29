
/*
 * Metrics in shared memory: arrays of numbers, atomic adds, no lock.
 *
 * Each layer lists its own metrics beside their users, in macros that take
 * the names of other macros and apply them to rows of four columns:
 *
 *   X(name, family, labels, help)
 *
 * X is the metric's type: counter, gauge or histogram.  The family and the
 * labels are what Prometheus knows the metric by, for example
 * carrierpay_identity_total and result="accepted".  The rows of a family
 * follow each other, and the first of them has the family's help.  The number
 * of a metric is NGX_CARRIERPAY_STAT_name, its place in the array.
 *
 * An array is a set.  One set is the service's, and each layer continues in it
 * where the layer below ends.  The others have one more label: there is a set
 * for each operator, SMS provider, route and worker, with a list of their own
 * that begins with 0.  What these labels may be is bounded by the
 * configuration, never by what a client sends.
 *
 * The zone is named by carrierpay_zone and survives a reload; so does a set,
 * also when its operator has left the configuration.  Before a worker has
 * attached to the zone, counting does nothing.
 */


#ifndef _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_
#define _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * A histogram has a number for each bucket, one for what is above all of them,
 * and the sum; it is of times in ms.
 */

#define NGX_CARRIERPAY_HISTOGRAM_BUCKETS  14
#define NGX_CARRIERPAY_HISTOGRAM_SUM      15
#define NGX_CARRIERPAY_HISTOGRAM_SIZE     16


/* Rows as elements of their enum. */

#define ngx_carrierpay_counter(name, family, labels, help)                    \
    NGX_CARRIERPAY_STAT_##name,

#define ngx_carrierpay_gauge(name, family, labels, help)                      \
    NGX_CARRIERPAY_STAT_##name,

#define ngx_carrierpay_histogram(name, family, labels, help)                  \
    NGX_CARRIERPAY_STAT_##name,                                               \
    NGX_CARRIERPAY_STAT_##name##_LAST = NGX_CARRIERPAY_STAT_##name            \
                                        + NGX_CARRIERPAY_HISTOGRAM_SIZE - 1,


/* A set, in shared memory.  All but the numbers is constant. */

typedef struct ngx_carrierpay_counters_set_s  ngx_carrierpay_counters_set_t;

struct ngx_carrierpay_counters_set_s {
    ngx_carrierpay_counters_set_t  *next;
    ngx_str_t                       label;       /* "operator"; "": of the */
    ngx_str_t                       value;       /* service */
    ngx_uint_t                      n;           /* of numbers */
    ngx_atomic_t                    numbers[1];
};


/*
 * Adds the zone, with n numbers of the service, while the configuration is
 * read; tag is the module that asks.  Returns NULL after an [emerg] line.
 */
ngx_shm_zone_t *ngx_carrierpay_counters_add(ngx_conf_t *cf, ngx_str_t *name,
    size_t size, ngx_uint_t n, void *tag);

/*
 * Binds the counters of this process; called in a worker's start, with the
 * zone of the cycle that the worker serves.
 */
void ngx_carrierpay_counters_attach(ngx_shm_zone_t *zone);

/*
 * Finds the set of n numbers for a value of a label, or makes it.  NULL: the
 * process is not attached, or, after a [warn] line, the zone is full; then
 * what the set would hold is not counted.
 */
ngx_carrierpay_counters_set_t *ngx_carrierpay_counters_set(const char *label,
    ngx_str_t *value, ngx_uint_t n);

/*
 * The service's set, the first of a list of all; NULL until attached.  No set
 * ever leaves the list.
 */
extern ngx_carrierpay_counters_set_t  *ngx_carrierpay_counters;

/* The upper bounds of the buckets, in ms, which belong to them. */
extern const ngx_msec_t
    ngx_carrierpay_histogram_bounds[NGX_CARRIERPAY_HISTOGRAM_BUCKETS];


/* Count, set a gauge, or observe a time in ms, in a set that may be NULL. */

void ngx_carrierpay_observe_in(ngx_carrierpay_counters_set_t *set,
    ngx_uint_t stat, ngx_msec_t time);

static ngx_inline void
ngx_carrierpay_count_in(ngx_carrierpay_counters_set_t *set, ngx_uint_t stat)
{
    if (set) {
        (void) ngx_atomic_fetch_add(&set->numbers[stat], 1);
    }
}


static ngx_inline void
ngx_carrierpay_gauge_in(ngx_carrierpay_counters_set_t *set, ngx_uint_t stat,
    ngx_uint_t value)
{
    if (set) {
        set->numbers[stat] = value;
    }
}


/* The same in the service's set. */

static ngx_inline void
ngx_carrierpay_count(ngx_uint_t stat)
{
    ngx_carrierpay_count_in(ngx_carrierpay_counters, stat);
}


#endif /* _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_ */
