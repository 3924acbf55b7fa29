
/*
 * Operations and their outcomes, as the ledger calls them.
 */


#ifndef _NGX_CARRIERPAY_OUTCOME_H_INCLUDED_
#define _NGX_CARRIERPAY_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/* "succeeded", "failed", "approval", "unknown"; "reserved", "voided". */
const ngx_str_t *ngx_carrierpay_outcome_name(ngx_carrierpay_operation_t *op);

/* "charge", "reserve" and so on, for the log. */
const ngx_str_t *ngx_carrierpay_operation_name(
    ngx_carrierpay_operation_e operation);

/* NGX_OK, or NGX_ERROR after an [alert] line: the word is no operation. */
ngx_int_t ngx_carrierpay_operation_parse(ngx_log_t *log,
    const ngx_str_t *word, ngx_carrierpay_operation_e *operation);

/*
 * Finds the operator of a payment among those of the configuration, by its
 * code and for its mode, and what it is called with: NGX_OK, and op->operator
 * and *verb are set.  NGX_DECLINED, and *code says why it cannot be called: it
 * is not configured, it serves the other mode, or its dialect has no such
 * operation.
 */
ngx_int_t ngx_carrierpay_operation_find(ngx_carrierpay_operation_t *op,
    ngx_carrierpay_operators_t *operators, ngx_str_t *operator,
    ngx_uint_t live, ngx_carrierpay_verb_pt *verb, ngx_str_t *code);

/*
 * For a flow's row that calls the operator: starts the call, and returns what
 * the row returns.  A worker that was stopped for long must not do what
 * recovery may have failed meanwhile, so such a call is not made, and its
 * outcome is unknown.
 */
ngx_int_t ngx_carrierpay_operation_send(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_operation_t *op, ngx_carrierpay_verb_pt verb);

/*
 * Nothing has left for the operator now.  Returns NGX_DECLINED with the code
 * as flow->reason: that is certain failure.  It is none of what is owed, which
 * is tried again, and it says nothing of what is being recovered: then NGX_OK,
 * and the outcome is unknown.  Without a code the operator cannot be reached.
 */
ngx_int_t ngx_carrierpay_operation_unsent(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_operation_t *op, const ngx_str_t *code);

/*
 * The operator was asked what became of what is owed, and has never received
 * it: it must be sent, under the same reference.
 */
ngx_uint_t ngx_carrierpay_operation_lost(ngx_carrierpay_operation_t *op);

/*
 * The operator has answered after so many ms, or not at all: that is measured,
 * and what is owed has not failed when the operator could not be reached.
 */
void ngx_carrierpay_operation_answered(ngx_carrierpay_operation_t *op,
    ngx_msec_t elapsed);

/* Counts what the operator has said, in its set. */
void ngx_carrierpay_outcome_count(ngx_carrierpay_operation_t *op);


#endif /* _NGX_CARRIERPAY_OUTCOME_H_INCLUDED_ */
