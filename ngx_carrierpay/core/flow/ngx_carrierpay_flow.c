
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_id.h"


#define NGX_CARRIERPAY_FLOW_POOL_SIZE  4096


static u_char *ngx_carrierpay_flow_log(ngx_log_t *log, u_char *buf,
    size_t len);
static void ngx_carrierpay_flow_wake_handler(ngx_event_t *ev);
static void ngx_carrierpay_flow_deadline_handler(ngx_event_t *ev);
static void ngx_carrierpay_flow_run(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_flow_next(ngx_carrierpay_flow_t *flow,
    ngx_int_t rc);
static void ngx_carrierpay_flow_end(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_flow_notify(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_flow_crash_point(const char *flow,
    const char *step, const char *when);


ngx_carrierpay_flow_t *
ngx_carrierpay_flow_create(ngx_carrierpay_flows_t *flows, const char *name,
    ngx_carrierpay_step_t *steps, size_t size)
{
    ngx_pool_t             *pool;
    ngx_carrierpay_flow_t  *flow;

    if (flows->running >= flows->max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_REFUSED);
        return NULL;
    }

    pool = ngx_create_pool(NGX_CARRIERPAY_FLOW_POOL_SIZE, flows->log);
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

    flow->flows = flows;
    flow->core = flows->core;
    flow->pool = pool;
    flow->own_log = *flows->log;
    flow->own_log.handler = ngx_carrierpay_flow_log;
    flow->own_log.data = flow;
    flow->log = &flow->own_log;
    flow->name = name;
    flow->step = steps;

    flow->wake.handler = ngx_carrierpay_flow_wake_handler;
    flow->wake.data = flow;
    flow->wake.log = flow->log;

    flow->deadline.handler = ngx_carrierpay_flow_deadline_handler;
    flow->deadline.data = flow;
    flow->deadline.log = flow->log;

    flows->running++;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_STARTED);

    return flow;
}


void
ngx_carrierpay_flow_about(ngx_carrierpay_flow_t *flow, const char *what,
    const ngx_str_t *value)
{
    u_char  *p, *last;

    p = flow->about + flow->about_len;
    last = flow->about + sizeof(flow->about);

    flow->about_len = ngx_slprintf(p, last, ", %s: \"%V\"", what, value)
                      - flow->about;
}


void
ngx_carrierpay_flow_about_id(ngx_carrierpay_flow_t *flow, const char *what,
    const char *prefix, int64_t id)
{
    u_char     text[NGX_CARRIERPAY_ID_LEN];
    ngx_str_t  value;

    value.data = text;
    value.len = ngx_carrierpay_id_print(text, prefix, id) - text;

    ngx_carrierpay_flow_about(flow, what, &value);
}


static u_char *
ngx_carrierpay_flow_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char                 *p, *last;
    ngx_carrierpay_flow_t  *flow;

    flow = log->data;
    last = buf + len;

    p = ngx_slprintf(buf, last, ", flow: \"%s\"%*s", flow->name,
                     flow->about_len, flow->about);

    if (flow->trace.started) {
        p = ngx_slprintf(p, last, ", trace: \"%*s\"",
                         sizeof(flow->trace.id), flow->trace.id);
    }

    return p;
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
    flow->flows->running--;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_ENDED);
    ngx_destroy_pool(flow->pool);
}


void
ngx_carrierpay_flow_done(void *data)
{
    ngx_int_t               rc;
    ngx_carrierpay_flow_t  *flow;

    flow = data;
    rc = flow->step->done ? flow->step->done(flow) : NGX_OK;

    if (rc == NGX_AGAIN) {
        return;
    }

    if (ngx_carrierpay_flow_next(flow, rc) == NGX_OK) {
        ngx_carrierpay_flow_run(flow);
    }
}


ngx_int_t
ngx_carrierpay_flow_leave(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_flow_result_e result)
{
    flow->result = result;

    return NGX_DONE;
}


void
ngx_carrierpay_flow_unwatch(ngx_carrierpay_observer_t *obs)
{
    if (obs->flow) {
        obs->flow->observer = NULL;
        obs->flow = NULL;
    }
}


ngx_int_t
ngx_carrierpay_flow_copy(ngx_carrierpay_flow_t *flow, ngx_str_t *dst,
    const ngx_str_t *src)
{
    if (src->data == NULL) {
        ngx_str_null(dst);
        return NGX_OK;
    }

    dst->len = src->len;
    dst->data = ngx_pnalloc(flow->pool, src->len + 1);

    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(dst->data, src->data, src->len);

    return NGX_OK;
}


static void
ngx_carrierpay_flow_wake_handler(ngx_event_t *ev)
{
    ngx_carrierpay_flow_run(ev->data);
}


/*
 * The flow itself goes on: each of its operations has a deadline of its own,
 * so it ends.  Only the observer has waited long enough.
 */

static void
ngx_carrierpay_flow_deadline_handler(ngx_event_t *ev)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_flow_result_e   result;

    flow = ev->data;
    result = flow->result;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_FLOWS_TIMED_OUT);

    flow->result = NGX_CARRIERPAY_FLOW_TIMED_OUT;
    ngx_carrierpay_flow_notify(flow);
    flow->result = result;
}


static void
ngx_carrierpay_flow_run(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t  rc;

    do {
        ngx_carrierpay_flow_crash_point(flow->name, flow->step->name,
                                        "before");

        rc = flow->step->run(flow);

        if (rc == NGX_AGAIN) {
            return;
        }
    } while (ngx_carrierpay_flow_next(flow, rc) == NGX_OK);
}


/* NGX_OK: flow->step is the next row; NGX_DONE: the flow is gone. */

static ngx_int_t
ngx_carrierpay_flow_next(ngx_carrierpay_flow_t *flow, ngx_int_t rc)
{
    ngx_carrierpay_flow_crash_point(flow->name, flow->step->name, "after");

    if (rc == NGX_OK || rc == NGX_DECLINED) {

        do {
            flow->step++;
        } while (rc == NGX_DECLINED && flow->step->name
                 && !(flow->step->flags & NGX_CARRIERPAY_FLOW_ALWAYS));

        if (flow->step->name) {
            return NGX_OK;
        }

    } else if (rc == NGX_ERROR) {
        flow->result = NGX_CARRIERPAY_FLOW_ERROR;
    }

    ngx_carrierpay_flow_end(flow);

    return NGX_DONE;
}


static void
ngx_carrierpay_flow_end(ngx_carrierpay_flow_t *flow)
{
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


/* Kills the worker when the environment names this point. */

static void
ngx_carrierpay_flow_crash_point(const char *flow, const char *step,
    const char *when)
{
#if (NGX_CARRIERPAY_CRASH_POINTS)

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

#endif
}
