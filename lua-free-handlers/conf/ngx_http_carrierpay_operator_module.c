
/*
 * The directives of operators and networks, and the tables of the blocks
 * carrierpay_operator and mvno.  They fill the registry of operators, which is
 * a part of the main module's configuration; inside a block conf is what the
 * block describes.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_header_directive.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_mvno_block.h"
#include "ngx_http_carrierpay_numbering_directive.h"
#include "ngx_http_carrierpay_operator_block.h"
#include "ngx_http_carrierpay_operator_slot.h"
#include "ngx_http_carrierpay_spend_directive.h"


static char *ngx_http_carrierpay_operator_network(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


/* the reason of "billing off" without one */

static ngx_str_t  ngx_http_carrierpay_operator_barred =
    ngx_string("operator_not_connected");
static ngx_str_t  ngx_http_carrierpay_operator_mvno_barred =
    ngx_string("mvno_barred");


static ngx_command_t  ngx_http_carrierpay_operator_commands[] = {

    { ngx_string("carrierpay_network"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_operator_network,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_operator"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_http_carrierpay_operator_block,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    /* inside carrierpay_operator */

    { ngx_string("include"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_include,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("title"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, title),
      NULL },

    { ngx_string("country"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, country),
      &ngx_http_carrierpay_operator_slot_country },

    { ngx_string("currency"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_find,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, currency),
      &ngx_http_carrierpay_operator_slot_currency },

    { ngx_string("mccmnc"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_list,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, mccmncs),
      &ngx_http_carrierpay_operator_slot_mccmnc },

    { ngx_string("network"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_operator_block_network,
      NGX_HTTP_MAIN_CONF_OFFSET,
      NGX_CARRIERPAY_NETWORK_MOBILE,
      NULL },

    { ngx_string("data_network"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_operator_block_network,
      NGX_HTTP_MAIN_CONF_OFFSET,
      NGX_CARRIERPAY_NETWORK_DATA,
      NULL },

    { ngx_string("fixed_network"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_operator_block_network,
      NGX_HTTP_MAIN_CONF_OFFSET,
      NGX_CARRIERPAY_NETWORK_FIXED,
      NULL },

    { ngx_string("header"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_header_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("mccmnc_header"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, mccmnc_header),
      &ngx_http_carrierpay_header_directive_mccmnc },

    { ngx_string("numbering"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_numbering_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("prefix"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_list,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, prefixes),
      &ngx_http_carrierpay_operator_slot_prefix },

    { ngx_string("billing"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_operator_block_billing,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, billing),
      &ngx_http_carrierpay_operator_barred },

    { ngx_string("limit"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_spend_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, line_limit),
      NULL },

    { ngx_string("merchant_limit"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_spend_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, merchant_limit),
      NULL },

    { ngx_string("total_limit"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_spend_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, total_limit),
      NULL },

    { ngx_string("country_limit"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_spend_directive,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, country_limit),
      NULL },

    { ngx_string("refund_restores_limit"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, refund_restores_limit),
      NULL },

    { ngx_string("time_zone"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, time_zone),
      &ngx_http_carrierpay_spend_directive_time_zone },

    { ngx_string("dialect"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_find,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, dialect),
      &ngx_http_carrierpay_operator_slot_dialect },

    { ngx_string("pass"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, pass),
      NULL },

    { ngx_string("timeout"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, timeout),
      NULL },

    { ngx_string("settle"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, settle),
      NULL },

    { ngx_string("lookup_pass"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1234,
      ngx_http_carrierpay_operator_block_lookup,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("sms"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_list,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, sms),
      &ngx_http_carrierpay_operator_slot_sms },

    { ngx_string("sms_from"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, sms_from),
      &ngx_http_carrierpay_operator_slot_sms_from },

    { ngx_string("language"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_operator_t, language),
      &ngx_http_carrierpay_operator_slot_language },

    { ngx_string("mvno"),
      NGX_HTTP_CARRIERPAY_OPERATOR_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_http_carrierpay_mvno_block,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    /* inside mvno */

    { ngx_string("include"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_TAKE1,
      ngx_conf_include,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("title"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_mvno_t, title),
      NULL },

    { ngx_string("type"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_slot_enum,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_mvno_t, full),
      &ngx_http_carrierpay_operator_slot_mvno_type },

    { ngx_string("mccmnc"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_list,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_mvno_t, mccmncs),
      &ngx_http_carrierpay_operator_slot_mccmnc },

    { ngx_string("prefix"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_1MORE,
      ngx_http_carrierpay_slot_list,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_mvno_t, prefixes),
      &ngx_http_carrierpay_operator_slot_prefix },

    { ngx_string("billing"),
      NGX_HTTP_CARRIERPAY_MVNO_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_operator_block_billing,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_carrierpay_mvno_t, billing),
      &ngx_http_carrierpay_operator_mvno_barred },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_operator_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_carrierpay_operator_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_operator_module_ctx,   /* module context */
    ngx_http_carrierpay_operator_commands,      /* module directives */
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


/* carrierpay_network relay|vpn 172.224.0.0/12 …; */

static char *
ngx_http_carrierpay_operator_network(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t                        *value;
    ngx_uint_t                        i;
    ngx_carrierpay_network_e          kind;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "relay") == 0) {
        kind = NGX_CARRIERPAY_NETWORK_RELAY;

    } else if (ngx_strcmp(value[1].data, "vpn") == 0) {
        kind = NGX_CARRIERPAY_NETWORK_VPN;

    } else {
        return "is not of \"relay\" or \"vpn\"";
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_carrierpay_network_add(cf, &cmcf->conf.operators.networks,
                                       &value[i], kind, NULL)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}
