
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_gauges.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_GAUGES_TICK  1000     /* ms */


static void ngx_carrierpay_gauges_tick(ngx_event_t *ev);


void
ngx_carrierpay_gauges_start(ngx_carrierpay_core_t *core)
{
    u_char     text[NGX_INT_T_LEN];
    ngx_str_t  number;

    number.data = text;
    number.len = ngx_sprintf(text, "%ui", ngx_worker) - text;

    core->counters = ngx_carrierpay_counters_set(NGX_CARRIERPAY_LABEL_WORKER,
                                             &number,
                                             NGX_CARRIERPAY_STAT_WORKER_MAX);

    core->gauges.handler = ngx_carrierpay_gauges_tick;
    core->gauges.data = core;
    core->gauges.log = core->log;
    core->gauges.cancelable = 1;

    ngx_carrierpay_gauges_tick(&core->gauges);
}


void
ngx_carrierpay_gauges_stop(ngx_carrierpay_core_t *core)
{
    if (core->gauges.timer_set) {
        ngx_del_timer(&core->gauges);
    }
}


static void
ngx_carrierpay_gauges_tick(ngx_event_t *ev)
{
    ngx_carrierpay_core_t          *core;
    ngx_carrierpay_counters_set_t  *set;

    if (ngx_exiting || ngx_quit || ngx_terminate) {
        return;
    }

    core = ev->data;
    set = core->counters;

    ngx_carrierpay_gauge_in(set, NGX_CARRIERPAY_STAT_WORKER_FLOWS,
                            core->flows.running);
    ngx_carrierpay_gauge_in(set, NGX_CARRIERPAY_STAT_WORKER_EGRESS_CALLS,
                            core->conf->egress.running);
    ngx_carrierpay_gauge_in(set, NGX_CARRIERPAY_STAT_WORKER_POSTGRES_UP,
                            ngx_carrierpay_ledger_connected(core->ledger));
    ngx_carrierpay_gauge_in(set, NGX_CARRIERPAY_STAT_WORKER_REDIS_UP,
                            ngx_carrierpay_redis_ready(core->redis));

    ngx_add_timer(ev, NGX_CARRIERPAY_GAUGES_TICK);
}
