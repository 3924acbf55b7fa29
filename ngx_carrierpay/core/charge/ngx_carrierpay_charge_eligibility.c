
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_charge_evaluate(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_carrier_t *carrier);


/*
 * The page was shown to an end user who might pay; the rules may have changed
 * since, as may, by them, whose customer it is.  Before the payment begins it
 * can still wait for another.
 */

ngx_int_t
ngx_carrierpay_charge_may_pay(ngx_carrierpay_flow_t *flow)
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

    flow->reason = decision.reason;

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
}


/*
 * The ledger has agreed, as far as it knows the subscriber; now the
 * configuration is asked.  The carrier of a shopper was found when the page
 * was shown; that of a subscriber charged without a page is looked up here.
 */

ngx_int_t
ngx_carrierpay_charge_eligible(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
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
        return ngx_carrierpay_charge_evaluate(flow, carrier);
    }

    op = ngx_carrierpay_operator_find(&conf->operators,
                                      &charge->payment.operator);

    /* without an operator, or its key, the next row knows what to do */

    if (op == NULL
        || ngx_carrierpay_keyring_open(&conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn,
                                       &charge->payment.msisdn,
                                       &lookup->end_user)
           != NGX_OK)
    {
        return NGX_OK;
    }

    ngx_carrierpay_eligibility_known(&conf->operators, op,
                                     &charge->intent.mvno, &lookup->end_user,
                                     &lookup->carrier);
    lookup->live = charge->payment.live;

    rc = ngx_carrierpay_lookup(flow, lookup);

    return rc == NGX_OK ? ngx_carrierpay_charge_eligible_done(flow) : rc;
}


ngx_int_t
ngx_carrierpay_charge_eligible_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_charge_evaluate(flow, &charge->lookup.carrier);
}


static ngx_int_t
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

    if (decision.reason.len == 0) {
        return NGX_OK;
    }

    ngx_carrierpay_eligibility_count(&decision);
    flow->reason = decision.reason;

    return NGX_DECLINED;
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


ngx_int_t
ngx_carrierpay_charge_begun(ngx_carrierpay_flow_t *flow, ngx_uint_t own)
{
    u_char                    id[NGX_CARRIERPAY_ID_LEN];
    ngx_carrierpay_charge_t  *charge;

    if (own) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_BEGUN);
        return NGX_OK;
    }

    charge = flow->data;

    (void) ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT,
                                   charge->payment.id);

    ngx_log_error(NGX_LOG_ALERT, flow->log, 0,
                  "the ledger begins payment \"%*s\" by an intent that is"
                  " not ours, nothing is charged", sizeof(id), id);

    return NGX_ERROR;
}
