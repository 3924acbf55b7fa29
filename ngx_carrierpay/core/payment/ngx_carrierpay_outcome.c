
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_outcome.h"


static ngx_uint_t ngx_carrierpay_operation_owed(
    ngx_carrierpay_operation_t *op);


static const ngx_str_t  ngx_carrierpay_outcome_names[] = {
    [NGX_CARRIERPAY_OUTCOME_UNKNOWN] = ngx_string("unknown"),
    [NGX_CARRIERPAY_OUTCOME_SUCCEEDED] = ngx_string("succeeded"),
    [NGX_CARRIERPAY_OUTCOME_APPROVAL] = ngx_string("approval"),
    [NGX_CARRIERPAY_OUTCOME_FAILED] = ngx_string("failed")
};

/* those of the steps before and beside a charge have words of their own */

static const ngx_str_t  ngx_carrierpay_outcome_reserved =
    ngx_string("reserved");
static const ngx_str_t  ngx_carrierpay_outcome_voided =
    ngx_string("voided");
static const ngx_str_t  ngx_carrierpay_outcome_void_refused =
    ngx_string("void_refused");

static const ngx_str_t
    ngx_carrierpay_operation_names[NGX_CARRIERPAY_OPERATION_MAX] =
{
    [NGX_CARRIERPAY_OPERATION_CHARGE] = ngx_string("charge"),
    [NGX_CARRIERPAY_OPERATION_RESERVE] = ngx_string("reserve"),
    [NGX_CARRIERPAY_OPERATION_CAPTURE] = ngx_string("capture"),
    [NGX_CARRIERPAY_OPERATION_VOID] = ngx_string("void"),
    [NGX_CARRIERPAY_OPERATION_REFUND] = ngx_string("refund"),
    [NGX_CARRIERPAY_OPERATION_PAYOUT] = ngx_string("payout")
};


const ngx_str_t *
ngx_carrierpay_outcome_name(ngx_carrierpay_operation_t *op)
{
    if (op->kind == NGX_CARRIERPAY_OPERATION_RESERVE
        && op->outcome == NGX_CARRIERPAY_OUTCOME_SUCCEEDED)
    {
        return &ngx_carrierpay_outcome_reserved;
    }

    if (op->kind == NGX_CARRIERPAY_OPERATION_VOID) {

        if (op->outcome == NGX_CARRIERPAY_OUTCOME_SUCCEEDED) {
            return &ngx_carrierpay_outcome_voided;
        }

        if (op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED) {
            return &ngx_carrierpay_outcome_void_refused;
        }
    }

    return &ngx_carrierpay_outcome_names[op->outcome];
}


const ngx_str_t *
ngx_carrierpay_operation_name(ngx_carrierpay_operation_e operation)
{
    return &ngx_carrierpay_operation_names[operation];
}


ngx_int_t
ngx_carrierpay_operation_parse(ngx_log_t *log, const ngx_str_t *word,
    ngx_carrierpay_operation_e *operation)
{
    ngx_uint_t        i;
    const ngx_str_t  *name;

    for (i = 0; i < NGX_CARRIERPAY_OPERATION_MAX; i++) {
        name = &ngx_carrierpay_operation_names[i];

        if (name->len == word->len
            && ngx_memcmp(name->data, word->data, word->len) == 0)
        {
            *operation = i;
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, log, 0, "a payment has operation \"%V\"",
                  word);

    return NGX_ERROR;
}


ngx_int_t
ngx_carrierpay_operation_find(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_operators_t *operators, ngx_str_t *operator,
    ngx_uint_t live, ngx_carrierpay_verb_pt *verb, ngx_str_t *code)
{
    ngx_carrierpay_decline_e    why;
    ngx_carrierpay_operator_t  *found;

    found = ngx_carrierpay_operator_find(operators, operator);

    /* gone from the configuration, or there only to be known */

    if (found == NULL || found->dialect == NULL) {
        why = NGX_CARRIERPAY_DECLINE_OPERATOR_UNAVAILABLE;
        goto declined;
    }

    /* tests are charged at sandboxes, live payments never */

    if (found->dialect->sandbox == live) {
        why = NGX_CARRIERPAY_DECLINE_MERCHANT_NOT_ALLOWED;
        goto declined;
    }

    *verb = op->recovering ? found->dialect->status
                           : found->dialect->call[op->kind];

    if (*verb == NULL) {
        why = NGX_CARRIERPAY_DECLINE_OPERATION_NOT_SUPPORTED;
        goto declined;
    }

    op->operator = found;

    return NGX_OK;

declined:

    *code = *ngx_carrierpay_decline_name(why);

    return NGX_DECLINED;
}


ngx_int_t
ngx_carrierpay_operation_send(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_operation_t *op, ngx_carrierpay_verb_pt verb)
{
    if (!op->recovering
        && op->age + op->operator->timeout >= op->operator->settle)
    {
        op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;
        return NGX_OK;
    }

    return verb(op) == NGX_AGAIN
           ? NGX_AGAIN
           : ngx_carrierpay_operation_unsent(flow, op, NULL);
}


ngx_int_t
ngx_carrierpay_operation_unsent(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_operation_t *op, const ngx_str_t *code)
{
    if (op->recovering || op->owed) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;
        return NGX_OK;
    }

    flow->reason = code ? *code
                        : *ngx_carrierpay_decline_name(
                                 NGX_CARRIERPAY_DECLINE_OPERATOR_UNAVAILABLE);

    return NGX_DECLINED;
}


ngx_uint_t
ngx_carrierpay_operation_lost(ngx_carrierpay_operation_t *op)
{
    return op->recovering && ngx_carrierpay_operation_owed(op);
}


void
ngx_carrierpay_operation_answered(ngx_carrierpay_operation_t *op,
    ngx_msec_t elapsed)
{
    ngx_carrierpay_observe_in(op->operator->counters,
                              op->recovering
                              ? NGX_CARRIERPAY_STAT_OPERATOR_STATUS
                              : NGX_CARRIERPAY_STAT_OPERATOR_CHARGE + op->kind,
                              elapsed);

    if (ngx_carrierpay_operation_owed(op)) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;
    }

    if (op->outcome == NGX_CARRIERPAY_OUTCOME_UNKNOWN) {
        ngx_log_error(NGX_LOG_WARN, op->log, 0,
                      "operator left the outcome of a %V unknown",
                      ngx_carrierpay_operation_name(op->kind));
    }
}


/* Owed, and not with the operator. */

static ngx_uint_t
ngx_carrierpay_operation_owed(ngx_carrierpay_operation_t *op)
{
    return op->owed && op->outcome == NGX_CARRIERPAY_OUTCOME_FAILED
           && ngx_carrierpay_decline_parse(&op->code)
              == NGX_CARRIERPAY_DECLINE_OPERATOR_UNAVAILABLE;
}


void
ngx_carrierpay_outcome_count(ngx_carrierpay_operation_t *op)
{
    ngx_uint_t  stat;

    switch (op->outcome) {

    case NGX_CARRIERPAY_OUTCOME_SUCCEEDED:
        stat = NGX_CARRIERPAY_STAT_OUTCOME_SUCCEEDED;
        break;

    case NGX_CARRIERPAY_OUTCOME_APPROVAL:
        stat = NGX_CARRIERPAY_STAT_OUTCOME_APPROVAL;
        break;

    case NGX_CARRIERPAY_OUTCOME_FAILED:
        stat = ngx_carrierpay_decline_stat(
                                     ngx_carrierpay_decline_parse(&op->code));
        break;

    default:
        stat = NGX_CARRIERPAY_STAT_OUTCOME_UNKNOWN;
    }

    ngx_carrierpay_count_in(op->operator->counters, stat);
}
