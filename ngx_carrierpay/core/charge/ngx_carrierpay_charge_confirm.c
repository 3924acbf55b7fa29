
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"


#define NGX_CARRIERPAY_CHARGE_CLOCKS  5000     /* ms, between machines */


static ngx_int_t ngx_carrierpay_charge_confirm_consume(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_confirm_consumed(
    ngx_carrierpay_flow_t *flow);
static ngx_uint_t ngx_carrierpay_charge_early(ngx_carrierpay_flow_t *flow,
    int64_t shown_at);
static ngx_int_t ngx_carrierpay_charge_begin_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_charge_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_begin_columns[] = {
    column(INT8, payment.id),
    column(INT8, intent.attempt),
    column(TEXT, intent.operator),
    column(INT8, intent.subscriber_id),
    column(HASH, intent.index),
    column(BYTEA, intent.msisdn),
    column(INT8, intent.pseudonym_id),
    column(TEXT, intent.method),
    column(TEXT, intent.mvno),
    column(INT8_OR_NULL, consent.shown_at),
    column(TEXT, consent.locale),
    column(BYTEA, consent.page),
    column(TEXT, consent.shown),
    column(TEXT, consent.address),
    column(TEXT, consent.agent),
    column(INT8_OR_NULL, pin_attempt.id),
    column(INT8_OR_NULL, line.until),
    column(INT4_OR_NULL, line.day),
    column(BOOL, line.apart)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_begin_statement = {
    "payment_begin",
    ngx_carrierpay_columns(ngx_carrierpay_charge_begin_columns),
    ngx_carrierpay_charge_begin_row,
    .batched = 1, .writer = 1, .intent = 1
};


static ngx_carrierpay_step_t  ngx_carrierpay_charge_confirm_steps[] = {
    { "consume",                           /* the token; too early: declined */
      ngx_carrierpay_charge_confirm_consume,
      ngx_carrierpay_charge_confirm_consumed, 0 },
    NGX_CARRIERPAY_CHARGE_SHOPPER_ROWS
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_confirm(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent)
{
    return ngx_carrierpay_charge_shopper(core, "confirm",
                                         ngx_carrierpay_charge_confirm_steps,
                                         id, visitor, token, consent);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_shopper(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_flow_create(&core->flows, name, steps,
                                      sizeof(ngx_carrierpay_charge_t));
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->payment.id = payment_id;
    flow->cell = ngx_carrierpay_id_cell(payment_id);
    charge->visitor = *visitor;

    if (ngx_carrierpay_flow_copy(flow, &charge->token, token) != NGX_OK
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
    return ngx_carrierpay_charge_consume(flow, NGX_CARRIERPAY_SESSION_CONFIRM);
}


ngx_int_t
ngx_carrierpay_charge_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    /* without a ledger the token is kept for the next try */

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    return ngx_carrierpay_session_consume(flow, &charge->session, kind,
                                          &charge->token);
}


ngx_int_t
ngx_carrierpay_charge_consumed(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_session_t  *s;

    charge = flow->data;
    s = &charge->session;

    if (s->rc == NGX_OK
        && s->identity.payment_id == charge->payment.id
        && ngx_carrierpay_identity_same_visitor(&s->identity,
                                                &charge->visitor))
    {
        return NGX_OK;
    }

    if (s->rc == NGX_ERROR) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    charge->answer = NGX_CARRIERPAY_CHARGE_TOKEN_USED;

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_CONFLICT);
}


/*
 * A page cannot be read in no time, so a tap at once is a script's, or a
 * mistake; and a tap from another network may be another person's.
 */

static ngx_int_t
ngx_carrierpay_charge_confirm_consumed(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                 rc;
    ngx_carrierpay_charge_t  *charge;
    ngx_carrierpay_session_t  *s;

    charge = flow->data;
    s = &charge->session;

    rc = ngx_carrierpay_charge_consumed(flow);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!ngx_carrierpay_identity_same_place(&s->identity, &charge->visitor)) {
        if (s->identity.msisdn.len == 0) {
            charge->answer = NGX_CARRIERPAY_CHARGE_TOKEN_USED;
            return ngx_carrierpay_flow_leave(flow,
                                             NGX_CARRIERPAY_FLOW_CONFLICT);
        }

        charge->answer = NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED;
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
    }

    if (ngx_carrierpay_charge_early(flow, s->consent.shown_at)) {
        charge->answer = NGX_CARRIERPAY_CHARGE_TOO_EARLY;
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/*
 * The page may come from another machine, whose clock is a little ahead.  One
 * that was shown much later than now was shown before the clock was set back,
 * and is old enough.
 */

static ngx_uint_t
ngx_carrierpay_charge_early(ngx_carrierpay_flow_t *flow, int64_t shown_at)
{
    int64_t  age;

    age = ngx_carrierpay_now() - shown_at;

    return age < (int64_t) flow->core->conf->confirm_after
           && age > -NGX_CARRIERPAY_CHARGE_CLOCKS;
}


ngx_int_t
ngx_carrierpay_charge_restore(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->answer == NGX_CARRIERPAY_CHARGE_NONE) {
        return NGX_OK;
    }

    if (charge->merchant_page) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
    }

    return ngx_carrierpay_session_store(flow, &charge->session,
                                        charge->session.kind);
}


ngx_int_t
ngx_carrierpay_charge_restore_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                 rc;
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    rc = ngx_carrierpay_session_stored(flow, &charge->session);

    return rc == NGX_OK
           ? ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED)
           : rc;
}


ngx_int_t
ngx_carrierpay_charge_intend(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                        end_user;
    ngx_carrierpay_charge_t         *charge;
    ngx_carrierpay_consent_t        *shown;
    ngx_carrierpay_keyring_t        *ring;
    ngx_carrierpay_identity_t       *identity;
    ngx_carrierpay_charge_intent_t  *intent;

    charge = flow->data;
    ring = &flow->core->conf->keyring;
    identity = &charge->session.identity;
    intent = &charge->intent;

    ngx_carrierpay_identity_end_user(identity, &end_user);
    ngx_carrierpay_identity_index(identity, ring, intent->index);

    if (ngx_carrierpay_keyring_seal(ring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &end_user,
                                    &intent->msisdn)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* the browser is that of the tap; what it read was on the page */

    shown = &charge->session.consent;

    charge->consent.shown_at = shown->shown_at;
    charge->consent.locale = shown->locale;
    charge->consent.page = shown->page;
    charge->consent.shown = shown->shown;

    intent->operator = identity->carrier.operator->name;
    intent->method = *ngx_carrierpay_method_name(identity->method);
    intent->attempt = ngx_carrierpay_ledger_id(flow);
    intent->subscriber_id = ngx_carrierpay_ledger_id(flow);
    intent->pseudonym_id = ngx_carrierpay_ledger_id(flow);
    ngx_carrierpay_charge_mvno(&identity->carrier, &intent->mvno);

    if (ngx_carrierpay_ledger_line(flow, intent->index) == flow->cell) {
        return NGX_OK;
    }

    charge->read.payment.id = charge->payment.id;

    return ngx_carrierpay_ledger_ask(flow, &charge->read.call,
                                     &ngx_carrierpay_payment_page_statement,
                                     &charge->read, 0);
}


ngx_int_t
ngx_carrierpay_charge_intended(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &charge->read.call);
}


ngx_int_t
ngx_carrierpay_charge_reserve(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                       number;
    ngx_carrierpay_cell_t           *cell;
    ngx_carrierpay_spend_t           *line;
    ngx_carrierpay_charge_t         *charge;
    ngx_carrierpay_payment_t        *p;
    ngx_carrierpay_charge_intent_t  *intent;

    charge = flow->data;
    intent = &charge->intent;
    line = &charge->line;
    p = &charge->read.payment;

    number = ngx_carrierpay_ledger_line(flow, intent->index);

    if (number == flow->cell) {
        return NGX_OK;
    }

    cell = ngx_carrierpay_ledger_cell(flow->core->ledger, number);

    if (!ngx_carrierpay_cell_ready(cell)) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    line->payment_id = p->id;
    line->attempt = intent->attempt;
    line->merchant_id = p->merchant_id;
    line->live = p->live;
    line->operator = intent->operator;
    line->mvno = intent->mvno;
    line->currency = p->currency;
    line->amount = p->amount;
    line->index.data = intent->index;
    line->index.len = sizeof(intent->index);
    line->msisdn = intent->msisdn;
    line->subscriber_id = ngx_carrierpay_cell_id(cell);
    line->pseudonym_id = ngx_carrierpay_cell_id(cell);
    line->pin_attempt = charge->pin_attempt.id;

    return ngx_carrierpay_spend_reserve(flow, line, number);
}


ngx_int_t
ngx_carrierpay_charge_reserve_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                 rc;
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    rc = ngx_carrierpay_spend_reserved(flow, &charge->line);

    if (rc != NGX_OK) {
        return rc;
    }

    if (charge->line.result == NGX_CARRIERPAY_LEDGER_HELD) {
        charge->intent.subscriber_id = charge->line.subscriber_id;
        charge->intent.pseudonym_id = charge->line.pseudonym_id;
        return NGX_OK;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);
    flow->reason = charge->line.reason;

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
}


ngx_int_t
ngx_carrierpay_charge_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &charge->call,
                                     &ngx_carrierpay_charge_begin_statement,
                                     charge,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_charge_begin_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_charge_t  *charge;

    charge = call->args;

    if (!ngx_carrierpay_pq_null(res, row, 2)
        && ngx_carrierpay_payment_row(&charge->payment, res, row, 2,
                                      call->pool)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_charge_ledger_row(charge, res, row, 1, call->pool);
}


ngx_int_t
ngx_carrierpay_charge_begin_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;

    if (charge->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    switch (charge->ledger_result) {

    case NGX_CARRIERPAY_LEDGER_PROCESSING:
        return ngx_carrierpay_charge_begun(flow,
                           p->state == NGX_CARRIERPAY_PAYMENT_PROCESSING
                           && p->attempt == charge->intent.attempt);

    case NGX_CARRIERPAY_LEDGER_ALREADY:
    case NGX_CARRIERPAY_LEDGER_EXPIRED:
        charge->answer = NGX_CARRIERPAY_CHARGE_COMPLETED;
        return NGX_DONE;

    case NGX_CARRIERPAY_LEDGER_NOT_FOUND:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    default: /* it refuses, or a block or a limit does */
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);
        flow->reason = charge->refusal;
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
    }
}
