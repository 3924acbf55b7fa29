
/*
 * Metrics for Prometheus, health for load balancers, and the self-test of
 * identification.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_metrics.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_self_test.h"


static ngx_int_t ngx_http_carrierpay_metrics_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_metrics(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_health_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_health(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_self_test_handler(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_status_get(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler);


static ngx_http_carrierpay_location_t  ngx_http_carrierpay_metrics_location = {
    ngx_http_carrierpay_metrics_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_PRIVATE, NULL
};

static ngx_http_carrierpay_location_t  ngx_http_carrierpay_health_location = {
    ngx_http_carrierpay_health_handler, 0, NULL
};

static ngx_http_carrierpay_location_t
    ngx_http_carrierpay_self_test_location =
{
    ngx_http_carrierpay_self_test_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_PRIVATE, NULL
};


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

    NULL,                                          /* create location conf */
    NULL                                           /* merge location conf */
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
    ngx_str_t  text;

    if (ngx_http_carrierpay_metrics_print(r->pool, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_text(r, NGX_HTTP_OK,
                                          "text/plain; version=0.0.4",
                                          "utf-8", &text);
}


static ngx_int_t
ngx_http_carrierpay_health_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_status_get(r, ngx_http_carrierpay_health);
}


/*
 * Without Redis only identification stops, and without one of several
 * databases what lies there; on all nodes alike, so a balancer has no reason
 * to leave this node out.  With another keyring than that of a database, or
 * with another cell in its place, this node alone is of no use.
 */

static ngx_int_t
ngx_http_carrierpay_health(ngx_http_request_t *r, ngx_str_t *body)
{
    u_char                  text[128];
    ngx_str_t               json;
    ngx_uint_t              ready, postgres, redis;
    const char             *status, *foreign;
    ngx_carrierpay_core_t  *core;

    core = ngx_http_carrierpay_core(r);

    foreign = core ? ngx_carrierpay_ledger_foreign(core->ledger) : NULL;
    ready = core && !foreign && ngx_carrierpay_ledger_ready(core->ledger);
    postgres = core && ngx_carrierpay_ledger_connected(core->ledger);
    redis = core && ngx_carrierpay_redis_ready(core->redis);

    status = !ready ? "unavailable"
             : redis && ngx_carrierpay_ledger_complete(core->ledger)
             ? "ok" : "degraded";

    json.data = text;
    json.len = ngx_snprintf(text, sizeof(text),
                            "{\"status\":\"%s\",\"postgres\":%s,"
                            "\"redis\":%s%s%s%s}",
                            status, postgres ? "true" : "false",
                            redis ? "true" : "false",
                            foreign ? ",\"reason\":\"" : "",
                            foreign ? foreign : "", foreign ? "\"" : "")
               - text;

    return ngx_http_carrierpay_reply_json(r, ready ? NGX_HTTP_OK
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
