
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_args.h"


static ngx_int_t ngx_http_carrierpay_limit_args_value(
    ngx_http_carrierpay_limit_args_t *args, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_limit_args_flag(
    ngx_http_carrierpay_limit_args_t *args, ngx_str_t *value, ngx_uint_t sms);
static ngx_int_t ngx_http_carrierpay_limit_args_rate(ngx_str_t *text,
    int64_t *interval);
static ngx_conf_enum_t *ngx_http_carrierpay_limit_args_name(
    ngx_conf_enum_t *names, ngx_str_t *text);


static ngx_conf_enum_t  ngx_http_carrierpay_limit_args_levels[] = {
    { ngx_string("info"), NGX_LOG_INFO },
    { ngx_string("notice"), NGX_LOG_NOTICE },
    { ngx_string("warn"), NGX_LOG_WARN },
    { ngx_string("error"), NGX_LOG_ERR },
    { ngx_null_string, 0 }
};

/* in s */

static ngx_conf_enum_t  ngx_http_carrierpay_limit_args_units[] = {
    { ngx_string("r/s"), 1 },
    { ngx_string("r/m"), 60 },
    { ngx_string("r/h"), 3600 },
    { ngx_string("r/d"), 86400 },
    { ngx_null_string, 0 }
};


ngx_int_t
ngx_http_carrierpay_limit_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms)
{
    ngx_str_t   *value;
    ngx_uint_t   i;
    const char  *missing;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_carrierpay_limit_args_value(args, &value[i]) != NGX_OK
            && ngx_http_carrierpay_limit_args_flag(args, &value[i], sms)
               != NGX_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return NGX_ERROR;
        }
    }

    missing = args->zone.len == 0 ? "zone"
              : args->key.len == 0 ? "key"
              : args->interval == 0 ? "rate" : NULL;

    if (missing) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must have \"%s\" parameter", &value[0],
                           missing);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* zone=NAME[:SIZE], key=KEY, rate=RATE, burst=N */

static ngx_int_t
ngx_http_carrierpay_limit_args_value(ngx_http_carrierpay_limit_args_t *args,
    ngx_str_t *value)
{
    u_char     *colon;
    ssize_t     size;
    ngx_str_t   text;

    if (ngx_strncmp(value->data, "zone=", 5) == 0) {
        args->zone.data = value->data + 5;
        args->zone.len = value->len - 5;

        colon = (u_char *) ngx_strchr(args->zone.data, ':');

        if (colon == NULL) {
            return NGX_OK;
        }

        text.data = colon + 1;
        text.len = value->data + value->len - text.data;
        args->zone.len = colon - args->zone.data;

        size = ngx_parse_size(&text);
        args->size = size;

        return (size > 0) ? NGX_OK : NGX_DECLINED;
    }

    if (ngx_strncmp(value->data, "key=", 4) == 0) {
        args->key.data = value->data + 4;
        args->key.len = value->len - 4;
        return NGX_OK;
    }

    if (ngx_strncmp(value->data, "rate=", 5) == 0) {
        text.data = value->data + 5;
        text.len = value->len - 5;
        return ngx_http_carrierpay_limit_args_rate(&text, &args->interval);
    }

    if (ngx_strncmp(value->data, "burst=", 6) == 0) {
        args->burst = ngx_atoi(value->data + 6, value->len - 6);
        return (args->burst > 0) ? NGX_OK : NGX_DECLINED;
    }

    return NGX_DECLINED;
}


/*
 * shared=redis, nodelay, dry_run, log_level=LEVEL.  An SMS is sent or not, so
 * the budgets of SMS have only the first.
 */

static ngx_int_t
ngx_http_carrierpay_limit_args_flag(ngx_http_carrierpay_limit_args_t *args,
    ngx_str_t *value, ngx_uint_t sms)
{
    ngx_str_t         text;
    ngx_conf_enum_t  *level;

    if (ngx_strcmp(value->data, "shared=redis") == 0) {
        args->shared = 1;
        return NGX_OK;
    }

    if (sms) {
        return NGX_DECLINED;
    }

    if (ngx_strcmp(value->data, "nodelay") == 0) {
        args->nodelay = 1;
        return NGX_OK;
    }

    if (ngx_strcmp(value->data, "dry_run") == 0) {
        args->dry_run = 1;
        return NGX_OK;
    }

    if (ngx_strncmp(value->data, "log_level=", 10) != 0) {
        return NGX_DECLINED;
    }

    text.data = value->data + 10;
    text.len = value->len - 10;

    level = ngx_http_carrierpay_limit_args_name(
                                        ngx_http_carrierpay_limit_args_levels,
                                        &text);
    if (level == NULL) {
        return NGX_DECLINED;
    }

    args->log_level = level->value;

    return NGX_OK;
}


/* "5r/s" to the microseconds of one request, which are rounded up */

static ngx_int_t
ngx_http_carrierpay_limit_args_rate(ngx_str_t *text, int64_t *interval)
{
    int64_t           us;
    ngx_int_t         n;
    ngx_str_t         unit;
    ngx_conf_enum_t  *period;

    if (text->len <= 3) {
        return NGX_DECLINED;
    }

    unit.data = text->data + text->len - 3;
    unit.len = 3;

    period = ngx_http_carrierpay_limit_args_name(
                                  ngx_http_carrierpay_limit_args_units, &unit);
    n = ngx_atoi(text->data, text->len - 3);

    if (period == NULL || n <= 0) {
        return NGX_DECLINED;
    }

    us = (int64_t) period->value * 1000000;

    if (n > us / NGX_CARRIERPAY_LIMIT_INTERVAL_MIN) {
        return NGX_DECLINED;
    }

    *interval = (us + n - 1) / n;

    return NGX_OK;
}


static ngx_conf_enum_t *
ngx_http_carrierpay_limit_args_name(ngx_conf_enum_t *names,
    ngx_str_t *text)
{
    for ( /* void */ ; names->name.len; names++) {
        if (names->name.len == text->len
            && ngx_memcmp(names->name.data, text->data, text->len) == 0)
        {
            return names;
        }
    }

    return NULL;
}
