
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_process.h"
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_takeover.h"


#define NGX_CARRIERPAY_TAKEOVER_AGAIN  2000      /* ms */


/* A worker that has ended. */

typedef struct {
    ngx_carrierpay_takeover_t   *takeover;
    int32_t                      number;
    ngx_str_t                    process;
    ngx_int_t                    released;       /* leases */
    ngx_carrierpay_sql_call_t    call;
    ngx_queue_t                  queue;
} ngx_carrierpay_takeover_ended_t;


struct ngx_carrierpay_takeover_s {
    ngx_carrierpay_pq_t         *pq;
    ngx_log_t                   *log;
    int32_t                      number;         /* this worker's */
    ngx_uint_t                   known;          /* others can see its end */

    ngx_event_t                  again;          /* timer */
    ngx_pool_t                  *pool;           /* while the database is
                                                    asked */
    ngx_carrierpay_sql_call_t    call;
    ngx_queue_t                  ended;
    ngx_uint_t                   running;        /* calls of these */
};


static void ngx_carrierpay_takeover_handler(ngx_event_t *ev);
static void ngx_carrierpay_takeover_others(
    ngx_carrierpay_takeover_t *takeover);
static ngx_int_t ngx_carrierpay_takeover_others_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_takeover_others_done(void *data);
static void ngx_carrierpay_takeover_release(
    ngx_carrierpay_takeover_t *takeover);
static ngx_int_t ngx_carrierpay_takeover_release_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_takeover_release_done(void *data);
static void ngx_carrierpay_takeover_end(ngx_carrierpay_takeover_t *takeover,
    ngx_uint_t again);


static const ngx_carrierpay_column_t
    ngx_carrierpay_takeover_others_columns[] =
{
    ngx_carrierpay_column(INT4, ngx_carrierpay_takeover_t, number)
};

ngx_carrierpay_statement_t  ngx_carrierpay_takeover_others_statement = {
    "worker_others",
    ngx_carrierpay_columns(ngx_carrierpay_takeover_others_columns),
    ngx_carrierpay_takeover_others_row,
    .batched = 0
};


static const ngx_carrierpay_column_t
    ngx_carrierpay_takeover_release_columns[] =
{
    ngx_carrierpay_column(INT4, ngx_carrierpay_takeover_ended_t, number),
    ngx_carrierpay_column(TEXT, ngx_carrierpay_takeover_ended_t, process)
};

ngx_carrierpay_statement_t  ngx_carrierpay_takeover_release_statement = {
    "worker_release",
    ngx_carrierpay_columns(ngx_carrierpay_takeover_release_columns),
    ngx_carrierpay_takeover_release_row,
    .batched = 0
};


ngx_carrierpay_takeover_t *
ngx_carrierpay_takeover_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
    const ngx_str_t *process)
{
    ngx_carrierpay_takeover_t  *takeover;

    takeover = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_takeover_t));
    if (takeover == NULL) {
        return NULL;
    }

    takeover->pq = pq;
    takeover->log = cycle->log;

    takeover->known = (process->len != 0);

    takeover->again.handler = ngx_carrierpay_takeover_handler;
    takeover->again.data = takeover;
    takeover->again.log = takeover->log;
    takeover->again.cancelable = 1;

    return takeover;
}


void
ngx_carrierpay_takeover_destroy(ngx_carrierpay_takeover_t *takeover)
{
    if (takeover->again.timer_set) {
        ngx_del_timer(&takeover->again);
    }

    if (takeover->pool) {
        ngx_destroy_pool(takeover->pool);
        takeover->pool = NULL;
    }
}


void
ngx_carrierpay_takeover_start(ngx_carrierpay_takeover_t *takeover,
    ngx_uint_t number)
{
    takeover->number = number;

    /* a process without a name can neither be found nor find others */

    if (takeover->known && takeover->pool == NULL) {
        ngx_carrierpay_takeover_others(takeover);
    }
}


static void
ngx_carrierpay_takeover_handler(ngx_event_t *ev)
{
    ngx_carrierpay_takeover_t  *takeover;

    takeover = ev->data;

    if (takeover->pool == NULL) {
        ngx_carrierpay_takeover_others(takeover);
    }
}


static void
ngx_carrierpay_takeover_others(ngx_carrierpay_takeover_t *takeover)
{
    ngx_carrierpay_sql_call_t  *call;

    ngx_queue_init(&takeover->ended);

    takeover->pool = ngx_create_pool(4096, takeover->log);
    if (takeover->pool == NULL) {
        ngx_add_timer(&takeover->again, NGX_CARRIERPAY_TAKEOVER_AGAIN);
        return;
    }

    call = &takeover->call;

    call->statement = &ngx_carrierpay_takeover_others_statement;
    call->args = takeover;
    call->pool = takeover->pool;
    call->done = ngx_carrierpay_takeover_others_done;
    call->data = takeover;

    if (ngx_carrierpay_sql_call_send(call, takeover->pq) != NGX_OK) {
        ngx_carrierpay_takeover_end(takeover, 1);
    }
}


static ngx_int_t
ngx_carrierpay_takeover_others_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                         process;
    ngx_carrierpay_takeover_t        *takeover;
    ngx_carrierpay_takeover_ended_t  *ended;

    takeover = call->args;

    ngx_carrierpay_pq_bytes(res, row, 1, &process);

    if (!ngx_carrierpay_process_ended(&process)) {
        return NGX_OK;
    }

    ended = ngx_pcalloc(call->pool, sizeof(ngx_carrierpay_takeover_ended_t));

    if (ended == NULL
        || ngx_carrierpay_pq_copy(res, row, 1, call->pool, &ended->process)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ended->takeover = takeover;
    ended->number = ngx_carrierpay_pq_int(res, row, 0);

    ngx_queue_insert_tail(&takeover->ended, &ended->queue);

    return NGX_OK;
}


static void
ngx_carrierpay_takeover_others_done(void *data)
{
    ngx_carrierpay_takeover_t  *takeover;

    takeover = data;

    if (takeover->call.rc == NGX_ERROR) {
        ngx_carrierpay_takeover_end(takeover, 1);

    } else if (ngx_queue_empty(&takeover->ended)) {
        ngx_carrierpay_takeover_end(takeover, 0);

    } else {
        ngx_carrierpay_takeover_release(takeover);
    }
}


static void
ngx_carrierpay_takeover_release(ngx_carrierpay_takeover_t *takeover)
{
    ngx_queue_t                      *q;
    ngx_carrierpay_sql_call_t        *call;
    ngx_carrierpay_takeover_ended_t  *ended;

    for (q = ngx_queue_head(&takeover->ended);
         q != ngx_queue_sentinel(&takeover->ended);
         q = ngx_queue_next(q))
    {
        ended = ngx_queue_data(q, ngx_carrierpay_takeover_ended_t, queue);
        call = &ended->call;

        call->statement = &ngx_carrierpay_takeover_release_statement;
        call->args = ended;
        call->pool = takeover->pool;
        call->done = ngx_carrierpay_takeover_release_done;
        call->data = ended;

        if (ngx_carrierpay_sql_call_send(call, takeover->pq) == NGX_OK) {
            takeover->running++;
        }
    }

    if (takeover->running == 0) {
        ngx_carrierpay_takeover_end(takeover, 1);
    }
}


static ngx_int_t
ngx_carrierpay_takeover_release_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_takeover_ended_t  *ended;

    ended = call->args;
    ended->released = ngx_carrierpay_pq_int(res, row, 0);

    return NGX_OK;
}


static void
ngx_carrierpay_takeover_release_done(void *data)
{
    ngx_carrierpay_takeover_t        *takeover;
    ngx_carrierpay_takeover_ended_t  *ended;

    ended = data;
    takeover = ended->takeover;

    if (ended->call.rc == NGX_OK && ended->released > 0) {
        ngx_log_error(NGX_LOG_NOTICE, takeover->log, 0,
                      "%i leases of worker %D, which has ended, are released",
                      ended->released, ended->number);
    }

    if (--takeover->running == 0) {
        ngx_carrierpay_takeover_end(takeover, 1);
    }
}


/* The database has answered; `again`, because there may be more to release. */

static void
ngx_carrierpay_takeover_end(ngx_carrierpay_takeover_t *takeover,
    ngx_uint_t again)
{
    ngx_destroy_pool(takeover->pool);
    takeover->pool = NULL;

    if (again) {
        ngx_add_timer(&takeover->again, NGX_CARRIERPAY_TAKEOVER_AGAIN);
    }
}
