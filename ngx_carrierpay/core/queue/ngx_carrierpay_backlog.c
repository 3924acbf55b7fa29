
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_backlog.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_round.h"
#include "ngx_carrierpay_sql_call.h"


typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  waiting;     /* gauges */
    ngx_uint_t                  due;
    ngx_uint_t                  oldest;
} ngx_carrierpay_backlog_queue_t;


/* What a cell has answered last. */

typedef struct {
    ngx_uint_t                  waiting;
    ngx_uint_t                  due;
    ngx_uint_t                  oldest;
} ngx_carrierpay_backlog_answer_t;


static ngx_int_t ngx_carrierpay_backlog_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static void ngx_carrierpay_backlog_publish(ngx_uint_t n, ngx_uint_t cells);


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
    queue("payouts", PAYOUTS),
    queue("webhooks", WEBHOOKS),
    queue("messages", MESSAGES),
    queue("lines", LINES)
};

#define NGX_CARRIERPAY_BACKLOG_QUEUES                                         \
    (sizeof(ngx_carrierpay_backlog_queues)                                    \
     / sizeof(ngx_carrierpay_backlog_queue_t))


/* Of the worker that asks. */

static ngx_carrierpay_backlog_answer_t
    ngx_carrierpay_backlog_answers[NGX_CARRIERPAY_ID_CELLS]
                                  [NGX_CARRIERPAY_BACKLOG_QUEUES];
static time_t  ngx_carrierpay_backlog_read[NGX_CARRIERPAY_ID_CELLS];


/* What is only read may be published before the commit is known. */

static ngx_int_t
ngx_carrierpay_backlog_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                         name;
    ngx_uint_t                        n, cell, cells;
    const ngx_str_t                  *known;
    ngx_carrierpay_backlog_answer_t  *answer;

    cell = ngx_carrierpay_round_cell(call->args, &cells);

    ngx_carrierpay_pq_bytes(res, row, 0, &name);

    for (n = 0; n < NGX_CARRIERPAY_BACKLOG_QUEUES; n++) {
        known = &ngx_carrierpay_backlog_queues[n].name;

        if (name.len != known->len
            || ngx_memcmp(name.data, known->data, name.len) != 0)
        {
            continue;
        }

        answer = &ngx_carrierpay_backlog_answers[cell][n];
        answer->waiting = ngx_carrierpay_pq_int(res, row, 1);
        answer->due = ngx_carrierpay_pq_int(res, row, 2);
        answer->oldest = ngx_carrierpay_pq_int(res, row, 3) / 1000;

        ngx_carrierpay_backlog_read[cell] = ngx_time();
        ngx_carrierpay_backlog_publish(n, cells);
    }

    return NGX_OK;
}


/* All cells together, as of the time of the one that was read first. */

static void
ngx_carrierpay_backlog_publish(ngx_uint_t n, ngx_uint_t cells)
{
    time_t                                 read;
    ngx_uint_t                             i;
    ngx_carrierpay_backlog_answer_t        sum, *answer;
    const ngx_carrierpay_backlog_queue_t  *queue;

    queue = &ngx_carrierpay_backlog_queues[n];
    read = ngx_time();

    ngx_memzero(&sum, sizeof(ngx_carrierpay_backlog_answer_t));

    for (i = 0; i < cells; i++) {
        answer = &ngx_carrierpay_backlog_answers[i][n];

        sum.waiting += answer->waiting;
        sum.due += answer->due;
        sum.oldest = ngx_max(sum.oldest, answer->oldest);
        read = ngx_min(read, ngx_carrierpay_backlog_read[i]);
    }

    ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->waiting,
                            sum.waiting);
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->due, sum.due);
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters, queue->oldest,
                            sum.oldest);
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_BACKLOG_READ, read);
}
