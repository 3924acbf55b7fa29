
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_code_budget.h"
#include "ngx_carrierpay_core_counters.h"


typedef struct {
    int64_t     interval;    /* us until one more may be had */
    ngx_uint_t  burst;       /* at once */
} ngx_carrierpay_code_budget_rate_t;


static void ngx_carrierpay_code_budget_key(
    ngx_carrierpay_limit_item_t *items, ngx_carrierpay_limit_t *limits,
    ngx_uint_t live, ngx_carrierpay_code_budget_e kind, const void *data,
    size_t len);


/*
 * By ngx_carrierpay_code_budget_e.  Many shoppers may share an address; a
 * shopper of a payment needs one code, or two.
 */

static const ngx_carrierpay_code_budget_rate_t
    ngx_carrierpay_code_budget_rates[NGX_CARRIERPAY_CODE_BUDGETS] =
{
    { 180 * 1000000LL, 5 },
    { 60 * 1000000LL, 15 },
    { 15 * 1000000LL, 60 }
};


ngx_array_t *
ngx_carrierpay_code_budget_create(ngx_conf_t *cf, void *tag)
{
    ngx_str_t                                 name;
    ngx_uint_t                                i;
    ngx_array_t                              *budgets;
    ngx_carrierpay_limit_t                   *limit;
    ngx_carrierpay_limit_zone_t              *zone;
    const ngx_carrierpay_code_budget_rate_t  *rate;

    ngx_str_set(&name, "carrierpay.codes");

    zone = ngx_carrierpay_limit_zone(cf, &name, 0, tag);
    budgets = ngx_array_create(cf->pool, NGX_CARRIERPAY_CODE_BUDGETS,
                               sizeof(ngx_carrierpay_limit_t));

    if (zone == NULL || budgets == NULL) {
        return NULL;
    }

    ngx_str_set(&zone->key, "payment, address or block");

    for (i = 0; i < NGX_CARRIERPAY_CODE_BUDGETS; i++) {
        rate = &ngx_carrierpay_code_budget_rates[i];

        limit = ngx_array_push(budgets);    /* there is room for all */

        limit->zone = zone;
        limit->interval = rate->interval;
        limit->span = rate->interval * rate->burst;
        limit->dry_run = 0;

        zone->span = ngx_max(zone->span, limit->span);
    }

    return budgets;
}


ngx_uint_t
ngx_carrierpay_code_budget(ngx_array_t *budgets, int64_t payment_id,
    ngx_uint_t live, ngx_carrierpay_addr_t *address)
{
    int64_t                       us;
    ngx_uint_t                    i, n, retry;
    ngx_carrierpay_limit_t       *limits;
    ngx_carrierpay_limit_item_t   items[NGX_CARRIERPAY_CODE_BUDGETS];

    limits = budgets->elts;
    n = ngx_carrierpay_addr_visitor(address)
        ? NGX_CARRIERPAY_CODE_BUDGETS : NGX_CARRIERPAY_CODE_BUDGET_PAYMENT + 1;

    ngx_carrierpay_code_budget_key(items, limits, live,
                                   NGX_CARRIERPAY_CODE_BUDGET_PAYMENT,
                                   &payment_id, sizeof(payment_id));
    ngx_carrierpay_code_budget_key(items, limits, live,
                                   NGX_CARRIERPAY_CODE_BUDGET_ADDRESS,
                                   address->bytes,
                                   ngx_carrierpay_addr_visitor(address));
    ngx_carrierpay_code_budget_key(items, limits, live,
                                   NGX_CARRIERPAY_CODE_BUDGET_BLOCK,
                                   address->bytes,
                                   ngx_carrierpay_addr_block(address));

    if (ngx_carrierpay_limit_consume(items, n) == NGX_OK) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_CODE_PASSED);
        return 0;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_CODE_REJECTED);

    retry = 1;

    for (i = 0; i < n; i++) {

        if (items[i].rc == NGX_BUSY) {
            us = ngx_carrierpay_limit_retry(&items[i]);
            retry = ngx_max(retry, (ngx_uint_t) ((us + 999999) / 1000000));
        }
    }

    return retry;
}


/* Kind and mode are part of the key, since all budgets are in one zone. */

static void
ngx_carrierpay_code_budget_key(ngx_carrierpay_limit_item_t *items,
    ngx_carrierpay_limit_t *limits, ngx_uint_t live,
    ngx_carrierpay_code_budget_e kind, const void *data, size_t len)
{
    u_char  *p, key[2 + sizeof(((ngx_carrierpay_addr_t *) 0)->bytes)];

    key[0] = kind;
    key[1] = (u_char) live;
    p = ngx_cpymem(key + 2, data, len);

    ngx_carrierpay_limit_item(&items[kind], &limits[kind], key, p - key);
}
