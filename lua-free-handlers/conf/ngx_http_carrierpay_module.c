
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress_check.h"
#include "ngx_carrierpay_language.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_carrierpay_url.h"
#include "ngx_carrierpay_webhook.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_header_directive.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_smtp_directive.h"


static ngx_int_t ngx_http_carrierpay_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_webhook_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_init_process(ngx_cycle_t *cycle);
static void ngx_http_carrierpay_exit_process(ngx_cycle_t *cycle);
static void *ngx_http_carrierpay_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_init_main_conf(ngx_conf_t *cf, void *conf);
static ngx_int_t ngx_http_carrierpay_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_operators_egress(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf);
static char *ngx_http_carrierpay_secrets(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_carrierpay_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_carrierpay_checkout_url(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_webhook_pass(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_webhook_allow(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_egress(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#define ngx_http_carrierpay_conf_offset(field)                                \
    offsetof(ngx_http_carrierpay_main_conf_t, conf)                           \
    + offsetof(ngx_carrierpay_conf_t, field)


static ngx_command_t  ngx_http_carrierpay_commands[] = {

    { ngx_string("carrierpay_postgres"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_postgres,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_redis"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_redis,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_smtp"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_smtp,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_secrets"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_secrets,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_checkout_url"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_checkout_url,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_confirm_after"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(confirm_after),
      NULL },

    { ngx_string("carrierpay_flows"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(flows_max),
      NULL },

    { ngx_string("carrierpay_outbox"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(outbox),
      NULL },

    { ngx_string("carrierpay_webhook_pass"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_webhook_pass,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(webhook_pass),
      NULL },

    { ngx_string("carrierpay_webhook_allow"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_webhook_allow,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_egress"),
      NGX_HTTP_SRV_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_carrierpay_egress,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_module_ctx = {
    ngx_http_carrierpay_add_variables,     /* preconfiguration */
    ngx_http_carrierpay_init,              /* postconfiguration */

    ngx_http_carrierpay_create_main_conf,  /* create main configuration */
    ngx_http_carrierpay_init_main_conf,    /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_carrierpay_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_module_ctx,       /* module context */
    ngx_http_carrierpay_commands,          /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_carrierpay_init_process,      /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_carrierpay_exit_process,      /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/* of the call that a request in the egress server belongs to */

static ngx_http_variable_t  ngx_http_carrierpay_variables[] = {

    { ngx_string("carrierpay_webhook_target"), NULL,
      ngx_http_carrierpay_webhook_variable, NGX_CARRIERPAY_WEBHOOK_TARGET,
      0, 0 },

    { ngx_string("carrierpay_webhook_host"), NULL,
      ngx_http_carrierpay_webhook_variable, NGX_CARRIERPAY_WEBHOOK_HOST,
      0, 0 },

    { ngx_string("carrierpay_webhook_name"), NULL,
      ngx_http_carrierpay_webhook_variable, NGX_CARRIERPAY_WEBHOOK_NAME,
      0, 0 },

      ngx_http_null_variable
};


ngx_carrierpay_conf_t *
ngx_http_carrierpay_conf(ngx_http_request_t *r)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_carrierpay_module);

    return &cmcf->conf;
}


ngx_carrierpay_core_t *
ngx_http_carrierpay_core(ngx_http_request_t *r)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_carrierpay_module);

    return cmcf->core;
}


static ngx_int_t
ngx_http_carrierpay_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_carrierpay_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_webhook_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_egress_of(r);

    if (call == NULL || call->variables[data].len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = call->variables[data].len;
    v->data = call->variables[data].data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_init_process(ngx_cycle_t *cycle)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    /* not in the cache manager: it drains no connections */

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_carrierpay_module);

    if (cmcf == NULL || cmcf->conf.postgres.connections == 0) {
        return NGX_OK;
    }

    cmcf->core = ngx_carrierpay_core_start(cycle, &cmcf->conf);

    return cmcf->core ? NGX_OK : NGX_ERROR;
}


static void
ngx_http_carrierpay_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_carrierpay_module);

    if (cmcf && cmcf->core) {
        ngx_carrierpay_core_stop(cmcf->core);
        cmcf->core = NULL;
    }
}


static void *
ngx_http_carrierpay_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_main_conf_t));
    if (cmcf == NULL) {
        return NULL;
    }

    if (ngx_carrierpay_operators_create(cf->pool, &cmcf->conf.operators)
        != NGX_OK
        || ngx_array_init(&cmcf->conf.sms, cf->pool, 2,
                          sizeof(ngx_carrierpay_sms_provider_t *))
           != NGX_OK
        || ngx_array_init(&cmcf->conf.keywords, cf->pool, 4,
                          sizeof(ngx_carrierpay_keyword_t))
           != NGX_OK)
    {
        return NULL;
    }

    cmcf->conf.confirm_after = NGX_CONF_UNSET_MSEC;
    cmcf->conf.outbox = NGX_CONF_UNSET;
    cmcf->conf.flows_max = NGX_CONF_UNSET_UINT;

    return cmcf;
}


static char *
ngx_http_carrierpay_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    const char  *missing;

    if (ngx_carrierpay_language_check(cf->log) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_msec_value(cmcf->conf.confirm_after, 1000);
    ngx_conf_init_value(cmcf->conf.outbox, 1);
    ngx_conf_init_uint_value(cmcf->conf.flows_max, 4096);

    if (cmcf->conf.postgres.connections == 0) {
        return NGX_CONF_OK;
    }

    missing = NULL;

    if (cmcf->conf.redis.path.len == 0 && cmcf->conf.redis.address.len == 0) {
        missing = "carrierpay_redis";

    } else if (cmcf->conf.secrets.len == 0) {
        missing = "carrierpay_secrets";

    } else if (cmcf->conf.zone == NULL) {
        missing = "carrierpay_zone";

    } else if (cmcf->conf.checkout_url.len == 0) {
        missing = "carrierpay_checkout_url";

    } else if (cmcf->conf.webhook_pass.len == 0 && cmcf->conf.outbox) {
        missing = "carrierpay_webhook_pass";
    }

    if (missing) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"carrierpay_postgres\" needs \"%s\"", missing);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* What can only be checked when all servers and locations are known. */

static ngx_int_t
ngx_http_carrierpay_init(ngx_conf_t *cf)
{
    ngx_carrierpay_conf_t            *conf;
    ngx_http_core_loc_conf_t         *clcf;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    conf = &cmcf->conf;

    if (ngx_carrierpay_operators_init(cf, &conf->operators) != NGX_OK
        || ngx_http_carrierpay_header_keys(cf, conf) != NGX_OK
        || ngx_carrierpay_egress_check_server(cf, &conf->egress) != NGX_OK
        || ngx_http_carrierpay_operators_egress(cf, conf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (conf->webhook_pass.len
        && ngx_carrierpay_egress_check(cf, &conf->egress, &conf->webhook_pass,
                                       conf->webhook_file, conf->webhook_line)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (conf->egress.ctx) {
        clcf = conf->egress.ctx->loc_conf[ngx_http_core_module.ctx_index];
        conf->resolver = clcf->resolver;
        conf->resolver_timeout = clcf->resolver_timeout;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_operators_egress(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = conf->operators.list.elts;

    for (i = 0; i < conf->operators.list.nelts; i++) {

        if (op[i]->pass.len
            && ngx_carrierpay_egress_check(cf, &conf->egress, &op[i]->pass,
                                           op[i]->file, op[i]->line)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (op[i]->lookup_pass.len
            && ngx_carrierpay_egress_check(cf, &conf->egress,
                                           &op[i]->lookup_pass, op[i]->file,
                                           op[i]->line)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static char *
ngx_http_carrierpay_secrets(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_str_t  *value;

    if (cmcf->conf.secrets.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    cmcf->conf.secrets = value[1];

    if (ngx_conf_full_name(cf->cycle, &cmcf->conf.secrets, 1) != NGX_OK
        || ngx_carrierpay_keyring_read(cf, &cmcf->conf.secrets,
                                       &cmcf->conf.keyring)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    u_char     *colon;
    ssize_t     size;
    ngx_str_t  *value, name, text;

    if (cmcf->conf.zone) {
        return "is duplicate";
    }

    value = cf->args->elts;
    colon = (u_char *) ngx_strchr(value[1].data, ':');

    if (ngx_strncmp(value[1].data, "zone=", 5) != 0 || colon == NULL) {
        return "is not \"zone=name:size\"";
    }

    name.data = value[1].data + 5;
    name.len = colon - name.data;

    text.data = colon + 1;
    text.len = value[1].data + value[1].len - text.data;

    size = ngx_parse_size(&text);

    if (name.len == 0 || size < (ssize_t) (8 * ngx_pagesize)) {
        return "has no name, or a size below 8 pages";
    }

    cmcf->conf.zone = ngx_carrierpay_counters_add(cf, &name, size,
                                               NGX_CARRIERPAY_STAT_MAX,
                                               &ngx_http_carrierpay_module);

    return cmcf->conf.zone ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_carrierpay_checkout_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_str_t             *value;
    const char            *err;
    ngx_carrierpay_url_t   url;

    if (cmcf->conf.checkout_url.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    err = ngx_carrierpay_url_parse(&value[1], &url);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", &value[1],
                           err);
        return NGX_CONF_ERROR;
    }

    if (value[1].data[value[1].len - 1] != '/') {
        return "does not end with a slash";
    }

    cmcf->conf.checkout_url = value[1];

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_webhook_pass(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    cmcf->conf.webhook_file = cf->conf_file->file.name.data;
    cmcf->conf.webhook_line = cf->conf_file->line;

    return ngx_conf_set_str_slot(cf, cmd, conf);
}


static char *
ngx_http_carrierpay_webhook_allow(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    return ngx_http_carrierpay_cidrs(cf, &cmcf->conf.webhook_allow);
}


char *
ngx_http_carrierpay_cidrs(ngx_conf_t *cf, ngx_array_t **list)
{
    ngx_str_t              *value;
    ngx_uint_t              i;
    ngx_carrierpay_cidr_t  *net;

    if (*list == NULL) {
        *list = ngx_array_create(cf->pool, 2, sizeof(ngx_carrierpay_cidr_t));
        if (*list == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        net = ngx_array_push(*list);
        if (net == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_carrierpay_cidr_parse(&value[i], net) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not a network", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* carrierpay_egress [calls=n]; in the server that holds the locations */

static char *
ngx_http_carrierpay_egress(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_int_t   n;
    ngx_str_t  *value;

    if (cmcf->conf.egress.ctx) {
        return "is duplicate";
    }

    cmcf->conf.egress.ctx = cf->ctx;
    cmcf->conf.egress.file = cf->conf_file->file.name.data;
    cmcf->conf.egress.line = cf->conf_file->line;
    cmcf->conf.egress.max = 1024;

    if (cf->args->nelts == 1) {
        return NGX_CONF_OK;
    }

    value = cf->args->elts;

    if (ngx_strncmp(value[1].data, "calls=", 6) != 0) {
        return "has an unknown parameter";
    }

    n = ngx_atoi(value[1].data + 6, value[1].len - 6);

    if (n == NGX_ERROR || n == 0) {
        return "has an invalid number of calls";
    }

    cmcf->conf.egress.max = n;

    return NGX_CONF_OK;
}
