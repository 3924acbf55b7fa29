
/*
 * The sandbox operator: what a merchant integrates against, and what tests
 * and benchmarks charge at.  Its charges, what follows them, and lookups are
 * described in ngx_http_carrierpay_sandbox_charge.h, _later.h and _lookup.h.
 *
 * Beside it, in a location of its own, there is the sandbox SMS gateway: see
 * ngx_http_carrierpay_sandbox_sms.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_sandbox_charge.h"
#include "ngx_http_carrierpay_sandbox_later.h"
#include "ngx_http_carrierpay_sandbox_lookup.h"
#include "ngx_http_carrierpay_sandbox_sms.h"
#include "ngx_http_carrierpay_sandbox_store.h"


#define NGX_HTTP_CARRIERPAY_SANDBOX_DELAY     3000
#define NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX  4096
#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MAX   16384


typedef struct {
    ngx_array_t                       stores;     /* of pointers */
} ngx_http_carrierpay_sandbox_main_conf_t;


typedef struct {
    ngx_http_carrierpay_sandbox_store_t   *store;
    ngx_msec_t                             delay;
    ngx_http_carrierpay_sandbox_lookup_t   lookup;
    ngx_http_carrierpay_sandbox_sms_t      sms;
} ngx_http_carrierpay_sandbox_loc_conf_t;


static ngx_int_t ngx_http_carrierpay_sandbox_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_sandbox_gateway(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_sandbox_post_charge(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_get_charge(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_follow(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_sandbox_event_e event);
static ngx_int_t ngx_http_carrierpay_sandbox_post_capture(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_post_void(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_post_refund(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_post_payout(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_post_lookup(
    ngx_http_request_t *r, ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_post_sms(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_http_carrierpay_sandbox_loc_conf_t *
    ngx_http_carrierpay_sandbox_conf(ngx_http_request_t *r);

static void *ngx_http_carrierpay_sandbox_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_carrierpay_sandbox_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_sandbox_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_carrierpay_sandbox_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_sandbox_sms_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_carrierpay_sandbox_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *value);
static char *ngx_http_carrierpay_sandbox_zone(ngx_conf_t *cf,
    ngx_str_t *value, ngx_str_t *name, ssize_t *size);
static char *ngx_http_carrierpay_sandbox_add(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *log,
    ngx_str_t *zone, ssize_t size);
static ngx_int_t ngx_http_carrierpay_sandbox_init_process(ngx_cycle_t *cycle);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_sandbox_routes[] = {

    { NGX_HTTP_POST, ngx_string("/charges"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_charge, 0 },

    { NGX_HTTP_GET, ngx_string("/charges/{id}"),
      0, ngx_http_carrierpay_sandbox_get_charge, 0 },

    { NGX_HTTP_POST, ngx_string("/charges/{id}/capture"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_capture, 0 },

    { NGX_HTTP_POST, ngx_string("/charges/{id}/void"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_void, 0 },

    { NGX_HTTP_POST, ngx_string("/charges/{id}/refunds"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_refund, 0 },

    { NGX_HTTP_POST, ngx_string("/payouts"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_payout, 0 },

    { NGX_HTTP_POST, ngx_string("/lookups"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_post_lookup, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


/* The location of the gateway may have any name: there is one path. */

static ngx_http_carrierpay_route_t  ngx_http_carrierpay_gateway_routes[] = {

    { NGX_HTTP_POST, ngx_string("/"),
      NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MAX,
      ngx_http_carrierpay_sandbox_post_sms, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


static ngx_http_carrierpay_location_t  ngx_http_carrierpay_sandbox_location = {
    ngx_http_carrierpay_sandbox_handler, NGX_HTTP_CARRIERPAY_LOCATION_FOLDER,
    NULL
};

static ngx_http_carrierpay_location_t  ngx_http_carrierpay_gateway_location = {
    ngx_http_carrierpay_sandbox_gateway, 0, NULL
};


static ngx_command_t  ngx_http_carrierpay_sandbox_commands[] = {

    { ngx_string("carrierpay_sandbox_operator"),
      NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_sandbox_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_sandbox_location },

    { ngx_string("carrierpay_sandbox_sms"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_sandbox_sms_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_gateway_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_sandbox_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    ngx_http_carrierpay_sandbox_create_main_conf,  /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_sandbox_create_loc_conf,   /* create location conf */
    ngx_http_carrierpay_sandbox_merge_loc_conf     /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_sandbox_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_sandbox_module_ctx,       /* module context */
    ngx_http_carrierpay_sandbox_commands,          /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    ngx_http_carrierpay_sandbox_init_process,      /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_sandbox_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_sandbox_routes,
                                     &path);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_gateway(ngx_http_request_t *r)
{
    ngx_str_t  path = ngx_string("/");

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_gateway_routes,
                                     &path);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_charge(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_carrierpay_sandbox_conf(r);

    return ngx_http_carrierpay_sandbox_charge(r, slcf->store, slcf->delay,
                                              body);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_get_charge(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_carrierpay_sandbox_conf(r);

    return ngx_http_carrierpay_sandbox_status(r, slcf->store);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_follow(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_sandbox_event_e event)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_carrierpay_sandbox_conf(r);

    return ngx_http_carrierpay_sandbox_later(r, slcf->store, slcf->delay,
                                             body, event);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_capture(ngx_http_request_t *r,
    ngx_str_t *body)
{
    return ngx_http_carrierpay_sandbox_follow(r, body,
                                      NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_void(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_sandbox_follow(r, body,
                                      NGX_HTTP_CARRIERPAY_SANDBOX_VOID);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_refund(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_sandbox_follow(r, body,
                                      NGX_HTTP_CARRIERPAY_SANDBOX_REFUND);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_payout(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_sandbox_follow(r, body,
                                      NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_lookup(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_carrierpay_sandbox_conf(r);

    return ngx_http_carrierpay_sandbox_lookup(r, &slcf->lookup, body,
                                              slcf->delay);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_post_sms(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_carrierpay_sandbox_conf(r);

    return ngx_http_carrierpay_sandbox_sms(r, &slcf->sms, body);
}


static ngx_http_carrierpay_sandbox_loc_conf_t *
ngx_http_carrierpay_sandbox_conf(ngx_http_request_t *r)
{
    return ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_sandbox_module);
}


static void *
ngx_http_carrierpay_sandbox_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    smcf = ngx_palloc(cf->pool,
                      sizeof(ngx_http_carrierpay_sandbox_main_conf_t));
    if (smcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&smcf->stores, cf->pool, 1,
                       sizeof(ngx_http_carrierpay_sandbox_store_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return smcf;
}


static void *
ngx_http_carrierpay_sandbox_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_sandbox_loc_conf_t));
}


static char *
ngx_http_carrierpay_sandbox_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_sandbox_loc_conf_t  *conf = child;

    if (conf->store == NULL && conf->sms.file == NULL
        && ngx_http_carrierpay_location_inherits(cf))
    {
        *conf = *prev;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_sandbox_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf = conf;

    char        *rv;
    ssize_t      size;
    ngx_int_t    rc;
    ngx_str_t   *value, log, zone;
    ngx_uint_t   i;

    if (slcf->store) {
        return "is duplicate";
    }

    ngx_str_null(&log);
    ngx_str_null(&zone);

    size = 0;
    slcf->delay = NGX_HTTP_CARRIERPAY_SANDBOX_DELAY;
    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "log=", 4) == 0) {
            log.data = value[i].data + 4;
            log.len = value[i].len - 4;
            continue;
        }

        if (ngx_strncmp(value[i].data, "zone=", 5) == 0) {
            rv = ngx_http_carrierpay_sandbox_zone(cf, &value[i], &zone, &size);

            if (rv != NGX_CONF_OK) {
                return rv;
            }

            continue;
        }

        rc = ngx_http_carrierpay_sandbox_parameter(cf, slcf, &value[i]);

        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    rv = ngx_http_carrierpay_sandbox_add(cf, slcf, &log, &zone, size);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_http_carrierpay_location_set(cf, cmd->post);
}


/* carrierpay_sandbox_sms file=NAME; */

static char *
ngx_http_carrierpay_sandbox_sms_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf = conf;

    char       *rv;
    ngx_str_t  *value;

    if (slcf->sms.file) {
        return "is duplicate";
    }

    value = cf->args->elts;
    rv = ngx_http_carrierpay_sandbox_sms_file(cf, &slcf->sms, &value[1]);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_http_carrierpay_location_set(cf, cmd->post);
}


/* delay=TIME, and those of the lookup */

static ngx_int_t
ngx_http_carrierpay_sandbox_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *value)
{
    ngx_int_t  delay;
    ngx_str_t  s;

    if (ngx_strncmp(value->data, "delay=", 6) != 0) {
        return ngx_http_carrierpay_sandbox_lookup_parameter(cf, &slcf->lookup,
                                                            value);
    }

    s.data = value->data + 6;
    s.len = value->len - 6;

    delay = ngx_parse_time(&s, 0);

    if (delay == NGX_ERROR) {
        return NGX_DECLINED;
    }

    slcf->delay = (ngx_msec_t) delay;

    return NGX_OK;
}


/* zone=NAME:SIZE */

static char *
ngx_http_carrierpay_sandbox_zone(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *name, ssize_t *size)
{
    u_char     *p, *last;
    ngx_str_t   s;

    last = value->data + value->len;

    name->data = value->data + sizeof("zone=") - 1;

    p = ngx_strlchr(name->data, last, ':');

    if (p == NULL) {
        goto invalid;
    }

    name->len = p - name->data;

    s.data = p + 1;
    s.len = last - s.data;

    *size = ngx_parse_size(&s);

    if (name->len == 0 || *size == NGX_ERROR) {
        goto invalid;
    }

    if (*size < (ssize_t) (8 * ngx_pagesize)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "zone \"%V\" is too small",
                           name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid zone \"%V\"", value);

    return NGX_CONF_ERROR;
}


static char *
ngx_http_carrierpay_sandbox_add(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *log,
    ngx_str_t *zone, ssize_t size)
{
    ngx_http_carrierpay_sandbox_store_t     **store;
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    if (log->len == 0 || zone->len == 0) {
        return "needs \"log\" and \"zone\"";
    }

    slcf->store = ngx_http_carrierpay_sandbox_store_create(cf, log, zone, size,
                                         &ngx_http_carrierpay_sandbox_module);
    if (slcf->store == NULL) {
        return NGX_CONF_ERROR;
    }

    smcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_carrierpay_sandbox_module);

    store = ngx_array_push(&smcf->stores);
    if (store == NULL) {
        return NGX_CONF_ERROR;
    }

    *store = slcf->store;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_sandbox_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                                i;
    ngx_http_carrierpay_sandbox_store_t     **store;
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    smcf = ngx_http_cycle_get_module_main_conf(cycle,
                                          ngx_http_carrierpay_sandbox_module);

    if (smcf == NULL) {
        return NGX_OK;
    }

    store = smcf->stores.elts;

    for (i = 0; i < smcf->stores.nelts; i++) {
        ngx_http_carrierpay_sandbox_store_start(store[i], cycle->log);
    }

    return NGX_OK;
}
