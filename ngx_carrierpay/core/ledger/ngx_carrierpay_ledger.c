
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_batcher.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_lease.h"
#include "ngx_carrierpay_process.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_takeover.h"


struct ngx_carrierpay_ledger_s {
    ngx_carrierpay_pq_t            *pq;
    ngx_carrierpay_lease_t         *lease;
    ngx_carrierpay_batcher_t       *writer;
    ngx_carrierpay_batcher_t       *reader;
    ngx_carrierpay_takeover_t      *takeover;
    ngx_str_t                       process;   /* this one's name */
    u_char                          name[NGX_CARRIERPAY_PROCESS_NAME_LEN];
};


static void ngx_carrierpay_ledger_ready_handler(void *data);
static void ngx_carrierpay_ledger_number(void *data, ngx_uint_t number);
static ngx_int_t ngx_carrierpay_ledger_take(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call);


ngx_carrierpay_ledger_t *
ngx_carrierpay_ledger_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_conf_t *conf)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_ledger_t));
    if (ledger == NULL) {
        return NULL;
    }

    ledger->process.data = ledger->name;
    ledger->process.len = ngx_carrierpay_process_name(ledger->name)
                          - ledger->name;

    ledger->pq = pq;
    ledger->lease = ngx_carrierpay_lease_create(cycle, pq, conf, 0, 1,
                                                &ledger->process,
                                                ngx_carrierpay_ledger_number,
                                                ledger);
    ledger->writer = ngx_carrierpay_batcher_create(cycle, pq, 1);
    ledger->reader = ngx_carrierpay_batcher_create(cycle, pq, 0);
    ledger->takeover = ngx_carrierpay_takeover_create(cycle, pq,
                                                      &ledger->process);

    if (ledger->lease == NULL || ledger->writer == NULL
        || ledger->reader == NULL || ledger->takeover == NULL)
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
    ngx_carrierpay_batcher_destroy(ledger->writer);
    ngx_carrierpay_batcher_destroy(ledger->reader);
    ngx_carrierpay_takeover_destroy(ledger->takeover);
    ngx_carrierpay_lease_destroy(ledger->lease);
}


ngx_uint_t
ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger)
{
    return ngx_carrierpay_lease_held(ledger->lease)
           && ngx_carrierpay_pq_ready(ledger->pq);
}


const char *
ngx_carrierpay_ledger_foreign(ngx_carrierpay_ledger_t *ledger)
{
    return ngx_carrierpay_lease_foreign(ledger->lease);
}


int64_t
ngx_carrierpay_ledger_id(ngx_carrierpay_ledger_t *ledger)
{
    return ngx_carrierpay_lease_id(ledger->lease);
}


/* A connection has come up: starts, and sends what is in doubt. */

static void
ngx_carrierpay_ledger_ready_handler(void *data)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    ngx_carrierpay_lease_connected(ledger->lease);
    ngx_carrierpay_batcher_ready(ledger->writer);
}


static void
ngx_carrierpay_ledger_number(void *data, ngx_uint_t number)
{
    ngx_carrierpay_ledger_t  *ledger;

    ledger = data;

    ngx_carrierpay_takeover_start(ledger->takeover, number);
}


ngx_int_t
ngx_carrierpay_ledger_call(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call)
{
    if (ngx_carrierpay_ledger_take(ledger, call) != NGX_OK) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);
        return NGX_ERROR;
    }

    if (call->statement->batched && call->statement->writer) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_OPERATIONS);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_ledger_take(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_sql_call_t *call)
{
    if (ngx_carrierpay_lease_foreign(ledger->lease)) {
        return NGX_ERROR;
    }

    if (!call->statement->batched) {
        return ngx_carrierpay_lease_held(ledger->lease)
               ? ngx_carrierpay_sql_call_send(call, ledger->pq) : NGX_ERROR;
    }

    if (!call->statement->writer) {
        return ngx_carrierpay_batcher_add(ledger->reader, call);
    }

    if (call->statement->intent && !ngx_carrierpay_ledger_ready(ledger)) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_batcher_add(ledger->writer, call);
}


ngx_int_t
ngx_carrierpay_ledger_require(ngx_carrierpay_flow_t *flow)
{
    if (ngx_carrierpay_ledger_ready(flow->core->ledger)) {
        return NGX_OK;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEDGER_REFUSED);

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_UNAVAILABLE);
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
