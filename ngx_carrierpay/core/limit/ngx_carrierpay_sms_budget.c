
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_sms_budget.h"


static void ngx_carrierpay_sms_budget_key(ngx_carrierpay_sms_budget_t *budget,
    ngx_carrierpay_sms_budget_key_e kind, ngx_str_t *key);
static void ngx_carrierpay_sms_budget_item(
    ngx_carrierpay_sms_budget_t *budget, ngx_carrierpay_limit_t *limit,
    ngx_str_t *key);
static void ngx_carrierpay_sms_budget_shared(void *data, ngx_int_t rc);
static void ngx_carrierpay_sms_budget_decide(
    ngx_carrierpay_sms_budget_t *budget, ngx_int_t rc);
static void ngx_carrierpay_sms_budget_refused(
    ngx_carrierpay_sms_budget_t *budget);


#define ngx_carrierpay_sms_budget_rule(item)                                  \
    ((ngx_carrierpay_sms_budget_rule_t *)                                     \
     ((u_char *) (item)->limit                                                \
      - offsetof(ngx_carrierpay_sms_budget_rule_t, limit)))


ngx_int_t
ngx_carrierpay_sms_budget(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sms_budget_t *budget)
{
    ngx_int_t                          rc;
    ngx_str_t                          key;
    ngx_uint_t                         i;
    ngx_array_t                       *rules;
    ngx_carrierpay_sms_budget_rule_t  *rule;

    rules = flow->core->conf->sms_budgets;

    budget->flow = flow;
    budget->retry = 0;
    budget->n = 0;

    if (rules == NULL) {
        return NGX_OK;
    }

    budget->items = ngx_palloc(flow->pool, rules->nelts
                                       * sizeof(ngx_carrierpay_limit_item_t));
    if (budget->items == NULL) {
        return NGX_ERROR;
    }

    rule = rules->elts;

    for (i = 0; i < rules->nelts; i++) {
        ngx_carrierpay_sms_budget_key(budget, rule[i].key, &key);

        if (key.len) {
            ngx_carrierpay_sms_budget_item(budget, &rule[i].limit, &key);
        }
    }

    if (budget->n == 0) {
        return NGX_OK;
    }

    rc = ngx_carrierpay_limit_consume(budget->items, budget->n);

    if (rc == NGX_OK
        && ngx_carrierpay_limit_redis_consume(flow->core, budget->items,
                                              budget->n,
                                              ngx_carrierpay_sms_budget_shared,
                                              budget, &budget->call)
           == NGX_AGAIN)
    {
        return NGX_AGAIN;
    }

    ngx_carrierpay_sms_budget_decide(budget, rc);

    return NGX_OK;
}


static void
ngx_carrierpay_sms_budget_key(ngx_carrierpay_sms_budget_t *budget,
    ngx_carrierpay_sms_budget_key_e kind, ngx_str_t *key)
{
    ngx_str_null(key);

    switch (kind) {

    case NGX_CARRIERPAY_SMS_BUDGET_NUMBER:
        *key = budget->proved.len ? budget->proved : budget->number;
        break;

    case NGX_CARRIERPAY_SMS_BUDGET_NUMBER_PREFIX:
        if (budget->proved.len) {
            *key = budget->proved;
            break;
        }

        key->data = budget->number.data;
        key->len = ngx_min(budget->number.len,
                           NGX_CARRIERPAY_SMS_BUDGET_PREFIX);
        break;

    case NGX_CARRIERPAY_SMS_BUDGET_ADDRESS:
        *key = budget->address;
        break;

    case NGX_CARRIERPAY_SMS_BUDGET_MERCHANT:
        key->data = (u_char *) &budget->merchant_id;
        key->len = sizeof(budget->merchant_id);
        break;
    }
}


/* The mode is part of the key; the longest one is an index. */

static void
ngx_carrierpay_sms_budget_item(ngx_carrierpay_sms_budget_t *budget,
    ngx_carrierpay_limit_t *limit, ngx_str_t *key)
{
    size_t  len;
    u_char  text[1 + NGX_CARRIERPAY_SHA256_LEN];

    len = ngx_min(key->len, sizeof(text) - 1);

    text[0] = (u_char) budget->live;
    ngx_memcpy(text + 1, key->data, len);

    ngx_carrierpay_limit_item(&budget->items[budget->n++], limit, text,
                              1 + len);
}


static void
ngx_carrierpay_sms_budget_shared(void *data, ngx_int_t rc)
{
    ngx_carrierpay_sms_budget_t  *budget;

    budget = data;

    ngx_carrierpay_sms_budget_decide(budget, rc);
    ngx_carrierpay_flow_done(budget->flow);
}


static void
ngx_carrierpay_sms_budget_decide(ngx_carrierpay_sms_budget_t *budget,
    ngx_int_t rc)
{
    if (rc == NGX_OK) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_PASSED);
        return;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_REJECTED);
    ngx_carrierpay_sms_budget_refused(budget);
}


/* The key of the budget is not logged: it may be a number. */

static void
ngx_carrierpay_sms_budget_refused(ngx_carrierpay_sms_budget_t *budget)
{
    int64_t                        us;
    ngx_uint_t                     i;
    ngx_carrierpay_limit_item_t   *item;

    budget->retry = 1;

    for (i = 0; i < budget->n; i++) {
        item = &budget->items[i];

        if (item->rc != NGX_BUSY || item->limit->dry_run) {
            continue;
        }

        us = ngx_carrierpay_limit_retry(item);
        budget->retry = ngx_max(budget->retry,
                                (ngx_uint_t) ((us + 999999) / 1000000));

        ngx_log_error(ngx_carrierpay_sms_budget_rule(item)->log_level,
                      budget->flow->log, 0, "limiting SMS by zone \"%V\"",
                      &item->limit->zone->name);
    }
}
