
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_variables.h"


/* NGX_OK; NGX_DECLINED: there is no value; NGX_ERROR: no memory */
typedef ngx_int_t (*ngx_http_carrierpay_variables_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);


typedef struct {
    ngx_str_t                         name;
    ngx_http_carrierpay_variables_pt  get;
} ngx_http_carrierpay_variables_row_t;


static ngx_int_t ngx_http_carrierpay_variables_handler(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_variables_get_operator(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_mvno(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_identity(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_evidence(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_network(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_msisdn_masked(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_payment(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_state(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_outcome(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_variables_get_operator_time(
    ngx_http_request_t *r, ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value);

static ngx_int_t ngx_http_carrierpay_variables_copy(ngx_http_request_t *r,
    ngx_str_t *dst, const ngx_str_t *src);


static ngx_http_carrierpay_variables_row_t
    ngx_http_carrierpay_variables_rows[NGX_HTTP_CARRIERPAY_VARIABLES] =
{
    { ngx_string("carrierpay_operator"),
      ngx_http_carrierpay_variables_get_operator },
    { ngx_string("carrierpay_mvno"),
      ngx_http_carrierpay_variables_get_mvno },
    { ngx_string("carrierpay_identity"),
      ngx_http_carrierpay_variables_get_identity },
    { ngx_string("carrierpay_evidence"),
      ngx_http_carrierpay_variables_get_evidence },
    { ngx_string("carrierpay_network"),
      ngx_http_carrierpay_variables_get_network },
    { ngx_string("carrierpay_msisdn_masked"),
      ngx_http_carrierpay_variables_get_msisdn_masked },
    { ngx_string("carrierpay_payment"),
      ngx_http_carrierpay_variables_get_payment },
    { ngx_string("carrierpay_state"),
      ngx_http_carrierpay_variables_get_state },
    { ngx_string("carrierpay_outcome"),
      ngx_http_carrierpay_variables_get_outcome },
    { ngx_string("carrierpay_operator_time"),
      ngx_http_carrierpay_variables_get_operator_time }
};


ngx_int_t
ngx_http_carrierpay_variables_add(ngx_conf_t *cf,
    ngx_int_t *indexes)
{
    ngx_str_t            *name;
    ngx_uint_t            i;
    ngx_http_variable_t  *var;

    for (i = 0; i < NGX_HTTP_CARRIERPAY_VARIABLES; i++) {

        name = &ngx_http_carrierpay_variables_rows[i].name;

        var = ngx_http_add_variable(cf, name, 0);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = ngx_http_carrierpay_variables_handler;
        var->data = i;

        indexes[i] = ngx_http_get_variable_index(cf, name);
        if (indexes[i] == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


void
ngx_http_carrierpay_variables_changed(ngx_http_request_t *r)
{
    ngx_uint_t                                 i;
    ngx_http_variable_value_t                 *v;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);

    for (i = 0; i < NGX_HTTP_CARRIERPAY_VARIABLES; i++) {
        v = &r->variables[imcf->variables[i]];
        v->valid = 0;
        v->not_found = 0;
    }
}


ngx_int_t
ngx_http_carrierpay_variables_payment(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *payment)
{
    ngx_str_t                   outcome;
    const ngx_str_t            *state;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_variables_changed(r);

    ctx->payment_id = payment->id;

    state = ngx_carrierpay_payment_state_name(payment->state);

    if (payment->outcome_unknown) {
        ngx_str_set(&outcome, "unknown");

    } else if (payment->state == NGX_CARRIERPAY_PAYMENT_SUCCEEDED) {
        outcome = *state;

    } else {
        outcome = payment->failure_code;
    }

    if (ngx_http_carrierpay_variables_copy(r, &ctx->state, state) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_variables_copy(r, &ctx->outcome, &outcome);
}


/*
 * When the flow goes on, or another one has completed the payment before a
 * PIN was counted, the state is not known here; a payment that was refused
 * has none.
 */

ngx_int_t
ngx_http_carrierpay_variables_charge(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t    *charge;
    ngx_carrierpay_identity_t  *identity;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    charge = flow->data;
    identity = &charge->session.identity;

    ngx_http_carrierpay_variables_changed(r);

    if ((identity->msisdn.len || identity->acr.len)
        && ngx_http_carrierpay_variables_end_user(r, identity) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->operator_called = charge->answered;
    ctx->operator_time = charge->operator_time;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        if (charge->answer == NGX_CARRIERPAY_CHARGE_CREATED
            || (charge->answer == NGX_CARRIERPAY_CHARGE_COMPLETED
                && charge->ledger_result != NGX_CARRIERPAY_LEDGER_UNKNOWN))
        {
            return ngx_http_carrierpay_variables_payment(r, &charge->payment);
        }

        ctx->payment_id = charge->payment.id;
        return NGX_OK;

    case NGX_CARRIERPAY_FLOW_TIMED_OUT:
        ctx->payment_id = charge->payment.id;
        return NGX_OK;

    case NGX_CARRIERPAY_FLOW_REFUSED:
        return ngx_http_carrierpay_variables_copy(r, &ctx->outcome,
                                                  &flow->reason);

    default:
        return NGX_OK;
    }
}


ngx_int_t
ngx_http_carrierpay_variables_end_user(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *identity)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_variables_changed(r);

    ctx->identity = NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED;
    ctx->carrier = identity->carrier;
    ctx->msisdn = identity->msisdn;

    return ngx_http_carrierpay_variables_copy(r, &ctx->acr, &identity->acr);
}


ngx_int_t
ngx_http_carrierpay_variables_decision(ngx_http_request_t *r,
    ngx_carrierpay_decision_t *decision)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_variables_changed(r);

    ctx->carrier = decision->carrier;

    return ngx_http_carrierpay_variables_copy(r, &ctx->outcome,
                                              &decision->reason);
}


static ngx_int_t
ngx_http_carrierpay_variables_copy(ngx_http_request_t *r, ngx_str_t *dst,
    const ngx_str_t *src)
{
    if (src->len == 0) {
        ngx_str_null(dst);
        return NGX_OK;
    }

    dst->len = src->len;
    dst->data = ngx_pstrdup(r->pool, (ngx_str_t *) src);

    return dst->data ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_carrierpay_variables_handler(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_int_t                   rc;
    ngx_str_t                   value;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    ngx_str_null(&value);

    rc = ctx ? ngx_http_carrierpay_variables_rows[data].get(r, ctx, &value)
             : NGX_DECLINED;

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED || value.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = value.data;
    v->len = value.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_operator(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (ctx->carrier.operator == NULL) {
        return NGX_DECLINED;
    }

    *value = ctx->carrier.operator->name;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_mvno(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (ctx->carrier.mvno == NULL) {
        return NGX_DECLINED;
    }

    *value = ctx->carrier.mvno->name;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_identity(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    *value = *ngx_http_carrierpay_identity_name(ctx->identity);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_evidence(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (ctx->carrier.evidence == NGX_CARRIERPAY_EVIDENCE_NONE) {
        return NGX_DECLINED;
    }

    *value = *ngx_carrierpay_evidence_name(ctx->carrier.evidence);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_network(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (ctx->network == NULL) {
        return NGX_DECLINED;
    }

    return ngx_http_carrierpay_peer_network_print(r, ctx->network, value);
}


static ngx_int_t
ngx_http_carrierpay_variables_get_msisdn_masked(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    ngx_str_t  end_user;

    if (ngx_http_carrierpay_ctx_end_user(ctx, &end_user) != NGX_OK) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_END_USER_MASK_LEN);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_carrierpay_end_user_mask(value->data,
                                              &end_user) - value->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_payment(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (ctx->payment_id == 0) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_ID_LEN);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_carrierpay_id_print(value->data,
                                         NGX_CARRIERPAY_ID_PAYMENT,
                                         ctx->payment_id)
                 - value->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_state(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    *value = ctx->state;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_variables_get_outcome(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    *value = ctx->outcome;

    return NGX_OK;
}


/* as $request_time: seconds, to the millisecond */

static ngx_int_t
ngx_http_carrierpay_variables_get_operator_time(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_str_t *value)
{
    if (!ctx->operator_called) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool, NGX_TIME_T_LEN + sizeof(".000") - 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_sprintf(value->data, "%M.%03M", ctx->operator_time / 1000,
                             ctx->operator_time % 1000)
                 - value->data;

    return NGX_OK;
}
