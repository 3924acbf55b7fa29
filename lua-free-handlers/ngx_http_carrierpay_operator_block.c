
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_dialects.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_operator_block.h"


static ngx_carrierpay_operator_t *ngx_http_carrierpay_operator_create(
    ngx_conf_t *cf, ngx_carrierpay_conf_t *conf, ngx_str_t *name);
static ngx_uint_t ngx_http_carrierpay_operator_word(ngx_str_t *text,
    const char *first, const char *last, size_t min, size_t max);
static ngx_int_t ngx_http_carrierpay_operator_length(
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last);
static ngx_int_t ngx_http_carrierpay_operator_prefixes(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last);


/* tells nginx's parser which struct the block's directives fill */

char *
ngx_http_carrierpay_operator_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    char                        *rv;
    void                       **confs;
    ngx_str_t                   *value;
    ngx_conf_t                   saved;
    ngx_http_conf_ctx_t         *ctx;
    ngx_carrierpay_operator_t   *op;

    value = cf->args->elts;

    op = ngx_http_carrierpay_operator_create(cf, &cmcf->conf, &value[1]);
    if (op == NULL) {
        return NGX_CONF_ERROR;
    }

    ctx = ngx_pcalloc(cf->pool, sizeof(ngx_http_conf_ctx_t));
    confs = ngx_pcalloc(cf->pool, sizeof(void *) * ngx_http_max_module);

    if (ctx == NULL || confs == NULL) {
        return NGX_CONF_ERROR;
    }

    confs[ngx_http_carrierpay_module.ctx_index] = op;
    ctx->main_conf = confs;

    saved = *cf;

    cf->ctx = ctx;
    cf->cmd_type = NGX_HTTP_CARRIERPAY_OPERATOR_CONF;

    rv = ngx_conf_parse(cf, NULL);

    *cf = saved;

    if (op->title.len == 0) {
        op->title = op->name;
    }

    if (op->timeout == NGX_CONF_UNSET_MSEC) {
        op->timeout = 30000;
    }

    if (op->settle == NGX_CONF_UNSET_MSEC) {
        op->settle = 300000;
    }

    return rv;
}


static ngx_carrierpay_operator_t *
ngx_http_carrierpay_operator_create(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_str_t *name)
{
    ngx_carrierpay_operator_t  *op, **slot;

    if (!ngx_http_carrierpay_operator_word(name, "09", "az", 1, 32)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "an operator's name has letters a-z, digits and "
                           "underscores: \"%V\"", name);
        return NULL;
    }

    if (ngx_carrierpay_operator_find(&conf->operators, name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate operator \"%V\"",
                           name);
        return NULL;
    }

    slot = ngx_array_push(&conf->operators.list);
    op = ngx_pcalloc(cf->pool, sizeof(ngx_carrierpay_operator_t));

    if (slot == NULL || op == NULL
        || ngx_array_init(&op->networks, cf->pool, 8,
                          sizeof(ngx_carrierpay_cidr_t))
           != NGX_OK)
    {
        return NULL;
    }

    *slot = op;

    op->name = *name;
    op->timeout = NGX_CONF_UNSET_MSEC;
    op->settle = NGX_CONF_UNSET_MSEC;
    op->file = cf->conf_file->file.name.data;
    op->line = cf->conf_file->line;

    return op;
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


char *
ngx_http_carrierpay_operator_mccmnc(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->mccmnc.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (!ngx_http_carrierpay_operator_word(&value[1], "09", "09", 5, 6)) {
        return "is not an MCC and MNC of five or six digits";
    }

    op->mccmnc = value[1];

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_operator_network(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t              *value;
    ngx_int_t               rc;
    ngx_uint_t              i;
    ngx_carrierpay_cidr_t  *net;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        net = ngx_array_push(&op->networks);
        if (net == NULL) {
            return NGX_CONF_ERROR;
        }

        rc = ngx_carrierpay_cidr_parse(&value[i], net);

        if (rc != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               rc == NGX_ERROR
                               ? "bits after the prefix are set in \"%V\""
                               : "\"%V\" is not a network",
                               &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_operator_header(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t  *value;

    if (op->header.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    op->header.len = value[1].len;
    op->header.data = ngx_pnalloc(cf->pool, value[1].len);

    if (op->header.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_strlow(op->header.data, value[1].data, value[1].len);

    return NGX_CONF_OK;
}


/* numbering 33 len=9 prefix=6,7;    numbering 352 len=6-9; */

char *
ngx_http_carrierpay_operator_numbering(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    u_char                      *p, *last;
    ngx_str_t                   *value;
    ngx_int_t                    rc;
    ngx_uint_t                   i;
    const char                  *err;
    ngx_carrierpay_numbering_t  *n;

    n = &op->numbering;

    if (n->cc.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    n->cc = value[1];

    for (i = 2; i < cf->args->nelts; i++) {
        p = value[i].data;
        last = p + value[i].len;
        rc = NGX_ERROR;

        if (ngx_strncmp(p, "len=", 4) == 0) {
            rc = ngx_http_carrierpay_operator_length(n, p + 4, last);

        } else if (ngx_strncmp(p, "prefix=", 7) == 0) {
            rc = ngx_http_carrierpay_operator_prefixes(cf, n, p + 7, last);
        }

        if (rc != NGX_OK) {
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

    op->dialect = ngx_carrierpay_dialect_find(&value[1]);

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


static ngx_int_t
ngx_http_carrierpay_operator_prefixes(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *n, u_char *p, u_char *last)
{
    u_char       *comma;
    ngx_str_t    *prefix;
    ngx_array_t   prefixes;

    if (ngx_array_init(&prefixes, cf->pool, 4, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for ( ;; ) {
        comma = ngx_strlchr(p, last, ',');

        prefix = ngx_array_push(&prefixes);
        if (prefix == NULL) {
            return NGX_ERROR;
        }

        prefix->data = p;
        prefix->len = (comma ? comma : last) - p;

        if (comma == NULL) {
            break;
        }

        p = comma + 1;
    }

    n->prefixes = prefixes.elts;
    n->nprefixes = prefixes.nelts;

    return NGX_OK;
}
