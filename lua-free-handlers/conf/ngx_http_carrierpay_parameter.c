
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_parameter.h"


static const char *ngx_http_carrierpay_parameter_parse(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, ngx_str_t *arg, void *conf);


ngx_int_t
ngx_http_carrierpay_parameter_read(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, void *conf)
{
    ngx_str_t   *value;
    ngx_uint_t   i;
    const char  *wrong;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        wrong = ngx_http_carrierpay_parameter_parse(cf, table, &value[i],
                                                    conf);
        if (wrong) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "parameter \"%V\" %s",
                               &value[i], wrong);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_parameter_read_rest(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, void *conf)
{
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_carrierpay_parameter_parse(cf, table, &value[i], conf)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static const char *
ngx_http_carrierpay_parameter_parse(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, ngx_str_t *arg, void *conf)
{
    u_char                                 *equals;
    ngx_str_t                               name, value;
    const ngx_http_carrierpay_parameter_t  *p;

    equals = ngx_strlchr(arg->data, arg->data + arg->len, '=');

    if (equals == NULL) {
        return "is not \"name=value\"";
    }

    name.data = arg->data;
    name.len = equals - arg->data;

    value.data = equals + 1;
    value.len = arg->data + arg->len - value.data;

    if (value.len == 0) {
        return "is empty";
    }

    for (p = table; p->name.len; p++) {
        if (p->name.len == name.len
            && ngx_memcmp(p->name.data, name.data, name.len) == 0)
        {
            return p->parse(cf, p, &value, (char *) conf + p->offset);
        }
    }

    return "is unknown";
}


const char *
ngx_http_carrierpay_parameter_text(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    *(ngx_str_t *) field = *value;

    return NULL;
}


const char *
ngx_http_carrierpay_parameter_number(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n <= 0 || n > parameter->max) {
        return "has an invalid value";
    }

    *(ngx_uint_t *) field = n;

    return NULL;
}


const char *
ngx_http_carrierpay_parameter_msec(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_int_t  n;

    n = ngx_parse_time(value, 0);

    if (n <= 0 || n > parameter->max) {
        return "has an invalid value";
    }

    *(ngx_msec_t *) field = n;

    return NULL;
}


const char *
ngx_http_carrierpay_parameter_sec(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_int_t  n;

    n = ngx_parse_time(value, 1);

    if (n == NGX_ERROR) {
        return "has an invalid value";
    }

    *(time_t *) field = n;

    return NULL;
}
