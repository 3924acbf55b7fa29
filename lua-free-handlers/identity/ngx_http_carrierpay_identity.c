
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_enriched.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_strip.h"


typedef struct {
    ngx_str_t                 name;
    ngx_uint_t               stat;
} ngx_http_carrierpay_identity_result_t;


static ngx_carrierpay_network_t *ngx_http_carrierpay_identity_network(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx,
    ngx_http_carrierpay_peer_e from);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_outside(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_inside(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_select(
    ngx_http_carrierpay_strip_found_t *found, ngx_carrierpay_operator_t *op,
    ngx_http_carrierpay_strip_item_t **end_user, ngx_str_t *mccmnc);
static ngx_uint_t ngx_http_carrierpay_identity_claimed(
    ngx_http_carrierpay_strip_found_t *found);
static ngx_carrierpay_header_t *ngx_http_carrierpay_identity_find_header(
    ngx_carrierpay_operator_t *op, ngx_http_carrierpay_strip_item_t *item);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_read(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx,
    ngx_carrierpay_header_t *h, ngx_str_t *value);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_accept(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx,
    ngx_carrierpay_end_user_t *end_user);
static ngx_uint_t ngx_http_carrierpay_identity_agent(ngx_http_request_t *r);
static void ngx_http_carrierpay_identity_log(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx);


/* in the order of ngx_http_carrierpay_identity_e */

#define ngx_http_carrierpay_identity_result(name, NAME)                       \
    { ngx_string(name), NGX_CARRIERPAY_STAT_IDENTITY_##NAME }

static ngx_http_carrierpay_identity_result_t
    ngx_http_carrierpay_identity_results[] =
{
    { ngx_null_string, NGX_CARRIERPAY_STAT_MAX },
    ngx_http_carrierpay_identity_result("accepted", ACCEPTED),
    ngx_http_carrierpay_identity_result("absent", ABSENT),
    ngx_http_carrierpay_identity_result("off_network", OFF_NETWORK),
    ngx_http_carrierpay_identity_result("fixed", FIXED),
    ngx_http_carrierpay_identity_result("relay", RELAY),
    ngx_http_carrierpay_identity_result("vpn", VPN),
    ngx_http_carrierpay_identity_result("proxy", PROXY),
    ngx_http_carrierpay_identity_result("untrusted", UNTRUSTED),
    ngx_http_carrierpay_identity_result("duplicate", DUPLICATE),
    ngx_http_carrierpay_identity_result("conflict", CONFLICT),
    ngx_http_carrierpay_identity_result("malformed", MALFORMED),
    ngx_http_carrierpay_identity_result("forged", FORGED),
    ngx_http_carrierpay_identity_result("stale", STALE),
    ngx_http_carrierpay_identity_result("no_agent", NO_AGENT)
};


ngx_int_t
ngx_http_carrierpay_identity_decide(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_http_carrierpay_peer_e from)
{
    ngx_http_carrierpay_identity_e  identity;

    ctx->network = ngx_http_carrierpay_identity_network(r, ctx, from);

    if (ctx->network) {
        ctx->carrier.operator = ctx->network->operator;
    }

    if (ctx->network && ctx->network->kind == NGX_CARRIERPAY_NETWORK_MOBILE) {
        identity = ngx_http_carrierpay_identity_inside(r, ctx);

    } else {
        identity = ngx_http_carrierpay_identity_outside(r, ctx);
    }

    if (identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        return NGX_ERROR;
    }

    ctx->identity = identity;

    ngx_carrierpay_count(ngx_http_carrierpay_identity_results[identity].stat);

    if (identity >= NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED) {
        ngx_http_carrierpay_identity_log(r, ctx);
    }

    return NGX_OK;
}


static ngx_carrierpay_network_t *
ngx_http_carrierpay_identity_network(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_http_carrierpay_peer_e from)
{
    ngx_carrierpay_network_t  *network;

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        return NULL;
    }
#endif

    if (ngx_http_carrierpay_peer(r, from, &ctx->peer, &network) != NGX_OK) {
        ctx->peer.family = 0;
        return NULL;
    }

    return network;
}


static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_outside(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    ngx_str_t  via;

    if (ctx->found && ngx_http_carrierpay_identity_claimed(ctx->found)) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED;
    }

    if (ctx->network == NULL) {
        return ngx_http_carrierpay_request_header(r, "via", &via)
               == NGX_DECLINED
               ? NGX_HTTP_CARRIERPAY_IDENTITY_OFF_NETWORK
               : NGX_HTTP_CARRIERPAY_IDENTITY_PROXY;
    }

    switch (ctx->network->kind) {

    case NGX_CARRIERPAY_NETWORK_DATA:
        return NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;

    case NGX_CARRIERPAY_NETWORK_RELAY:
        return NGX_HTTP_CARRIERPAY_IDENTITY_RELAY;

    case NGX_CARRIERPAY_NETWORK_VPN:
        return NGX_HTTP_CARRIERPAY_IDENTITY_VPN;

    default:
        return NGX_HTTP_CARRIERPAY_IDENTITY_FIXED;
    }
}


static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_inside(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    ngx_carrierpay_header_t           *h;
    ngx_carrierpay_operator_t         *op;
    ngx_http_carrierpay_identity_e     identity;
    ngx_http_carrierpay_strip_item_t  *item;

    if (ctx->found == NULL) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
    }

    op = ctx->network->operator;

    identity = ngx_http_carrierpay_identity_select(ctx->found, op, &item,
                                                   &ctx->mccmnc);

    if (identity != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
        return identity;
    }

    h = ngx_http_carrierpay_identity_find_header(op, item);

    if (h == NULL) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED;
    }

    ctx->header = h->name;

    return ngx_http_carrierpay_identity_read(r, ctx, h, &item->value);
}


/*
 * Returns ACCEPTED when there is one header that names an end user.  Two are
 * refused even when they have the same value, since one of them came from the
 * client; and so did an MCCMNC whose name has "_" where the gateway's has "-",
 * or the other way round.
 */

static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_select(ngx_http_carrierpay_strip_found_t *found,
    ngx_carrierpay_operator_t *op, ngx_http_carrierpay_strip_item_t **end_user,
    ngx_str_t *mccmnc)
{
    ngx_uint_t                         i;
    ngx_http_carrierpay_strip_item_t  *item;

    *end_user = NULL;

    if (found->n > NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_CONFLICT;
    }

    for (i = 0; i < found->n; i++) {
        item = &found->items[i];

        if (!item->mccmnc) {

            if (*end_user == NULL) {
                *end_user = item;
                continue;
            }

            return ngx_http_carrierpay_strip_names_same(&(*end_user)->name,
                                                        &item->name)
                   ? NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE
                   : NGX_HTTP_CARRIERPAY_IDENTITY_CONFLICT;
        }

        if (!ngx_http_carrierpay_strip_names_same(&op->mccmnc_header,
                                                  &item->name))
        {
            continue;
        }

        if (mccmnc->data) {
            return NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE;
        }

        if (ngx_memcmp(op->mccmnc_header.data, item->name.data,
                       item->name.len)
            != 0)
        {
            return NGX_HTTP_CARRIERPAY_IDENTITY_CONFLICT;
        }

        *mccmnc = item->value;
    }

    return *end_user ? NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED
                 : NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
}


static ngx_uint_t
ngx_http_carrierpay_identity_claimed(ngx_http_carrierpay_strip_found_t *found)
{
    ngx_uint_t  i;

    if (found->n > NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX) {
        return 1;
    }

    for (i = 0; i < found->n; i++) {
        if (!found->items[i].mccmnc) {
            return 1;
        }
    }

    return 0;
}


/*
 * The name must be exactly the configured one: a gateway that replaces
 * "x-msisdn" may let "x_msisdn" of a client through.
 */

static ngx_carrierpay_header_t *
ngx_http_carrierpay_identity_find_header(ngx_carrierpay_operator_t *op,
    ngx_http_carrierpay_strip_item_t *item)
{
    ngx_uint_t                i;
    ngx_carrierpay_header_t  *h;

    h = op->headers.elts;

    for (i = 0; i < op->headers.nelts; i++) {
        if (h[i].name.len == item->name.len
            && ngx_memcmp(h[i].name.data, item->name.data, item->name.len) == 0
            && (h[i].format.cookie != 0) == item->cookie)
        {
            return &h[i];
        }
    }

    return NULL;
}


static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_read(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_carrierpay_header_t *h,
    ngx_str_t *value)
{
    ngx_carrierpay_operator_t  *op;
    ngx_carrierpay_end_user_t   end_user;

    op = ctx->network->operator;

    switch (ngx_carrierpay_enriched_read(&h->format, value, &op->numbering,
                                         ngx_time(), &end_user))
    {
    case NGX_CARRIERPAY_ENRICHED_OK:
        break;

    case NGX_CARRIERPAY_ENRICHED_NOBODY:
        return NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;

    case NGX_CARRIERPAY_ENRICHED_FORGED:
        return NGX_HTTP_CARRIERPAY_IDENTITY_FORGED;

    case NGX_CARRIERPAY_ENRICHED_STALE:
        return NGX_HTTP_CARRIERPAY_IDENTITY_STALE;

    default:
        return NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED;
    }

    if (ctx->mccmnc.len && !ngx_carrierpay_mccmnc_valid(&ctx->mccmnc)) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED;
    }

    if (!ngx_http_carrierpay_identity_agent(r)) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_NO_AGENT;
    }

    return ngx_http_carrierpay_identity_accept(r, ctx, &end_user);
}


/* returns OFF without memory */

static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_accept(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_carrierpay_end_user_t *end_user)
{
    ngx_carrierpay_conf_t  *conf;

    if (end_user->acr_len) {
        ctx->acr.data = ngx_pnalloc(r->pool, end_user->acr_len);
        if (ctx->acr.data == NULL) {
            return NGX_HTTP_CARRIERPAY_IDENTITY_OFF;
        }

        ngx_memcpy(ctx->acr.data, end_user->acr, end_user->acr_len);
        ctx->acr.len = end_user->acr_len;

    } else {
        ctx->msisdn = end_user->msisdn;
    }

    conf = ngx_http_carrierpay_conf(r);

    ngx_carrierpay_end_user_carrier(&conf->operators, ctx->network->operator,
                                    &ctx->mccmnc,
                                    ctx->acr.len ? NULL : &ctx->msisdn,
                                    &ctx->carrier);

    return NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED;
}


/* a script that replays a number typically sends no User-Agent */

static ngx_uint_t
ngx_http_carrierpay_identity_agent(ngx_http_request_t *r)
{
    size_t            i;
    ngx_table_elt_t  *h;

    h = r->headers_in.user_agent;

    if (h == NULL) {
        return 0;
    }

    for (i = 0; i < h->value.len; i++) {
        if (h->value.data[i] != ' ' && h->value.data[i] != '\t') {
            return 1;
        }
    }

    return 0;
}


/* the value may be a number, so it is masked; nginx logs the address */

static void
ngx_http_carrierpay_identity_log(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    u_char                             mask[NGX_CARRIERPAY_MSISDN_MASK_LEN];
    ngx_str_t                          masked, value, *name;
    ngx_uint_t                         i;
    ngx_carrierpay_msisdn_t            msisdn;
    ngx_http_carrierpay_strip_item_t  *item;

    item = ctx->found->items;

    for (i = 1; item->mccmnc && i < ctx->found->n
                && i < NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX; i++)
    {
        item++;
    }

    value = item->value;

    if (value.len && value.data[0] == '+') {
        value.data++;
        value.len--;
    }

    ngx_str_set(&masked, "no number");

    if (ngx_carrierpay_msisdn_load(&value, &msisdn) == NGX_OK) {
        masked.data = mask;
        masked.len = ngx_carrierpay_msisdn_mask(mask, &msisdn) - mask;
    }

    name = ngx_http_carrierpay_identity_name(ctx->identity);

    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                  "enrichment header \"%V\" refused: %V, %V, %ui found",
                  &item->name, name, &masked, ctx->found->n);
}


ngx_str_t *
ngx_http_carrierpay_identity_name(ngx_http_carrierpay_identity_e identity)
{
    return &ngx_http_carrierpay_identity_results[identity].name;
}


ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_parse(ngx_str_t *name)
{
    ngx_str_t   *known;
    ngx_uint_t   i;

    for (i = NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED;
         i <= NGX_HTTP_CARRIERPAY_IDENTITY_NO_AGENT; i++)
    {
        known = &ngx_http_carrierpay_identity_results[i].name;

        if (known->len == name->len
            && ngx_memcmp(known->data, name->data, name->len) == 0)
        {
            return i;
        }
    }

    return NGX_HTTP_CARRIERPAY_IDENTITY_OFF;
}
