
/*
 * Metrics for Prometheus (text format 0.0.4), health for load balancers, and
 * the self-test of identification.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_self_test.h"


/* more than the names, labels and helps of all gauges together */
#define NGX_HTTP_CARRIERPAY_STATUS_GAUGES  1024


typedef struct {
    ngx_uint_t       stat;
    ngx_str_t        family;
    ngx_str_t        labels;     /* or empty */
    ngx_str_t        help;       /* of the family, on its first row */
} ngx_http_carrierpay_metric_t;


static ngx_int_t ngx_http_carrierpay_metrics_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_metrics(ngx_http_request_t *r,
    ngx_str_t *body);
static u_char *ngx_http_carrierpay_metrics_counters(u_char *p, u_char *last);
static u_char *ngx_http_carrierpay_metrics_gauges(u_char *p, u_char *last,
    ngx_carrierpay_core_t *core);
static ngx_int_t ngx_http_carrierpay_health_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_health(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_self_test_handler(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_status_get(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler);


static ngx_http_carrierpay_location_t  ngx_http_carrierpay_metrics_location = {
    ngx_http_carrierpay_metrics_handler, 0
};

static ngx_http_carrierpay_location_t  ngx_http_carrierpay_health_location = {
    ngx_http_carrierpay_health_handler, 0
};

static ngx_http_carrierpay_location_t
    ngx_http_carrierpay_self_test_location =
{
    ngx_http_carrierpay_self_test_handler, 0
};


/* The counters of all layers, in the order of the page. */

#define ngx_http_carrierpay_metric(name, family, labels, help)                \
    { NGX_CARRIERPAY_STAT_##name, ngx_string(family), ngx_string(labels),     \
      ngx_string(help) },

static const ngx_http_carrierpay_metric_t  ngx_http_carrierpay_counters[] = {
    NGX_CARRIERPAY_COUNTERS_PAYMENTS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_CONNECTIONS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_MESSAGES(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_IDENTITY(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_LIMITS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_SMS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_CALLBACKS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_ELIGIBILITY(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_MAILS(ngx_http_carrierpay_metric)
    NGX_CARRIERPAY_COUNTERS_FLOWS(ngx_http_carrierpay_metric)
};


/* A list of counters that is missing here does not compile. */

typedef char  ngx_http_carrierpay_counters_complete[
    sizeof(ngx_http_carrierpay_counters)
    / sizeof(ngx_http_carrierpay_metric_t)
    == NGX_CARRIERPAY_STAT_MAX ? 1 : -1];


static ngx_command_t  ngx_http_carrierpay_status_commands[] = {

    { ngx_string("carrierpay_metrics"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_metrics_location },

    { ngx_string("carrierpay_health"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_health_location },

    { ngx_string("carrierpay_self_test"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_self_test_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_status_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    NULL,                                          /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_location_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_location_merge_loc_conf    /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_status_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_status_module_ctx,    /* module context */
    ngx_http_carrierpay_status_commands,       /* module directives */
    NGX_HTTP_MODULE,                           /* module type */
    NULL,                                      /* init master */
    NULL,                                      /* init module */
    NULL,                                      /* init process */
    NULL,                                      /* init thread */
    NULL,                                      /* exit thread */
    NULL,                                      /* exit process */
    NULL,                                      /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_metrics_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_status_get(r, ngx_http_carrierpay_metrics);
}


static ngx_int_t
ngx_http_carrierpay_metrics(ngx_http_request_t *r, ngx_str_t *body)
{
    size_t                               len;
    u_char                              *p, *last;
    ngx_str_t                            text;
    ngx_uint_t                           i;
    const ngx_http_carrierpay_metric_t  *m;

    len = NGX_HTTP_CARRIERPAY_STATUS_GAUGES;

    for (i = 0; i < NGX_CARRIERPAY_STAT_MAX; i++) {
        m = &ngx_http_carrierpay_counters[i];

        len += sizeof("# HELP  \n# TYPE  counter\n{} \n") + NGX_ATOMIC_T_LEN
               + 3 * m->family.len + m->labels.len + m->help.len;
    }

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text.data = p;
    last = p + len;

    p = ngx_http_carrierpay_metrics_counters(p, last);
    p = ngx_http_carrierpay_metrics_gauges(p, last,
                                           ngx_http_carrierpay_core(r));

    text.len = p - text.data;

    return ngx_http_carrierpay_reply_text(r, NGX_HTTP_OK,
                                          "text/plain; version=0.0.4",
                                          "utf-8", &text);
}


static u_char *
ngx_http_carrierpay_metrics_counters(u_char *p, u_char *last)
{
    ngx_uint_t                           i;
    const ngx_http_carrierpay_metric_t  *m;

    for (i = 0; i < NGX_CARRIERPAY_STAT_MAX; i++) {

        m = &ngx_http_carrierpay_counters[i];

        if (m->help.len) {
            p = ngx_slprintf(p, last, "# HELP %V %V\n# TYPE %V counter\n",
                             &m->family, &m->help, &m->family);
        }

        p = ngx_slprintf(p, last, "%V", &m->family);

        if (m->labels.len) {
            p = ngx_slprintf(p, last, "{%V}", &m->labels);
        }

        p = ngx_slprintf(p, last, " %uA\n",
                         ngx_carrierpay_counted(m->stat));
    }

    return p;
}


/* The gauges are of the worker that answers; its number is the label. */

static u_char *
ngx_http_carrierpay_metrics_gauges(u_char *p, u_char *last,
    ngx_carrierpay_core_t *core)
{
    ngx_uint_t   i;

    struct {
        const char  *name;
        const char  *help;
        ngx_uint_t   value;
    } gauges[] = {
        { "carrierpay_worker_flows", "Flows running in this worker.", 0 },
        { "carrierpay_worker_egress_calls",
          "Outbound calls running in this worker.", 0 },
        { "carrierpay_worker_postgres_up",
          "Has this worker a connection to write with?", 0 },
        { "carrierpay_worker_redis_up",
          "Has this worker a connection to Redis?", 0 }
    };

    if (core) {
        gauges[0].value = core->flows.running;
        gauges[1].value = core->conf->egress.running;
        gauges[2].value = ngx_carrierpay_pq_ready(core->pq);
        gauges[3].value = ngx_carrierpay_redis_ready(core->redis);
    }

    for (i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++) {
        p = ngx_slprintf(p, last, "# HELP %s %s\n# TYPE %s gauge\n"
                         "%s{worker=\"%ui\"} %ui\n",
                         gauges[i].name, gauges[i].help, gauges[i].name,
                         gauges[i].name, ngx_worker, gauges[i].value);
    }

    return p;
}


static ngx_int_t
ngx_http_carrierpay_health_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_status_get(r, ngx_http_carrierpay_health);
}


/*
 * Without Redis only identification stops, on all nodes alike, so a balancer
 * has no reason to leave this node out.
 */

static ngx_int_t
ngx_http_carrierpay_health(ngx_http_request_t *r, ngx_str_t *body)
{
    u_char                  text[128];
    ngx_str_t               json;
    ngx_uint_t              postgres, redis;
    const char             *status;
    ngx_carrierpay_core_t  *core;

    core = ngx_http_carrierpay_core(r);

    postgres = core && ngx_carrierpay_ledger_ready(core->ledger);
    redis = core && ngx_carrierpay_redis_ready(core->redis);

    status = !postgres ? "unavailable" : redis ? "ok" : "degraded";

    json.data = text;
    json.len = ngx_snprintf(text, sizeof(text),
                            "{\"status\":\"%s\",\"postgres\":%s,"
                            "\"redis\":%s}",
                            status, postgres ? "true" : "false",
                            redis ? "true" : "false")
               - text;

    return ngx_http_carrierpay_reply_json(r, postgres ? NGX_HTTP_OK
                                          : NGX_HTTP_SERVICE_UNAVAILABLE,
                                          &json);
}


static ngx_int_t
ngx_http_carrierpay_self_test_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_status_get(r, ngx_http_carrierpay_self_test);
}


static ngx_int_t
ngx_http_carrierpay_status_get(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler)
{
    if (r != r->main || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    return ngx_http_carrierpay_body_none(r, handler);
}
