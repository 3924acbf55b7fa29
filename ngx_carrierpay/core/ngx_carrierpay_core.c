
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_outbox.h"
#include "ngx_carrierpay_recovery.h"
#include "ngx_carrierpay_shm.h"


#define INT4   NGX_CARRIERPAY_PQ_INT4
#define INT8   NGX_CARRIERPAY_PQ_INT8
#define BOOL   NGX_CARRIERPAY_PQ_BOOL
#define BYTEA  NGX_CARRIERPAY_PQ_BYTEA

#define INT4S   NGX_CARRIERPAY_PQ_INT4_ARRAY
#define INT8S   NGX_CARRIERPAY_PQ_INT8_ARRAY
#define BOOLS   NGX_CARRIERPAY_PQ_BOOL_ARRAY
#define TEXTS   NGX_CARRIERPAY_PQ_TEXT_ARRAY
#define BYTEAS  NGX_CARRIERPAY_PQ_BYTEA_ARRAY
#define UUIDS   NGX_CARRIERPAY_PQ_UUID_ARRAY


/* by ngx_carrierpay_sql_e; the functions are described in sql/ */

const ngx_carrierpay_pq_statement_t  ngx_carrierpay_statements[] = {

    { "worker_number",
      "select carrierpay.worker_number()",
      0, { 0 } },

    { "key_find",
      "select * from carrierpay.key_find($1)",
      1, { BYTEA } },

    { "payment_create",
      "select * from carrierpay.payment_create($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11, $12, $13, $14)",
      14, { INT8S, INT4S, BOOLS, UUIDS, UUIDS, INT8S, TEXTS, TEXTS, TEXTS,
            TEXTS, TEXTS, INT8S, INT8S, TEXTS } },

    { "payment_begin",
      "select * from carrierpay.payment_begin($1, $2, $3, $4, $5, $6, $7, $8)",
      8, { INT8S, INT8S, TEXTS, INT8S, BYTEAS, BYTEAS, INT8S, TEXTS } },

    { "payment_finish",
      "select * from carrierpay.payment_finish($1, $2, $3, $4, $5)",
      5, { INT8S, TEXTS, TEXTS, TEXTS, TEXTS } },

    { "payment_expire",
      "select * from carrierpay.payment_expire($1, $2)",
      2, { INT8S, TEXTS } },

    { "payment_get",
      "select * from carrierpay.payment_get($1, $2, $3)",
      3, { INT4, BOOL, INT8 } },

    { "payment_page",
      "select * from carrierpay.payment_page($1)",
      1, { INT8 } },

    { "payment_claim",
      "select * from carrierpay.payment_claim($1, $2, $3)",
      3, { INT4, INT4, INT8 } },

    { "outbox_claim",
      "select * from carrierpay.outbox_claim($1, $2, $3)",
      3, { INT4, INT4, INT8 } },

    { "outbox_done",
      "select * from carrierpay.outbox_done($1, $2, $3, $4, $5, $6)",
      6, { INT8S, INT4S, INT4S, INT8S, BOOLS, INT4S } }
};


ngx_carrierpay_core_t *
ngx_carrierpay_core_start(ngx_cycle_t *cycle, ngx_carrierpay_conf_t *conf)
{
    ngx_carrierpay_core_t  *core;

    if (ngx_carrierpay_event_check(cycle) != NGX_OK) {
        return NULL;
    }

    core = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_core_t));
    if (core == NULL) {
        return NULL;
    }

    core->conf = conf;
    core->log = cycle->log;

    ngx_carrierpay_shm_attach(conf->zone);

    core->pq = ngx_carrierpay_pq_create(cycle, &conf->postgres,
                                        ngx_carrierpay_statements,
                                        NGX_CARRIERPAY_SQL_MAX);
    core->redis = ngx_carrierpay_redis_create(cycle, &conf->redis);

    if (core->pq == NULL || core->redis == NULL) {
        return NULL;
    }

    core->ledger = ngx_carrierpay_ledger_create(core, cycle);
    core->merchants = ngx_carrierpay_merchants_create(cycle);
    core->recovery = ngx_carrierpay_recovery_create(core, cycle);

    if (core->ledger == NULL || core->merchants == NULL
        || core->recovery == NULL)
    {
        return NULL;
    }

    if (conf->outbox) {
        core->outbox = ngx_carrierpay_outbox_create(core, cycle);
        if (core->outbox == NULL) {
            return NULL;
        }
    }

    return core;
}


/*
 * What is in flight is given up: intents are durable, leases end.  The
 * connections go first, since their units and commands end as lost.
 */

void
ngx_carrierpay_core_stop(ngx_carrierpay_core_t *core)
{
    ngx_carrierpay_pq_destroy(core->pq);
    ngx_carrierpay_redis_destroy(core->redis);
    ngx_carrierpay_ledger_destroy(core->ledger);
    ngx_carrierpay_recovery_destroy(core->recovery);

    if (core->outbox) {
        ngx_carrierpay_outbox_destroy(core->outbox);
    }
}


int64_t
ngx_carrierpay_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + tp->msec;
}
