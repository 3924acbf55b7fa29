
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_budget.h"
#include "ngx_http_carrierpay_limit_args.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_limit_rule.h"
#include "ngx_http_carrierpay_main_conf.h"


static void *ngx_http_carrierpay_limit_rule_push(ngx_conf_t *cf,
    ngx_array_t **rules, size_t size);
static ngx_int_t ngx_http_carrierpay_limit_rule_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms);
static char *ngx_http_carrierpay_limit_rule_limit(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_carrierpay_limit_t *limit);
static ngx_int_t ngx_http_carrierpay_limit_rule_zone(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_carrierpay_limit_t *limit);
static ngx_int_t ngx_http_carrierpay_limit_rule_kind(ngx_str_t *key,
    ngx_conf_enum_t *kinds, ngx_uint_t *kind);
static ngx_int_t ngx_http_carrierpay_limit_rule_value(ngx_conf_t *cf,
    ngx_str_t *key, ngx_http_carrierpay_limit_rule_t *rule);
static char *ngx_http_carrierpay_limit_rule_unknown(ngx_conf_t *cf,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_limit_rule_variable(ngx_conf_t *cf,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_limit_rule_policy(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_rule_t *rule);


static ngx_conf_enum_t  ngx_http_carrierpay_limit_rule_kinds[] = {
    { ngx_string("address"), NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS },
    { ngx_string("subscriber"), NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER },
    { ngx_string("merchant"), NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT },
    { ngx_null_string, 0 }
};

static ngx_conf_enum_t  ngx_http_carrierpay_limit_rule_sms_kinds[] = {
    { ngx_string("number"), NGX_CARRIERPAY_SMS_BUDGET_NUMBER },
    { ngx_string("prefix"), NGX_CARRIERPAY_SMS_BUDGET_NUMBER_PREFIX },
    { ngx_string("address"), NGX_CARRIERPAY_SMS_BUDGET_ADDRESS },
    { ngx_string("merchant"), NGX_CARRIERPAY_SMS_BUDGET_MERCHANT },
    { ngx_null_string, 0 }
};


char *
ngx_http_carrierpay_limit_rule_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_limit_loc_conf_t *llcf = conf;

    char                                   *rv;
    ngx_uint_t                              kind;
    ngx_http_carrierpay_limit_args_t        args;
    ngx_http_carrierpay_limit_rule_t       *rule;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    rule = ngx_http_carrierpay_limit_rule_push(cf, &llcf->rules,
                                    sizeof(ngx_http_carrierpay_limit_rule_t));
    if (rule == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_carrierpay_limit_rule_args(cf, &args, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    rule->nodelay = args.nodelay;
    rule->log_level = args.log_level;

    rv = ngx_http_carrierpay_limit_rule_limit(cf, &args, llcf->rules,
                                              &rule->limit);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ngx_http_carrierpay_limit_rule_kind(&args.key,
                                         ngx_http_carrierpay_limit_rule_kinds,
                                         &kind)
        == NGX_OK)
    {
        rule->kind = kind;

    } else if (ngx_http_carrierpay_limit_rule_value(cf, &args.key, rule)
               != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    llcf->kinds |= 1 << rule->kind;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);
    lmcf->used = 1;

    return ngx_http_carrierpay_limit_rule_policy(cf, rule) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_carrierpay_limit_rule_sms_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf)
{
    char                              *rv;
    ngx_uint_t                         kind;
    ngx_http_carrierpay_main_conf_t   *cmcf;
    ngx_http_carrierpay_limit_args_t   args;
    ngx_carrierpay_sms_budget_rule_t  *rule;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    rule = ngx_http_carrierpay_limit_rule_push(cf, &cmcf->conf.sms_budgets,
                                    sizeof(ngx_carrierpay_sms_budget_rule_t));
    if (rule == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_carrierpay_limit_rule_args(cf, &args, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    rule->log_level = args.log_level;

    rv = ngx_http_carrierpay_limit_rule_limit(cf, &args,
                                              cmcf->conf.sms_budgets,
                                              &rule->limit);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ngx_http_carrierpay_limit_rule_kind(&args.key,
                                     ngx_http_carrierpay_limit_rule_sms_kinds,
                                     &kind)
        != NGX_OK)
    {
        return ngx_http_carrierpay_limit_rule_unknown(cf, &args.key);
    }

    rule->key = kind;

    return NGX_CONF_OK;
}


/* Returns a zeroed rule, or NULL after a log line. */

static void *
ngx_http_carrierpay_limit_rule_push(ngx_conf_t *cf, ngx_array_t **rules,
    size_t size)
{
    void  *rule;

    if (*rules == NULL) {
        *rules = ngx_array_create(cf->pool, 4, size);
        if (*rules == NULL) {
            return NULL;
        }
    }

    if ((*rules)->nelts == NGX_HTTP_CARRIERPAY_LIMIT_RULES) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" directive is there more than 16 times",
                           (ngx_str_t *) cf->args->elts);
        return NULL;
    }

    rule = ngx_array_push(*rules);

    if (rule) {
        ngx_memzero(rule, size);
    }

    return rule;
}


static ngx_int_t
ngx_http_carrierpay_limit_rule_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms)
{
    ngx_memzero(args, sizeof(ngx_http_carrierpay_limit_args_t));

    args->log_level = NGX_LOG_ERR;

    return ngx_http_carrierpay_limit_args(cf, args, sms);
}


static char *
ngx_http_carrierpay_limit_rule_limit(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_carrierpay_limit_t *limit)
{
    limit->interval = args->interval;
    limit->dry_run = args->dry_run;

    if (args->burst >= NGX_CARRIERPAY_LIMIT_SPAN_MAX / args->interval) {
        return "has a burst that takes more than a year";
    }

    limit->span = args->interval * (args->burst + 1);

    return ngx_http_carrierpay_limit_rule_zone(cf, args, rules, limit)
           == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/*
 * Two rules of one place must not charge the same bucket.  The rules, of which
 * the last one is added, all begin with their limit.
 */

static ngx_int_t
ngx_http_carrierpay_limit_rule_zone(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_carrierpay_limit_t *limit)
{
    ngx_uint_t                              i;
    ngx_carrierpay_limit_zone_t            *zone, **added;
    ngx_carrierpay_limit_t                 *other;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    zone = ngx_carrierpay_limit_zone(cf, &args->zone, args->size,
                                     &ngx_http_carrierpay_limit_module);
    if (zone == NULL) {
        return NGX_ERROR;
    }

    if (zone->key.len == 0) {
        lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);

        added = ngx_array_push(lmcf->zones);
        if (added == NULL) {
            return NGX_ERROR;
        }

        *added = zone;
        zone->key = args->key;
        zone->shared = args->shared;
    }

    if (zone->key.len != args->key.len
        || ngx_memcmp(zone->key.data, args->key.data, args->key.len) != 0
        || zone->shared != args->shared)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" has another \"key\" or \"shared\""
                           " in %s:%ui", &zone->name, zone->file, zone->line);
        return NGX_ERROR;
    }

    for (i = 0; i < rules->nelts - 1; i++) {
        other = (ngx_carrierpay_limit_t *)
                ((u_char *) rules->elts + i * rules->size);

        if (other->zone == zone) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "zone \"%V\" is there twice", &zone->name);
            return NGX_ERROR;
        }
    }

    zone->span = ngx_max(zone->span, limit->span);
    limit->zone = zone;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_rule_kind(ngx_str_t *key, ngx_conf_enum_t *kinds,
    ngx_uint_t *kind)
{
    for ( /* void */ ; kinds->name.len; kinds++) {
        if (kinds->name.len == key->len
            && ngx_memcmp(kinds->name.data, key->data, key->len) == 0)
        {
            *kind = kinds->value;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* A name that is misspelt would be one budget for all requests. */

static ngx_int_t
ngx_http_carrierpay_limit_rule_value(ngx_conf_t *cf, ngx_str_t *key,
    ngx_http_carrierpay_limit_rule_t *rule)
{
    ngx_http_compile_complex_value_t  ccv;

    if (ngx_strchr(key->data, '$') == NULL) {
        (void) ngx_http_carrierpay_limit_rule_unknown(cf, key);
        return NGX_ERROR;
    }

    rule->kind = NGX_HTTP_CARRIERPAY_LIMIT_VALUE;
    rule->variable = ngx_http_carrierpay_limit_rule_variable(cf, key);

    if (rule->variable != NGX_ERROR) {
        return NGX_OK;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = key;
    ccv.complex_value = &rule->value;

    return ngx_http_compile_complex_value(&ccv);
}


static char *
ngx_http_carrierpay_limit_rule_unknown(ngx_conf_t *cf, ngx_str_t *key)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown key \"%V\"", key);

    return NGX_CONF_ERROR;
}


/*
 * The index of the variable when the key is nothing but one, since its value
 * need not be copied then; else NGX_ERROR.
 */

static ngx_int_t
ngx_http_carrierpay_limit_rule_variable(ngx_conf_t *cf, ngx_str_t *key)
{
    u_char     c;
    size_t     i;
    ngx_str_t  name;

    for (i = 1; i < key->len; i++) {
        c = key->data[i];

        if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            return NGX_ERROR;
        }
    }

    if (key->data[0] != '$' || key->len < 2
        || (key->data[1] >= '0' && key->data[1] <= '9'))
    {
        return NGX_ERROR;
    }

    name.data = key->data + 1;
    name.len = key->len - 1;

    return ngx_http_get_variable_index(cf, &name);
}


/*
 * RateLimit-Policy: how many requests a client may send at once, and in how
 * many seconds they are available again; a window below one second is left
 * out.
 */

static ngx_int_t
ngx_http_carrierpay_limit_rule_policy(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_rule_t *rule)
{
    u_char     *p;
    int64_t     window;
    ngx_str_t  *name;

    name = &rule->limit.zone->name;

    p = ngx_pnalloc(cf->pool, sizeof("\"\";q=;w=") - 1 + name->len
                              + 2 * NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    rule->policy.data = p;

    p = ngx_sprintf(p, "\"%V\";q=%L", name,
                    rule->limit.span / rule->limit.interval);

    if (rule->limit.span >= 1000000) {
        window = (rule->limit.span + 999999) / 1000000;
        p = ngx_sprintf(p, ";w=%L", window);
    }

    rule->policy.len = p - rule->policy.data;

    rule->state.len = sizeof("\"\";r=") - 1 + name->len;
    rule->state.data = ngx_pnalloc(cf->pool, rule->state.len);
    if (rule->state.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(rule->state.data, "\"%V\";r=", name);

    return NGX_OK;
}
