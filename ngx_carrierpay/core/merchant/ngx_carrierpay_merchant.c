
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_MERCHANT_SLOTS    1024
#define NGX_CARRIERPAY_MERCHANT_TTL      10000    /* ms */


/*
 * A direct-mapped cache: a key has one slot, by the first bytes of its hash,
 * and a newcomer takes it over.  So it is bounded without a list, and a flood
 * of wrong keys costs others at most a look at the database.
 */
typedef struct {
    u_char                       hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_msec_t                   expire;
    unsigned                     used:1;
    unsigned                     known:1;
    ngx_carrierpay_merchant_t    merchant;
} ngx_carrierpay_merchant_slot_t;


struct ngx_carrierpay_merchants_s {
    ngx_carrierpay_merchant_slot_t   slots[NGX_CARRIERPAY_MERCHANT_SLOTS];
};


static void ngx_carrierpay_merchant_hash(ngx_carrierpay_core_t *core,
    ngx_str_t *key, u_char *hash);
static ngx_carrierpay_merchant_slot_t *ngx_carrierpay_merchant_slot(
    ngx_carrierpay_core_t *core, u_char *hash);
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
    u_char                           hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_merchant_slot_t  *slot;

    ngx_carrierpay_merchant_hash(core, key, hash);

    slot = ngx_carrierpay_merchant_slot(core, hash);

    if (!slot->used
        || (ngx_msec_int_t) (slot->expire - ngx_current_msec) <= 0
        || !ngx_carrierpay_equal(slot->hash, hash, sizeof(hash)))
    {
        return NGX_AGAIN;
    }

    if (!slot->known) {
        return NGX_DECLINED;
    }

    *merchant = slot->merchant;

    return NGX_OK;
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


static ngx_carrierpay_merchant_slot_t *
ngx_carrierpay_merchant_slot(ngx_carrierpay_core_t *core, u_char *hash)
{
    ngx_uint_t  n;

    n = (hash[0] << 8 | hash[1]) % NGX_CARRIERPAY_MERCHANT_SLOTS;

    return &core->merchants->slots[n];
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
    ngx_str_t                         name;
    ngx_carrierpay_merchant_t        *merchant;
    ngx_carrierpay_authentication_t  *auth;

    auth = call->args;
    merchant = &auth->merchant;

    merchant->id = ngx_carrierpay_pq_int(res, row, 0);
    merchant->live = ngx_carrierpay_pq_int(res, row, 1);

    ngx_carrierpay_pq_bytes(res, row, 2, &name);

    merchant->name_len = ngx_min(name.len, sizeof(merchant->name));
    ngx_memcpy(merchant->name, name.data, merchant->name_len);

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
    ngx_carrierpay_merchant_slot_t  *slot;

    slot = ngx_carrierpay_merchant_slot(core, auth->hash);

    ngx_memcpy(slot->hash, auth->hash, sizeof(slot->hash));

    slot->used = 1;
    slot->known = (auth->call.rc == NGX_OK);
    slot->expire = ngx_current_msec + NGX_CARRIERPAY_MERCHANT_TTL;
    slot->merchant = auth->merchant;
}
