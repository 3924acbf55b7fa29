
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_operator_block.h"
#include "ngx_http_carrierpay_parameter.h"
#include "ngx_http_carrierpay_spend_directive.h"


#define NGX_HTTP_CARRIERPAY_REASON_MAX  64


static ngx_carrierpay_operator_t *ngx_http_carrierpay_operator_block_create(
    ngx_conf_t *cf, ngx_carrierpay_operators_t *ops, ngx_str_t *name);
static char *ngx_http_carrierpay_operator_block_defaults(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op);


/* of lookup_pass */

static const ngx_http_carrierpay_parameter_t
    ngx_http_carrierpay_operator_block_lookups[] =
{
    { ngx_string("timeout"), ngx_http_carrierpay_parameter_msec,
      offsetof(ngx_carrierpay_operator_t, lookup_timeout),
      NGX_MAX_INT_T_VALUE },

    { ngx_string("cache"), ngx_http_carrierpay_parameter_sec,
      offsetof(ngx_carrierpay_operator_t, lookup_cache), 0 },

    { ngx_string("max"), ngx_http_carrierpay_parameter_number,
      offsetof(ngx_carrierpay_operator_t, lookup_max), NGX_MAX_INT_T_VALUE },

    { ngx_null_string, NULL, 0, 0 }
};


char *
ngx_http_carrierpay_operator_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    char                             *rv;
    ngx_str_t                        *value;
    ngx_carrierpay_operator_t        *op;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    value = cf->args->elts;

    op = ngx_http_carrierpay_operator_block_create(cf, &cmcf->conf.operators,
                                             &value[1]);
    if (op == NULL) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_http_carrierpay_block_parse(cf,
                                      &ngx_http_carrierpay_operator_module,
                                      NGX_HTTP_CARRIERPAY_OPERATOR_CONF, op);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_http_carrierpay_operator_block_defaults(cf, op);
}


static ngx_carrierpay_operator_t *
ngx_http_carrierpay_operator_block_create(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_str_t *name)
{
    ngx_carrierpay_operator_t  *op, **slot;

    if (ngx_http_carrierpay_block_name(cf, name) != NGX_OK) {
        return NULL;
    }

    if (ngx_carrierpay_operator_find(ops, name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate operator \"%V\"",
                           name);
        return NULL;
    }

    slot = ngx_array_push(&ops->list);
    op = ngx_pcalloc(cf->pool, sizeof(ngx_carrierpay_operator_t));

    if (slot == NULL || op == NULL
        || ngx_array_init(&op->mccmncs, cf->pool, 2,
                          sizeof(ngx_carrierpay_conf_value_t))
           != NGX_OK
        || ngx_array_init(&op->prefixes, cf->pool, 8,
                          sizeof(ngx_carrierpay_conf_value_t))
           != NGX_OK
        || ngx_array_init(&op->headers, cf->pool, 2,
                          sizeof(ngx_carrierpay_header_t))
           != NGX_OK
        || ngx_array_init(&op->limits, cf->pool, 4,
                          sizeof(ngx_carrierpay_spend_text_t))
           != NGX_OK
        || ngx_array_init(&op->mvnos, cf->pool, 4,
                          sizeof(ngx_carrierpay_mvno_t *))
           != NGX_OK
        || ngx_array_init(&op->sms, cf->pool, 2,
                          sizeof(ngx_carrierpay_conf_value_t))
           != NGX_OK)
    {
        return NULL;
    }

    *slot = op;

    op->name = *name;
    op->registry = ops;
    op->file = cf->conf_file->file.name.data;
    op->line = cf->conf_file->line;

    op->billing.on = NGX_CONF_UNSET;
    op->refund_restores_limit = NGX_CONF_UNSET;
    op->timeout = NGX_CONF_UNSET_MSEC;
    op->settle = NGX_CONF_UNSET_MSEC;

    return op;
}


static char *
ngx_http_carrierpay_operator_block_defaults(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op)
{
    ngx_carrierpay_conf_value_t  *mccmnc;

    ngx_conf_init_msec_value(op->timeout, 30000);
    ngx_conf_init_msec_value(op->settle, 300000);
    ngx_conf_init_value(op->refund_restores_limit, 0);

    if (op->title.len == 0) {
        op->title = op->name;
    }

    if (op->mccmncs.nelts) {
        mccmnc = op->mccmncs.elts;
        op->mccmnc = mccmnc[0].text;
    }

    if (op->billing.on == NGX_CONF_UNSET) {
        op->billing.on = 1;
        op->billing.file = op->file;
        op->billing.line = op->line;
    }

    return ngx_http_carrierpay_spend_directive_amounts(cf, op);
}


/* billing on;  billing off [reason=REASON]; */

char *
ngx_http_carrierpay_operator_block_billing(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t                 *value, reason;
    ngx_carrierpay_billing_t  *billing;

    billing = (ngx_carrierpay_billing_t *) ((char *) conf + cmd->offset);

    if (billing->on != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    billing->file = cf->conf_file->file.name.data;
    billing->line = cf->conf_file->line;

    if (ngx_strcmp(value[1].data, "on") == 0) {
        billing->on = 1;
        return cf->args->nelts == 2 ? NGX_CONF_OK
                                    : "takes a \"reason\" only when \"off\"";
    }

    if (ngx_strcmp(value[1].data, "off") != 0) {
        return "is not \"on\" or \"off\"";
    }

    billing->on = 0;

    if (cf->args->nelts == 2) {
        billing->reason = *(ngx_str_t *) cmd->post;
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(value[2].data, "reason=", 7) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           &value[2]);
        return NGX_CONF_ERROR;
    }

    reason.data = value[2].data + 7;
    reason.len = value[2].len - 7;

    if (!ngx_http_carrierpay_block_name_valid(&reason,
                                              NGX_HTTP_CARRIERPAY_REASON_MAX))
    {
        return "has a reason that is not letters a-z, digits and underscores";
    }

    billing->reason = reason;

    return NGX_CONF_OK;
}


/* network 192.0.2.0/24 …;  data_network …;  fixed_network …; */

char *
ngx_http_carrierpay_operator_block_network(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_carrierpay_network_add(cf, &op->registry->networks, &value[i],
                                       cmd->offset, op)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    if (cmd->offset == NGX_CARRIERPAY_NETWORK_MOBILE) {
        op->nmobile += cf->args->nelts - 1;
    }

    return NGX_CONF_OK;
}


/* lookup_pass /egress/x_lookup [timeout=1s] [cache=24h] [max=100]; */

char *
ngx_http_carrierpay_operator_block_lookup(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->lookup_pass.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    op->lookup_pass = value[1];
    op->lookup_timeout = 1000;
    op->lookup_cache = 86400;
    op->lookup_max = 100;

    return ngx_http_carrierpay_parameter_read_rest(cf,
                                    ngx_http_carrierpay_operator_block_lookups,
                                    op)
           == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}
