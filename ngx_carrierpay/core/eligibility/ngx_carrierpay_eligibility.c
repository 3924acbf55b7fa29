
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_statement.h"


typedef struct {
    ngx_str_t               reason;
    ngx_uint_t              stat;
    const char             *rule;     /* when the ledger says it */
} ngx_carrierpay_reason_t;


static const char *ngx_carrierpay_eligibility_evidence(
    ngx_carrierpay_carrier_t *carrier);
static void ngx_carrierpay_eligibility_result(
    ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_eligibility_done(
    ngx_carrierpay_pq_transaction_t *u);
static ngx_carrierpay_reason_t *ngx_carrierpay_eligibility_reason(
    ngx_str_t *reason);

static ngx_int_t ngx_carrierpay_question_find(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_number(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_question_find_result(
    ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_question_find_done(
    ngx_carrierpay_pq_transaction_t *u);
static ngx_int_t ngx_carrierpay_question_subscriber(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_lookup(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_question_lookup_handler(
    ngx_carrierpay_lookup_t *lookup);
static ngx_int_t ngx_carrierpay_question_ledger(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_question_ledger_handler(
    ngx_carrierpay_eligibility_t *el);


static ngx_carrierpay_step_t  ngx_carrierpay_question_steps[] = {
    { "find",    ngx_carrierpay_question_find },      /* the line */
    { "lookup",  ngx_carrierpay_question_lookup },    /* whose it is */
    { "ledger",  ngx_carrierpay_question_ledger },
    { NULL, NULL }
};


/* the last row is for all others: those that the configuration invents */

static ngx_carrierpay_reason_t  ngx_carrierpay_reasons[] = {

    { ngx_string(""),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_ELIGIBLE, NULL },
    { ngx_string("not_a_number"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_A_NUMBER, NULL },
    { ngx_string("fixed_line"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_FIXED_LINE, NULL },
    { ngx_string("operator_not_connected"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_CONNECTED, NULL },
    { ngx_string("number_ported"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_PORTED, NULL },
    { ngx_string("mvno_barred"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_MVNO_BARRED, NULL },
    { ngx_string("currency_not_supported"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_CURRENCY, "contract" },
    { ngx_string("over_limit"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT, NULL },
    { ngx_string("service_not_allowed"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_SERVICE, "contract" },
    { ngx_string("amount_not_allowed"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_AMOUNT, "contract" },
    { ngx_string("blocked_by_subscriber"),
      NGX_CARRIERPAY_STAT_ELIGIBILITY_BLOCKED, "block" },
    { ngx_null_string,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OTHER, "ledger" }
};


void
ngx_carrierpay_eligibility_evaluate(ngx_carrierpay_carrier_t *carrier,
    ngx_carrierpay_operator_t *at, int64_t amount, ngx_str_t *currency,
    ngx_carrierpay_decision_t *decision)
{
    ngx_carrierpay_operator_t  *op;

    ngx_carrierpay_eligibility_end_user(carrier, at, decision);

    if (decision->reason.len) {
        return;
    }

    op = carrier->operator;

    if (currency->len != 3
        || ngx_memcmp(currency->data, op->currency->code, 3) != 0)
    {
        ngx_str_set(&decision->reason, "currency_not_supported");
        decision->rule = "currency";
        return;
    }

    if (op->limit && amount > op->limit) {
        ngx_str_set(&decision->reason, "over_limit");
        decision->rule = "limit";
    }
}


void
ngx_carrierpay_eligibility_end_user(ngx_carrierpay_carrier_t *carrier,
    ngx_carrierpay_operator_t *at, ngx_carrierpay_decision_t *decision)
{
    ngx_carrierpay_billing_t   *billing;
    ngx_carrierpay_operator_t  *op;

    op = carrier->operator;

    decision->carrier = *carrier;
    ngx_str_null(&decision->reason);

    if (carrier->fixed) {
        ngx_str_set(&decision->reason, "fixed_line");
        decision->rule = "numbering";
        return;
    }

    if (op == NULL) {
        ngx_str_set(&decision->reason, "operator_not_connected");
        decision->rule = ngx_carrierpay_eligibility_evidence(carrier);
        return;
    }

    if (at && at != op) {
        ngx_str_set(&decision->reason, "number_ported");
        decision->rule = ngx_carrierpay_eligibility_evidence(carrier);
        return;
    }

    billing = carrier->mvno ? &carrier->mvno->billing : &op->billing;
    decision->rule = "billing";

    if (!billing->on) {
        decision->reason = billing->reason;
    }
}


/* the directive behind the evidence */

static const char *
ngx_carrierpay_eligibility_evidence(ngx_carrierpay_carrier_t *carrier)
{
    switch (carrier->evidence) {

    case NGX_CARRIERPAY_EVIDENCE_PORTED:
        return "carrierpay_ported";

    case NGX_CARRIERPAY_EVIDENCE_LOOKUP:
        return "lookup_pass";

    case NGX_CARRIERPAY_EVIDENCE_MCCMNC:
        return "mccmnc_header";

    default:
        return "numbering";
    }
}


void
ngx_carrierpay_eligibility_known(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mvno, ngx_str_t *end_user,
    ngx_carrierpay_carrier_t *carrier)
{
    ngx_str_t                mccmnc;
    ngx_carrierpay_mvno_t   *told;
    ngx_carrierpay_msisdn_t  msisdn;

    ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));

    if (ngx_carrierpay_msisdn_load(end_user, &msisdn) != NGX_OK) {

        /* a reference, and references do not move */

        carrier->operator = op;
        carrier->evidence = NGX_CARRIERPAY_EVIDENCE_NETWORK;

    } else {
        ngx_carrierpay_number_carrier(ops, &msisdn, carrier);

        if (carrier->evidence == NGX_CARRIERPAY_EVIDENCE_PORTED) {
            return;
        }

        ngx_str_null(&mccmnc);
        ngx_carrierpay_end_user_carrier(ops, op, &mccmnc, &msisdn, carrier);
    }

    /* the network knows better than a prefix, which may be another MVNO's */

    told = mvno->len ? ngx_carrierpay_mvno_find(op, mvno) : NULL;

    if (told) {
        carrier->mvno = told;
        carrier->evidence = NGX_CARRIERPAY_EVIDENCE_NETWORK;
    }
}


ngx_int_t
ngx_carrierpay_eligibility_rule(ngx_carrierpay_decision_t *decision,
    ngx_pool_t *pool, ngx_str_t *rule)
{
    u_char                     *p;
    ngx_carrierpay_mvno_t      *mvno;
    ngx_carrierpay_operator_t  *op;

    op = decision->carrier.operator;
    mvno = decision->carrier.mvno;

    p = ngx_pnalloc(pool, ngx_strlen(decision->rule) + sizeof("/ ") - 1
                          + (op ? op->name.len : 0)
                          + (mvno ? mvno->name.len : 0));
    if (p == NULL) {
        return NGX_ERROR;
    }

    rule->data = p;

    if (op) {
        p = ngx_cpymem(p, op->name.data, op->name.len);

        if (mvno) {
            *p++ = '/';
            p = ngx_cpymem(p, mvno->name.data, mvno->name.len);
        }

        *p++ = ' ';
    }

    p = ngx_cpymem(p, decision->rule, ngx_strlen(decision->rule));
    rule->len = p - rule->data;

    return NGX_OK;
}


void
ngx_carrierpay_eligibility_count(ngx_carrierpay_decision_t *decision)
{
    ngx_carrierpay_count(
                   ngx_carrierpay_eligibility_reason(&decision->reason)->stat);
}


static ngx_carrierpay_reason_t *
ngx_carrierpay_eligibility_reason(ngx_str_t *reason)
{
    ngx_carrierpay_reason_t  *row;

    for (row = ngx_carrierpay_reasons; row->reason.data; row++) {
        if (row->reason.len == reason->len
            && (reason->len == 0
                || ngx_memcmp(row->reason.data, reason->data, reason->len)
                   == 0))
        {
            break;
        }
    }

    return row;
}


ngx_int_t
ngx_carrierpay_eligibility_ask(ngx_carrierpay_eligibility_t *el)
{
    ngx_str_t                        *name;
    ngx_pool_t                       *pool;
    const ngx_str_t                  *key;
    ngx_carrierpay_core_t            *core;
    ngx_carrierpay_pq_param_t        *params;
    ngx_carrierpay_pq_transaction_t  *u;

    core = el->flow->core;
    pool = el->flow->pool;

    el->rc = NGX_OK;

    ngx_carrierpay_eligibility_evaluate(&el->carrier, el->at, el->amount,
                                        &el->currency, &el->decision);

    if (el->decision.reason.len) {
        ngx_carrierpay_eligibility_count(&el->decision);
        return NGX_OK;
    }

    name = &el->carrier.operator->name;
    key = ngx_carrierpay_keyring_key(&core->conf->keyring,
                                     NGX_CARRIERPAY_KEY_INDEX);

    ngx_carrierpay_end_user_index(el->index, key, name, &el->end_user);

    params = el->params;

    params[2].data = name->data;
    params[2].len = name->len;
    params[3].data = el->index;
    params[3].len = sizeof(el->index);
    params[5].data = el->currency.data;
    params[5].len = el->currency.len;

    if (ngx_carrierpay_pq_param_int4(&params[0], pool, el->merchant_id)
        != NGX_OK
        || ngx_carrierpay_pq_param_bool(&params[1], pool, el->live) != NGX_OK
        || ngx_carrierpay_pq_param_int8(&params[4], pool, el->amount)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    el->query.statement = NGX_CARRIERPAY_SQL_ELIGIBILITY;
    el->query.params = params;

    u = &el->unit;

    u->queries = &el->query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_eligibility_result;
    u->done = ngx_carrierpay_eligibility_done;
    u->data = el;

    if (ngx_carrierpay_pq_read(core->pq, u) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_eligibility_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_decision_t     *decision;
    ngx_carrierpay_eligibility_t  *el;

    el = u->data;
    decision = &el->decision;

    if (ngx_carrierpay_pq_copy(res, 0, 0, el->flow->pool, &decision->reason)
        != NGX_OK)
    {
        el->rc = NGX_ERROR;
        return;
    }

    if (decision->reason.len) {
        decision->rule =
                    ngx_carrierpay_eligibility_reason(&decision->reason)->rule;
    }
}


static void
ngx_carrierpay_eligibility_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_eligibility_t  *el;

    el = u->data;

    if (u->outcome != NGX_CARRIERPAY_PQ_DONE) {
        el->rc = NGX_ERROR;
    }

    if (el->rc == NGX_OK) {
        ngx_carrierpay_eligibility_count(&el->decision);
    }

    el->handler(el);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_eligibility_question(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, ngx_str_t *number,
    int64_t pseudonym_id, int64_t amount, ngx_str_t *currency)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_question_t     *qu;
    ngx_carrierpay_eligibility_t  *el;

    flow = ngx_carrierpay_flow_create(core, "eligibility",
                                      ngx_carrierpay_question_steps,
                                      sizeof(ngx_carrierpay_question_t));
    if (flow == NULL) {
        return NULL;
    }

    qu = flow->data;
    qu->rc = NGX_ERROR;
    qu->pseudonym_id = pseudonym_id;

    el = &qu->el;

    el->flow = flow;
    el->handler = ngx_carrierpay_question_ledger_handler;
    el->merchant_id = merchant->id;
    el->live = merchant->live;
    el->amount = amount;
    el->currency.len = currency->len;
    el->currency.data = ngx_pstrdup(flow->pool, currency);

    if (el->currency.data == NULL) {
        goto failed;
    }

    if (number) {
        qu->number.len = number->len;
        qu->number.data = ngx_pstrdup(flow->pool, number);

        if (qu->number.data == NULL) {
            goto failed;
        }
    }

    return flow;

failed:

    ngx_carrierpay_flow_discard(flow);

    return NULL;
}


static ngx_int_t
ngx_carrierpay_question_find(ngx_carrierpay_flow_t *flow)
{
    ngx_pool_t                       *pool;
    ngx_carrierpay_question_t        *qu;
    ngx_carrierpay_pq_param_t        *params;
    ngx_carrierpay_pq_transaction_t  *u;

    qu = flow->data;
    pool = flow->pool;

    if (qu->number.data) {
        return ngx_carrierpay_question_number(flow);
    }

    params = qu->params;
    qu->query.statement = NGX_CARRIERPAY_SQL_SUBSCRIBER_GET;
    qu->query.params = params;

    if (ngx_carrierpay_pq_param_int4(&params[0], pool, qu->el.merchant_id)
        != NGX_OK
        || ngx_carrierpay_pq_param_bool(&params[1], pool, qu->el.live)
           != NGX_OK
        || ngx_carrierpay_pq_param_int8(&params[2], pool, qu->pseudonym_id)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    u = &qu->unit;

    u->queries = &qu->query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_question_find_result;
    u->done = ngx_carrierpay_question_find_done;
    u->data = flow;

    if (ngx_carrierpay_pq_read(flow->core->pq, u) != NGX_OK) {
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static ngx_int_t
ngx_carrierpay_question_number(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      digits;
    ngx_carrierpay_msisdn_t        msisdn;
    ngx_carrierpay_question_t     *qu;
    ngx_carrierpay_decision_t     *decision;
    ngx_carrierpay_operators_t    *ops;
    ngx_carrierpay_eligibility_t  *el;

    qu = flow->data;
    el = &qu->el;
    ops = &flow->core->conf->operators;

    if (ngx_carrierpay_number_parse(ops, &qu->number, &msisdn) != NGX_OK) {
        decision = &el->decision;

        ngx_str_set(&decision->reason, "not_a_number");
        decision->rule = "numbering";
        qu->rc = NGX_OK;

        ngx_carrierpay_eligibility_count(decision);
        return NGX_DONE;
    }

    digits.data = msisdn.digits;
    digits.len = msisdn.len;

    el->end_user.len = digits.len;
    el->end_user.data = ngx_pstrdup(flow->pool, &digits);

    if (el->end_user.data == NULL) {
        return NGX_ERROR;
    }

    ngx_carrierpay_number_carrier(ops, &msisdn, &el->carrier);

    return NGX_OK;
}


static void
ngx_carrierpay_question_find_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_question_t  *qu;

    flow = u->data;
    qu = flow->data;

    if (ngx_carrierpay_pq_rows(res) == 0) {
        qu->rc = NGX_DECLINED;
        return;
    }

    if (ngx_carrierpay_pq_copy(res, 0, 0, flow->pool, &qu->operator) == NGX_OK
        && ngx_carrierpay_pq_copy(res, 0, 1, flow->pool, &qu->sealed)
           == NGX_OK
        && ngx_carrierpay_pq_copy(res, 0, 2, flow->pool, &qu->mvno) == NGX_OK)
    {
        qu->rc = NGX_OK;
    }
}


static void
ngx_carrierpay_question_find_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_question_t  *qu;

    flow = u->data;
    qu = flow->data;

    if (u->outcome != NGX_CARRIERPAY_PQ_DONE) {
        qu->rc = NGX_ERROR;
    }

    if (qu->rc != NGX_OK) {
        ngx_carrierpay_flow_resume(flow, NGX_DONE);
        return;
    }

    qu->rc = NGX_ERROR;
    ngx_carrierpay_flow_resume(flow, ngx_carrierpay_question_subscriber(flow));
}


static ngx_int_t
ngx_carrierpay_question_subscriber(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_conf_t         *conf;
    ngx_carrierpay_question_t     *qu;
    ngx_carrierpay_eligibility_t  *el;

    qu = flow->data;
    el = &qu->el;
    conf = flow->core->conf;

    if (ngx_carrierpay_keyring_open(&conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &qu->sealed,
                                    &el->end_user)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    el->at = ngx_carrierpay_operator_find(&conf->operators, &qu->operator);

    if (el->at) {
        ngx_carrierpay_eligibility_known(&conf->operators, el->at, &qu->mvno,
                                         &el->end_user, &el->carrier);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_question_lookup(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_lookup_t    *lookup;
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;
    lookup = &qu->lookup;

    lookup->flow = flow;
    lookup->handler = ngx_carrierpay_question_lookup_handler;
    lookup->end_user = qu->el.end_user;
    lookup->live = qu->el.live;
    lookup->carrier = qu->el.carrier;

    return ngx_carrierpay_lookup(lookup);
}


static void
ngx_carrierpay_question_lookup_handler(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_question_t  *qu;

    qu = lookup->flow->data;
    qu->el.carrier = lookup->carrier;

    ngx_carrierpay_flow_resume(lookup->flow, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_question_ledger(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;

    rc = ngx_carrierpay_eligibility_ask(&qu->el);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    qu->rc = rc;

    return NGX_DONE;
}


static void
ngx_carrierpay_question_ledger_handler(ngx_carrierpay_eligibility_t *el)
{
    ngx_carrierpay_question_t  *qu;

    qu = el->flow->data;
    qu->rc = el->rc;

    ngx_carrierpay_flow_resume(el->flow, NGX_OK);
}
