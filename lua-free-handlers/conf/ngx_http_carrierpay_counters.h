
/*
 * The metrics of the handlers; see ngx_carrierpay_counters.h for the columns.
 * Those of the service begin where those of core end, and
 * NGX_CARRIERPAY_STAT_MAX is how many numbers the service has.
 */


#ifndef _NGX_HTTP_CARRIERPAY_COUNTERS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_core_counters.h"


#define NGX_HTTP_CARRIERPAY_LABEL_ROUTE  "route"


#define NGX_CARRIERPAY_COUNTERS_IDENTITY(X)                                  \
    X(IDENTITY_ACCEPTED, "carrierpay_identity_total",                        \
      "result=\"accepted\"", "Requests by what header enrichment told.")     \
    X(IDENTITY_ABSENT, "carrierpay_identity_total", "result=\"absent\"", "") \
    X(IDENTITY_OFF_NETWORK, "carrierpay_identity_total",                     \
      "result=\"off_network\"", "")                                          \
    X(IDENTITY_FIXED, "carrierpay_identity_total", "result=\"fixed\"", "")   \
    X(IDENTITY_RELAY, "carrierpay_identity_total", "result=\"relay\"", "")   \
    X(IDENTITY_VPN, "carrierpay_identity_total", "result=\"vpn\"", "")       \
    X(IDENTITY_PROXY, "carrierpay_identity_total", "result=\"proxy\"", "")   \
    X(IDENTITY_UNTRUSTED, "carrierpay_identity_total",                       \
      "result=\"untrusted\"", "")                                            \
    X(IDENTITY_DUPLICATE, "carrierpay_identity_total",                       \
      "result=\"duplicate\"", "")                                            \
    X(IDENTITY_CONFLICT, "carrierpay_identity_total",                        \
      "result=\"conflict\"", "")                                             \
    X(IDENTITY_MALFORMED, "carrierpay_identity_total",                       \
      "result=\"malformed\"", "")                                            \
    X(IDENTITY_FORGED, "carrierpay_identity_total", "result=\"forged\"", "") \
    X(IDENTITY_STALE, "carrierpay_identity_total", "result=\"stale\"", "")   \
    X(IDENTITY_NO_AGENT, "carrierpay_identity_total",                        \
      "result=\"no_agent\"", "")                                             \
                                                                             \
    X(STRIPPED, "carrierpay_stripped_total", "",                             \
      "Requests that enrichment headers were taken out of.")


#define NGX_CARRIERPAY_COUNTERS_CALLBACKS(X)                                 \
                                                                             \
    X(SMS_CALLBACK_DLR, "carrierpay_sms_callbacks_total", "what=\"dlr\"",    \
      "Calls of SMS gateways: reports, messages of phones, and those"        \
      " of no use.")                                                         \
    X(SMS_CALLBACK_MO, "carrierpay_sms_callbacks_total", "what=\"mo\"", "")  \
    X(SMS_CALLBACK_UNREADABLE, "carrierpay_sms_callbacks_total",             \
      "what=\"unreadable\"", "")                                             \
    X(SMS_CALLBACK_REFUSED, "carrierpay_sms_callbacks_total",                \
      "what=\"refused\"", "")


#define NGX_HTTP_CARRIERPAY_METRICS(counter, gauge, histogram)                \
    NGX_CARRIERPAY_COUNTERS_IDENTITY(counter)                                 \
    NGX_CARRIERPAY_COUNTERS_CALLBACKS(counter)


/* In the set of a route. */

#define NGX_HTTP_CARRIERPAY_ROUTE_METRICS(counter, gauge, histogram)          \
    histogram(ROUTE_SECONDS, "carrierpay_request_seconds", "",                \
      "Requests of merchants and shoppers, from the first byte to the end.")


enum {
    NGX_HTTP_CARRIERPAY_STAT_FIRST = NGX_CARRIERPAY_STAT_CORE_LAST - 1,

    NGX_HTTP_CARRIERPAY_METRICS(ngx_carrierpay_counter, ngx_carrierpay_gauge,
                                ngx_carrierpay_histogram)

    NGX_CARRIERPAY_STAT_MAX
};

enum {
    NGX_HTTP_CARRIERPAY_ROUTE_METRICS(ngx_carrierpay_counter,
                                      ngx_carrierpay_gauge,
                                      ngx_carrierpay_histogram)
    NGX_CARRIERPAY_STAT_ROUTE_MAX
};


#endif /* _NGX_HTTP_CARRIERPAY_COUNTERS_H_INCLUDED_ */
