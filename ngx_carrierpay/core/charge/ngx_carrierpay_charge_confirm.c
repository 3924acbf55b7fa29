
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_core_counters.h"


static ngx_int_t ngx_carrierpay_charge_confirm_consume(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_confirm_consume_handler(
    ngx_carrierpay_session_t *s);
static ngx_int_t ngx_carrierpay_charge_begin_end_user(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_begin_handler(
    ngx_carrierpay_ledger_op_t *op);
static void ngx_carrierpay_charge_restore_handler(
    ngx_carrierpay_session_t *s);


static ngx_carrierpay_step_t  ngx_carrierpay_charge_confirm_steps[] = {
    { "take",      ngx_carrierpay_charge_confirm_consume },
    { "line",      ngx_carrierpay_charge_end_user },      /* may it pay? */
    { "begin",     ngx_carrierpay_charge_begin },         /* intent durable */
    { "eligible",  ngx_carrierpay_charge_eligible },
    { "operator",  ngx_carrierpay_charge_operator },      /* maybe unknown */
    { "finish",    ngx_carrierpay_charge_finish },        /* outcome durable */
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_confirm(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *confirm,
    ngx_carrierpay_consent_t *consent)
{
    return ngx_carrierpay_charge_shopper(core, "confirm",
                                         ngx_carrierpay_charge_confirm_steps,
                                         id, visitor, confirm, consent);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_shopper(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_flow_create(core, name, steps,
                                      sizeof(ngx_carrierpay_charge_t));
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->payment.id = payment_id;
    charge->visitor = *visitor;

    charge->token.len = token->len;
    charge->token.data = ngx_pstrdup(flow->pool, token);

    if (charge->token.data == NULL
        || ngx_carrierpay_consent_copy(flow->pool, &charge->consent, consent)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_confirm_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_charge_consume(flow, NGX_CARRIERPAY_SESSION_CONFIRM,
                                ngx_carrierpay_charge_confirm_consume_handler);
}


ngx_int_t
ngx_carrierpay_charge_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind, ngx_carrierpay_session_pt handler)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    /* without a ledger the token is kept for the next try */

    if (!ngx_carrierpay_ledger_ready(flow->core->ledger)) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    charge->session.flow = flow;
    charge->session.kind = kind;
    charge->session.handler = handler;

    if (ngx_carrierpay_session_consume(&charge->session, &charge->token)
        != NGX_AGAIN)
    {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


/*
 * Nobody reads a page in no time, so who taps at once is a machine, or touched
 * it by mistake; and who is in another place now may be another.
 */

static void
ngx_carrierpay_charge_confirm_consume_handler(ngx_carrierpay_session_t *s)
{
    ngx_int_t                 rc;
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = s->flow;
    charge = flow->data;
    rc = NGX_DONE;

    if (!ngx_carrierpay_charge_session_valid(charge)) {
        charge->result = s->rc == NGX_ERROR
                         ? NGX_CARRIERPAY_CHARGE_UNAVAILABLE
                         : NGX_CARRIERPAY_CHARGE_TOKEN_USED;

    } else if (ngx_memcmp(s->identity.client_network,
                          charge->visitor.client_network,
                          sizeof(s->identity.client_network))
               != 0)
    {
        charge->result = s->identity.msisdn.len
                         ? NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED
                         : NGX_CARRIERPAY_CHARGE_TOKEN_USED;

    } else if (ngx_carrierpay_now() - s->consent.shown_at
               < (int64_t) flow->core->conf->confirm_after)
    {
        charge->result = NGX_CARRIERPAY_CHARGE_TOO_EARLY;
        rc = ngx_carrierpay_charge_restore(flow);

    } else {
        rc = NGX_OK;
    }

    if (rc != NGX_AGAIN) {
        ngx_carrierpay_flow_resume(flow, rc);
    }
}


ngx_uint_t
ngx_carrierpay_charge_session_valid(ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_session_t  *s;

    s = &charge->session;

    return s->rc == NGX_OK
           && s->identity.payment_id == charge->payment.id
           && ngx_carrierpay_identity_same_visitor(&s->identity,
                                                  &charge->visitor);
}


ngx_int_t
ngx_carrierpay_charge_restore(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->session.handler = ngx_carrierpay_charge_restore_handler;

    if (ngx_carrierpay_session_store(&charge->session) != NGX_AGAIN) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_charge_restore_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_charge_t  *charge;

    charge = s->flow->data;

    if (s->rc != NGX_OK) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_DONE);
}


ngx_int_t
ngx_carrierpay_charge_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_core_t       *core;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_consent_t    *shown;
    ngx_carrierpay_identity_t   *identity;
    ngx_carrierpay_ledger_op_t  *op;

    core = flow->core;
    charge = flow->data;
    identity = &charge->session.identity;
    op = &charge->op;

    if (ngx_carrierpay_charge_begin_end_user(flow) != NGX_OK) {
        return NGX_ERROR;
    }

    /* who taps, and what the page said that he taps on */

    shown = &charge->session.consent;

    charge->consent.shown_at = shown->shown_at;
    charge->consent.locale = shown->locale;
    charge->consent.page = shown->page;
    charge->consent.shown = shown->shown;

    op->consent = &charge->consent;
    op->method = *ngx_carrierpay_method_name(identity->method);
    op->try_id = charge->guess.try_id;
    op->attempt = ngx_carrierpay_ledger_id(core->ledger);
    op->subscriber_id = ngx_carrierpay_ledger_id(core->ledger);
    op->pseudonym_id = ngx_carrierpay_ledger_id(core->ledger);
    ngx_carrierpay_charge_mvno(&identity->carrier, &op->mvno);

    return ngx_carrierpay_charge_submit(flow, NGX_CARRIERPAY_LEDGER_BEGIN,
                                        NGX_CARRIERPAY_CHARGE_INTENT_TIMEOUT,
                                        ngx_carrierpay_charge_begin_handler);
}


static ngx_int_t
ngx_carrierpay_charge_begin_end_user(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                    end_user;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_keyring_t    *ring;
    ngx_carrierpay_identity_t   *identity;
    ngx_carrierpay_ledger_op_t  *op;

    charge = flow->data;
    ring = &flow->core->conf->keyring;
    identity = &charge->session.identity;
    op = &charge->op;

    op->operator = identity->carrier.operator->name;

    ngx_carrierpay_identity_end_user(identity, &end_user);
    ngx_carrierpay_identity_index(identity, ring, charge->end_user_index);

    op->msisdn_index = charge->end_user_index;

    return ngx_carrierpay_keyring_seal(ring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn, &end_user,
                                       &op->msisdn);
}


static void
ngx_carrierpay_charge_begin_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = op->data;
    charge = flow->data;

    if (op->rc != NGX_OK) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;

    } else if (ngx_carrierpay_charge_word(&op->result, "processing")) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_BEGUN);
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;

    } else if (ngx_carrierpay_charge_word(&op->result, "already")
               || ngx_carrierpay_charge_word(&op->result, "expired"))
    {
        charge->result = NGX_CARRIERPAY_CHARGE_COMPLETED;

    } else if (ngx_carrierpay_charge_word(&op->result, "not_found")) {
        charge->result = NGX_CARRIERPAY_CHARGE_NOT_FOUND;

    } else {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);
        charge->result = NGX_CARRIERPAY_CHARGE_REFUSED;
        charge->reason = op->result;
    }

    ngx_carrierpay_flow_resume(flow, NGX_DONE);
}
