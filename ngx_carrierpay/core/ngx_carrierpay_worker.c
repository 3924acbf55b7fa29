
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_message.h"
#include "ngx_carrierpay_outbox.h"
#include "ngx_carrierpay_recovery.h"
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_statement.h"


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

    ngx_carrierpay_counters_attach(conf->zone);

    core->pq = ngx_carrierpay_pq_create(cycle, &conf->postgres,
                                        ngx_carrierpay_statements,
                                        NGX_CARRIERPAY_SQL_MAX);
    core->redis = ngx_carrierpay_redis_create(cycle, &conf->redis);

    if (core->pq == NULL || core->redis == NULL) {
        return NULL;
    }

    if (conf->smtp.max) {
        core->smtp = ngx_carrierpay_smtp_create(cycle, &conf->smtp);
        if (core->smtp == NULL) {
            return NULL;
        }
    }

    core->ledger = ngx_carrierpay_ledger_create(core, cycle);
    core->merchants = ngx_carrierpay_merchants_create(cycle);
    core->looks = ngx_carrierpay_looks_create(core, cycle);
    core->recovery = ngx_carrierpay_work_queue_create(core, cycle,
                                                     &ngx_carrierpay_recovery);

    if (core->ledger == NULL || core->merchants == NULL
        || core->looks == NULL || core->recovery == NULL)
    {
        return NULL;
    }

    if (conf->outbox) {
        core->outbox = ngx_carrierpay_work_queue_create(core, cycle,
                                                       &ngx_carrierpay_outbox);
        core->messages = ngx_carrierpay_work_queue_create(core, cycle,
                                                     &ngx_carrierpay_messages);

        if (core->outbox == NULL || core->messages == NULL) {
            return NULL;
        }
    }

    return core;
}


/*
 * What is in flight is given up: intents are durable, leases end.  The
 * connections go first, since their commands and units end as lost; what
 * waits for Redis never goes on to the database, and what waits for the mail
 * server neither.
 */

void
ngx_carrierpay_core_stop(ngx_carrierpay_core_t *core)
{
    if (core->smtp) {
        ngx_carrierpay_smtp_destroy(core->smtp);
    }

    ngx_carrierpay_redis_destroy(core->redis);
    ngx_carrierpay_pq_destroy(core->pq);
    ngx_carrierpay_ledger_destroy(core->ledger);
    ngx_carrierpay_looks_destroy(core->looks);
    ngx_carrierpay_work_queue_destroy(core->recovery);
    ngx_carrierpay_work_queue_destroy(core->outbox);
    ngx_carrierpay_work_queue_destroy(core->messages);
}


int64_t
ngx_carrierpay_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + tp->msec;
}
