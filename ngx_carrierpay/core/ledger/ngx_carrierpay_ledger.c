
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batch.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_takeover.h"
#include "ngx_carrierpay_time.h"


struct ngx_carrierpay_ledger_s {
    ngx_cycle_t                 *cycle;
    ngx_carrierpay_pq_t         *pq;
    ngx_carrierpay_batcher_t    *writer;
    ngx_carrierpay_batcher_t    *reader;
    ngx_carrierpay_takeover_t   *takeover;

    /* the worker's number makes its identifiers unique */
    ngx_carrierpay_id_gen_t      ids;
    ngx_carrierpay_sql_call_t    number_call;
    ngx_pool_t                  *number_pool;   /* while it is asked for */
    unsigned                     numbered:1;
};


static void ngx_carrierpay_ledger_clock(ngx_carrierpay_ledger_t *ledger);
static void ngx_carrierpay_ledger_ready_handler(void *data);
static void ngx_carrierpay_ledger_number(ngx_carrierpay_ledger_t *ledger);
static ngx_int_t ngx_carrierpay_ledger_number_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_ledger_number_done(void *data);


ngx_carrierpay_statement_t  ngx_carrierpay_ledger_number_statement = {
    .name = "worker_number",
    .row = ngx_carrierpay_ledger_number_row
};


ngx_carrierpay_ledger_t *
ngx_carrierpay_ledger_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_ledger_t));
    if (ledger == NULL) {
        return NULL;
    }

    ledger->cycle = cycle;
    ledger->pq = pq;
    ledger->writer = ngx_carrierpay_batch_create(cycle, pq, 1);
    ledger->reader = ngx_carrierpay_batch_create(cycle, pq, 0);
    ledger->takeover = ngx_carrierpay_takeover_create(cycle, pq);

    if (ledger->writer == NULL || ledger->reader == NULL
        || ledger->takeover == NULL)
    {
        return NULL;
    }

    ngx_carrierpay_pq_on_ready(pq, ngx_carrierpay_ledger_ready_handler,
                               ledger);

    return ledger;
}


void
ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger)
{
    ngx_carrierpay_batch_destroy(ledger->writer);
    ngx_carrierpay_batch_destroy(ledger->reader);
    ngx_carrierpay_takeover_destroy(ledger->takeover);

    if (ledger->number_pool) {
        ngx_destroy_pool(ledger->number_pool);
        ledger->number_pool = NULL;
    }
}


ngx_uint_t
ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->numbered) {
        ngx_carrierpay_ledger_clock(ledger);
    }

    return ledger->numbered && ngx_carrierpay_pq_ready(ledger->pq);
}


int64_t
ngx_carrierpay_ledger_id(ngx_carrierpay_ledger_t *ledger)
{
    return ngx_carrierpay_id_next(&ledger->ids, ngx_carrierpay_now());
}


/*
 * Identifiers only grow, so after a step back of the clock they would stay
 * ahead of it for as long as the step was.  Nothing begins until the worker
 * has another number, under which they follow the clock again.
 */

static void
ngx_carrierpay_ledger_clock(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->number_pool
        || !ngx_carrierpay_id_ahead(&ledger->ids, ngx_carrierpay_now()))
    {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, ledger->cycle->log, 0,
                  "the clock has been set back, taking another worker number");

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_CLOCK_STEPS);

    ledger->numbered = 0;
    ngx_carrierpay_ledger_number(ledger);
}


/* A connection has come up: asks for the number, sends what is in doubt. */

static void
ngx_carrierpay_ledger_ready_handler(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    if (!ledger->numbered && ledger->number_pool == NULL) {
        ngx_carrierpay_ledger_number(ledger);
    }

    ngx_carrierpay_batch_ready(ledger->writer);
}


static void
ngx_carrierpay_ledger_number(ngx_carrierpay_ledger_t *ledger)
{
    ngx_carrierpay_sql_call_t  *call;

    ledger->number_pool = ngx_create_pool(1024, ledger->cycle->log);
    if (ledger->number_pool == NULL) {
        return;
    }

    call = &ledger->number_call;

    call->statement = &ngx_carrierpay_ledger_number_statement;
    call->args = ledger;
    call->pool = ledger->number_pool;
    call->done = ngx_carrierpay_ledger_number_done;
    call->data = ledger;

    if (ngx_carrierpay_sql_call_send(call, ledger->pq) != NGX_OK) {
        ngx_destroy_pool(ledger->number_pool);
        ledger->number_pool = NULL;
    }
}


static ngx_int_t
ngx_carrierpay_ledger_number_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = call->args;

    ngx_carrierpay_id_init(&ledger->ids, ngx_carrierpay_pq_int(res, row, 0));

    return NGX_OK;
}


static void
ngx_carrierpay_ledger_number_done(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;
    ledger->numbered = (ledger->number_call.rc == NGX_OK);

    ngx_destroy_pool(ledger->number_pool);
    ledger->number_pool = NULL;

    if (ledger->numbered) {
        ngx_carrierpay_takeover_start(ledger->takeover, ledger->ids.worker);
    }
}


ngx_int_t
ngx_carrierpay_ledger_call(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call)
{
    if (!call->statement->batched) {
        return ngx_carrierpay_sql_call_send(call, ledger->pq);
    }

    if (!call->statement->writer) {
        return ngx_carrierpay_batch_add(ledger->reader, call);
    }

    if (call->statement->intent && !ngx_carrierpay_ledger_ready(ledger)) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_batch_add(ledger->writer, call) != NGX_OK) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_ERROR;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_OPERATIONS);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_ledger_ask(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_statement_t *statement,
    void *args, ngx_msec_t timeout)
{
    call->statement = statement;
    call->args = args;
    call->pool = flow->pool;
    call->timeout = timeout ? timeout : NGX_CARRIERPAY_LEDGER_READ_TIMEOUT;
    call->done = ngx_carrierpay_flow_done;
    call->data = flow;

    if (ngx_carrierpay_ledger_call(flow->core->ledger, call) != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_carrierpay_ledger_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sql_call_t *call)
{
    switch (call->rc) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    default: /* NGX_ERROR */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}
