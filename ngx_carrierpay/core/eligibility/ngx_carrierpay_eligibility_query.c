
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_eligibility_query.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_eligibility_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);

static ngx_int_t ngx_carrierpay_question_find(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_number(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static ngx_int_t ngx_carrierpay_question_found(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_lookup(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_looked_up(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_evaluate(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_question_evaluated(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_eligibility_query_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_eligibility_columns[] = {
    column(INT4, merchant_id),
    column(BOOL, live),
    column(TEXT, operator),
    column(HASH, index),
    column(INT8, amount),
    column(TEXT, currency),
    column(TEXT, category)
};

ngx_carrierpay_statement_t  ngx_carrierpay_eligibility_statement = {
    "eligibility_evaluate",
    ngx_carrierpay_columns(ngx_carrierpay_eligibility_columns),
    ngx_carrierpay_eligibility_row,
    .batched = 1
};


static const ngx_carrierpay_column_t  ngx_carrierpay_subscriber_columns[] = {
    ngx_carrierpay_column(INT4, ngx_carrierpay_question_t, query.merchant_id),
    ngx_carrierpay_column(BOOL, ngx_carrierpay_question_t, query.live),
    ngx_carrierpay_column(INT8, ngx_carrierpay_question_t, pseudonym_id),
    ngx_carrierpay_column(INT8, ngx_carrierpay_question_t, query.amount),
    ngx_carrierpay_column(TEXT, ngx_carrierpay_question_t, query.currency)
};

ngx_carrierpay_statement_t  ngx_carrierpay_subscriber_statement = {
    "subscriber_get",
    ngx_carrierpay_columns(ngx_carrierpay_subscriber_columns),
    ngx_carrierpay_question_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_question_steps[] = {
    { "find",                                    /* the number; or NOT_FOUND */
      ngx_carrierpay_question_find, ngx_carrierpay_question_found, 0 },
    { "lookup",                                  /* its carrier */
      ngx_carrierpay_question_lookup, ngx_carrierpay_question_looked_up, 0 },
    { "evaluate",                                /* may it pay? */
      ngx_carrierpay_question_evaluate, ngx_carrierpay_question_evaluated, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_int_t
ngx_carrierpay_eligibility_query(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_eligibility_query_t *query)
{
    const ngx_str_t  *key;

    ngx_carrierpay_eligibility_evaluate(&query->carrier, query->at,
                                        query->amount, &query->currency,
                                        &query->decision);

    if (query->decision.reason.len) {
        ngx_carrierpay_eligibility_count(&query->decision);
        return NGX_OK;
    }

    query->operator = query->carrier.operator->name;
    key = ngx_carrierpay_keyring_key(&flow->core->conf->keyring,
                                     NGX_CARRIERPAY_KEY_INDEX);

    ngx_carrierpay_end_user_index(query->index, key, &query->operator,
                                  &query->end_user);

    return ngx_carrierpay_ledger_ask_cell(flow,
                        ngx_carrierpay_ledger_line(flow, query->index),
                        &query->call, &ngx_carrierpay_eligibility_statement,
                        query, 0);
}


static ngx_int_t
ngx_carrierpay_eligibility_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_eligibility_query_t  *query;

    query = call->args;

    return ngx_carrierpay_pq_copy(res, row, 1, call->pool,
                                  &query->decision.reason);
}


ngx_int_t
ngx_carrierpay_eligibility_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_eligibility_query_t *query)
{
    if (query->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    ngx_carrierpay_eligibility_from_ledger(&query->decision);
    ngx_carrierpay_eligibility_count(&query->decision);

    return NGX_OK;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_eligibility_question(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, ngx_str_t *number,
    ngx_str_t *country, int64_t pseudonym_id, int64_t amount,
    ngx_str_t *currency, const ngx_str_t *category)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_question_t  *qu;

    flow = ngx_carrierpay_flow_create(&core->flows, "eligibility",
                                      ngx_carrierpay_question_steps,
                                      sizeof(ngx_carrierpay_question_t));
    if (flow == NULL) {
        return NULL;
    }

    qu = flow->data;

    qu->pseudonym_id = pseudonym_id;
    qu->query.merchant_id = merchant->id;
    qu->query.live = merchant->live;
    qu->query.amount = amount;
    qu->query.category = *ngx_carrierpay_merchant_category(merchant, category);

    if (ngx_carrierpay_flow_copy(flow, &qu->query.currency, currency)
        != NGX_OK
        || (number
            && (ngx_carrierpay_flow_copy(flow, &qu->number, number) != NGX_OK
                || ngx_carrierpay_flow_copy(flow, &qu->country, country)
                   != NGX_OK)))
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_question_find(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;

    if (qu->number.data) {
        return ngx_carrierpay_question_number(flow);
    }

    return ngx_carrierpay_ledger_ask_cell(flow,
                                     ngx_carrierpay_id_cell(qu->pseudonym_id),
                                     &qu->call,
                                     &ngx_carrierpay_subscriber_statement, qu,
                                     0);
}


static ngx_int_t
ngx_carrierpay_question_number(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                            digits;
    ngx_carrierpay_msisdn_t              msisdn;
    ngx_carrierpay_question_t           *qu;
    ngx_carrierpay_operators_t          *ops;
    ngx_carrierpay_eligibility_query_t  *query;

    qu = flow->data;
    query = &qu->query;
    ops = &flow->core->conf->operators;

    if (ngx_carrierpay_number_parse(ops, &qu->country, &qu->number, &msisdn)
        != NGX_OK)
    {
        ngx_carrierpay_eligibility_not_a_number(&query->decision);
        ngx_carrierpay_eligibility_count(&query->decision);

        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_OK);
    }

    digits.data = msisdn.digits;
    digits.len = msisdn.len;

    ngx_carrierpay_number_carrier(ops, &msisdn, &query->carrier);

    return ngx_carrierpay_flow_copy(flow, &query->end_user, &digits);
}


static ngx_int_t
ngx_carrierpay_question_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_question_t  *qu;

    qu = call->args;

    if (ngx_carrierpay_pq_copy(res, row, 0, call->pool, &qu->operator)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 1, call->pool, &qu->sealed)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 2, call->pool, &qu->mvno)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 3, call->pool, &qu->later_charge)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_question_found(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_conf_t               *conf;
    ngx_carrierpay_question_t           *qu;
    ngx_carrierpay_eligibility_query_t  *query;

    qu = flow->data;
    query = &qu->query;
    conf = flow->core->conf;

    if (qu->call.rc != NGX_OK) {
        return ngx_carrierpay_ledger_answered(flow, &qu->call);
    }

    if (ngx_carrierpay_keyring_open(&conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &qu->sealed,
                                    &query->end_user)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    query->at = ngx_carrierpay_operator_find(&conf->operators, &qu->operator);

    if (query->at) {
        ngx_carrierpay_eligibility_known(&conf->operators, query->at,
                                         &qu->mvno, &query->end_user,
                                         &query->carrier);
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

    lookup->end_user = qu->query.end_user;
    lookup->live = qu->query.live;
    lookup->carrier = qu->query.carrier;

    return ngx_carrierpay_lookup(flow, lookup);
}


static ngx_int_t
ngx_carrierpay_question_looked_up(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;
    qu->query.carrier = qu->lookup.carrier;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_question_evaluate(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;

    return ngx_carrierpay_eligibility_query(flow, &qu->query);
}


static ngx_int_t
ngx_carrierpay_question_evaluated(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_question_t  *qu;

    qu = flow->data;

    return ngx_carrierpay_eligibility_answered(flow, &qu->query);
}
