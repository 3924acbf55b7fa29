
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_spend_limits.h"


/* without names and zones, of which nothing has to be escaped */
#define NGX_CARRIERPAY_SPEND_LIMITS_OBJECT                                    \
    (sizeof("{\"operator\":\"\",\"time_zone\":\"\",\"apart\":false,"          \
            "\"max_payment\":,\"max_day\":,\"max_week\":,\"max_month\":,"     \
            "\"restores\":true,\"total_day\":,\"total_month\":,"              \
            "\"country_day\":,\"country_month\":},")                          \
     + 8 * NGX_INT64_LEN)


static u_char *ngx_carrierpay_spend_limits_object(u_char *p,
    ngx_carrierpay_operator_t *op, ngx_uint_t apart);
static u_char *ngx_carrierpay_spend_limits_amount(u_char *p,
    const char *name, int64_t amount);


ngx_int_t
ngx_carrierpay_spend_limits(ngx_carrierpay_operators_t *ops, ngx_pool_t *pool,
    ngx_str_t *json)
{
    size_t                       len;
    u_char                      *p;
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;
    len = sizeof("[]") - 1;

    for (i = 0; i < ops->list.nelts; i++) {
        len += 4 * (NGX_CARRIERPAY_SPEND_LIMITS_OBJECT + op[i]->name.len
                    + op[i]->time_zone.len);
    }

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json->data = p;
    *p++ = '[';

    for (i = 0; i < ops->list.nelts; i++) {
        p = ngx_carrierpay_spend_limits_object(p, op[i], 0);
        p = ngx_carrierpay_spend_limits_object(p, op[i], 1);
    }

    if (p[-1] == ',') {
        p--;
    }

    *p++ = ']';
    json->len = p - json->data;

    return NGX_OK;
}


static u_char *
ngx_carrierpay_spend_limits_object(u_char *p, ngx_carrierpay_operator_t *op,
    ngx_uint_t apart)
{
    ngx_carrierpay_spend_limit_t  *limit;

    limit = apart ? &op->merchant_limit : &op->line_limit;

    p = ngx_sprintf(p, "{\"operator\":\"%V\",\"apart\":%s", &op->name,
                    apart ? "true" : "false");

    if (op->time_zone.len) {
        p = ngx_sprintf(p, ",\"time_zone\":\"%V\"", &op->time_zone);
    }

    if (op->refund_restores_limit && !apart) {
        p = ngx_sprintf(p, ",\"restores\":true");
    }

    p = ngx_carrierpay_spend_limits_amount(p, "max_payment", limit->payment);
    p = ngx_carrierpay_spend_limits_amount(p, "max_day", limit->day);
    p = ngx_carrierpay_spend_limits_amount(p, "max_week", limit->week);
    p = ngx_carrierpay_spend_limits_amount(p, "max_month", limit->month);

    if (!apart) {
        p = ngx_carrierpay_spend_limits_amount(p, "total_day",
                                               op->total_limit.day);
        p = ngx_carrierpay_spend_limits_amount(p, "total_month",
                                               op->total_limit.month);
        p = ngx_carrierpay_spend_limits_amount(p, "country_day",
                                               op->country_limit.day);
        p = ngx_carrierpay_spend_limits_amount(p, "country_month",
                                               op->country_limit.month);
    }

    return ngx_cpymem(p, "},", 2);
}


static u_char *
ngx_carrierpay_spend_limits_amount(u_char *p, const char *name,
    int64_t amount)
{
    return amount ? ngx_sprintf(p, ",\"%s\":%L", name, amount) : p;
}
