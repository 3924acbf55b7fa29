
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_core_counters.h"


static void ngx_carrierpay_charge_lookup_handler(
    ngx_carrierpay_lookup_t *lookup);
static void ngx_carrierpay_charge_evaluate(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_carrier_t *carrier);


/*
 * The page was shown to a line that might pay; the rules may have changed
 * since, as may whose customer the line is by them.  Before the payment
 * begins it can still wait for another line.
 */

ngx_int_t
ngx_carrierpay_charge_end_user(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                    mccmnc;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_carrier_t    *carrier;
    ngx_carrierpay_decision_t    decision;
    ngx_carrierpay_identity_t   *identity;
    ngx_carrierpay_operator_t   *at;
    ngx_carrierpay_operators_t  *ops;

    charge = flow->data;
    identity = &charge->session.identity;
    carrier = &identity->carrier;
    ops = &flow->core->conf->operators;
    at = NULL;

    /* what the gateway or the operator itself has said still holds */

    if (carrier->evidence == NGX_CARRIERPAY_EVIDENCE_MCCMNC
        || carrier->evidence == NGX_CARRIERPAY_EVIDENCE_LOOKUP)
    {
        /* void */

    } else if (identity->method == NGX_CARRIERPAY_METHOD_HE) {
        ngx_str_null(&mccmnc);
        ngx_carrierpay_end_user_carrier(ops, carrier->operator, &mccmnc,
                                        identity->acr.len ? NULL
                                        : &identity->msisdn,
                                        carrier);

    } else {
        at = carrier->operator;
        ngx_carrierpay_number_carrier(ops, &identity->msisdn, carrier);
    }

    ngx_carrierpay_eligibility_end_user(carrier, at, &decision);

    if (decision.reason.len == 0) {
        return NGX_OK;
    }

    ngx_carrierpay_eligibility_count(&decision);
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);

    charge->result = NGX_CARRIERPAY_CHARGE_REFUSED;
    charge->reason = decision.reason;

    return NGX_DONE;
}


/*
 * The ledger has agreed, for whoever it knows; now the configuration.  Whose
 * customer a shopper is was found out with his page.
 */

ngx_int_t
ngx_carrierpay_charge_eligible(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_conf_t      *conf;
    ngx_carrierpay_charge_t    *charge;
    ngx_carrierpay_lookup_t    *lookup;
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_operator_t  *op;

    charge = flow->data;
    conf = flow->core->conf;
    lookup = &charge->lookup;
    carrier = &charge->session.identity.carrier;

    if (carrier->operator) {
        ngx_carrierpay_charge_evaluate(flow, carrier);
        return NGX_OK;
    }

    op = ngx_carrierpay_operator_find(&conf->operators,
                                      &charge->payment.operator);

    /* without an operator, or a line, the next step knows what to do */

    if (charge->reason.len || op == NULL
        || ngx_carrierpay_keyring_open(&conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn,
                                       &charge->payment.msisdn,
                                       &lookup->end_user)
           != NGX_OK)
    {
        return NGX_OK;
    }

    ngx_carrierpay_eligibility_known(&conf->operators, op, &charge->op.mvno,
                                     &lookup->end_user, &lookup->carrier);

    lookup->flow = flow;
    lookup->handler = ngx_carrierpay_charge_lookup_handler;
    lookup->live = charge->payment.live;

    if (ngx_carrierpay_lookup(lookup) == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    ngx_carrierpay_charge_evaluate(flow, &lookup->carrier);

    return NGX_OK;
}


static void
ngx_carrierpay_charge_lookup_handler(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_charge_evaluate(lookup->flow, &lookup->carrier);
    ngx_carrierpay_flow_resume(lookup->flow, NGX_OK);
}


static void
ngx_carrierpay_charge_evaluate(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_carrier_t *carrier)
{
    ngx_carrierpay_charge_t    *charge;
    ngx_carrierpay_payment_t   *p;
    ngx_carrierpay_decision_t   decision;
    ngx_carrierpay_operator_t  *op;

    charge = flow->data;
    p = &charge->payment;

    op = ngx_carrierpay_operator_find(&flow->core->conf->operators,
                                      &p->operator);

    ngx_carrierpay_eligibility_evaluate(carrier, op, p->amount, &p->currency,
                                        &decision);

    if (decision.reason.len) {
        ngx_carrierpay_eligibility_count(&decision);
        charge->reason = decision.reason;
    }
}


void
ngx_carrierpay_charge_mvno(ngx_carrierpay_carrier_t *carrier, ngx_str_t *mvno)
{
    ngx_str_null(mvno);

    if (carrier->mvno
        && (carrier->evidence == NGX_CARRIERPAY_EVIDENCE_MCCMNC
            || carrier->evidence == NGX_CARRIERPAY_EVIDENCE_LOOKUP))
    {
        *mvno = carrier->mvno->name;
    }
}
