
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_base64.h"


/*
 * What the operator knows nothing about is asked again sooner: a line may be
 * a new one.
 */
#define NGX_CARRIERPAY_LOOKUP_UNKNOWN_CACHE  600      /* s, at the most */


static void ngx_carrierpay_lookup_name(ngx_carrierpay_lookup_t *lookup);
static void ngx_carrierpay_lookup_cached(ngx_carrierpay_redis_command_t *cmd);
static ngx_int_t ngx_carrierpay_lookup_open(ngx_carrierpay_lookup_t *lookup,
    ngx_str_t *sealed);
static ngx_int_t ngx_carrierpay_lookup_ask(ngx_carrierpay_lookup_t *lookup);
static void ngx_carrierpay_lookup_answered(void *data);
static ngx_int_t ngx_carrierpay_lookup_keep(ngx_carrierpay_lookup_t *lookup);
static void ngx_carrierpay_lookup_kept(ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_lookup_carrier(ngx_carrierpay_lookup_t *lookup);


ngx_int_t
ngx_carrierpay_lookup(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_lookup_t *lookup)
{
    ngx_str_t                   argv[2];
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_operator_t  *op;

    carrier = &lookup->carrier;
    op = carrier->operator;

    if (op == NULL || op->lookup_pass.len == 0 || carrier->fixed
        || op->dialect->sandbox == lookup->live
        || carrier->evidence == NGX_CARRIERPAY_EVIDENCE_MCCMNC)
    {
        return NGX_OK;
    }

    lookup->flow = flow;
    lookup->operator = op;
    ngx_str_null(&lookup->operation.mccmnc);

    ngx_carrierpay_lookup_name(lookup);

    ngx_str_set(&argv[0], "GET");
    argv[1].data = lookup->name;
    argv[1].len = sizeof(lookup->name);

    lookup->command.handler = ngx_carrierpay_lookup_cached;
    lookup->command.data = lookup;

    if (ngx_carrierpay_redis_send(flow->core->redis, &lookup->command, 2, argv)
        == NGX_OK)
    {
        return NGX_AGAIN;
    }

    return ngx_carrierpay_lookup_ask(lookup);
}


/* Two operators may be asked about one line, and answer differently. */

static void
ngx_carrierpay_lookup_name(ngx_carrierpay_lookup_t *lookup)
{
    u_char           *p, hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t         pieces[4];
    const ngx_str_t  *key;

    key = ngx_carrierpay_keyring_key(&lookup->flow->core->conf->keyring,
                                     NGX_CARRIERPAY_KEY_INDEX);

    ngx_str_set(&pieces[0], "lookup\n");
    pieces[1] = lookup->operator->name;
    ngx_str_set(&pieces[2], "\n");
    pieces[3] = lookup->end_user;

    ngx_carrierpay_hmac_sha256_pieces(hash, key, pieces, 4);

    p = ngx_cpymem(lookup->name, "cp:lu:", sizeof("cp:lu:") - 1);
    (void) ngx_carrierpay_base64url_encode(p, hash, sizeof(hash));
}


/* What is refused, lost or not to be opened is as good as not there. */

static void
ngx_carrierpay_lookup_cached(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_lookup_t  *lookup;

    lookup = cmd->data;

    if (cmd->reply == NGX_CARRIERPAY_REDIS_STRING
        && ngx_carrierpay_lookup_open(lookup, &cmd->value) == NGX_OK)
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_CACHED);
        ngx_carrierpay_lookup_carrier(lookup);

    } else if (ngx_carrierpay_lookup_ask(lookup) == NGX_AGAIN) {
        return;
    }

    ngx_carrierpay_flow_done(lookup->flow);
}


static ngx_int_t
ngx_carrierpay_lookup_open(ngx_carrierpay_lookup_t *lookup, ngx_str_t *sealed)
{
    ngx_str_t               name;
    ngx_carrierpay_flow_t  *flow;

    flow = lookup->flow;

    name.data = lookup->name;
    name.len = sizeof(lookup->name);

    return ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                       &name, sealed,
                                       &lookup->operation.mccmnc);
}


/* NGX_AGAIN, or NGX_OK: the operator cannot be asked now. */

static ngx_int_t
ngx_carrierpay_lookup_ask(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_operator_t   *operator;
    ngx_carrierpay_operation_t  *op;

    operator = lookup->operator;

    if (operator->lookups >= operator->lookup_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_REFUSED);
        return NGX_OK;
    }

    op = &lookup->operation;

    op->core = lookup->flow->core;
    op->operator = operator;
    op->pool = lookup->flow->pool;
    op->log = lookup->flow->log;
    op->trace = &lookup->flow->trace;
    op->end_user = lookup->end_user;
    op->done = ngx_carrierpay_lookup_answered;
    op->data = lookup;

    ngx_carrierpay_flow_about(lookup->flow, "operator", &operator->name);

    if (operator->dialect->lookup(op) != NGX_AGAIN) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_REFUSED);
        return NGX_OK;
    }

    operator->lookups++;
    lookup->asked = ngx_current_msec;

    return NGX_AGAIN;
}


static void
ngx_carrierpay_lookup_answered(void *data)
{
    ngx_carrierpay_lookup_t     *lookup;
    ngx_carrierpay_operation_t  *op;

    lookup = data;
    op = &lookup->operation;

    lookup->operator->lookups--;

    ngx_carrierpay_observe_in(lookup->operator->counters,
                              NGX_CARRIERPAY_STAT_OPERATOR_LOOKUP,
                              ngx_current_msec - lookup->asked);

    switch (op->outcome) {

    case NGX_CARRIERPAY_OUTCOME_UNKNOWN:
    case NGX_CARRIERPAY_OUTCOME_APPROVAL:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_FAILED);
        ngx_log_error(NGX_LOG_WARN, op->log, 0,
                      "operator did not say whose a line is");

        ngx_carrierpay_flow_done(lookup->flow);
        return;

    case NGX_CARRIERPAY_OUTCOME_FAILED:
        ngx_str_null(&op->mccmnc);
        break;

    case NGX_CARRIERPAY_OUTCOME_SUCCEEDED:
        break;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_ANSWERED);
    ngx_carrierpay_lookup_carrier(lookup);

    if (ngx_carrierpay_lookup_keep(lookup) != NGX_AGAIN) {
        ngx_carrierpay_flow_done(lookup->flow);
    }
}


static ngx_int_t
ngx_carrierpay_lookup_keep(ngx_carrierpay_lookup_t *lookup)
{
    u_char                  seconds[NGX_TIME_T_LEN];
    time_t                  cache;
    ngx_str_t              *mccmnc, argv[5];
    ngx_carrierpay_flow_t  *flow;

    flow = lookup->flow;
    mccmnc = &lookup->operation.mccmnc;
    cache = lookup->operator->lookup_cache;

    if (mccmnc->len == 0) {
        cache = ngx_min(cache, NGX_CARRIERPAY_LOOKUP_UNKNOWN_CACHE);
    }

    if (cache == 0) {
        return NGX_OK;
    }

    ngx_str_set(&argv[0], "SET");
    argv[1].data = lookup->name;
    argv[1].len = sizeof(lookup->name);

    if (ngx_carrierpay_keyring_seal(&flow->core->conf->keyring, flow->pool,
                                    &argv[1], mccmnc, &argv[2])
        != NGX_OK)
    {
        return NGX_OK;
    }

    ngx_str_set(&argv[3], "EX");
    argv[4].data = seconds;
    argv[4].len = ngx_sprintf(seconds, "%T", cache) - seconds;

    lookup->command.handler = ngx_carrierpay_lookup_kept;
    lookup->command.data = lookup;

    return ngx_carrierpay_redis_send(flow->core->redis, &lookup->command, 5,
                                     argv)
           == NGX_OK ? NGX_AGAIN : NGX_OK;
}


/* Kept or not: the answer is known. */

static void
ngx_carrierpay_lookup_kept(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_lookup_t  *lookup;

    lookup = cmd->data;
    ngx_carrierpay_flow_done(lookup->flow);
}


/* What the answer makes of the configuration's word; "" says nothing. */

static void
ngx_carrierpay_lookup_carrier(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_carrier_t  *carrier, said;

    if (lookup->operation.mccmnc.len == 0) {
        return;
    }

    carrier = &lookup->carrier;
    ngx_memzero(&said, sizeof(ngx_carrierpay_carrier_t));

    if (ngx_carrierpay_mccmnc_carrier(&lookup->flow->core->conf->operators,
                                      &lookup->operation.mccmnc, &said)
        != NGX_OK)
    {
        /* The line has moved to an operator that is not configured. */

        said.operator = NULL;
        said.mvno = NULL;
    }

    if (lookup->network && said.operator != carrier->operator) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LOOKUP_CONFLICTS);
        return;
    }

    /* the host's code is also that of an MVNO that has none of its own */

    if (said.mvno == NULL && said.operator == carrier->operator
        && carrier->mvno
        && carrier->mvno->mccmnc.len == 0)
    {
        return;
    }

    said.evidence = NGX_CARRIERPAY_EVIDENCE_LOOKUP;
    *carrier = said;
}


ngx_msec_t
ngx_carrierpay_lookup_timeout(ngx_carrierpay_core_t *core)
{
    ngx_uint_t                   i;
    ngx_msec_t                   longest;
    ngx_array_t                 *list;
    ngx_carrierpay_operator_t  **op;

    list = &core->conf->operators.list;
    op = list->elts;
    longest = 0;

    for (i = 0; i < list->nelts; i++) {
        if (op[i]->lookup_pass.len) {
            longest = ngx_max(longest, op[i]->lookup_timeout);
        }
    }

    return longest;
}
