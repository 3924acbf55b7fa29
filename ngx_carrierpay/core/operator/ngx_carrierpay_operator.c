
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_typed.h"


static ngx_uint_t ngx_carrierpay_conf_value_has(ngx_array_t *list,
    ngx_str_t *text);
static ngx_carrierpay_numbering_t *ngx_carrierpay_number_plan(
    ngx_carrierpay_operators_t *ops, const ngx_str_t *country);
static ngx_carrierpay_mvno_t *ngx_carrierpay_mvno_by_mccmnc(
    ngx_carrierpay_operator_t *op, ngx_str_t *mccmnc);


/* The names are in the order of ngx_carrierpay_evidence_e. */

static ngx_str_t  ngx_carrierpay_evidence_names[] = {
    ngx_string("none"),
    ngx_string("mccmnc"),
    ngx_string("lookup"),
    ngx_string("ported"),
    ngx_string("network"),
    ngx_string("prefix")
};


ngx_int_t
ngx_carrierpay_operators_create(ngx_pool_t *pool,
    ngx_carrierpay_operators_t *ops)
{
    if (ngx_array_init(&ops->list, pool, 4,
                       sizeof(ngx_carrierpay_operator_t *))
        != NGX_OK
        || ngx_array_init(&ops->networks.list, pool, 64,
                          sizeof(ngx_carrierpay_network_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_array_init(&ops->plans, pool, 4,
                          sizeof(ngx_carrierpay_numbering_t));
}


ngx_carrierpay_operator_t *
ngx_carrierpay_operator_find(ngx_carrierpay_operators_t *ops, ngx_str_t *name)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (op[i]->name.len == name->len
            && ngx_memcmp(op[i]->name.data, name->data, name->len) == 0)
        {
            return op[i];
        }
    }

    return NULL;
}


ngx_carrierpay_mvno_t *
ngx_carrierpay_mvno_find(ngx_carrierpay_operator_t *op, ngx_str_t *name)
{
    ngx_uint_t               i;
    ngx_carrierpay_mvno_t  **mvno;

    mvno = op->mvnos.elts;

    for (i = 0; i < op->mvnos.nelts; i++) {
        if (mvno[i]->name.len == name->len
            && ngx_memcmp(mvno[i]->name.data, name->data, name->len) == 0)
        {
            return mvno[i];
        }
    }

    return NULL;
}


ngx_uint_t
ngx_carrierpay_mccmnc_valid(ngx_str_t *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            return 0;
        }
    }

    return text->len == 5 || text->len == 6;
}


ngx_str_t *
ngx_carrierpay_evidence_name(ngx_carrierpay_evidence_e evidence)
{
    return &ngx_carrierpay_evidence_names[evidence];
}


ngx_int_t
ngx_carrierpay_number_parse(ngx_carrierpay_operators_t *ops,
    const ngx_str_t *country, const ngx_str_t *typed,
    ngx_carrierpay_msisdn_t *msisdn)
{
    u_char                         buf[NGX_CARRIERPAY_NUMBER_TYPED_MAX];
    ngx_str_t                      text;
    ngx_uint_t                     i;
    ngx_carrierpay_numbering_t    *plan, *own;
    ngx_carrierpay_msisdn_form_e   form;

    if (typed->len > sizeof(buf)) {
        return NGX_DECLINED;
    }

    text.data = buf;
    text.len = typed->len;

    ngx_memcpy(buf, typed->data, typed->len);
    ngx_carrierpay_typed_digits(&text);

    plan = ops->plans.elts;
    own = ngx_carrierpay_number_plan(ops, country);

    /* Without a country the digits must be complete. */

    form = country->len ? NGX_CARRIERPAY_MSISDN_INTERNATIONAL
                        : NGX_CARRIERPAY_MSISDN_DIGITS;

    for (i = 0; i < ops->plans.nelts; i++) {
        if (ngx_carrierpay_msisdn_parse(&text, &plan[i],
                                        &plan[i] == own
                                        ? NGX_CARRIERPAY_MSISDN_ANY : form,
                                        msisdn)
            == NGX_OK)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/*
 * The numbering plan of a country; without one, that of the only country that
 * is configured.  NULL: there is none.
 */

static ngx_carrierpay_numbering_t *
ngx_carrierpay_number_plan(ngx_carrierpay_operators_t *ops,
    const ngx_str_t *country)
{
    ngx_str_t                   *cc;
    ngx_uint_t                   i, k;
    ngx_carrierpay_operator_t  **op;
    ngx_carrierpay_numbering_t  *plan;

    plan = ops->plans.elts;
    op = ops->list.elts;

    if (country->len == 0) {
        return ops->plans.nelts == 1 ? plan : NULL;
    }

    for (i = 0; i < ops->list.nelts; i++) {

        if (op[i]->country.len != country->len
            || ngx_memcmp(op[i]->country.data, country->data, country->len)
               != 0)
        {
            continue;
        }

        cc = &op[i]->numbering.cc;

        for (k = 0; k < ops->plans.nelts; k++) {
            if (plan[k].cc.len == cc->len
                && ngx_memcmp(plan[k].cc.data, cc->data, cc->len) == 0)
            {
                return &plan[k];
            }
        }
    }

    return NULL;
}


void
ngx_carrierpay_number_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier)
{
    ngx_carrierpay_prefix_t          *prefix;
    ngx_carrierpay_ported_carrier_t  *ported;

    ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));

    ported = ngx_carrierpay_ported_find(&ops->ported, msisdn);

    if (ported) {
        carrier->operator = ported->operator;
        carrier->mvno = ported->mvno;
        carrier->evidence = NGX_CARRIERPAY_EVIDENCE_PORTED;
        return;
    }

    prefix = ngx_carrierpay_prefix_find(&ops->prefixes, msisdn);

    if (prefix == NULL) {
        return;
    }

    carrier->operator = prefix->operator;
    carrier->mvno = prefix->mvno;
    carrier->fixed = prefix->operator == NULL;
    carrier->evidence = NGX_CARRIERPAY_EVIDENCE_PREFIX;
}


void
ngx_carrierpay_end_user_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mccmnc,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier)
{
    if (mccmnc->len) {
        ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));

        carrier->mvno = ngx_carrierpay_mvno_by_mccmnc(op, mccmnc);
        carrier->evidence = NGX_CARRIERPAY_EVIDENCE_MCCMNC;

        if (carrier->mvno
            || ngx_carrierpay_conf_value_has(&op->mccmncs, mccmnc))
        {
            carrier->operator = op;
        }

        return;
    }

    if (msisdn && op->mvnos.nelts) {
        ngx_carrierpay_number_carrier(ops, msisdn, carrier);

        if (carrier->operator == op && carrier->mvno) {
            return;
        }
    }

    ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));

    carrier->operator = op;
    carrier->evidence = NGX_CARRIERPAY_EVIDENCE_NETWORK;
}


ngx_int_t
ngx_carrierpay_mccmnc_carrier(ngx_carrierpay_operators_t *ops,
    ngx_str_t *mccmnc, ngx_carrierpay_carrier_t *carrier)
{
    ngx_uint_t                   i;
    ngx_carrierpay_mvno_t       *mvno;
    ngx_carrierpay_operator_t  **op;

    ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {

        mvno = ngx_carrierpay_mvno_by_mccmnc(op[i], mccmnc);

        if (mvno || ngx_carrierpay_conf_value_has(&op[i]->mccmncs, mccmnc)) {
            carrier->operator = op[i];
            carrier->mvno = mvno;
            carrier->evidence = NGX_CARRIERPAY_EVIDENCE_LOOKUP;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_uint_t
ngx_carrierpay_conf_value_has(ngx_array_t *list, ngx_str_t *text)
{
    ngx_uint_t                    i;
    ngx_carrierpay_conf_value_t  *word;

    word = list->elts;

    for (i = 0; i < list->nelts; i++) {
        if (word[i].text.len == text->len
            && ngx_memcmp(word[i].text.data, text->data, text->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_carrierpay_mvno_t *
ngx_carrierpay_mvno_by_mccmnc(ngx_carrierpay_operator_t *op, ngx_str_t *mccmnc)
{
    ngx_uint_t               i;
    ngx_carrierpay_mvno_t  **mvno;

    mvno = op->mvnos.elts;

    for (i = 0; i < op->mvnos.nelts; i++) {
        if (ngx_carrierpay_conf_value_has(&mvno[i]->mccmncs, mccmnc)) {
            return mvno[i];
        }
    }

    return NULL;
}


ngx_uint_t
ngx_carrierpay_operator_texts(const ngx_carrierpay_operator_t *operator,
    const ngx_str_t *end_user)
{
    return operator->nproviders && !ngx_carrierpay_end_user_acr(end_user);
}
