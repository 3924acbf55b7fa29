
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_sms_dialects.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_operator_block.h"
#include "ngx_http_carrierpay_sms_block.h"
#include "ngx_http_carrierpay_sms_http_block.h"


/* decimals of a price: millionths */
#define NGX_HTTP_CARRIERPAY_SMS_PRICE_POINT  6
#define NGX_HTTP_CARRIERPAY_SMS_PRICE_MAX    1000000000    /* a thousand */
#define NGX_HTTP_CARRIERPAY_SMS_PARTS_MAX    255           /* of GSM */


static ngx_http_carrierpay_sms_block_t *ngx_http_carrierpay_sms_create(
    ngx_conf_t *cf, ngx_array_t *list, ngx_str_t *name);
static ngx_int_t ngx_http_carrierpay_sms_defaults(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_block_t *block);
static const char *ngx_http_carrierpay_sms_check(
    ngx_http_carrierpay_sms_block_t *block);


char *
ngx_http_carrierpay_sms_block(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                             *rv;
    ngx_str_t                        *value;
    const char                       *what;
    ngx_http_carrierpay_sms_block_t  *block;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    value = cf->args->elts;

    block = ngx_http_carrierpay_sms_create(cf, &cmcf->conf.sms, &value[1]);
    if (block == NULL) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_http_carrierpay_block_parse(cf, &ngx_http_carrierpay_sms_module,
                                         NGX_HTTP_CARRIERPAY_SMS_CONF, block);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    what = ngx_http_carrierpay_sms_check(block);

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "SMS provider \"%V\": %s in %s:%ui",
                      &block->provider.name, what, block->provider.file,
                      block->provider.line);
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_sms_defaults(cf, block) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_http_carrierpay_sms_block_t *
ngx_http_carrierpay_sms_create(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *name)
{
    ngx_carrierpay_sms_provider_t    *p, **slot;
    ngx_http_carrierpay_sms_block_t  *block;

    if (ngx_http_carrierpay_operator_name(cf, name) != NGX_OK) {
        return NULL;
    }

    if (ngx_carrierpay_sms_find(list, name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "duplicate SMS provider \"%V\"", name);
        return NULL;
    }

    slot = ngx_array_push(list);
    block = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_sms_block_t));

    if (slot == NULL || block == NULL
        || ngx_http_carrierpay_sms_http_create(cf, &block->http) != NGX_OK)
    {
        return NULL;
    }

    p = &block->provider;
    *slot = p;

    p->name = *name;
    p->file = cf->conf_file->file.name.data;
    p->line = cf->conf_file->line;

    p->timeout = NGX_CONF_UNSET_MSEC;
    p->trusted = NGX_CONF_UNSET;

    return block;
}


static const char *
ngx_http_carrierpay_sms_check(ngx_http_carrierpay_sms_block_t *block)
{
    ngx_carrierpay_sms_provider_t  *p;

    p = &block->provider;

    if (p->dialect == NULL) {
        return "no \"dialect\"";
    }

    if (p->pass.len == 0) {
        return "no \"pass\"";
    }

    if (p->timeout == 0) {
        return "\"timeout\" is 0";
    }

    if (p->dialect == &ngx_carrierpay_sms_http_dialect) {

        if (p->smsc.len || p->account.len) {
            return "a \"smsc\" or \"account\", which are Kannel's";
        }

        p->dialect_conf = &block->http;

    } else if (ngx_http_carrierpay_sms_http_given(&block->http)) {
        return "a directive that dialect \"sms_http\" alone has";
    }

    return p->dialect->check(p);
}


static ngx_int_t
ngx_http_carrierpay_sms_defaults(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_block_t *block)
{
    ngx_carrierpay_sms_provider_t  *p;

    p = &block->provider;

    ngx_conf_init_msec_value(p->timeout, 5000);
    ngx_conf_init_value(p->trusted, 0);

    if (p->parts_max == 0) {
        p->parts_max = 4;
    }

    return ngx_http_carrierpay_sms_http_defaults(&block->http);
}


char *
ngx_http_carrierpay_sms_dialect(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_str_t  *value;

    if (block->provider.dialect) {
        return "is duplicate";
    }

    value = cf->args->elts;

    block->provider.dialect = ngx_carrierpay_sms_dialects_find(&value[1]);

    if (block->provider.dialect == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown SMS dialect \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_sms_password(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    size_t       i;
    ngx_str_t   *value, *password;
    const char  *what;

    password = &block->provider.password;

    if (password->data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    what = ngx_http_carrierpay_password(cf, &value[1], password);

    if (what == NULL && password->len == 0) {
        what = "has no first line";
    }

    for (i = 0; what == NULL && i < password->len; i++) {
        if (password->data[i] < ' ' || password->data[i] > 0x7e) {
            what = "holds what cannot stand in a header";
        }
    }

    if (what) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "password file \"%V\" %s",
                           &value[1], what);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_sms_parts(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t   n;
    ngx_str_t  *value;

    if (block->provider.parts_max) {
        return "is duplicate";
    }

    value = cf->args->elts;
    n = ngx_atoi(value[1].data, value[1].len);

    if (n == NGX_ERROR || n < 1 || n > NGX_HTTP_CARRIERPAY_SMS_PARTS_MAX) {
        return "is not a number from 1 to 255";
    }

    block->provider.parts_max = n;

    return NGX_CONF_OK;
}


/* price 0.045 EUR; */

char *
ngx_http_carrierpay_sms_price(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t   n;
    ngx_str_t  *value;

    if (block->provider.currency.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    n = ngx_atofp(value[1].data, value[1].len,
                  NGX_HTTP_CARRIERPAY_SMS_PRICE_POINT);

    if (n == NGX_ERROR || n > NGX_HTTP_CARRIERPAY_SMS_PRICE_MAX) {
        return "is not a price of at most 1000 with at most six decimals";
    }

    if (ngx_carrierpay_currency_find(value[2].data, value[2].len) == NULL) {
        return "has no ISO 4217 currency";
    }

    block->provider.price = n;
    block->provider.currency = value[2];

    return NGX_CONF_OK;
}


/* mo trusted|untrusted; */

char *
ngx_http_carrierpay_sms_mo(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_str_t  *value;

    if (block->provider.trusted != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "trusted") == 0) {
        block->provider.trusted = 1;

    } else if (ngx_strcmp(value[1].data, "untrusted") == 0) {
        block->provider.trusted = 0;

    } else {
        return "is not \"trusted\" or \"untrusted\"";
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_sms_word(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    size_t      i;
    ngx_str_t  *value;

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "is empty";
    }

    for (i = 0; i < value[1].len; i++) {
        if (value[1].data[i] <= ' ' || value[1].data[i] > 0x7e) {
            return "has a character that is not visible ASCII";
        }
    }

    return ngx_conf_set_str_slot(cf, cmd, conf);
}
