
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_spend_directive.h"


/* where systems keep the zones that PostgreSQL knows, too */
#define NGX_HTTP_CARRIERPAY_SPEND_ZONES  "/usr/share/zoneinfo/"

#define NGX_HTTP_CARRIERPAY_SPEND_ZONE_MAX  64


/* What the law of a place says, in its currency, with all its digits. */

typedef struct {
    ngx_str_t                       name;
    const char                     *currency;
    ngx_carrierpay_spend_limit_t    line;
    ngx_carrierpay_spend_limit_t    merchant;
} ngx_http_carrierpay_spend_law_t;


typedef struct {
    ngx_str_t                       name;
    size_t                          offset;  /* in ..._spend_limit_t */
} ngx_http_carrierpay_spend_period_t;


static char *ngx_http_carrierpay_spend_check_time_zone(ngx_conf_t *cf,
    void *post, void *data);
static const ngx_http_carrierpay_spend_law_t *
    ngx_http_carrierpay_spend_law(ngx_str_t *name);
static const ngx_http_carrierpay_spend_period_t *
    ngx_http_carrierpay_spend_period(ngx_str_t *text, ngx_str_t *amount);
static ngx_int_t ngx_http_carrierpay_spend_apply(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_carrierpay_spend_text_t *text);
static ngx_int_t ngx_http_carrierpay_spend_apply_law(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_carrierpay_conf_value_t *value,
    const ngx_http_carrierpay_spend_law_t *law);
static ngx_int_t ngx_http_carrierpay_spend_amount(ngx_str_t *text,
    const ngx_carrierpay_currency_t *currency);
static void ngx_http_carrierpay_spend_lower(
    ngx_carrierpay_spend_limit_t *limit,
    const ngx_carrierpay_spend_limit_t *other);
static ngx_uint_t ngx_http_carrierpay_spend_periodic(
    ngx_carrierpay_operator_t *op);
static ngx_uint_t ngx_http_carrierpay_spend_total(size_t offset);


ngx_conf_post_t  ngx_http_carrierpay_spend_directive_time_zone = {
    ngx_http_carrierpay_spend_check_time_zone
};


static const ngx_http_carrierpay_spend_law_t
    ngx_http_carrierpay_spend_laws[] =
{
    /* Directive (EU) 2015/2366, article 3 (l) */

    { ngx_string("eu"), "EUR",
      { .payment = 5000, .month = 30000 }, { .payment = 0 } },

    /* and what Luxembourg's operators agreed on for each service */

    { ngx_string("luxembourg"), "EUR",
      { .payment = 5000, .month = 30000 }, { .week = 900 } },

    /* Payment Services Regulations 2017, schedule 1, part 2 */

    { ngx_string("uk"), "GBP",
      { .payment = 4000, .month = 24000 }, { .payment = 0 } },

    { ngx_null_string, NULL, { .payment = 0 }, { .payment = 0 } }
};


static const ngx_http_carrierpay_spend_period_t
    ngx_http_carrierpay_spend_periods[] =
{
    { ngx_string("transaction="),
      offsetof(ngx_carrierpay_spend_limit_t, payment) },
    { ngx_string("day="), offsetof(ngx_carrierpay_spend_limit_t, day) },
    { ngx_string("week="), offsetof(ngx_carrierpay_spend_limit_t, week) },
    { ngx_string("month="), offsetof(ngx_carrierpay_spend_limit_t, month) },
    { ngx_null_string, 0 }
};


/*
 * limit [eu | luxembourg | uk] [transaction=50.00] [month=300.00] ...;
 * A total has days and months alone.
 */

char *
ngx_http_carrierpay_spend_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t                                 *value, amount;
    ngx_uint_t                                 i;
    ngx_carrierpay_spend_text_t               *text;
    const ngx_http_carrierpay_spend_period_t  *period;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        period = ngx_http_carrierpay_spend_period(&value[i], &amount);

        if ((period == NULL
             && (cmd->offset != offsetof(ngx_carrierpay_operator_t, line_limit)
                 || ngx_http_carrierpay_spend_law(&value[i]) == NULL))
            || (period && ngx_http_carrierpay_spend_total(cmd->offset)
                && period->offset != offsetof(ngx_carrierpay_spend_limit_t,
                                              day)
                && period->offset != offsetof(ngx_carrierpay_spend_limit_t,
                                              month)))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        text = ngx_array_push(&op->limits);
        if (text == NULL) {
            return NGX_CONF_ERROR;
        }

        text->value.text = value[i];
        text->value.file = cf->conf_file->file.name.data;
        text->value.line = cf->conf_file->line;
        text->offset = cmd->offset;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_spend_check_time_zone(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *zone = data;

    u_char     c, path[sizeof(NGX_HTTP_CARRIERPAY_SPEND_ZONES)
                       + NGX_HTTP_CARRIERPAY_SPEND_ZONE_MAX];
    size_t           i;
    ngx_file_info_t  fi;

    if (zone->len == 0 || zone->len > NGX_HTTP_CARRIERPAY_SPEND_ZONE_MAX) {
        return "is not a time zone";
    }

    for (i = 0; i < zone->len; i++) {
        c = zone->data[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-'
              || (c == '/' && i)))
        {
            return "is not a time zone";
        }
    }

    (void) ngx_sprintf(path, NGX_HTTP_CARRIERPAY_SPEND_ZONES "%V%Z", zone);

    if (ngx_file_info(path, &fi) == NGX_FILE_ERROR || !ngx_is_file(&fi)) {
        return "is not a time zone of this system";
    }

    return NGX_CONF_OK;
}


static const ngx_http_carrierpay_spend_law_t *
ngx_http_carrierpay_spend_law(ngx_str_t *name)
{
    const ngx_http_carrierpay_spend_law_t  *law;

    for (law = ngx_http_carrierpay_spend_laws; law->name.len; law++) {
        if (law->name.len == name->len
            && ngx_memcmp(law->name.data, name->data, name->len) == 0)
        {
            return law;
        }
    }

    return NULL;
}


/* of "month=300.00"; NULL: it is none, or has no amount */

static const ngx_http_carrierpay_spend_period_t *
ngx_http_carrierpay_spend_period(ngx_str_t *text, ngx_str_t *amount)
{
    const ngx_http_carrierpay_spend_period_t  *p;

    for (p = ngx_http_carrierpay_spend_periods; p->name.len; p++) {
        if (text->len > p->name.len
            && ngx_memcmp(text->data, p->name.data, p->name.len) == 0)
        {
            amount->data = text->data + p->name.len;
            amount->len = text->len - p->name.len;
            return p;
        }
    }

    return NULL;
}


char *
ngx_http_carrierpay_spend_directive_amounts(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op)
{
    ngx_uint_t                    i;
    ngx_carrierpay_spend_text_t  *text;

    text = op->limits.elts;

    for (i = 0; i < op->limits.nelts; i++) {
        if (ngx_http_carrierpay_spend_apply(cf, op, &text[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (op->time_zone.len == 0 && ngx_http_carrierpay_spend_periodic(op)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"limit\" of a day, a week or a month needs a"
                      " \"time_zone\" in %s:%ui", text[0].value.file,
                      text[0].value.line);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_spend_apply(ngx_conf_t *cf, ngx_carrierpay_operator_t *op,
    ngx_carrierpay_spend_text_t *text)
{
    ngx_str_t                                  amount;
    ngx_carrierpay_conf_value_t               *value;
    ngx_carrierpay_spend_limit_t               limit;
    const ngx_http_carrierpay_spend_period_t  *period;

    value = &text->value;

    if (op->currency == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"limit\" needs a \"currency\" in %s:%ui",
                      value->file, value->line);
        return NGX_ERROR;
    }

    period = ngx_http_carrierpay_spend_period(&value->text, &amount);

    if (period == NULL) {
        return ngx_http_carrierpay_spend_apply_law(cf, op, value,
                                  ngx_http_carrierpay_spend_law(&value->text));
    }

    ngx_memzero(&limit, sizeof(limit));

    *(int64_t *) ((char *) &limit + period->offset) =
                       ngx_http_carrierpay_spend_amount(&amount, op->currency);

    if (*(int64_t *) ((char *) &limit + period->offset) == NGX_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "limit \"%V\" is no amount of %s in %s:%ui", &amount,
                      op->currency->code, value->file, value->line);
        return NGX_ERROR;
    }

    ngx_http_carrierpay_spend_lower((ngx_carrierpay_spend_limit_t *)
                                    ((char *) op + text->offset), &limit);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_spend_apply_law(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_carrierpay_conf_value_t *value,
    const ngx_http_carrierpay_spend_law_t *law)
{
    if (ngx_strcmp(law->currency, op->currency->code) != 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "limit \"%V\" is in %s, the operator's \"currency\" is"
                      " %s in %s:%ui", &value->text, law->currency,
                      op->currency->code, value->file, value->line);
        return NGX_ERROR;
    }

    ngx_http_carrierpay_spend_lower(&op->line_limit, &law->line);
    ngx_http_carrierpay_spend_lower(&op->merchant_limit, &law->merchant);

    return NGX_OK;
}


/* the digits after the point are those of the currency */

static ngx_int_t
ngx_http_carrierpay_spend_amount(ngx_str_t *text,
    const ngx_carrierpay_currency_t *currency)
{
    ngx_int_t  n;

    /* ngx_atofp() takes nothing without digits after the point */

    n = currency->exponent
        ? ngx_atofp(text->data, text->len, currency->exponent)
        : ngx_atoi(text->data, text->len);

    return ngx_carrierpay_amount_valid(n) ? n : NGX_ERROR;
}


static void
ngx_http_carrierpay_spend_lower(ngx_carrierpay_spend_limit_t *limit,
    const ngx_carrierpay_spend_limit_t *other)
{
    int64_t                                   *amount;
    const int64_t                             *more;
    const ngx_http_carrierpay_spend_period_t  *p;

    for (p = ngx_http_carrierpay_spend_periods; p->name.len; p++) {
        amount = (int64_t *) ((char *) limit + p->offset);
        more = (const int64_t *) ((const char *) other + p->offset);

        if (*more && (*amount == 0 || *more < *amount)) {
            *amount = *more;
        }
    }
}


static ngx_uint_t
ngx_http_carrierpay_spend_periodic(ngx_carrierpay_operator_t *op)
{
    ngx_uint_t                     i;
    ngx_carrierpay_spend_limit_t  *limits[] = {
        &op->line_limit, &op->merchant_limit, &op->total_limit,
        &op->country_limit
    };

    for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i]->day || limits[i]->week || limits[i]->month) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_carrierpay_spend_total(size_t offset)
{
    return offset == offsetof(ngx_carrierpay_operator_t, total_limit)
           || offset == offsetof(ngx_carrierpay_operator_t, country_limit);
}
