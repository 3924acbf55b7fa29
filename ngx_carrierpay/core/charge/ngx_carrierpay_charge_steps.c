
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_attempt.h"
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_outcome.h"
#include "ngx_carrierpay_payment_json.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_charge_operation(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_outcome(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_receipts(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_finish_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_charge_applied(ngx_carrierpay_flow_t *flow);
static ngx_uint_t ngx_carrierpay_charge_contradicts(
    ngx_carrierpay_charge_t *charge);
static void ngx_carrierpay_charge_conflict(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_count(ngx_carrierpay_charge_t *charge);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_charge_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_finish_columns[] =
{
    column(INT8, payment.id),
    column(TEXT, outcome.outcome),
    column(TEXT, outcome.code),
    column(TEXT, outcome.reference),
    column(INT8_OR_NULL, outcome.sms_id),
    column(INT8_OR_NULL, outcome.mail_id),
    column(INT8, payment.attempt)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_finish_statement = {
    "payment_finish",
    ngx_carrierpay_columns(ngx_carrierpay_charge_finish_columns),
    ngx_carrierpay_charge_finish_row,
    .batched = 1, .writer = 1
};


/*
 * By the state that a payment has then; a payment that goes on is counted as
 * its outcome says, and one that waits again has been declined.
 */

static const ngx_uint_t
    ngx_carrierpay_charge_states[NGX_CARRIERPAY_PAYMENT_STATES] =
{
    [NGX_CARRIERPAY_PAYMENT_PENDING] =
                                   NGX_CARRIERPAY_STAT_PAYMENT_ATTEMPT_FAILED,
    [NGX_CARRIERPAY_PAYMENT_AUTHORIZED] =
                                       NGX_CARRIERPAY_STAT_PAYMENT_AUTHORIZED,
    [NGX_CARRIERPAY_PAYMENT_SUCCEEDED] = NGX_CARRIERPAY_STAT_PAYMENT_SUCCEEDED,
    [NGX_CARRIERPAY_PAYMENT_FAILED] = NGX_CARRIERPAY_STAT_PAYMENT_FAILED,
    [NGX_CARRIERPAY_PAYMENT_EXPIRED] = NGX_CARRIERPAY_STAT_PAYMENT_EXPIRED,
    [NGX_CARRIERPAY_PAYMENT_CANCELED] = NGX_CARRIERPAY_STAT_PAYMENT_CANCELED
};


ngx_int_t
ngx_carrierpay_charge_operator(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                    code;
    ngx_carrierpay_verb_pt       verb;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_operation_t  *op;

    charge = flow->data;
    op = &charge->operation;

    /* the second step of a payment is owed to the merchant or the shopper */

    op->core = flow->core;
    op->kind = charge->payment.operation;
    op->recovering = charge->recovering;
    op->owed = op->kind == NGX_CARRIERPAY_OPERATION_CAPTURE
               || op->kind == NGX_CARRIERPAY_OPERATION_VOID;

    if (ngx_carrierpay_operation_find(op, &flow->core->conf->operators,
                                      &charge->payment.operator,
                                      charge->payment.live, &verb, &code)
        != NGX_OK)
    {
        return ngx_carrierpay_operation_unsent(flow, op, &code);
    }

    if (ngx_carrierpay_charge_operation(flow) != NGX_OK) {
        return ngx_carrierpay_operation_unsent(flow, op, NULL);
    }

    charge->operator_time = ngx_current_msec;

    return ngx_carrierpay_operation_send(flow, op, verb);
}


static ngx_int_t
ngx_carrierpay_charge_operation(ngx_carrierpay_flow_t *flow)
{
    u_char                      *last;
    int64_t                      began;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_payment_t    *p;
    ngx_carrierpay_operation_t  *op;

    charge = flow->data;
    p = &charge->payment;
    op = &charge->operation;

    op->reference.data = ngx_pnalloc(flow->pool,
                                     NGX_CARRIERPAY_ATTEMPT_REFERENCE_LEN);

    if (op->reference.data == NULL
        || ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn, &p->msisdn,
                                       &op->end_user)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_attempt_reference(op->reference.data, p->id,
                            ngx_carrierpay_attempt_count(&p->declined) + 1);
    op->reference.len = last - op->reference.data;

    ngx_carrierpay_flow_about_id(flow, "payment", NGX_CARRIERPAY_ID_PAYMENT,
                                 p->id);
    ngx_carrierpay_flow_about(flow, "operator", &op->operator->name);

    began = charge->intent.attempt ? charge->intent.attempt : p->attempt;

    op->pool = flow->pool;
    op->log = flow->log;
    op->trace = &flow->trace;
    op->amount = (op->kind == NGX_CARRIERPAY_OPERATION_CAPTURE) ? p->captured
                                                                : p->amount;
    op->currency = p->currency;
    op->description = p->description;
    op->age = ngx_max(ngx_carrierpay_now() - ngx_carrierpay_id_time(began), 0);
    op->done = ngx_carrierpay_flow_done;
    op->data = flow;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_charge_operator_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    charge->answered = 1;
    charge->operator_time = ngx_current_msec - charge->operator_time;

    ngx_carrierpay_operation_answered(&charge->operation,
                                      charge->operator_time);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_charge_finish(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    ngx_carrierpay_charge_outcome(flow);
    ngx_carrierpay_charge_receipts(flow);

    return ngx_carrierpay_ledger_ask(flow, &charge->call,
                                     &ngx_carrierpay_charge_finish_statement,
                                     charge,
                                     NGX_CARRIERPAY_LEDGER_OUTCOME_TIMEOUT);
}


static void
ngx_carrierpay_charge_outcome(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t          *charge;
    ngx_carrierpay_payment_t         *p;
    ngx_carrierpay_operation_t       *op;
    ngx_carrierpay_charge_outcome_t  *outcome;

    charge = flow->data;
    p = &charge->payment;
    op = &charge->operation;
    outcome = &charge->outcome;

    ngx_str_null(&p->failure_code);

    if (flow->reason.len) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
        p->failure_code = flow->reason;

    } else if (op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED) {
        p->failure_code = *ngx_carrierpay_decline_name(
                                     ngx_carrierpay_decline_parse(&op->code));
    }

    p->outcome_unknown = (op->outcome == NGX_CARRIERPAY_OUTCOME_UNKNOWN);
    p->approval = (op->outcome == NGX_CARRIERPAY_OUTCOME_APPROVAL);

    outcome->outcome = *ngx_carrierpay_outcome_name(op);
    outcome->code = p->failure_code;
    outcome->reference = op->operator_reference;
}


/* By SMS, when the operator has a way; by mail, if there is an address. */

static void
ngx_carrierpay_charge_receipts(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t          *charge;
    ngx_carrierpay_operation_t       *op;
    ngx_carrierpay_charge_outcome_t  *outcome;

    charge = flow->data;
    op = &charge->operation;
    outcome = &charge->outcome;

    outcome->sms_id = 0;
    outcome->mail_id = 0;

    if (op->outcome != NGX_CARRIERPAY_OUTCOME_SUCCEEDED
        || (op->kind != NGX_CARRIERPAY_OPERATION_CHARGE
            && op->kind != NGX_CARRIERPAY_OPERATION_CAPTURE))
    {
        return;
    }

    if (ngx_carrierpay_operator_texts(op->operator, &op->end_user)) {
        outcome->sms_id = ngx_carrierpay_ledger_id(flow);
    }

    if (charge->payment.email.len && flow->core->smtp) {
        outcome->mail_id = ngx_carrierpay_ledger_id(flow);
    }
}


static ngx_int_t
ngx_carrierpay_charge_finish_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_int_t                  rc;
    ngx_str_t                  state;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = call->args;
    p = &charge->payment;

    rc = ngx_carrierpay_charge_ledger_row(charge, res, row, 1, call->pool);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_carrierpay_pq_copy(res, row, 4, call->pool, &p->failure_code)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p->outcome_unknown = ngx_carrierpay_pq_int(res, row, 3);
    p->approval = ngx_carrierpay_pq_int(res, row, 5);

    if (ngx_carrierpay_pq_null(res, row, 2)) {
        return NGX_OK;
    }

    ngx_carrierpay_pq_bytes(res, row, 2, &state);

    return ngx_carrierpay_payment_state_parse(call->pool->log, &state,
                                              &p->state);
}


ngx_int_t
ngx_carrierpay_charge_finish_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;

    if (charge->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    charge->answer = NGX_CARRIERPAY_CHARGE_COMPLETED;

    if (charge->ledger_result == NGX_CARRIERPAY_LEDGER_APPLIED) {
        ngx_carrierpay_charge_applied(flow);
    }

    if (ngx_carrierpay_charge_contradicts(charge)) {
        ngx_carrierpay_charge_conflict(flow);
    }

    /* no request waits for recovery; what has changed besides is read */

    p = &charge->payment;

    if (charge->recovering
        || p->state == NGX_CARRIERPAY_PAYMENT_PENDING
        || (p->manual && (p->state == NGX_CARRIERPAY_PAYMENT_AUTHORIZED
                          || p->state == NGX_CARRIERPAY_PAYMENT_PROCESSING)))
    {
        return NGX_OK;
    }

    return ngx_carrierpay_payment_json(p, flow->core->conf, flow->pool,
                                       &charge->body);
}


static void
ngx_carrierpay_charge_applied(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    ngx_carrierpay_charge_count(charge);

    ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);
    ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].lines);

    if (charge->outcome.sms_id || charge->outcome.mail_id) {
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);
    }
}


/* A refused release is applied, for it ends the payment, and is one, too. */

static ngx_uint_t
ngx_carrierpay_charge_contradicts(ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_operation_t  *op;

    op = &charge->operation;

    return charge->ledger_result == NGX_CARRIERPAY_LEDGER_CONFLICT
           || (charge->ledger_result == NGX_CARRIERPAY_LEDGER_APPLIED
               && op->kind == NGX_CARRIERPAY_OPERATION_VOID
               && op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED);
}


/*
 * The payment stays as it is recorded, which is also what the merchant and the
 * shopper are told; the incident is for operations to look into.
 */

static void
ngx_carrierpay_charge_conflict(ngx_carrierpay_flow_t *flow)
{
    u_char                    id[NGX_CARRIERPAY_ID_LEN];
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    (void) ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT,
                                   charge->payment.id);

    ngx_log_error(NGX_LOG_ALERT, flow->log, 0,
                  "operator \"%V\" says \"%V\" of payment \"%*s\", which is "
                  "recorded as \"%V\"",
                  &charge->payment.operator, &charge->outcome.outcome,
                  sizeof(id), id,
                  ngx_carrierpay_payment_state_name(charge->payment.state));

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_INCIDENTS);
}


/* A payment that its operator was not called for counts for no operator. */

static void
ngx_carrierpay_charge_count(ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_operation_t  *op;

    op = &charge->operation;

    if (charge->recovering && !charge->payment.outcome_unknown
        && !charge->payment.approval)
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_RECOVERED);
    }

    ngx_carrierpay_count(charge->payment.outcome_unknown
                         ? NGX_CARRIERPAY_STAT_PAYMENT_UNKNOWN
                         : charge->payment.approval
                         ? NGX_CARRIERPAY_STAT_PAYMENT_APPROVAL
                         : ngx_carrierpay_charge_states[
                                                     charge->payment.state]);

    if (charge->answered) {
        ngx_carrierpay_outcome_count(op);
    }
}


ngx_int_t
ngx_carrierpay_charge_ledger_row(ngx_carrierpay_charge_t *charge,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_int_t  rc;
    ngx_str_t  word;

    ngx_carrierpay_pq_bytes(res, row, column, &word);

    rc = ngx_carrierpay_ledger_result_parse(pool->log, &word,
                                            &charge->ledger_result);

    if (rc != NGX_OK) {
        return rc;
    }

    if (charge->ledger_result != NGX_CARRIERPAY_LEDGER_REFUSED
        && charge->ledger_result != NGX_CARRIERPAY_LEDGER_BLOCKED)
    {
        return NGX_OK;
    }

    return ngx_carrierpay_pq_copy(res, row, column, pool, &charge->refusal);
}
