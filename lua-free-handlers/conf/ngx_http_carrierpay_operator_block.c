
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_dialects.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_block.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_operator_block.h"


static ngx_carrierpay_operator_t *ngx_http_carrierpay_operator_create(
    ngx_conf_t *cf, ngx_carrierpay_operators_t *ops, ngx_str_t *name);
static char *ngx_http_carrierpay_operator_defaults(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op);
static char *ngx_http_carrierpay_operator_amount(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op);
static ngx_uint_t ngx_http_carrierpay_operator_word(ngx_str_t *text,
    const char *first, const char *last, size_t min, size_t max);
static ngx_int_t ngx_http_carrierpay_operator_parameter(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last);
static ngx_int_t ngx_http_carrierpay_operator_length(
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last);
static ngx_int_t ngx_http_carrierpay_operator_list(ngx_conf_t *cf, u_char *p,
    u_char *last, ngx_str_t **list, ngx_uint_t *n);


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

    op = ngx_http_carrierpay_operator_create(cf, &cmcf->conf.operators,
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

    return ngx_http_carrierpay_operator_defaults(cf, op);
}


static ngx_carrierpay_operator_t *
ngx_http_carrierpay_operator_create(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_str_t *name)
{
    ngx_carrierpay_operator_t  *op, **slot;

    if (ngx_http_carrierpay_operator_name(cf, name) != NGX_OK) {
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
    op->timeout = NGX_CONF_UNSET_MSEC;
    op->settle = NGX_CONF_UNSET_MSEC;

    return op;
}


static char *
ngx_http_carrierpay_operator_defaults(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op)
{
    ngx_carrierpay_conf_value_t  *mccmnc;

    ngx_conf_init_msec_value(op->timeout, 30000);
    ngx_conf_init_msec_value(op->settle, 300000);

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

    return ngx_http_carrierpay_operator_amount(cf, op);
}


/* the limit's digits after the point are those of the currency */

static char *
ngx_http_carrierpay_operator_amount(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op)
{
    u_char      *point;
    size_t       exponent;
    ngx_int_t    n;
    ngx_str_t   *text;

    text = &op->limit_text.text;

    if (text->len == 0) {
        return NGX_CONF_OK;
    }

    if (op->currency == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"limit\" needs a \"currency\" in %s:%ui",
                      op->limit_text.file, op->limit_text.line);
        return NGX_CONF_ERROR;
    }

    exponent = op->currency->exponent;
    point = ngx_strlchr(text->data, text->data + text->len, '.');

    n = (point && exponent == 0) ? NGX_ERROR
                                 : ngx_atofp(text->data, text->len, exponent);

    if (n == NGX_ERROR || !ngx_carrierpay_amount_valid(n)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "limit \"%V\" is no amount of %s in %s:%ui", text,
                      op->currency->code, op->limit_text.file,
                      op->limit_text.line);
        return NGX_CONF_ERROR;
    }

    op->limit = n;

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_carrierpay_operator_name(ngx_conf_t *cf, ngx_str_t *name)
{
    if (!ngx_http_carrierpay_operator_word(name, "09", "az", 1,
                                           NGX_CARRIERPAY_NAME_MAX))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a name has letters a-z, digits and underscores: "
                           "\"%V\"", name);
        return NGX_ERROR;
    }

    /* the file of ported numbers takes it for an MCCMNC */

    if (ngx_carrierpay_mccmnc_valid(name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a name is not an MCCMNC: \"%V\"", name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_operator_conf_value(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *text)
{
    ngx_carrierpay_conf_value_t  *word;

    word = ngx_array_push(list);
    if (word == NULL) {
        return NGX_ERROR;
    }

    word->text = *text;
    word->file = cf->conf_file->file.name.data;
    word->line = cf->conf_file->line;

    return NGX_OK;
}


char *
ngx_http_carrierpay_operator_country(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->country.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len != 2
        || !ngx_http_carrierpay_operator_word(&value[1], "AZ", "AZ", 2, 2))
    {
        return "is not an ISO 3166-1 code of two capital letters";
    }

    op->country = value[1];

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_operator_currency(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->currency) {
        return "is duplicate";
    }

    value = cf->args->elts;

    op->currency = ngx_carrierpay_currency_find(value[1].data, value[1].len);

    if (op->currency == NULL) {
        return "is not an ISO 4217 currency";
    }

    return NGX_CONF_OK;
}


/* mccmnc 20801 20802; of an operator or an MVNO */

char *
ngx_http_carrierpay_operator_mccmnc(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t    *value;
    ngx_uint_t    i;
    ngx_array_t  *list;

    value = cf->args->elts;
    list = (ngx_array_t *) ((char *) conf + cmd->offset);

    for (i = 1; i < cf->args->nelts; i++) {

        if (!ngx_carrierpay_mccmnc_valid(&value[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not an MCC and MNC of five or six "
                               "digits", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (ngx_http_carrierpay_operator_conf_value(cf, list, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* prefix 33755 33756; of an operator or an MVNO */

char *
ngx_http_carrierpay_operator_prefix(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t    *value;
    ngx_uint_t    i;
    ngx_array_t  *list;

    value = cf->args->elts;
    list = (ngx_array_t *) ((char *) conf + cmd->offset);

    for (i = 1; i < cf->args->nelts; i++) {

        if (!ngx_http_carrierpay_operator_word(&value[i], "09", "09", 1,
                                               NGX_CARRIERPAY_MSISDN_MAX)
            || value[i].data[0] == '0')
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not a prefix with a country code",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        if (ngx_http_carrierpay_operator_conf_value(cf, list, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* billing on;  billing off [reason=word];  cmd->post is the default reason */

char *
ngx_http_carrierpay_operator_billing(ngx_conf_t *cf, ngx_command_t *cmd,
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

    if (!ngx_http_carrierpay_operator_word(&reason, "09", "az", 1, 64)) {
        return "has a reason that is not letters a-z, digits and underscores";
    }

    billing->reason = reason;

    return NGX_CONF_OK;
}


/* network 192.0.2.0/24 …;  fixed_network …;  cmd->offset is the kind */

char *
ngx_http_carrierpay_operator_network(ngx_conf_t *cf, ngx_command_t *cmd,
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


/* numbering 33 len=9 prefix=6,7 trunk=0 fixed=1,2;  numbering 352 len=6-9; */

char *
ngx_http_carrierpay_operator_numbering(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t                   *value;
    ngx_uint_t                   i;
    const char                  *err;
    ngx_carrierpay_numbering_t  *n;

    n = &op->numbering;

    if (n->cc.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    n->cc = value[1];
    op->numbering_file = cf->conf_file->file.name.data;
    op->numbering_line = cf->conf_file->line;

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_carrierpay_operator_parameter(cf, n, value[i].data,
                                               value[i].data + value[i].len)
            != NGX_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    err = ngx_carrierpay_numbering_check(n);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "impossible numbering: %s",
                           err);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* limit transaction=50.00; */

char *
ngx_http_carrierpay_operator_limit(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t                 *value;
    ngx_carrierpay_conf_value_t  *limit;

    limit = &op->limit_text;

    if (limit->text.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strncmp(value[1].data, "transaction=", 12) != 0
        || value[1].len == 12)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    limit->text.data = value[1].data + 12;
    limit->text.len = value[1].len - 12;
    limit->file = cf->conf_file->file.name.data;
    limit->line = cf->conf_file->line;

    return NGX_CONF_OK;
}


/* lookup_pass /egress/x_lookup [timeout=1s] [cache=24h] [max=100]; */

char *
ngx_http_carrierpay_operator_lookup(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_int_t    n;
    ngx_str_t   *value, text;
    ngx_uint_t   i;

    if (op->lookup_pass.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    op->lookup_pass = value[1];
    op->lookup_timeout = 1000;
    op->lookup_cache = 86400;
    op->lookup_max = 100;

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "timeout=", 8) == 0) {
            text.data = value[i].data + 8;
            text.len = value[i].len - 8;

            op->lookup_timeout = ngx_parse_time(&text, 0);

            if (op->lookup_timeout != (ngx_msec_t) NGX_ERROR
                && op->lookup_timeout)
            {
                continue;
            }

        } else if (ngx_strncmp(value[i].data, "cache=", 6) == 0) {
            text.data = value[i].data + 6;
            text.len = value[i].len - 6;

            op->lookup_cache = ngx_parse_time(&text, 1);

            if (op->lookup_cache != NGX_ERROR) {
                continue;
            }

        } else if (ngx_strncmp(value[i].data, "max=", 4) == 0) {
            n = ngx_atoi(value[i].data + 4, value[i].len - 4);

            if (n > 0) {
                op->lookup_max = n;
                continue;
            }
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           &value[i]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_operator_dialect(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->dialect) {
        return "is duplicate";
    }

    value = cf->args->elts;

    op->dialect = ngx_carrierpay_dialects_find(&value[1]);

    if (op->dialect == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown dialect \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* min to max characters of two ranges, or underscores between */

static ngx_uint_t
ngx_http_carrierpay_operator_word(ngx_str_t *text, const char *first,
    const char *last, size_t min, size_t max)
{
    u_char  *p;

    if (text->len < min || text->len > max) {
        return 0;
    }

    for (p = text->data; p < text->data + text->len; p++) {
        if ((*p >= first[0] && *p <= first[1])
            || (*p >= last[0] && *p <= last[1])
            || (*p == '_' && last[0] == 'a'))
        {
            continue;
        }

        return 0;
    }

    return 1;
}


static ngx_int_t
ngx_http_carrierpay_operator_parameter(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last)
{
    if (ngx_strncmp(p, "len=", 4) == 0) {
        return ngx_http_carrierpay_operator_length(n, p + 4, last);
    }

    if (ngx_strncmp(p, "prefix=", 7) == 0) {
        return ngx_http_carrierpay_operator_list(cf, p + 7, last, &n->prefixes,
                                                 &n->nprefixes);
    }

    if (ngx_strncmp(p, "fixed=", 6) == 0) {
        return ngx_http_carrierpay_operator_list(cf, p + 6, last, &n->fixed,
                                                 &n->nfixed);
    }

    if (ngx_strncmp(p, "trunk=", 6) == 0 && last - p > 6) {
        n->trunk.data = p + 6;
        n->trunk.len = last - n->trunk.data;
        return NGX_OK;
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_carrierpay_operator_length(ngx_carrierpay_numbering_t *n, u_char *p,
    u_char *last)
{
    u_char     *dash;
    ngx_int_t   min, max;

    dash = ngx_strlchr(p, last, '-');

    min = ngx_atoi(p, (dash ? dash : last) - p);
    max = dash ? ngx_atoi(dash + 1, last - dash - 1) : min;

    if (min == NGX_ERROR || max == NGX_ERROR) {
        return NGX_ERROR;
    }

    n->len_min = min;
    n->len_max = max;

    return NGX_OK;
}


/* digits between commas */

static ngx_int_t
ngx_http_carrierpay_operator_list(ngx_conf_t *cf, u_char *p, u_char *last,
    ngx_str_t **list, ngx_uint_t *n)
{
    u_char       *comma;
    ngx_str_t    *word;
    ngx_array_t   words;

    if (ngx_array_init(&words, cf->pool, 8, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for ( ;; ) {
        comma = ngx_strlchr(p, last, ',');

        word = ngx_array_push(&words);
        if (word == NULL) {
            return NGX_ERROR;
        }

        word->data = p;
        word->len = (comma ? comma : last) - p;

        if (comma == NULL) {
            break;
        }

        p = comma + 1;
    }

    *list = words.elts;
    *n = words.nelts;

    return NGX_OK;
}
