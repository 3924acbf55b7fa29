
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_MERCHANT_SLOTS    1024
#define NGX_CARRIERPAY_MERCHANT_TTL      10000    /* ms */
#define NGX_CARRIERPAY_MERCHANT_WRONG    1000     /* ms */


/*
 * A direct-mapped cache: a key has one slot, by the first bytes of its hash,
 * and a newcomer takes it over.  So it is bounded without a list.
 */
typedef struct {
    u_char                       hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_msec_t                   expire;
    unsigned                     used:1;
    ngx_carrierpay_merchant_t    merchant;
} ngx_carrierpay_merchant_slot_t;


typedef struct {
    u_char                       hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_msec_t                   expire;
    unsigned                     used:1;
} ngx_carrierpay_merchant_wrong_t;


/* Wrong keys have slots of their own, so that they take none of the others. */

struct ngx_carrierpay_merchants_s {
    ngx_carrierpay_merchant_slot_t    slots[NGX_CARRIERPAY_MERCHANT_SLOTS];
    ngx_carrierpay_merchant_wrong_t   wrong[NGX_CARRIERPAY_MERCHANT_SLOTS];
};


static void ngx_carrierpay_merchant_hash(ngx_carrierpay_core_t *core,
    ngx_str_t *key, u_char *hash);
static ngx_uint_t ngx_carrierpay_merchant_slot(u_char *hash);
static ngx_uint_t ngx_carrierpay_merchant_fresh(ngx_msec_t expire);
static ngx_int_t ngx_carrierpay_merchant_find(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_merchant_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static ngx_int_t ngx_carrierpay_merchant_found(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_merchant_remember(ngx_carrierpay_core_t *core,
    ngx_carrierpay_authentication_t *auth);


static const ngx_carrierpay_column_t  ngx_carrierpay_merchant_columns[] = {
    ngx_carrierpay_column(HASH, ngx_carrierpay_authentication_t, hash)
};

ngx_carrierpay_statement_t  ngx_carrierpay_merchant_statement = {
    "key_find",
    ngx_carrierpay_columns(ngx_carrierpay_merchant_columns),
    ngx_carrierpay_merchant_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_merchant_steps[] = {
    { "find",
      ngx_carrierpay_merchant_find, ngx_carrierpay_merchant_found, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_merchants_t *
ngx_carrierpay_merchants_create(ngx_cycle_t *cycle)
{
    return ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_merchants_t));
}


ngx_int_t
ngx_carrierpay_merchant_cached(ngx_carrierpay_core_t *core, ngx_str_t *key,
    ngx_carrierpay_merchant_t *merchant)
{
    u_char                            hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_uint_t                        n;
    ngx_carrierpay_merchant_slot_t   *slot;
    ngx_carrierpay_merchant_wrong_t  *wrong;

    ngx_carrierpay_merchant_hash(core, key, hash);

    n = ngx_carrierpay_merchant_slot(hash);
    slot = &core->merchants->slots[n];
    wrong = &core->merchants->wrong[n];

    if (slot->used && ngx_carrierpay_merchant_fresh(slot->expire)
        && ngx_carrierpay_equal(slot->hash, hash, sizeof(hash)))
    {
        *merchant = slot->merchant;
        return NGX_OK;
    }

    return wrong->used && ngx_carrierpay_merchant_fresh(wrong->expire)
           && ngx_carrierpay_equal(wrong->hash, hash, sizeof(hash))
           ? NGX_DECLINED : NGX_AGAIN;
}


const ngx_str_t *
ngx_carrierpay_merchant_category(const ngx_carrierpay_merchant_t *merchant,
    const ngx_str_t *given)
{
    return given->len ? given
                      : ngx_carrierpay_category_name(merchant->category);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_merchant_authenticate(ngx_carrierpay_core_t *core,
    ngx_str_t *key)
{
    ngx_carrierpay_flow_t            *flow;
    ngx_carrierpay_authentication_t  *auth;

    flow = ngx_carrierpay_flow_create(&core->flows, "authenticate",
                                     ngx_carrierpay_merchant_steps,
                                     sizeof(ngx_carrierpay_authentication_t));
    if (flow == NULL) {
        return NULL;
    }

    auth = flow->data;
    ngx_carrierpay_merchant_hash(core, key, auth->hash);

    /* each cell knows all keys */

    flow->cell = ngx_carrierpay_ledger_any(core->ledger);

    return flow;
}


static void
ngx_carrierpay_merchant_hash(ngx_carrierpay_core_t *core, ngx_str_t *key,
    u_char *hash)
{
    const ngx_str_t  *secret;

    secret = ngx_carrierpay_keyring_key(&core->conf->keyring,
                                        NGX_CARRIERPAY_KEY_APIKEY);

    ngx_carrierpay_hmac_sha256(hash, secret, key->data, key->len);
}


static ngx_uint_t
ngx_carrierpay_merchant_slot(u_char *hash)
{
    return (hash[0] << 8 | hash[1]) % NGX_CARRIERPAY_MERCHANT_SLOTS;
}


static ngx_uint_t
ngx_carrierpay_merchant_fresh(ngx_msec_t expire)
{
    return (ngx_msec_int_t) (expire - ngx_current_msec) > 0;
}


static ngx_int_t
ngx_carrierpay_merchant_find(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_authentication_t  *auth;

    auth = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &auth->call,
                                     &ngx_carrierpay_merchant_statement, auth,
                                     0);
}


static ngx_int_t
ngx_carrierpay_merchant_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                         name, category;
    ngx_carrierpay_merchant_t        *merchant;
    ngx_carrierpay_authentication_t  *auth;

    auth = call->args;
    merchant = &auth->merchant;

    merchant->id = ngx_carrierpay_pq_int(res, row, 0);
    merchant->live = ngx_carrierpay_pq_int(res, row, 1);

    ngx_carrierpay_pq_bytes(res, row, 2, &name);

    merchant->name_len = ngx_min(name.len, sizeof(merchant->name));
    ngx_memcpy(merchant->name, name.data, merchant->name_len);

    merchant->home = ngx_carrierpay_pq_int(res, row, 5);
    merchant->former = ngx_carrierpay_pq_null(res, row, 6)
                       ? -1 : ngx_carrierpay_pq_int(res, row, 6);

    ngx_carrierpay_pq_bytes(res, row, 4, &category);

    if (ngx_carrierpay_category_parse(&category, &merchant->category)
        != NGX_OK)
    {
        ngx_log_error(NGX_LOG_ALERT, call->pool->log, 0,
                      "merchant %D sells \"%V\"", merchant->id, &category);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_merchant_found(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_authentication_t  *auth;

    auth = flow->data;

    if (auth->call.rc != NGX_ERROR) {
        ngx_carrierpay_merchant_remember(flow->core, auth);
    }

    return ngx_carrierpay_ledger_answered(flow, &auth->call);
}


static void
ngx_carrierpay_merchant_remember(ngx_carrierpay_core_t *core,
    ngx_carrierpay_authentication_t *auth)
{
    ngx_uint_t                        n;
    ngx_carrierpay_merchant_slot_t   *slot;
    ngx_carrierpay_merchant_wrong_t  *wrong;

    n = ngx_carrierpay_merchant_slot(auth->hash);

    if (auth->call.rc != NGX_OK) {
        wrong = &core->merchants->wrong[n];

        ngx_memcpy(wrong->hash, auth->hash, sizeof(wrong->hash));

        wrong->used = 1;
        wrong->expire = ngx_current_msec + NGX_CARRIERPAY_MERCHANT_WRONG;

        return;
    }

    slot = &core->merchants->slots[n];

    ngx_memcpy(slot->hash, auth->hash, sizeof(slot->hash));

    slot->used = 1;
    slot->expire = ngx_current_msec + NGX_CARRIERPAY_MERCHANT_TTL;
    slot->merchant = auth->merchant;
}
