
/*
 * Counters in shared memory: one fixed struct, atomic adds, no lock.
 *
 * The zone is named by carrierpay_zone and survives a reload.  Before the
 * zone is mapped (nginx -t) counting is a no-op.
 */


#ifndef _NGX_CARRIERPAY_SHM_H_INCLUDED_
#define _NGX_CARRIERPAY_SHM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_STAT_PAYMENT_CREATED = 0,
    NGX_CARRIERPAY_STAT_PAYMENT_BEGUN,
    NGX_CARRIERPAY_STAT_PAYMENT_SUCCEEDED,
    NGX_CARRIERPAY_STAT_PAYMENT_FAILED,
    NGX_CARRIERPAY_STAT_PAYMENT_UNKNOWN,
    NGX_CARRIERPAY_STAT_PAYMENT_EXPIRED,
    NGX_CARRIERPAY_STAT_PAYMENT_REPLAYED,
    NGX_CARRIERPAY_STAT_PAYMENT_REFUSED,
    NGX_CARRIERPAY_STAT_RECOVERED,

    NGX_CARRIERPAY_STAT_LEDGER_BATCHES,
    NGX_CARRIERPAY_STAT_LEDGER_OPERATIONS,
    NGX_CARRIERPAY_STAT_LEDGER_RETRIES,
    NGX_CARRIERPAY_STAT_LEDGER_REFUSED,

    NGX_CARRIERPAY_STAT_PQ_CONNECTS,
    NGX_CARRIERPAY_STAT_PQ_FAILURES,
    NGX_CARRIERPAY_STAT_PQ_TIMEOUTS,
    NGX_CARRIERPAY_STAT_PQ_QUEUE_FULL,

    NGX_CARRIERPAY_STAT_REDIS_CONNECTS,
    NGX_CARRIERPAY_STAT_REDIS_FAILURES,
    NGX_CARRIERPAY_STAT_REDIS_TIMEOUTS,
    NGX_CARRIERPAY_STAT_REDIS_QUEUE_FULL,

    NGX_CARRIERPAY_STAT_EGRESS_CALLS,
    NGX_CARRIERPAY_STAT_EGRESS_NOT_SENT,
    NGX_CARRIERPAY_STAT_EGRESS_UNKNOWN,
    NGX_CARRIERPAY_STAT_EGRESS_REFUSED,

    NGX_CARRIERPAY_STAT_LOOKUP_ANSWERED,
    NGX_CARRIERPAY_STAT_LOOKUP_CACHED,
    NGX_CARRIERPAY_STAT_LOOKUP_FAILED,
    NGX_CARRIERPAY_STAT_LOOKUP_REFUSED,
    NGX_CARRIERPAY_STAT_LOOKUP_CONFLICTS,

    NGX_CARRIERPAY_STAT_WEBHOOK_DELIVERED,
    NGX_CARRIERPAY_STAT_WEBHOOK_FAILED,
    NGX_CARRIERPAY_STAT_WEBHOOK_REFUSED,

    NGX_CARRIERPAY_STAT_IDENTITY_ACCEPTED,
    NGX_CARRIERPAY_STAT_IDENTITY_ABSENT,
    NGX_CARRIERPAY_STAT_IDENTITY_OFF_NETWORK,
    NGX_CARRIERPAY_STAT_IDENTITY_FIXED,
    NGX_CARRIERPAY_STAT_IDENTITY_RELAY,
    NGX_CARRIERPAY_STAT_IDENTITY_VPN,
    NGX_CARRIERPAY_STAT_IDENTITY_PROXY,
    NGX_CARRIERPAY_STAT_IDENTITY_UNTRUSTED,
    NGX_CARRIERPAY_STAT_IDENTITY_DUPLICATE,
    NGX_CARRIERPAY_STAT_IDENTITY_CONFLICT,
    NGX_CARRIERPAY_STAT_IDENTITY_MALFORMED,
    NGX_CARRIERPAY_STAT_IDENTITY_FORGED,
    NGX_CARRIERPAY_STAT_IDENTITY_STALE,
    NGX_CARRIERPAY_STAT_IDENTITY_NO_AGENT,
    NGX_CARRIERPAY_STAT_STRIPPED,

    NGX_CARRIERPAY_STAT_LIMIT_PASSED,
    NGX_CARRIERPAY_STAT_LIMIT_DELAYED,
    NGX_CARRIERPAY_STAT_LIMIT_REJECTED,
    NGX_CARRIERPAY_STAT_LIMIT_DELAYED_DRY_RUN,
    NGX_CARRIERPAY_STAT_LIMIT_REJECTED_DRY_RUN,
    NGX_CARRIERPAY_STAT_LIMIT_LOCAL,        /* Redis did not decide */
    NGX_CARRIERPAY_STAT_LIMIT_EVICTED,      /* a zone is too small */
    NGX_CARRIERPAY_STAT_SMS_PASSED,
    NGX_CARRIERPAY_STAT_SMS_REJECTED,

    NGX_CARRIERPAY_STAT_ELIGIBILITY_ELIGIBLE,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_A_NUMBER,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_FIXED_LINE,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_CONNECTED,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_PORTED,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_MVNO_BARRED,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_CURRENCY,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_SERVICE,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_AMOUNT,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_BLOCKED,
    NGX_CARRIERPAY_STAT_ELIGIBILITY_OTHER,

    NGX_CARRIERPAY_STAT_FLOWS_STARTED,
    NGX_CARRIERPAY_STAT_FLOWS_ENDED,
    NGX_CARRIERPAY_STAT_FLOWS_REFUSED,
    NGX_CARRIERPAY_STAT_FLOWS_TIMED_OUT,

    NGX_CARRIERPAY_STAT_MAX
} ngx_carrierpay_stat_e;


/*
 * Name and labels as Prometheus wants them, for example
 * carrierpay_identity_total{result="accepted"}; every row is a counter.
 */
typedef struct {
    ngx_str_t        family;     /* carrierpay_identity_total */
    ngx_str_t        labels;     /* result="accepted", or empty */
    ngx_str_t        help;       /* of the family, on its first row */
} ngx_carrierpay_stat_name_t;

/* NGX_CARRIERPAY_STAT_MAX rows; those of a family follow each other */
extern const ngx_carrierpay_stat_name_t  ngx_carrierpay_stat_names[];


/*
 * Adds the zone while the configuration is read; tag is the module that asks.
 * NULL after an [emerg] line.
 */
ngx_shm_zone_t *ngx_carrierpay_shm_add(ngx_conf_t *cf, ngx_str_t *name,
    size_t size, void *tag);

/*
 * Binds the counters of this process; called in a worker's start, with the
 * zone of the cycle that the worker serves.
 */
void ngx_carrierpay_shm_attach(ngx_shm_zone_t *zone);

/* NULL until attached; for ngx_carrierpay_count() only */
extern ngx_atomic_t  *ngx_carrierpay_counters;

static ngx_inline void
ngx_carrierpay_count(ngx_carrierpay_stat_e stat)
{
    if (ngx_carrierpay_counters) {
        (void) ngx_atomic_fetch_add(&ngx_carrierpay_counters[stat], 1);
    }
}


ngx_atomic_uint_t ngx_carrierpay_counted(ngx_carrierpay_stat_e stat);


#endif /* _NGX_CARRIERPAY_SHM_H_INCLUDED_ */
