
/*
 * Counters in shared memory: one array, atomic adds, no lock.
 *
 * The zone is named by carrierpay_zone and survives a reload.  Before a
 * worker has attached to it, counting does nothing.
 *
 * Each layer lists its own counters beside their users, in macros that take
 * the name of another macro X and apply it to rows of four columns:
 *
 *   X(name, family, labels, help)
 *
 * The family and the labels are what Prometheus knows the counter by, for
 * example carrierpay_identity_total and result="accepted".  The rows of a
 * family follow each other, and the first of them has the family's help.  The
 * number of a counter is NGX_CARRIERPAY_STAT_name, its place in the array; a
 * layer continues the numbers of the layer below it.
 */


#ifndef _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_
#define _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* A row as an element of its layer's enum. */

#define ngx_carrierpay_counter(name, family, labels, help)                    \
    NGX_CARRIERPAY_STAT_##name,


/*
 * Adds the zone, with n counters, while the configuration is read; tag is the
 * module that asks.  Returns NULL after an [emerg] line.
 */
ngx_shm_zone_t *ngx_carrierpay_counters_add(ngx_conf_t *cf, ngx_str_t *name,
    size_t size, ngx_uint_t n, void *tag);

/*
 * Binds the counters of this process; called in a worker's start, with the
 * zone of the cycle that the worker serves.
 */
void ngx_carrierpay_counters_attach(ngx_shm_zone_t *zone);

/* NULL until attached; for ngx_carrierpay_count() only. */
extern ngx_atomic_t  *ngx_carrierpay_counters;

static ngx_inline void
ngx_carrierpay_count(ngx_uint_t stat)
{
    if (ngx_carrierpay_counters) {
        (void) ngx_atomic_fetch_add(&ngx_carrierpay_counters[stat], 1);
    }
}


/* Returns the value of a counter, or 0 before this process is attached. */
ngx_atomic_uint_t ngx_carrierpay_counted(ngx_uint_t stat);


#endif /* _NGX_CARRIERPAY_COUNTERS_H_INCLUDED_ */
