
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_core_counters.h"


#define NGX_CARRIERPAY_FLOW_POOL_SIZE  4096


static void ngx_carrierpay_flow_wake_handler(ngx_event_t *ev);
static void ngx_carrierpay_flow_deadline_handler(ngx_event_t *ev);
static void ngx_carrierpay_flow_run(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_flow_end(ngx_carrierpay_flow_t *flow,
    ngx_int_t rc);
static void ngx_carrierpay_flow_notify(ngx_carrierpay_flow_t *flow);


ngx_carrierpay_flow_t *
ngx_carrierpay_flow_create(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, size_t size)
{
    ngx_pool_t             *pool;
    ngx_carrierpay_flow_t  *flow;

    if (core->flows >= core->conf->flows_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_REFUSED);
        return NULL;
    }

    pool = ngx_create_pool(NGX_CARRIERPAY_FLOW_POOL_SIZE, core->log);
    if (pool == NULL) {
        return NULL;
    }

    flow = ngx_pcalloc(pool, sizeof(ngx_carrierpay_flow_t));
    if (flow == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    flow->data = ngx_pcalloc(pool, size);
    if (flow->data == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    flow->core = core;
    flow->pool = pool;
    flow->log = core->log;
    flow->name = name;
    flow->step = steps;

    flow->wake.handler = ngx_carrierpay_flow_wake_handler;
    flow->wake.data = flow;
    flow->wake.log = flow->log;

    flow->deadline.handler = ngx_carrierpay_flow_deadline_handler;
    flow->deadline.data = flow;
    flow->deadline.log = flow->log;

    core->flows++;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_STARTED);

    return flow;
}


void
ngx_carrierpay_flow_start(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_observer_t *obs, ngx_msec_t timeout)
{
    if (obs) {
        obs->flow = flow;
        flow->observer = obs;
    }

    ngx_add_timer(&flow->deadline, timeout);
    ngx_post_event(&flow->wake, &ngx_posted_events);
}


void
ngx_carrierpay_flow_discard(ngx_carrierpay_flow_t *flow)
{
    flow->core->flows--;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_ENDED);
    ngx_destroy_pool(flow->pool);
}


void
ngx_carrierpay_flow_resume(ngx_carrierpay_flow_t *flow, ngx_int_t rc)
{
    ngx_carrierpay_flow_crash_point(flow->name, flow->step->name, "after");

    if (rc != NGX_OK) {
        ngx_carrierpay_flow_end(flow, rc);
        return;
    }

    flow->step++;
    ngx_carrierpay_flow_run(flow);
}


void
ngx_carrierpay_flow_unwatch(ngx_carrierpay_observer_t *obs)
{
    if (obs->flow) {
        obs->flow->observer = NULL;
        obs->flow = NULL;
    }
}


static void
ngx_carrierpay_flow_wake_handler(ngx_event_t *ev)
{
    ngx_carrierpay_flow_run(ev->data);
}


/*
 * The flow itself goes on: each of its operations has a deadline of its own,
 * so it ends.  Only who watches has waited long enough.
 */

static void
ngx_carrierpay_flow_deadline_handler(ngx_event_t *ev)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ev->data;
    flow->late = 1;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_TIMED_OUT);
    ngx_carrierpay_flow_notify(flow);
}


static void
ngx_carrierpay_flow_run(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t  rc;

    while (flow->step->handler) {
        ngx_carrierpay_flow_crash_point(flow->name, flow->step->name,
                                        "before");

        rc = flow->step->handler(flow);

        if (rc == NGX_AGAIN) {
            return;
        }

        ngx_carrierpay_flow_crash_point(flow->name, flow->step->name,
                                        "after");

        if (rc != NGX_OK) {
            ngx_carrierpay_flow_end(flow, rc);
            return;
        }

        flow->step++;
    }

    ngx_carrierpay_flow_end(flow, NGX_OK);
}


static void
ngx_carrierpay_flow_end(ngx_carrierpay_flow_t *flow, ngx_int_t rc)
{
    flow->rc = rc;

    if (flow->deadline.timer_set) {
        ngx_del_timer(&flow->deadline);
    }

    ngx_carrierpay_flow_notify(flow);
    ngx_carrierpay_flow_discard(flow);
}


static void
ngx_carrierpay_flow_notify(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_observer_t  *obs;

    obs = flow->observer;

    if (obs == NULL) {
        return;
    }

    flow->observer = NULL;
    obs->flow = NULL;

    /* the observer may be gone, or watch another flow, when this returns */

    obs->handler(obs, flow);
}


#if (NGX_CARRIERPAY_CRASH_POINTS)

void
ngx_carrierpay_flow_crash_point(const char *flow, const char *step,
    const char *when)
{
    char    *point;
    u_char   here[64], *last;

    point = getenv("CARRIERPAY_CRASH");

    if (point == NULL) {
        return;
    }

    last = ngx_snprintf(here, sizeof(here) - 1, "%s.%s:%s", flow, step, when);
    *last = '\0';

    if (ngx_strcmp(here, point) == 0) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "crash point \"%s\"", here);
        (void) raise(SIGKILL);
    }
}

#else

void
ngx_carrierpay_flow_crash_point(const char *flow, const char *step,
    const char *when)
{
}

#endif
