
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator_check.h"
#include "ngx_carrierpay_worker.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_egress_directive.h"
#include "ngx_http_carrierpay_header_directive.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_main_slot.h"
#include "ngx_http_carrierpay_slot.h"
#include "ngx_http_carrierpay_smtp_directive.h"


static ngx_int_t ngx_http_carrierpay_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_carrierpay_init_process(ngx_cycle_t *cycle);
static void ngx_http_carrierpay_exit_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_carrierpay_init(ngx_conf_t *cf);


#define ngx_http_carrierpay_conf_offset(field)                                \
    offsetof(ngx_http_carrierpay_main_conf_t, conf)                           \
    + offsetof(ngx_carrierpay_conf_t, field)


static ngx_command_t  ngx_http_carrierpay_commands[] = {

    { ngx_string("carrierpay_postgres"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_backends_postgres,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_redis"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_backends_redis,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_smtp"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_smtp_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_secrets"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(secrets),
      &ngx_http_carrierpay_main_slot_secrets },

    { ngx_string("carrierpay_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_main_slot_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_ported"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(operators.ported.file),
      &ngx_http_carrierpay_main_slot_ported },

    { ngx_string("carrierpay_hop"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_cidrs,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(trusted_proxies),
      NULL },

    { ngx_string("carrierpay_checkout_url"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(checkout_url),
      &ngx_http_carrierpay_main_slot_base_url },

    { ngx_string("carrierpay_callback_url"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(callback_url),
      &ngx_http_carrierpay_main_slot_callback_url },

    { ngx_string("carrierpay_provider"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(provider),
      &ngx_http_carrierpay_main_slot_shown },

    { ngx_string("carrierpay_support"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(support),
      &ngx_http_carrierpay_main_slot_shown },

    { ngx_string("carrierpay_privacy"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(privacy),
      &ngx_http_carrierpay_main_slot_https },

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
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(webhook_pass),
      &ngx_http_carrierpay_main_slot_webhook_pass },

    { ngx_string("carrierpay_webhook_allow"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_cidrs,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_conf_offset(webhook_allow),
      NULL },

    { ngx_string("carrierpay_egress"),
      NGX_HTTP_SRV_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_carrierpay_egress_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_module_ctx = {
    ngx_http_carrierpay_egress_directive_variables,
                                           /* preconfiguration */
    ngx_http_carrierpay_init,              /* postconfiguration */

    ngx_http_carrierpay_main_conf_create,  /* create main configuration */
    ngx_http_carrierpay_main_conf_init,    /* init main configuration */

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
    ngx_http_carrierpay_init_module,       /* init module */
    ngx_http_carrierpay_init_process,      /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_carrierpay_exit_process,      /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/*
 * A call that finds no free connection fails, and a charge has then been begun
 * in vain.  A call takes two, its own and that of its upstream.
 */

static ngx_int_t
ngx_http_carrierpay_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                        i, needed;
    ngx_carrierpay_conf_t            *conf;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_carrierpay_module);

    if (cmcf == NULL || cmcf->conf.ncells == 0
        || cmcf->conf.egress.ctx == NULL)
    {
        return NGX_OK;
    }

    conf = &cmcf->conf;
    needed = 2 * conf->egress.max + conf->smtp.max + 1;

    for (i = 0; i < conf->ncells; i++) {
        needed += conf->cells[i]->connections;
    }

    if (cycle->connection_n < needed) {
        ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                      "%ui \"worker_connections\" are fewer than the %ui that "
                      "calls and backends may take, by "
                      "\"carrierpay_egress\" in %s:%ui",
                      cycle->connection_n, needed, conf->egress.file,
                      conf->egress.line);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_init_process(ngx_cycle_t *cycle)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    /* the cache manager does not drain connections, so it has no service */

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_carrierpay_module);

    if (cmcf == NULL || cmcf->conf.ncells == 0) {
        return NGX_OK;
    }

    cmcf->core = ngx_carrierpay_worker_start(cycle, &cmcf->conf);

    return cmcf->core ? NGX_OK : NGX_ERROR;
}


static void
ngx_http_carrierpay_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_carrierpay_module);

    if (cmcf && cmcf->core) {
        ngx_carrierpay_worker_stop(cmcf->core);
        cmcf->core = NULL;
    }
}


/* checks what needs all servers and locations to be known */

static ngx_int_t
ngx_http_carrierpay_init(ngx_conf_t *cf)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    if (ngx_carrierpay_operator_check(cf, &cmcf->conf.operators) != NGX_OK
        || ngx_http_carrierpay_header_directive_keys(cf, &cmcf->conf) != NGX_OK
        || ngx_http_carrierpay_egress_directive_check(cf, &cmcf->conf)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
