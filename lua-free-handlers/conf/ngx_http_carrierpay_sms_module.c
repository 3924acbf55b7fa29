
/*
 * The directives of SMS gateways, the table of the block carrierpay_sms, and
 * the keywords that subscribers write to a short code.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator_check.h"
#include "ngx_carrierpay_egress_check.h"
#include "ngx_carrierpay_keyword.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_sms_block.h"
#include "ngx_http_carrierpay_sms_http_block.h"
#include "ngx_http_carrierpay_sms_fields.h"


static ngx_int_t ngx_http_carrierpay_sms_init(ngx_conf_t *cf);
static char *ngx_http_carrierpay_sms_keyword(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_carrierpay_sms_keyword_add(ngx_conf_t *cf,
    ngx_array_t *list, ngx_str_t *text, ngx_carrierpay_keyword_e action);


#define ngx_http_carrierpay_sms_provider(field)                               \
    offsetof(ngx_http_carrierpay_sms_block_t, provider)                       \
    + offsetof(ngx_carrierpay_sms_provider_t, field)

#define ngx_http_carrierpay_sms_http(field)                                   \
    offsetof(ngx_http_carrierpay_sms_block_t, http)                           \
    + offsetof(ngx_carrierpay_sms_http_conf_t, field)


static ngx_command_t  ngx_http_carrierpay_sms_commands[] = {

    { ngx_string("carrierpay_sms"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_http_carrierpay_sms_block,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_keyword"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_sms_keyword,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    /* inside carrierpay_sms */

    { ngx_string("include"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_include,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("dialect"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_find,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(dialect),
      &ngx_http_carrierpay_sms_block_dialect },

    { ngx_string("pass"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(pass),
      NULL },

    { ngx_string("timeout"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(timeout),
      NULL },

    { ngx_string("username"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(username),
      &ngx_http_carrierpay_sms_block_visible },

    { ngx_string("password_file"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_sms_block_password,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("smsc"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(smsc),
      &ngx_http_carrierpay_sms_block_visible },

    { ngx_string("account"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(account),
      &ngx_http_carrierpay_sms_block_visible },

    { ngx_string("parts"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_number,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(parts_max),
      &ngx_http_carrierpay_sms_block_parts },

    { ngx_string("price"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE2,
      ngx_http_carrierpay_sms_block_price,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("mo"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_enum,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(trusted),
      &ngx_http_carrierpay_sms_block_mo },

    { ngx_string("free"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_provider(free),
      NULL },

    { ngx_string("answer"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_sms_block_answer,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("request"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE2,
      ngx_http_carrierpay_sms_http_block_request,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_sms_block_t, http),
      NULL },

    { ngx_string("success"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_sms_http_block_success,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_sms_block_t, http),
      NULL },

    { ngx_string("refused"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_sms_http_block_refused,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_sms_block_t, http),
      NULL },

    { ngx_string("reference"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      ngx_http_carrierpay_sms_http(reference),
      &ngx_http_carrierpay_sms_block_visible },

    { ngx_string("report"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_sms_fields_report,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_sms_block_t, http),
      NULL },

    { ngx_string("mo_fields"),
      NGX_HTTP_CARRIERPAY_SMS_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_sms_fields_mo,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_sms_block_t, http),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_sms_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_http_carrierpay_sms_init,          /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_carrierpay_sms_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_sms_module_ctx,   /* module context */
    ngx_http_carrierpay_sms_commands,      /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/* an operator may name a provider that is configured after it */

static ngx_int_t
ngx_http_carrierpay_sms_init(ngx_conf_t *cf)
{
    ngx_uint_t                        i;
    ngx_carrierpay_conf_t            *conf;
    ngx_carrierpay_sms_provider_t   **p;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    conf = &cmcf->conf;
    p = conf->sms.elts;

    for (i = 0; i < conf->sms.nelts; i++) {
        if (ngx_carrierpay_egress_check(cf, &conf->egress, &p[i]->pass,
                                        p[i]->file, p[i]->line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_carrierpay_operator_check_sms(cf, &conf->operators, &conf->sms);
}


/* carrierpay_keyword stop|stop_all|answer|pay|help|info KEYWORD ...; */

static char *
ngx_http_carrierpay_sms_keyword(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                        *value;
    ngx_uint_t                        i;
    ngx_carrierpay_keyword_e          action;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    value = cf->args->elts;

    if (ngx_carrierpay_keyword_action(&value[1], &action) != NGX_OK) {
        return "is not of \"stop\", \"stop_all\", \"answer\", \"help\" or"
               " \"info\"";
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_carrierpay_sms_keyword_add(cf, &cmcf->conf.keywords,
                                            &value[i], action)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_sms_keyword_add(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *text, ngx_carrierpay_keyword_e action)
{
    ngx_str_t                  rest;
    ngx_carrierpay_keyword_t  *keyword;
    ngx_carrierpay_keyword_e   known;

    if (ngx_carrierpay_keyword_word(text) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not one word of letters and digits",
                           text);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_keyword_match(list->elts, list->nelts, text, &known,
                                     &rest)
        == NGX_OK)
    {
        if (known == action) {
            return NGX_OK;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the keyword \"%V\" has another action already",
                           text);
        return NGX_ERROR;
    }

    keyword = ngx_array_push(list);
    if (keyword == NULL) {
        return NGX_ERROR;
    }

    keyword->word = *text;
    keyword->action = action;

    return NGX_OK;
}
