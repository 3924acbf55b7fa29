
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_attempt.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_outcome.h"
#include "ngx_carrierpay_refund_steps.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_refund_operation(ngx_carrierpay_flow_t *flow);
static ngx_msec_t ngx_carrierpay_refund_age(
    const ngx_carrierpay_refund_make_t *make);
static ngx_int_t ngx_carrierpay_refund_finish_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_refund_conflict(ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_refund_make_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_refund_finish_columns[] =
{
    column(INT8, refund.id),
    column(TEXT, outcome),
    column(TEXT, code),
    column(TEXT, operation.operator_reference),
    column(INT8_OR_NULL, sms_id),
    column(INT8_OR_NULL, mail_id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_refund_finish_statement = {
    "refund_finish",
    ngx_carrierpay_columns(ngx_carrierpay_refund_finish_columns),
    ngx_carrierpay_refund_finish_row,
    .batched = 0
};


/* by ngx_carrierpay_outcome_e */

static const ngx_uint_t  ngx_carrierpay_refund_stats[] = {
    [NGX_CARRIERPAY_OUTCOME_UNKNOWN] = NGX_CARRIERPAY_STAT_REFUND_UNKNOWN,
    [NGX_CARRIERPAY_OUTCOME_SUCCEEDED] = NGX_CARRIERPAY_STAT_REFUND_SUCCEEDED,
    [NGX_CARRIERPAY_OUTCOME_APPROVAL] = NGX_CARRIERPAY_STAT_REFUND_UNKNOWN,
    [NGX_CARRIERPAY_OUTCOME_FAILED] = NGX_CARRIERPAY_STAT_REFUND_FAILED
};


ngx_int_t
ngx_carrierpay_refund_operator(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      code;
    ngx_carrierpay_verb_pt         verb;
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;
    op = &make->operation;

    /* a merchant may ask again for a refund; a reversal is owed */

    op->core = flow->core;
    op->kind = ngx_carrierpay_refund_wallet(&make->refund)
               ? NGX_CARRIERPAY_OPERATION_PAYOUT
               : NGX_CARRIERPAY_OPERATION_REFUND;
    op->recovering = make->recovering && !make->lost;
    op->owed = ngx_carrierpay_refund_reversal(&make->refund);

    if (ngx_carrierpay_operation_find(op, &flow->core->conf->operators,
                                      &make->refund.operator,
                                      make->refund.live, &verb, &code)
        != NGX_OK)
    {
        return ngx_carrierpay_operation_unsent(flow, op, &code);
    }

    if (ngx_carrierpay_refund_operation(flow) != NGX_OK) {
        return ngx_carrierpay_operation_unsent(flow, op, NULL);
    }

    make->operator_time = ngx_current_msec;

    return ngx_carrierpay_operation_send(flow, op, verb);
}


static ngx_int_t
ngx_carrierpay_refund_operation(ngx_carrierpay_flow_t *flow)
{
    u_char                        *p;
    ngx_carrierpay_refund_t       *refund;
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;
    op = &make->operation;
    refund = &make->refund;

    p = ngx_pnalloc(flow->pool, NGX_CARRIERPAY_ID_LEN
                                + NGX_CARRIERPAY_ATTEMPT_REFERENCE_LEN);

    if (p == NULL
        || ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn,
                                       &refund->msisdn, &op->end_user)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    op->reference.data = p;
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_REFUND, refund->id);
    op->reference.len = p - op->reference.data;

    op->payment.data = p;
    p = ngx_carrierpay_attempt_reference(p, refund->payment_id,
                                         refund->attempt);
    op->payment.len = p - op->payment.data;

    if (!make->lost) {
        ngx_carrierpay_flow_about(flow, "refund", &op->reference);
        ngx_carrierpay_flow_about_id(flow, "payment",
                                     NGX_CARRIERPAY_ID_PAYMENT,
                                     refund->payment_id);
        ngx_carrierpay_flow_about(flow, "operator", &op->operator->name);
    }

    op->pool = flow->pool;
    op->log = flow->log;
    op->trace = &flow->trace;
    op->amount = refund->amount;
    op->currency = refund->currency;
    op->description = refund->description;
    op->age = ngx_carrierpay_refund_age(make);
    op->done = ngx_carrierpay_flow_done;
    op->data = flow;

    return NGX_OK;
}


/*
 * The id of a reversal has the time of its payment, so it tells no age; and
 * one that is asked for is leased to this worker just now.
 */

static ngx_msec_t
ngx_carrierpay_refund_age(const ngx_carrierpay_refund_make_t *make)
{
    const ngx_carrierpay_refund_t  *refund;

    refund = &make->refund;

    if (ngx_carrierpay_refund_reversal(refund)) {
        return make->operation.recovering ? make->age : 0;
    }

    return ngx_max(ngx_carrierpay_now() - ngx_carrierpay_id_time(refund->id),
                   0);
}


ngx_int_t
ngx_carrierpay_refund_operator_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    make->answered = 1;
    make->lost = ngx_carrierpay_operation_lost(&make->operation);

    ngx_carrierpay_operation_answered(&make->operation,
                                 ngx_current_msec - make->operator_time);

    return make->lost ? ngx_carrierpay_refund_operator(flow) : NGX_OK;
}


ngx_int_t
ngx_carrierpay_refund_finish(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;
    op = &make->operation;

    ngx_str_null(&make->code);
    make->sms_id = 0;
    make->mail_id = 0;

    if (flow->reason.len) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
        make->code = flow->reason;

    } else if (op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED) {
        make->code = *ngx_carrierpay_decline_name(
                                     ngx_carrierpay_decline_parse(&op->code));

    } else if (op->outcome == NGX_CARRIERPAY_OUTCOME_SUCCEEDED) {

        if (ngx_carrierpay_operator_texts(op->operator, &op->end_user)) {
            make->sms_id = ngx_carrierpay_ledger_id(flow);
        }

        if (flow->core->smtp) {
            make->mail_id = ngx_carrierpay_ledger_id(flow);
        }
    }

    make->outcome = *ngx_carrierpay_outcome_name(op);

    return ngx_carrierpay_ledger_ask(flow, &make->call,
                                     &ngx_carrierpay_refund_finish_statement,
                                     make,
                                     NGX_CARRIERPAY_LEDGER_OUTCOME_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_refund_finish_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_int_t                      rc;
    ngx_str_t                      word;
    ngx_carrierpay_refund_t       *refund;
    ngx_carrierpay_refund_make_t  *make;

    make = call->args;
    refund = &make->refund;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    rc = ngx_carrierpay_ledger_result_parse(call->pool->log, &word,
                                            &make->ledger_result);

    if (rc != NGX_OK || ngx_carrierpay_pq_null(res, row, 1)) {
        return rc;
    }

    refund->outcome_unknown = ngx_carrierpay_pq_int(res, row, 2);

    if (ngx_carrierpay_pq_copy(res, row, 1, call->pool, &refund->state)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 3, call->pool,
                                  &refund->failure_code)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_refund_finish_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_operation_t    *op;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;
    op = &make->operation;

    if (make->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (make->ledger_result == NGX_CARRIERPAY_LEDGER_CONFLICT) {
        ngx_carrierpay_refund_conflict(flow);
    }

    if (make->ledger_result == NGX_CARRIERPAY_LEDGER_APPLIED) {
        ngx_carrierpay_count(ngx_carrierpay_refund_stats[op->outcome]);

        if (make->answered) {
            ngx_carrierpay_outcome_count(op);
        }

        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].outbox);
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);
    }

    /* no request waits for what is recovered */

    return make->recovering ? NGX_OK : ngx_carrierpay_refund_render(flow);
}


static void
ngx_carrierpay_refund_conflict(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    ngx_log_error(NGX_LOG_ALERT, flow->log, 0,
                  "operator \"%V\" says \"%V\" of a %V, which is recorded as"
                  " \"%V\"",
                  &make->refund.operator, &make->outcome, &make->refund.kind,
                  &make->refund.state);

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_INCIDENTS);
}


ngx_int_t
ngx_carrierpay_refund_render(ngx_carrierpay_flow_t *flow)
{
    u_char                        *p;
    ngx_carrierpay_refund_make_t  *make;

    make = flow->data;

    p = ngx_pnalloc(flow->pool,
                    ngx_carrierpay_refund_json_size(&make->refund));
    if (p == NULL) {
        return NGX_ERROR;
    }

    make->body.data = p;
    make->body.len = ngx_carrierpay_refund_json(p, &make->refund) - p;

    return NGX_OK;
}
