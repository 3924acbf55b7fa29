
/*
 * The metrics of io; see ngx_carrierpay_counters.h for the columns.
 */


#ifndef _NGX_CARRIERPAY_IO_COUNTERS_H_INCLUDED_
#define _NGX_CARRIERPAY_IO_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_counters.h"


#define NGX_CARRIERPAY_COUNTERS_CONNECTIONS(X)                               \
    X(PQ_CONNECTS, "carrierpay_postgres_total", "event=\"connect\"",         \
      "Events of the connections to PostgreSQL.")                            \
    X(PQ_FAILURES, "carrierpay_postgres_total", "event=\"failure\"", "")     \
    X(PQ_TIMEOUTS, "carrierpay_postgres_total", "event=\"timeout\"", "")     \
    X(PQ_QUEUE_FULL, "carrierpay_postgres_total", "event=\"queue_full\"",    \
      "")                                                                    \
                                                                             \
    X(REDIS_CONNECTS, "carrierpay_redis_total", "event=\"connect\"",         \
      "Events of the connections to Redis.")                                 \
    X(REDIS_FAILURES, "carrierpay_redis_total", "event=\"failure\"", "")     \
    X(REDIS_TIMEOUTS, "carrierpay_redis_total", "event=\"timeout\"", "")     \
    X(REDIS_QUEUE_FULL, "carrierpay_redis_total", "event=\"queue_full\"",    \
      "")                                                                    \
                                                                             \
    X(EGRESS_CALLS, "carrierpay_egress_calls_total", "",                     \
      "Outbound HTTP calls.")                                                \
                                                                             \
    X(EGRESS_NOT_SENT, "carrierpay_egress_failures_total",                   \
      "reason=\"not_sent\"", "Outbound HTTP calls without a usable answer.") \
    X(EGRESS_UNKNOWN, "carrierpay_egress_failures_total",                    \
      "reason=\"unknown\"", "")                                              \
    X(EGRESS_REFUSED, "carrierpay_egress_failures_total",                    \
      "reason=\"refused\"", "")


#define NGX_CARRIERPAY_COUNTERS_MAILS(X)                                     \
    X(MAILS_SENT, "carrierpay_mails_total", "result=\"sent\"",               \
      "Attempts at sending a mail.")                                         \
    X(MAILS_FAILED, "carrierpay_mails_total", "result=\"failed\"", "")       \
    X(MAILS_REFUSED, "carrierpay_mails_total", "result=\"refused\"", "")     \
    X(MAILS_UNKNOWN, "carrierpay_mails_total", "result=\"unknown\"", "")     \
    X(MAILS_BUSY, "carrierpay_mails_total", "result=\"busy\"", "")


#define NGX_CARRIERPAY_IO_METRICS(counter, gauge, histogram)                  \
    NGX_CARRIERPAY_COUNTERS_CONNECTIONS(counter)                              \
    NGX_CARRIERPAY_COUNTERS_MAILS(counter)


enum {
    NGX_CARRIERPAY_IO_METRICS(ngx_carrierpay_counter, ngx_carrierpay_gauge,
                              ngx_carrierpay_histogram)

    NGX_CARRIERPAY_STAT_IO_LAST
};


#endif /* _NGX_CARRIERPAY_IO_COUNTERS_H_INCLUDED_ */
