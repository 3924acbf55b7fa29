
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_backlog.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_sql_call.h"


typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  waiting;     /* gauges */
    ngx_uint_t                  due;
    ngx_uint_t                  oldest;
} ngx_carrierpay_backlog_queue_t;


static ngx_int_t ngx_carrierpay_backlog_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


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

    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_BACKLOG_READ, ngx_time());

    return NGX_OK;
}
