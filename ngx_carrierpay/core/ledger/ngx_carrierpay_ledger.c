
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batch.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_keyring_probe.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_takeover.h"
#include "ngx_carrierpay_time.h"


typedef enum {
    NGX_CARRIERPAY_LEDGER_NEW = 0,    /* the database has not answered yet */
    NGX_CARRIERPAY_LEDGER_STARTED,
    NGX_CARRIERPAY_LEDGER_FOREIGN     /* its rows are of another keyring */
} ngx_carrierpay_ledger_state_e;


struct ngx_carrierpay_ledger_s {
    ngx_cycle_t                    *cycle;
    ngx_carrierpay_pq_t            *pq;
    ngx_str_t                      *secrets;   /* file, for the log */
    ngx_carrierpay_batcher_t       *writer;
    ngx_carrierpay_batcher_t       *reader;
    ngx_carrierpay_takeover_t      *takeover;

    ngx_carrierpay_ledger_state_e   state;
    ngx_carrierpay_id_gen_t         ids;
    ngx_str_t                       keyring;   /* as it is shown */

    /* the call of the start; the pool is there while it runs */

    ngx_carrierpay_sql_call_t       call;
    ngx_pool_t                     *pool;
    ngx_str_t                       difference;
};


static void ngx_carrierpay_ledger_clock(ngx_carrierpay_ledger_t *ledger);
static void ngx_carrierpay_ledger_ready_handler(void *data);
static void ngx_carrierpay_ledger_start(ngx_carrierpay_ledger_t *ledger);
static ngx_int_t ngx_carrierpay_ledger_start_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_ledger_start_done(void *data);


static const ngx_carrierpay_column_t
    ngx_carrierpay_ledger_start_columns[] =
{
    ngx_carrierpay_column(TEXT, ngx_carrierpay_ledger_t, keyring)
};

ngx_carrierpay_statement_t  ngx_carrierpay_ledger_start_statement = {
    "worker_start",
    ngx_carrierpay_columns(ngx_carrierpay_ledger_start_columns),
    ngx_carrierpay_ledger_start_row,
    .batched = 0
};


ngx_carrierpay_ledger_t *
ngx_carrierpay_ledger_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_conf_t *conf)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_ledger_t));
    if (ledger == NULL) {
        return NULL;
    }

    ledger->cycle = cycle;
    ledger->pq = pq;
    ledger->secrets = &conf->secrets;
    ledger->writer = ngx_carrierpay_batch_create(cycle, pq, 1);
    ledger->reader = ngx_carrierpay_batch_create(cycle, pq, 0);
    ledger->takeover = ngx_carrierpay_takeover_create(cycle, pq);

    if (ledger->writer == NULL || ledger->reader == NULL
        || ledger->takeover == NULL
        || ngx_carrierpay_keyring_probe(&conf->keyring, cycle->pool,
                                        &ledger->keyring)
           != NGX_OK)
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

    if (ledger->pool) {
        ngx_destroy_pool(ledger->pool);
        ledger->pool = NULL;
    }
}


ngx_uint_t
ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger)
{
    if (ledger->state == NGX_CARRIERPAY_LEDGER_STARTED) {
        ngx_carrierpay_ledger_clock(ledger);
    }

    return ledger->state == NGX_CARRIERPAY_LEDGER_STARTED
           && ngx_carrierpay_pq_ready(ledger->pq);
}


ngx_uint_t
ngx_carrierpay_ledger_foreign(ngx_carrierpay_ledger_t *ledger)
{
    return ledger->state == NGX_CARRIERPAY_LEDGER_FOREIGN;
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
    if (ledger->pool
        || !ngx_carrierpay_id_ahead(&ledger->ids, ngx_carrierpay_now()))
    {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, ledger->cycle->log, 0,
                  "the clock has been set back, taking another worker number");

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_CLOCK_STEPS);

    ledger->state = NGX_CARRIERPAY_LEDGER_NEW;
    ngx_carrierpay_ledger_start(ledger);
}


/* A connection has come up: starts, and sends what is in doubt. */

static void
ngx_carrierpay_ledger_ready_handler(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    if (ledger->state != NGX_CARRIERPAY_LEDGER_STARTED
        && ledger->pool == NULL)
    {
        ngx_carrierpay_ledger_start(ledger);
    }

    ngx_carrierpay_batch_ready(ledger->writer);
}


/*
 * The worker's number makes its identifiers unique.  With another keyring the
 * worker would read no number, find no API key, and write what the others
 * cannot read, so it does nothing at all until it is started with the right
 * one.
 */

static void
ngx_carrierpay_ledger_start(ngx_carrierpay_ledger_t *ledger)
{
    ngx_carrierpay_sql_call_t  *call;

    ledger->pool = ngx_create_pool(1024, ledger->cycle->log);
    if (ledger->pool == NULL) {
        return;
    }

    call = &ledger->call;

    call->statement = &ngx_carrierpay_ledger_start_statement;
    call->args = ledger;
    call->pool = ledger->pool;
    call->done = ngx_carrierpay_ledger_start_done;
    call->data = ledger;

    if (ngx_carrierpay_sql_call_send(call, ledger->pq) != NGX_OK) {
        ngx_destroy_pool(ledger->pool);
        ledger->pool = NULL;
    }
}


static ngx_int_t
ngx_carrierpay_ledger_start_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = call->args;

    ngx_carrierpay_id_init(&ledger->ids, ngx_carrierpay_pq_int(res, row, 0));

    return ngx_carrierpay_pq_copy(res, row, 1, call->pool,
                                  &ledger->difference);
}


static void
ngx_carrierpay_ledger_start_done(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    if (ledger->call.rc == NGX_OK && ledger->difference.len == 0) {
        ledger->state = NGX_CARRIERPAY_LEDGER_STARTED;

    } else if (ledger->call.rc == NGX_OK
               && ledger->state != NGX_CARRIERPAY_LEDGER_FOREIGN)
    {
        ledger->state = NGX_CARRIERPAY_LEDGER_FOREIGN;

        ngx_log_error(NGX_LOG_ALERT, ledger->cycle->log, 0,
                      "keyring \"%V\" is not the one of the database: %V",
                      ledger->secrets, &ledger->difference);
    }

    ngx_destroy_pool(ledger->pool);
    ledger->pool = NULL;

    if (ledger->state == NGX_CARRIERPAY_LEDGER_STARTED) {
        ngx_carrierpay_takeover_start(ledger->takeover, ledger->ids.worker);
    }
}


ngx_int_t
ngx_carrierpay_ledger_call(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call)
{
    if (ledger->state == NGX_CARRIERPAY_LEDGER_FOREIGN) {
        return NGX_ERROR;
    }

    if (!call->statement->batched) {
        return ledger->state == NGX_CARRIERPAY_LEDGER_STARTED
               ? ngx_carrierpay_sql_call_send(call, ledger->pq) : NGX_ERROR;
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
