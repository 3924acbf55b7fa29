
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_numbering_directive.h"
#include "ngx_http_carrierpay_parameter.h"


static const char *ngx_http_carrierpay_numbering_directive_len(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_numbering_directive_prefixes(
    ngx_conf_t *cf, const ngx_http_carrierpay_parameter_t *parameter,
    ngx_str_t *value, void *field);
static const char *ngx_http_carrierpay_numbering_directive_fixed(
    ngx_conf_t *cf, const ngx_http_carrierpay_parameter_t *parameter,
    ngx_str_t *value, void *field);
static const char *ngx_http_carrierpay_numbering_directive_list(
    ngx_conf_t *cf, ngx_str_t *value, ngx_str_t **list, ngx_uint_t *n);


static const ngx_http_carrierpay_parameter_t
    ngx_http_carrierpay_numbering_directive_parameters[] =
{
    { ngx_string("len"), ngx_http_carrierpay_numbering_directive_len, 0, 0 },

    { ngx_string("prefix"), ngx_http_carrierpay_numbering_directive_prefixes,
      0, 0 },

    { ngx_string("fixed"), ngx_http_carrierpay_numbering_directive_fixed,
      0, 0 },

    { ngx_string("trunk"), ngx_http_carrierpay_parameter_text,
      offsetof(ngx_carrierpay_numbering_t, trunk), 0 },

    { ngx_null_string, NULL, 0, 0 }
};


/* numbering 33 len=9 prefix=6,7 trunk=0 fixed=1,2;  numbering 352 len=6-9; */

char *
ngx_http_carrierpay_numbering_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t                   *value;
    const char                  *wrong;
    ngx_carrierpay_numbering_t  *numbering;

    numbering = &op->numbering;

    if (numbering->cc.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    numbering->cc = value[1];
    op->numbering_file = cf->conf_file->file.name.data;
    op->numbering_line = cf->conf_file->line;

    if (ngx_http_carrierpay_parameter_read_rest(cf,
                           ngx_http_carrierpay_numbering_directive_parameters,
                           numbering)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    wrong = ngx_carrierpay_numbering_check(numbering);

    if (wrong) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "impossible numbering: %s",
                           wrong);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* len=9;  len=6-9 */

static const char *
ngx_http_carrierpay_numbering_directive_len(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_carrierpay_numbering_t *numbering = field;

    u_char     *dash, *last;
    ngx_int_t   min, max;

    last = value->data + value->len;
    dash = ngx_strlchr(value->data, last, '-');

    min = ngx_atoi(value->data, (dash ? dash : last) - value->data);
    max = dash ? ngx_atoi(dash + 1, last - dash - 1) : min;

    if (min == NGX_ERROR || max == NGX_ERROR) {
        return "has an invalid value";
    }

    numbering->len_min = min;
    numbering->len_max = max;

    return NULL;
}


static const char *
ngx_http_carrierpay_numbering_directive_prefixes(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_carrierpay_numbering_t *numbering = field;

    return ngx_http_carrierpay_numbering_directive_list(cf, value,
                                                        &numbering->prefixes,
                                                        &numbering->nprefixes);
}


static const char *
ngx_http_carrierpay_numbering_directive_fixed(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_carrierpay_numbering_t *numbering = field;

    return ngx_http_carrierpay_numbering_directive_list(cf, value,
                                                        &numbering->fixed,
                                                        &numbering->nfixed);
}


/* texts with commas between; the numbering's check looks at them */

static const char *
ngx_http_carrierpay_numbering_directive_list(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t **list, ngx_uint_t *n)
{
    u_char       *p, *comma, *last;
    ngx_str_t    *item;
    ngx_array_t   items;

    if (ngx_array_init(&items, cf->pool, 8, sizeof(ngx_str_t)) != NGX_OK) {
        return "has no memory";
    }

    p = value->data;
    last = value->data + value->len;

    for ( ;; ) {
        comma = ngx_strlchr(p, last, ',');

        item = ngx_array_push(&items);
        if (item == NULL) {
            return "has no memory";
        }

        item->data = p;
        item->len = (comma ? comma : last) - p;

        if (comma == NULL) {
            break;
        }

        p = comma + 1;
    }

    *list = items.elts;
    *n = items.nelts;

    return NULL;
}
