
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress_check.h"
#include "ngx_carrierpay_webhook.h"
#include "ngx_http_carrierpay_egress_directive.h"
#include "ngx_http_carrierpay_main_conf.h"


static ngx_int_t ngx_http_carrierpay_egress_directive_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_egress_directive_check_operators(
    ngx_conf_t *cf, ngx_carrierpay_conf_t *conf);


/* of the webhook whose call a request in the egress server is */

static ngx_http_variable_t  ngx_http_carrierpay_egress_directive_list[] = {

    { ngx_string("carrierpay_webhook_target"), NULL,
      ngx_http_carrierpay_egress_directive_variable,
      NGX_CARRIERPAY_WEBHOOK_TARGET, 0, 0 },

    { ngx_string("carrierpay_webhook_host"), NULL,
      ngx_http_carrierpay_egress_directive_variable,
      NGX_CARRIERPAY_WEBHOOK_HOST, 0, 0 },

    { ngx_string("carrierpay_webhook_name"), NULL,
      ngx_http_carrierpay_egress_directive_variable,
      NGX_CARRIERPAY_WEBHOOK_NAME, 0, 0 },

      ngx_http_null_variable
};


/* carrierpay_egress [calls=N]; */

char *
ngx_http_carrierpay_egress_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
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


ngx_int_t
ngx_http_carrierpay_egress_directive_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_carrierpay_egress_directive_list; v->name.len; v++) {
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
ngx_http_carrierpay_egress_directive_variable(ngx_http_request_t *r,
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


ngx_int_t
ngx_http_carrierpay_egress_directive_check(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    if (ngx_carrierpay_egress_check_server(cf, &conf->egress) != NGX_OK
        || ngx_http_carrierpay_egress_directive_check_operators(cf, conf)
           != NGX_OK)
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

    if (conf->webhook_pass.len && conf->outbox && conf->egress.ctx
        && conf->resolver->connections.nelts == 0)
    {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "no \"resolver\" in the egress server, so webhooks "
                      "reach no host by its name, for "
                      "\"carrierpay_webhook_pass\" in %s:%ui",
                      conf->webhook_file, conf->webhook_line);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_egress_directive_check_operators(ngx_conf_t *cf,
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
