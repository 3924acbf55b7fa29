
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_keyring.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_module.h"


/* parameters, as they are written */

typedef struct {
    ngx_str_t                   zone;
    size_t                      size;
    ngx_str_t                   key;
    int64_t                     interval;
    ngx_int_t                   burst;
    ngx_uint_t                  shared;
    ngx_uint_t                  nodelay;
    ngx_uint_t                  dry_run;
    ngx_uint_t                  log_level;
} ngx_http_carrierpay_limit_args_t;


typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  value;
} ngx_http_carrierpay_limit_word_t;


static char *ngx_http_carrierpay_limit_add(ngx_conf_t *cf,
    ngx_array_t **rules, ngx_http_carrierpay_limit_word_t *kinds,
    ngx_http_carrierpay_limit_rule_t **added);
static ngx_int_t ngx_http_carrierpay_limit_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms);
static ngx_int_t ngx_http_carrierpay_limit_arg(
    ngx_http_carrierpay_limit_args_t *args, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_limit_flag(
    ngx_http_carrierpay_limit_args_t *args, ngx_str_t *value, ngx_uint_t sms);
static ngx_int_t ngx_http_carrierpay_limit_rate(ngx_str_t *text,
    int64_t *interval);
static ngx_int_t ngx_http_carrierpay_limit_zone(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_http_carrierpay_limit_rule_t *rule);
static ngx_int_t ngx_http_carrierpay_limit_kind(ngx_conf_t *cf,
    ngx_str_t *key, ngx_http_carrierpay_limit_word_t *kinds,
    ngx_http_carrierpay_limit_rule_t *rule);
static ngx_int_t ngx_http_carrierpay_limit_variable(ngx_conf_t *cf,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_limit_policy(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_rule_t *rule);
static ngx_http_carrierpay_limit_word_t *ngx_http_carrierpay_limit_word(
    ngx_http_carrierpay_limit_word_t *words, ngx_str_t *text);


static ngx_http_carrierpay_limit_word_t  ngx_http_carrierpay_limit_kinds[] = {
    { ngx_string("address"), NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS },
    { ngx_string("subscriber"), NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER },
    { ngx_string("merchant"), NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT },
    { ngx_null_string, 0 }
};

static ngx_http_carrierpay_limit_word_t
    ngx_http_carrierpay_limit_sms_kinds[] =
{
    { ngx_string("number"), NGX_HTTP_CARRIERPAY_LIMIT_NUMBER },
    { ngx_string("prefix"), NGX_HTTP_CARRIERPAY_LIMIT_PREFIX },
    { ngx_string("address"), NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS },
    { ngx_string("merchant"), NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT },
    { ngx_null_string, 0 }
};

static ngx_http_carrierpay_limit_word_t  ngx_http_carrierpay_limit_levels[] = {
    { ngx_string("info"), NGX_LOG_INFO },
    { ngx_string("notice"), NGX_LOG_NOTICE },
    { ngx_string("warn"), NGX_LOG_WARN },
    { ngx_string("error"), NGX_LOG_ERR },
    { ngx_null_string, 0 }
};

/* s */

static ngx_http_carrierpay_limit_word_t  ngx_http_carrierpay_limit_units[] = {
    { ngx_string("r/s"), 1 },
    { ngx_string("r/m"), 60 },
    { ngx_string("r/h"), 3600 },
    { ngx_string("r/d"), 86400 },
    { ngx_null_string, 0 }
};


void *
ngx_http_carrierpay_limit_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_limit_main_conf_t));
    if (lmcf == NULL) {
        return NULL;
    }

    lmcf->zones = ngx_array_create(cf->pool, 4,
                                   sizeof(ngx_carrierpay_limit_zone_t *));
    if (lmcf->zones == NULL) {
        return NULL;
    }

    return lmcf;
}


void *
ngx_http_carrierpay_limit_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_limit_loc_conf_t));
}


char *
ngx_http_carrierpay_limit_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_limit_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_limit_loc_conf_t  *conf = child;

    if (conf->rules == NULL) {
        conf->rules = prev->rules;
        conf->kinds = prev->kinds;
    }

    if (conf->page == NULL && ngx_http_carrierpay_location_inherits(cf)) {
        conf->page = prev->page;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_limit_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_limit_loc_conf_t *llcf = conf;

    char                                   *rv;
    ngx_http_carrierpay_limit_rule_t       *rule;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    rv = ngx_http_carrierpay_limit_add(cf, &llcf->rules,
                                       ngx_http_carrierpay_limit_kinds, &rule);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    llcf->kinds |= 1 << rule->kind;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);
    lmcf->used = 1;

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_limit_sms_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_limit_main_conf_t *lmcf = conf;

    ngx_http_carrierpay_limit_rule_t  *rule;

    return ngx_http_carrierpay_limit_add(cf, &lmcf->sms,
                                         ngx_http_carrierpay_limit_sms_kinds,
                                         &rule);
}


static char *
ngx_http_carrierpay_limit_add(ngx_conf_t *cf, ngx_array_t **rules,
    ngx_http_carrierpay_limit_word_t *kinds,
    ngx_http_carrierpay_limit_rule_t **added)
{
    ngx_http_carrierpay_limit_args_t   args;
    ngx_http_carrierpay_limit_rule_t  *rule;

    if (*rules == NULL) {
        *rules = ngx_array_create(cf->pool, 4,
                                  sizeof(ngx_http_carrierpay_limit_rule_t));
        if (*rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    if ((*rules)->nelts == NGX_HTTP_CARRIERPAY_LIMIT_RULES) {
        return "is there more than 16 times";
    }

    rule = ngx_array_push(*rules);
    if (rule == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(rule, sizeof(ngx_http_carrierpay_limit_rule_t));
    ngx_memzero(&args, sizeof(ngx_http_carrierpay_limit_args_t));

    args.log_level = NGX_LOG_ERR;

    if (ngx_http_carrierpay_limit_args(cf, &args,
                                kinds == ngx_http_carrierpay_limit_sms_kinds)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    rule->nodelay = args.nodelay;
    rule->log_level = args.log_level;
    rule->limit.interval = args.interval;
    rule->limit.dry_run = args.dry_run;

    if (args.burst >= NGX_CARRIERPAY_LIMIT_SPAN_MAX / args.interval) {
        return "has a burst that takes more than a year";
    }

    rule->limit.span = args.interval * (args.burst + 1);

    if (ngx_http_carrierpay_limit_zone(cf, &args, *rules, rule) != NGX_OK
        || ngx_http_carrierpay_limit_kind(cf, &args.key, kinds, rule) != NGX_OK
        || ngx_http_carrierpay_limit_policy(cf, rule) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    *added = rule;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms)
{
    ngx_str_t   *value;
    ngx_uint_t   i;
    const char  *missing;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_carrierpay_limit_arg(args, &value[i]) != NGX_OK
            && ngx_http_carrierpay_limit_flag(args, &value[i], sms) != NGX_OK)
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


/* what must be there, and burst */

static ngx_int_t
ngx_http_carrierpay_limit_arg(ngx_http_carrierpay_limit_args_t *args,
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
        return ngx_http_carrierpay_limit_rate(&text, &args->interval);
    }

    if (ngx_strncmp(value->data, "burst=", 6) == 0) {
        args->burst = ngx_atoi(value->data + 6, value->len - 6);
        return (args->burst > 0) ? NGX_OK : NGX_DECLINED;
    }

    return NGX_DECLINED;
}


/* an SMS is sent or not, so it is neither delayed nor sent all the same */

static ngx_int_t
ngx_http_carrierpay_limit_flag(ngx_http_carrierpay_limit_args_t *args,
    ngx_str_t *value, ngx_uint_t sms)
{
    ngx_str_t                          text;
    ngx_http_carrierpay_limit_word_t  *level;

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

    level = ngx_http_carrierpay_limit_word(ngx_http_carrierpay_limit_levels,
                                           &text);
    if (level == NULL) {
        return NGX_DECLINED;
    }

    args->log_level = level->value;

    return NGX_OK;
}


/* us of one request, rounded up: never more than the rate */

static ngx_int_t
ngx_http_carrierpay_limit_rate(ngx_str_t *text, int64_t *interval)
{
    int64_t                            period;
    ngx_int_t                          n;
    ngx_str_t                          unit;
    ngx_http_carrierpay_limit_word_t  *word;

    if (text->len <= 3) {
        return NGX_DECLINED;
    }

    unit.data = text->data + text->len - 3;
    unit.len = 3;

    word = ngx_http_carrierpay_limit_word(ngx_http_carrierpay_limit_units,
                                          &unit);
    n = ngx_atoi(text->data, text->len - 3);

    if (word == NULL || n <= 0) {
        return NGX_DECLINED;
    }

    period = (int64_t) word->value * 1000000;

    if (n > period / NGX_CARRIERPAY_LIMIT_INTERVAL_MIN) {
        return NGX_DECLINED;
    }

    *interval = (period + n - 1) / n;

    return NGX_OK;
}


/* one zone twice in one place would take from the same bucket twice */

static ngx_int_t
ngx_http_carrierpay_limit_zone(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_array_t *rules,
    ngx_http_carrierpay_limit_rule_t *rule)
{
    ngx_carrierpay_limit_zone_t            *zone, **added;
    ngx_http_carrierpay_limit_rule_t       *other;
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

    for (other = rules->elts; other != rule; other++) {
        if (other->limit.zone == zone) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "zone \"%V\" is there twice", &zone->name);
            return NGX_ERROR;
        }
    }

    zone->span = ngx_max(zone->span, rule->limit.span);
    rule->limit.zone = zone;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_limit_kind(ngx_conf_t *cf, ngx_str_t *key,
    ngx_http_carrierpay_limit_word_t *kinds,
    ngx_http_carrierpay_limit_rule_t *rule)
{
    ngx_http_carrierpay_limit_word_t  *kind;
    ngx_http_compile_complex_value_t   ccv;

    kind = ngx_http_carrierpay_limit_word(kinds, key);

    if (kind) {
        rule->kind = kind->value;
        return NGX_OK;
    }

    /* a word misspelt would be one budget for all */

    if (kinds == ngx_http_carrierpay_limit_sms_kinds
        || ngx_strchr(key->data, '$') == NULL)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown key \"%V\"", key);
        return NGX_ERROR;
    }

    rule->kind = NGX_HTTP_CARRIERPAY_LIMIT_VALUE;
    rule->variable = ngx_http_carrierpay_limit_variable(cf, key);

    if (rule->variable != NGX_ERROR) {
        return NGX_OK;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = key;
    ccv.complex_value = &rule->value;

    return ngx_http_compile_complex_value(&ccv);
}


/* the index of a variable that stands alone, which need not be copied */

static ngx_int_t
ngx_http_carrierpay_limit_variable(ngx_conf_t *cf, ngx_str_t *key)
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
 * What a client may use at once, and in how many seconds that comes back; a
 * window below a second cannot be said.
 */

static ngx_int_t
ngx_http_carrierpay_limit_policy(ngx_conf_t *cf,
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


static ngx_http_carrierpay_limit_word_t *
ngx_http_carrierpay_limit_word(ngx_http_carrierpay_limit_word_t *words,
    ngx_str_t *text)
{
    for ( /* void */ ; words->name.len; words++) {
        if (words->name.len == text->len
            && ngx_memcmp(words->name.data, text->data, text->len) == 0)
        {
            return words;
        }
    }

    return NULL;
}


void
ngx_http_carrierpay_limit_page(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_page_pt page)
{
    ngx_http_carrierpay_limit_loc_conf_t  *llcf;

    llcf = ngx_http_conf_get_module_loc_conf(cf,
                                            ngx_http_carrierpay_limit_module);
    llcf->page = page;
}


/* the names of numbers are the same on all nodes, which share their secrets */

ngx_int_t
ngx_http_carrierpay_limit_complete(ngx_conf_t *cf)
{
    ngx_uint_t                              i;
    const ngx_str_t                        *secret;
    ngx_carrierpay_conf_t                  *conf;
    ngx_carrierpay_limit_zone_t           **zone;
    ngx_http_carrierpay_main_conf_t        *cmcf;
    ngx_http_carrierpay_limit_main_conf_t  *lmcf;

    lmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_carrierpay_limit_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    conf = &cmcf->conf;

    secret = conf->secrets.len
             ? ngx_carrierpay_keyring_key(&conf->keyring,
                                          NGX_CARRIERPAY_KEY_SESSION)
             : NULL;

    zone = lmcf->zones->elts;

    for (i = 0; i < lmcf->zones->nelts; i++) {

        if (zone[i]->shared && conf->postgres.connections == 0) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"shared=redis\" needs \"carrierpay_redis\" and"
                          " \"carrierpay_postgres\" in %s:%ui",
                          zone[i]->file, zone[i]->line);
            return NGX_ERROR;
        }

        ngx_carrierpay_limit_zone_complete(zone[i], secret);
    }

    return NGX_OK;
}
