
/*
 * Merchants by their API key, cached in the worker.
 *
 * The cache is bounded.  It keeps a key for ten seconds, so a disabled key
 * works at most that long, and the hash of one that does not exist for one
 * second, so a new key works after that time at the latest.
 */


#ifndef _NGX_CARRIERPAY_MERCHANT_H_INCLUDED_
#define _NGX_CARRIERPAY_MERCHANT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_category.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"


typedef struct {
    int32_t                    id;
    ngx_uint_t                 home;       /* cell of new payments */
    ngx_int_t                  former;     /* before it was moved; or -1 */
    ngx_uint_t                 live;
    ngx_carrierpay_category_e  category;   /* unless a payment has another */
    u_char                     name[128];
    size_t                     name_len;
} ngx_carrierpay_merchant_t;


typedef struct ngx_carrierpay_merchants_s  ngx_carrierpay_merchants_t;


/* The data of an "authenticate" flow. */

typedef struct {
    u_char                      hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_merchant_t   merchant;
    ngx_carrierpay_sql_call_t   call;
} ngx_carrierpay_authentication_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_merchant_statement;


ngx_carrierpay_merchants_t *ngx_carrierpay_merchants_create(
    ngx_cycle_t *cycle);

/*
 * From the cache: NGX_OK and *merchant filled, NGX_DECLINED: no such key,
 * NGX_AGAIN: not known here, run the flow.  `key` is the text of the header.
 */
ngx_int_t ngx_carrierpay_merchant_cached(ngx_carrierpay_core_t *core,
    ngx_str_t *key, ngx_carrierpay_merchant_t *merchant);

/* The category of a payment: the one given, or with len 0 the merchant's. */
const ngx_str_t *ngx_carrierpay_merchant_category(
    const ngx_carrierpay_merchant_t *merchant, const ngx_str_t *given);

/*
 * A flow that asks the database and fills the cache:
 *
 *   authenticate   find
 *
 * Its data is an ngx_carrierpay_authentication_t.  The result is OK and
 * `merchant` is set, NOT_FOUND, or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_merchant_authenticate(
    ngx_carrierpay_core_t *core, ngx_str_t *key);


#endif /* _NGX_CARRIERPAY_MERCHANT_H_INCLUDED_ */
