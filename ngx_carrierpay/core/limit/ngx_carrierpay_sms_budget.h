
/*
 * The budgets of carrierpay_sms_limit: an SMS is about to be sent, and all of
 * them must allow it.  A budget is that of the number, of its prefix, of the
 * block of addresses that asks for it, or of the merchant.
 *
 * A browser that has proved the line takes nothing from the budgets of number
 * and prefix, which strangers could use up.  There the line has a budget of
 * its own, of the same rate, that all such browsers share.
 */


#ifndef _NGX_CARRIERPAY_SMS_BUDGET_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_BUDGET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_limit.h"
#include "ngx_carrierpay_limit_redis.h"


#define NGX_CARRIERPAY_SMS_BUDGET_RULES   16
#define NGX_CARRIERPAY_SMS_BUDGET_PREFIX  7      /* digits, country code too */


typedef enum {
    NGX_CARRIERPAY_SMS_BUDGET_NUMBER = 0,
    NGX_CARRIERPAY_SMS_BUDGET_NUMBER_PREFIX,
    NGX_CARRIERPAY_SMS_BUDGET_ADDRESS,
    NGX_CARRIERPAY_SMS_BUDGET_MERCHANT
} ngx_carrierpay_sms_budget_key_e;


/* As it is configured; its limit's zone outlives it. */

typedef struct {
    ngx_carrierpay_limit_t              limit;
    ngx_carrierpay_sms_budget_key_e     key;
    ngx_uint_t                          log_level;   /* of a refusal */
} ngx_carrierpay_sms_budget_rule_t;


/* An operation, part of a flow's data. */

typedef struct {
    ngx_str_t                           number;      /* E.164 digits */
    ngx_str_t                           proved;      /* the line's index, for
                                                        a browser that has
                                                        proved it; or empty */
    int32_t                             merchant_id;
    ngx_uint_t                          live;        /* each mode has budgets
                                                        of its own */
    ngx_str_t                           address;     /* bytes of the block; or
                                                        empty */

    ngx_uint_t                          retry;       /* s until an SMS may be
                                                        sent; 0: now */

    /* the operation's own */

    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_limit_item_t        *items;
    ngx_uint_t                          n;
    ngx_carrierpay_limit_redis_t       *call;
} ngx_carrierpay_sms_budget_t;


/*
 * The run of a flow's row: consumes all budgets, or none.  NGX_OK: `retry` is
 * set; NGX_AGAIN: nodes share a budget, and the row's done finds `retry`;
 * NGX_ERROR: memory.  It is called once for each SMS.
 */
ngx_int_t ngx_carrierpay_sms_budget(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sms_budget_t *budget);


#endif /* _NGX_CARRIERPAY_SMS_BUDGET_H_INCLUDED_ */
