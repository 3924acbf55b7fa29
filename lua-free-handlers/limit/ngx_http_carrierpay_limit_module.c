
/*
 * The limit module: directives, the variable, the place among the phases.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_check.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_limit_rule.h"


static ngx_int_t ngx_http_carrierpay_limit_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_limit_add_variable(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_limit_init(ngx_conf_t *cf);


static ngx_command_t  ngx_http_carrierpay_limit_commands[] = {

    { ngx_string("carrierpay_limit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_limit_rule_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_sms_limit"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_limit_rule_sms_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_limit_module_ctx = {
    ngx_http_carrierpay_limit_add_variable,       /* preconfiguration */
    ngx_http_carrierpay_limit_init,               /* postconfiguration */

    ngx_http_carrierpay_limit_conf_create_main,   /* create main conf */
    NULL,                                         /* init main conf */

    NULL,                                         /* create server conf */
    NULL,                                         /* merge server conf */

    ngx_http_carrierpay_limit_conf_create_loc,    /* create location conf */
    ngx_http_carrierpay_limit_conf_merge_loc      /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_limit_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_limit_module_ctx,        /* module context */
    ngx_http_carrierpay_limit_commands,           /* module directives */
    NGX_HTTP_MODULE,                              /* module type */
    NULL,                                         /* init master */
    NULL,                                         /* init module */
    NULL,                                         /* init process */
    NULL,                                         /* init thread */
    NULL,                                         /* exit thread */
    NULL,                                         /* exit process */
    NULL,                                         /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_limit_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const ngx_str_t                  *status;
    ngx_http_carrierpay_limit_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_limit_check_ctx(r->main);

    status = ctx ? ngx_http_carrierpay_limit_check_status(ctx) : NULL;

    if (status == NULL || status->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = status->len;
    v->data = status->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_add_variable(ngx_conf_t *cf)
{
    ngx_str_t             name = ngx_string("carrierpay_limit_status");
    ngx_http_variable_t  *var;

    var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_carrierpay_limit_variable;

    return NGX_OK;
}


/*
 * nginx runs the handlers of a phase from the last to the first.  This one
 * becomes the first, so that it runs after realip has set the address.
 */

static ngx_int_t
ngx_http_carrierpay_limit_init(ngx_conf_t *cf)
{
    ngx_array_t                            *handlers;
    ngx_http_handler_pt                    *h;
    ngx_http_core_main_conf_t              *cmcf;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);

    if (ngx_http_carrierpay_limit_conf_complete(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!lmcf->used) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    handlers = &cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    h = handlers->elts;

    ngx_memmove(h + 1, h, (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));
    *h = ngx_http_carrierpay_limit_handler;

    return NGX_OK;
}
