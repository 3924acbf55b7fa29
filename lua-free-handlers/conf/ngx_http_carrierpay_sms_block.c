
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_sms_dialects.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_password.h"
#include "ngx_http_carrierpay_sms_block.h"
#include "ngx_http_carrierpay_sms_http_block.h"


/* decimals of a price: millionths */
#define NGX_HTTP_CARRIERPAY_SMS_PRICE_POINT  6
#define NGX_HTTP_CARRIERPAY_SMS_PRICE_MAX    1000000000    /* a thousand */
#define NGX_HTTP_CARRIERPAY_SMS_PARTS_MAX    255           /* of GSM */
#define NGX_HTTP_CARRIERPAY_SMS_ANSWER_MAX   255           /* bytes */


static ngx_http_carrierpay_sms_block_t *ngx_http_carrierpay_sms_block_create(
    ngx_conf_t *cf, ngx_array_t *list, ngx_str_t *name);
static ngx_int_t ngx_http_carrierpay_sms_block_defaults(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_block_t *block);
static const char *ngx_http_carrierpay_sms_block_check(
    ngx_http_carrierpay_sms_block_t *block);
static const void *ngx_http_carrierpay_sms_block_find_dialect(
    ngx_str_t *name);
static char *ngx_http_carrierpay_sms_block_check_visible(ngx_conf_t *cf,
    void *post, void *data);


ngx_conf_post_t  ngx_http_carrierpay_sms_block_visible = {
    ngx_http_carrierpay_sms_block_check_visible
};


ngx_http_carrierpay_slot_find_t  ngx_http_carrierpay_sms_block_dialect = {
    ngx_http_carrierpay_sms_block_find_dialect, "SMS dialect", NULL
};


ngx_http_carrierpay_slot_number_t  ngx_http_carrierpay_sms_block_parts = {
    1, NGX_HTTP_CARRIERPAY_SMS_PARTS_MAX, "is not a number from 1 to 255"
};


static ngx_conf_enum_t  ngx_http_carrierpay_sms_block_mo_names[] = {
    { ngx_string("trusted"), 1 },
    { ngx_string("untrusted"), 0 },
    { ngx_null_string, 0 }
};

ngx_http_carrierpay_slot_enum_t  ngx_http_carrierpay_sms_block_mo = {
    ngx_http_carrierpay_sms_block_mo_names,
    "is not \"trusted\" or \"untrusted\""
};


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

    block = ngx_http_carrierpay_sms_block_create(cf, &cmcf->conf.sms,
                                                 &value[1]);
    if (block == NULL) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_http_carrierpay_block_parse(cf, &ngx_http_carrierpay_sms_module,
                                         NGX_HTTP_CARRIERPAY_SMS_CONF, block);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    what = ngx_http_carrierpay_sms_block_check(block);

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "SMS provider \"%V\": %s in %s:%ui",
                      &block->provider.name, what, block->provider.file,
                      block->provider.line);
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_sms_block_defaults(cf, block) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_http_carrierpay_sms_block_t *
ngx_http_carrierpay_sms_block_create(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *name)
{
    ngx_carrierpay_sms_provider_t    *p, **slot;
    ngx_http_carrierpay_sms_block_t  *block;

    if (ngx_http_carrierpay_block_name(cf, name) != NGX_OK) {
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
        || ngx_http_carrierpay_sms_http_block_create(cf, &block->http)
           != NGX_OK)
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
    p->free = NGX_CONF_UNSET;

    return block;
}


static const char *
ngx_http_carrierpay_sms_block_check(ngx_http_carrierpay_sms_block_t *block)
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

    } else if (ngx_http_carrierpay_sms_http_block_given(&block->http)) {
        return "a directive that dialect \"sms_http\" alone has";
    }

    return p->dialect->check(p);
}


static ngx_int_t
ngx_http_carrierpay_sms_block_defaults(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_block_t *block)
{
    ngx_carrierpay_sms_provider_t  *p;

    p = &block->provider;

    ngx_conf_init_msec_value(p->timeout, 5000);
    ngx_conf_init_value(p->trusted, 0);
    ngx_conf_init_value(p->free, 0);

    if (p->parts_max == 0) {
        p->parts_max = 4;
    }

    if (p->answer_type.len == 0) {
        ngx_str_set(&p->answer_type, "text/plain");
    }

    return ngx_http_carrierpay_sms_http_block_defaults(&block->http);
}


char *
ngx_http_carrierpay_sms_block_password(ngx_conf_t *cf, ngx_command_t *cmd,
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


/* price 0.045 EUR; */

char *
ngx_http_carrierpay_sms_block_price(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
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


/* answer ACK/Jasmin [text/plain]; */

char *
ngx_http_carrierpay_sms_block_answer(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_str_t  *value;

    if (block->provider.answer.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (!ngx_carrierpay_text_utf8_valid(value[1].data, value[1].len)
        || value[1].len > NGX_HTTP_CARRIERPAY_SMS_ANSWER_MAX)
    {
        return "is not a text of at most 255 bytes in UTF-8";
    }

    block->provider.answer = value[1];

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    block->provider.answer_type = value[2];

    return ngx_http_carrierpay_sms_block_check_visible(cf, NULL, &value[2]);
}


static const void *
ngx_http_carrierpay_sms_block_find_dialect(ngx_str_t *name)
{
    return ngx_carrierpay_sms_dialects_find(name);
}


static char *
ngx_http_carrierpay_sms_block_check_visible(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *text = data;

    size_t  i;

    if (text->len == 0) {
        return "is empty";
    }

    for (i = 0; i < text->len; i++) {
        if (text->data[i] <= ' ' || text->data[i] > 0x7e) {
            return "has a character that is not visible ASCII";
        }
    }

    return NGX_CONF_OK;
}
