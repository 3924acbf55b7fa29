
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_eligibility_query.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_eligibility.h"
#include "ngx_http_carrierpay_api_reply.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_variables.h"


/* ms, beside what an operator's lookup may take */
#define NGX_HTTP_CARRIERPAY_API_ELIGIBILITY_TIMEOUT     1500


typedef struct {
    int64_t       amount;
    ngx_str_t     currency;
    ngx_str_t     category;
    ngx_str_t     msisdn;
    ngx_str_t     country;
    ngx_str_t     subscriber;

    int64_t       pseudonym_id;
} ngx_http_carrierpay_eligible_t;


typedef struct {
    const char   *name;
    ngx_str_t     text;
} ngx_http_carrierpay_member_t;


static ngx_int_t ngx_http_carrierpay_api_eligibility_end_user(
    ngx_http_carrierpay_eligible_t *read,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_api_eligibility_end(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_eligibility_answer(
    ngx_http_request_t *r, ngx_carrierpay_question_t *question);
static ngx_int_t ngx_http_carrierpay_api_eligibility_json(ngx_pool_t *pool,
    ngx_carrierpay_question_t *question, ngx_http_carrierpay_member_t *members,
    ngx_str_t *json);


#define ngx_http_carrierpay_eligible_at(field)                                \
    offsetof(ngx_http_carrierpay_eligible_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_eligible_fields[] = {

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_eligible_at(amount), "invalid_amount", NULL },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_eligible_at(currency), "invalid_currency",
      ngx_http_carrierpay_api_currency },

    { ngx_string("category"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_HTTP_CARRIERPAY_API_CATEGORY_MAX,
      ngx_http_carrierpay_eligible_at(category), "invalid_category",
      ngx_http_carrierpay_api_category },

    { ngx_string("msisdn"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_NUMBER_TYPED_MAX,
      ngx_http_carrierpay_eligible_at(msisdn), "invalid_parameter", NULL },

    { ngx_string("country"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      2, 2,
      ngx_http_carrierpay_eligible_at(country), "invalid_parameter",
      ngx_http_carrierpay_api_country },

    { ngx_string("subscriber"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      NGX_CARRIERPAY_ID_LEN, NGX_CARRIERPAY_ID_LEN,
      ngx_http_carrierpay_eligible_at(subscriber), "invalid_parameter", NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_api_eligibility(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                       rc;
    ngx_msec_t                      timeout;
    ngx_carrierpay_core_t          *core;
    ngx_carrierpay_flow_t          *flow;
    ngx_http_carrierpay_problem_t   problem;
    ngx_http_carrierpay_eligible_t  read;

    rc = ngx_http_carrierpay_api_body(r, body,
                                      ngx_http_carrierpay_eligible_fields,
                                      &read, sizeof(read), &problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_api_eligibility_end_user(&read, &problem);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    core = ngx_http_carrierpay_core(r);

    flow = ngx_carrierpay_eligibility_question(core,
                                      ngx_http_carrierpay_api_merchant(r),
                                      read.msisdn.data ? &read.msisdn : NULL,
                                      &read.country, read.pseudonym_id,
                                      read.amount, &read.currency,
                                      &read.category);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    timeout = NGX_HTTP_CARRIERPAY_API_ELIGIBILITY_TIMEOUT
              + ngx_carrierpay_lookup_timeout(core);

    return ngx_http_carrierpay_flow_wait(r, flow, timeout,
                                     ngx_http_carrierpay_api_eligibility_end);
}


/* The end user is named by one of the two: a number, or a subscriber. */

static ngx_int_t
ngx_http_carrierpay_api_eligibility_end_user(
    ngx_http_carrierpay_eligible_t *read,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t  msisdn = ngx_string("msisdn");
    ngx_str_t  subscriber = ngx_string("subscriber");

    if (read->msisdn.data == NULL && read->subscriber.data == NULL) {
        return ngx_http_carrierpay_json_refuse(problem, "missing_parameter",
                                               &msisdn, "is required, or"
                                               " \"subscriber\"");
    }

    if (read->msisdn.data && read->subscriber.data) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &subscriber, "goes without"
                                               " \"msisdn\"");
    }

    if (read->subscriber.data
        && ngx_carrierpay_id_parse(&read->subscriber,
                                   NGX_CARRIERPAY_ID_SUBSCRIBER,
                                   &read->pseudonym_id)
           != NGX_OK)
    {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &subscriber,
                                               "is not a subscriber's id");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_api_eligibility_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t  reason = ngx_string("subscriber_unknown");

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        return ngx_http_carrierpay_api_eligibility_answer(r, flow->data);

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        return ngx_http_carrierpay_api_refused(r, &reason);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


static ngx_int_t
ngx_http_carrierpay_api_eligibility_answer(ngx_http_request_t *r,
    ngx_carrierpay_question_t *question)
{
    ngx_str_t                     json;
    ngx_carrierpay_mvno_t        *mvno;
    ngx_carrierpay_carrier_t     *carrier;
    ngx_carrierpay_decision_t    *decision;
    ngx_carrierpay_operator_t    *op;
    ngx_http_carrierpay_member_t  members[] = {
        { "reason", ngx_null_string },
        { "message", ngx_null_string },
        { "operator", ngx_null_string },
        { "operator_name", ngx_null_string },
        { "country", ngx_null_string },
        { "mvno", ngx_null_string },
        { "mvno_name", ngx_null_string },
        { "evidence", ngx_null_string },
        { "rule", ngx_null_string },
        { "later_charge", ngx_null_string },
        { NULL, ngx_null_string }
    };

    decision = &question->query.decision;
    carrier = &decision->carrier;
    op = carrier->operator;
    mvno = carrier->mvno;

    if (decision->reason.len) {
        members[0].text = decision->reason;
        members[1].text.data = (u_char *) ngx_carrierpay_decline_advice(
                            ngx_carrierpay_decline_parse(&decision->reason));
        members[1].text.len = ngx_strlen(members[1].text.data);
    }

    if (op) {
        members[2].text = op->name;
        members[3].text = op->title;
        members[4].text = op->country;
    }

    if (mvno) {
        members[5].text = mvno->name;
        members[6].text = mvno->title;
    }

    if (carrier->evidence != NGX_CARRIERPAY_EVIDENCE_NONE) {
        members[7].text = *ngx_carrierpay_evidence_name(carrier->evidence);
    }

    members[9].text = question->later_charge;

    if (ngx_http_carrierpay_variables_decision(r, decision) != NGX_OK
        || ngx_carrierpay_eligibility_rule(decision, r->pool, &members[8].text)
           != NGX_OK
        || ngx_http_carrierpay_api_eligibility_json(r->pool, question, members,
                                                    &json)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &json);
}


/* A member of length 0 is null. */

static ngx_int_t
ngx_http_carrierpay_api_eligibility_json(ngx_pool_t *pool,
    ngx_carrierpay_question_t *question, ngx_http_carrierpay_member_t *members,
    ngx_str_t *json)
{
    size_t                               len;
    u_char                              *p;
    ngx_str_t                           *text;
    ngx_http_carrierpay_member_t        *m;
    ngx_carrierpay_eligibility_query_t  *query;

    query = &question->query;

    /* 512 is more than all names, numbers and nulls together */

    len = 512;

    for (m = members; m->name; m++) {
        if (m->text.len) {
            len += ngx_carrierpay_text_json_size(m->text.data, m->text.len);
        }
    }

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json->data = p;

    p = ngx_sprintf(p, "{\"object\":\"eligibility\",\"livemode\":%s,"
                    "\"eligible\":%s,\"amount\":%L,\"currency\":\"%V\","
                    "\"category\":\"%V\"",
                    query->live ? "true" : "false",
                    query->decision.reason.len ? "false" : "true",
                    (int64_t) query->amount, &query->currency,
                    &query->category);

    for (m = members; m->name; m++) {
        text = &m->text;

        if (text->len == 0) {
            p = ngx_sprintf(p, ",\"%s\":null", m->name);
            continue;
        }

        p = ngx_sprintf(p, ",\"%s\":\"", m->name);
        p = ngx_carrierpay_text_json(p, text->data, text->len);
        *p++ = '"';
    }

    *p++ = '}';
    json->len = p - json->data;

    return NGX_OK;
}
