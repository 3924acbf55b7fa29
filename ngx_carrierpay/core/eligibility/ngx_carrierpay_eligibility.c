
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_eligibility.h"


typedef struct {
    ngx_carrierpay_decline_e   code;
    ngx_uint_t                 stat;
    const char                *rule;     /* when the ledger says it */
} ngx_carrierpay_eligibility_reason_t;


static void ngx_carrierpay_eligibility_refuse(
    ngx_carrierpay_decision_t *decision, ngx_carrierpay_decline_e code,
    const char *rule);
static const char *ngx_carrierpay_eligibility_evidence(
    ngx_carrierpay_carrier_t *carrier);
static const ngx_carrierpay_eligibility_reason_t *
    ngx_carrierpay_eligibility_reason(const ngx_str_t *reason);


/* the last row is for all others: those that the configuration invents */

static const ngx_carrierpay_eligibility_reason_t
    ngx_carrierpay_eligibility_reasons[] =
{
    { NGX_CARRIERPAY_DECLINE_NOT_A_NUMBER,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_A_NUMBER, NULL },
    { NGX_CARRIERPAY_DECLINE_FIXED_LINE,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_FIXED_LINE, NULL },
    { NGX_CARRIERPAY_DECLINE_OPERATOR_NOT_CONNECTED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_NOT_CONNECTED, NULL },
    { NGX_CARRIERPAY_DECLINE_NUMBER_PORTED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_PORTED, NULL },
    { NGX_CARRIERPAY_DECLINE_MVNO_BARRED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_MVNO_BARRED, NULL },
    { NGX_CARRIERPAY_DECLINE_CURRENCY_NOT_SUPPORTED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_CURRENCY, "contract" },
    { NGX_CARRIERPAY_DECLINE_OVER_LIMIT,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT, "limit" },
    { NGX_CARRIERPAY_DECLINE_LIMIT_DAY,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT, "limit" },
    { NGX_CARRIERPAY_DECLINE_LIMIT_WEEK,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT, "limit" },
    { NGX_CARRIERPAY_DECLINE_LIMIT_MONTH,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_OVER_LIMIT, "limit" },
    { NGX_CARRIERPAY_DECLINE_SERVICE_NOT_ALLOWED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_SERVICE, "contract" },
    { NGX_CARRIERPAY_DECLINE_CATEGORY_NOT_ALLOWED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_CATEGORY, "category" },
    { NGX_CARRIERPAY_DECLINE_AMOUNT_NOT_ALLOWED,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_AMOUNT, "contract" },
    { NGX_CARRIERPAY_DECLINE_BLOCKED_BY_SUBSCRIBER,
      NGX_CARRIERPAY_STAT_ELIGIBILITY_BLOCKED, "block" },
    { NGX_CARRIERPAY_DECLINE_GENERIC,
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
        ngx_carrierpay_eligibility_refuse(decision,
                          NGX_CARRIERPAY_DECLINE_CURRENCY_NOT_SUPPORTED,
                          "currency");
        return;
    }

    if (op->line_limit.payment && amount > op->line_limit.payment) {
        ngx_carrierpay_eligibility_refuse(decision,
                                          NGX_CARRIERPAY_DECLINE_OVER_LIMIT,
                                          "limit");
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
        ngx_carrierpay_eligibility_refuse(decision,
                                          NGX_CARRIERPAY_DECLINE_FIXED_LINE,
                                          "numbering");
        return;
    }

    if (op == NULL) {
        ngx_carrierpay_eligibility_refuse(decision,
                          NGX_CARRIERPAY_DECLINE_OPERATOR_NOT_CONNECTED,
                          ngx_carrierpay_eligibility_evidence(carrier));
        return;
    }

    if (at && at != op) {
        ngx_carrierpay_eligibility_refuse(decision,
                          NGX_CARRIERPAY_DECLINE_NUMBER_PORTED,
                          ngx_carrierpay_eligibility_evidence(carrier));
        return;
    }

    billing = carrier->mvno ? &carrier->mvno->billing : &op->billing;
    decision->rule = "billing";

    if (!billing->on) {
        decision->reason = billing->reason;
    }
}


static void
ngx_carrierpay_eligibility_refuse(ngx_carrierpay_decision_t *decision,
    ngx_carrierpay_decline_e code, const char *rule)
{
    decision->reason = *ngx_carrierpay_decline_name(code);
    decision->rule = rule;
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
ngx_carrierpay_eligibility_from_ledger(ngx_carrierpay_decision_t *decision)
{
    if (decision->reason.len) {
        decision->rule =
                    ngx_carrierpay_eligibility_reason(&decision->reason)->rule;
    }
}


void
ngx_carrierpay_eligibility_not_a_number(ngx_carrierpay_decision_t *decision)
{
    ngx_carrierpay_eligibility_refuse(decision,
                                      NGX_CARRIERPAY_DECLINE_NOT_A_NUMBER,
                                      "numbering");
}


void
ngx_carrierpay_eligibility_count(ngx_carrierpay_decision_t *decision)
{
    if (decision->reason.len == 0) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_ELIGIBILITY_ELIGIBLE);
        return;
    }

    ngx_carrierpay_count(
                  ngx_carrierpay_eligibility_reason(&decision->reason)->stat);
}


static const ngx_carrierpay_eligibility_reason_t *
ngx_carrierpay_eligibility_reason(const ngx_str_t *reason)
{
    ngx_carrierpay_decline_e                    code;
    const ngx_carrierpay_eligibility_reason_t  *row;

    code = ngx_carrierpay_decline_parse(reason);

    for (row = ngx_carrierpay_eligibility_reasons;
         row->code != NGX_CARRIERPAY_DECLINE_GENERIC && row->code != code;
         row++)
    {
        /* void */
    }

    return row;
}
