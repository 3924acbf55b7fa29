
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_backlog.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_BACKLOG_PERIOD  15000     /* ms */
#define NGX_CARRIERPAY_BACKLOG_SOON    1000      /* ms, until it can ask */


typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  waiting;     /* gauges */
    ngx_uint_t                  due;
    ngx_uint_t                  oldest;
} ngx_carrierpay_backlog_queue_t;


struct ngx_carrierpay_backlog_s {
    ngx_carrierpay_core_t      *core;
    ngx_event_t                 tick;
    ngx_pool_t                 *pool;        /* of the call in flight */
    ngx_carrierpay_sql_call_t   call;
};


static void ngx_carrierpay_backlog_tick(ngx_event_t *ev);
static void ngx_carrierpay_backlog_ask(ngx_carrierpay_backlog_t *backlog);
static ngx_int_t ngx_carrierpay_backlog_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static void ngx_carrierpay_backlog_done(void *data);


ngx_carrierpay_statement_t  ngx_carrierpay_backlog_statement = {
    "backlog",
    NULL, 0,
    ngx_carrierpay_backlog_row,
    .batched = 0
};


#define queue(name, NAME)                                                     \
    { ngx_string(name), NGX_CARRIERPAY_STAT_WAITING_##NAME,                   \
      NGX_CARRIERPAY_STAT_BACKLOG_##NAME, NGX_CARRIERPAY_STAT_OLDEST_##NAME }

static const ngx_carrierpay_backlog_queue_t  ngx_carrierpay_backlog_queues[] =
{
    queue("recovery", RECOVERY),
    queue("webhooks", WEBHOOKS),
    queue("messages", MESSAGES),
    { ngx_null_string, 0, 0, 0 }
};


ngx_carrierpay_backlog_t *
ngx_carrierpay_backlog_create(ngx_carrierpay_core_t *core, ngx_cycle_t *cycle)
{
    ngx_carrierpay_backlog_t  *backlog;

    backlog = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_backlog_t));
    if (backlog == NULL) {
        return NULL;
    }

    backlog->core = core;

    backlog->tick.handler = ngx_carrierpay_backlog_tick;
    backlog->tick.data = backlog;
    backlog->tick.log = core->log;
    backlog->tick.cancelable = 1;

    if (ngx_worker == 0) {
        ngx_add_timer(&backlog->tick, NGX_CARRIERPAY_BACKLOG_SOON);
    }

    return backlog;
}


void
ngx_carrierpay_backlog_destroy(ngx_carrierpay_backlog_t *backlog)
{
    if (backlog->tick.timer_set) {
        ngx_del_timer(&backlog->tick);
    }

    if (backlog->pool) {
        ngx_destroy_pool(backlog->pool);
        backlog->pool = NULL;
    }
}


/* A worker that leaves asks nothing: its successor does. */

static void
ngx_carrierpay_backlog_tick(ngx_event_t *ev)
{
    ngx_carrierpay_backlog_t  *backlog;

    backlog = ev->data;

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    if (!ngx_carrierpay_ledger_ready(backlog->core->ledger)) {
        ngx_add_timer(&backlog->tick, NGX_CARRIERPAY_BACKLOG_SOON);
        return;
    }

    /* a question that is still in flight is not asked twice */

    if (backlog->pool == NULL) {
        ngx_carrierpay_backlog_ask(backlog);
    }

    ngx_add_timer(&backlog->tick, NGX_CARRIERPAY_BACKLOG_PERIOD);
}


static void
ngx_carrierpay_backlog_ask(ngx_carrierpay_backlog_t *backlog)
{
    ngx_carrierpay_sql_call_t  *call;

    backlog->pool = ngx_create_pool(1024, backlog->core->log);
    if (backlog->pool == NULL) {
        return;
    }

    call = &backlog->call;

    call->statement = &ngx_carrierpay_backlog_statement;
    call->args = backlog;
    call->pool = backlog->pool;
    call->done = ngx_carrierpay_backlog_done;
    call->data = backlog;

    if (ngx_carrierpay_ledger_call(backlog->core->ledger, call) != NGX_OK) {
        ngx_destroy_pool(backlog->pool);
        backlog->pool = NULL;
    }
}


/* What is only read may be published before the commit is known. */

static ngx_int_t
ngx_carrierpay_backlog_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                              name;
    const ngx_carrierpay_backlog_queue_t  *queue;

    ngx_carrierpay_pq_bytes(res, row, 0, &name);

    for (queue = ngx_carrierpay_backlog_queues; queue->name.len; queue++) {

        if (name.len != queue->name.len
            || ngx_memcmp(name.data, queue->name.data, name.len) != 0)
        {
            continue;
        }

        ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->waiting,
                                ngx_carrierpay_pq_int(res, row, 1));
        ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->due,
                                ngx_carrierpay_pq_int(res, row, 2));
        ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->oldest,
                                ngx_carrierpay_pq_int(res, row, 3) / 1000);
    }

    return NGX_OK;
}


static void
ngx_carrierpay_backlog_done(void *data)
{
    ngx_carrierpay_backlog_t  *backlog;

    backlog = data;

    if (backlog->call.rc == NGX_OK) {
        ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                                NGX_CARRIERPAY_STAT_BACKLOG_READ, ngx_time());
    }

    ngx_destroy_pool(backlog->pool);
    backlog->pool = NULL;
}
