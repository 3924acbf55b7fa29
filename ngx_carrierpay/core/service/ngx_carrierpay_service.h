
/*
 * The service: what a worker runs.
 */


#ifndef _NGX_CARRIERPAY_SERVICE_H_INCLUDED_
#define _NGX_CARRIERPAY_SERVICE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_smtp.h"


/* of later folders: see ledger, round, work_queue and merchant */

struct ngx_carrierpay_ledger_s;
struct ngx_carrierpay_merchants_s;
struct ngx_carrierpay_round_s;
struct ngx_carrierpay_work_queue_s;


/* What it runs for each cell of the ledger. */

typedef struct {
    struct ngx_carrierpay_work_queue_s  *recovery;
    struct ngx_carrierpay_work_queue_s  *refunds;
    struct ngx_carrierpay_work_queue_s  *payouts;
    struct ngx_carrierpay_work_queue_s  *outbox;    /* or NULL, both */
    struct ngx_carrierpay_work_queue_s  *messages;
    struct ngx_carrierpay_work_queue_s  *lines;     /* or NULL, these three: */
    struct ngx_carrierpay_work_queue_s  *holds;     /* there is one cell */
    struct ngx_carrierpay_work_queue_s  *exchange;
    struct ngx_carrierpay_round_s       *backlog;
    struct ngx_carrierpay_round_s       *partitions;
    struct ngx_carrierpay_round_s       *balances;
    struct ngx_carrierpay_round_s       *totals;
} ngx_carrierpay_core_cell_t;


struct ngx_carrierpay_core_s {
    ngx_carrierpay_conf_t               *conf;
    ngx_log_t                           *log;
    ngx_carrierpay_flows_t               flows;
    ngx_carrierpay_redis_t              *redis;
    ngx_carrierpay_smtp_t               *smtp;      /* or NULL */
    struct ngx_carrierpay_ledger_s      *ledger;
    struct ngx_carrierpay_merchants_s   *merchants;
    ngx_carrierpay_core_cell_t          *cells;     /* by their numbers */
    ngx_event_t                          gauges;    /* see gauges */
    ngx_carrierpay_counters_set_t       *counters;  /* the worker's */
};


#endif /* _NGX_CARRIERPAY_SERVICE_H_INCLUDED_ */
