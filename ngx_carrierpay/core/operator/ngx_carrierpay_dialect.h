
/*
 * What core knows of an operator's dialect: the calls that it can make and
 * their outcomes.
 *
 * A dialect turns an operation into HTTP calls through io/egress and their
 * answers into an outcome.  It reports exactly once, through op->done, and
 * never before the function that started the call has returned.  It may
 * allocate from op->pool, which lives until the handler has returned.
 *
 * FAILED is said only when it is certain that no money moved.  Whatever the
 * dialect cannot parse strictly is UNKNOWN, and recovery asks for the status
 * later.  APPROVAL is not final: the operator has asked the subscriber on the
 * handset, and the status tells later what the subscriber has answered.
 *
 * A lookup asks whose customer a number is.  SUCCEEDED comes with the MCCMNC
 * (ITU-T E.212) of the number's operator; FAILED says that no operator has
 * such a number.
 */


#ifndef _NGX_CARRIERPAY_DIALECT_H_INCLUDED_
#define _NGX_CARRIERPAY_DIALECT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"


typedef struct ngx_carrierpay_operator_s   ngx_carrierpay_operator_t;
typedef struct ngx_carrierpay_operation_s  ngx_carrierpay_operation_t;


/*
 * The operations of carrier billing.  A dialect has a row for each of them; a
 * row that is NULL is an operation that the operator does not offer.
 */

typedef enum {
    NGX_CARRIERPAY_OPERATION_CHARGE = 0,
    NGX_CARRIERPAY_OPERATION_RESERVE,
    NGX_CARRIERPAY_OPERATION_CAPTURE,
    NGX_CARRIERPAY_OPERATION_VOID,
    NGX_CARRIERPAY_OPERATION_REFUND,
    NGX_CARRIERPAY_OPERATION_PAYOUT,
    NGX_CARRIERPAY_OPERATION_MAX
} ngx_carrierpay_operation_e;


typedef enum {
    NGX_CARRIERPAY_OUTCOME_UNKNOWN = 0,
    NGX_CARRIERPAY_OUTCOME_SUCCEEDED,
    NGX_CARRIERPAY_OUTCOME_APPROVAL,    /* the subscriber is asked */
    NGX_CARRIERPAY_OUTCOME_FAILED
} ngx_carrierpay_outcome_e;


struct ngx_carrierpay_operation_s {
    ngx_carrierpay_core_t        *core;
    ngx_carrierpay_operator_t    *operator;
    ngx_pool_t                   *pool;
    ngx_log_t                    *log;
    ngx_carrierpay_trace_t       *trace;

    ngx_carrierpay_operation_e    kind;         /* what is asked */
    unsigned                      recovering:1; /* what became of it */
    unsigned                      owed:1;       /* tried again until done */
    ngx_str_t                     end_user;     /* see base/end_user */
    ngx_str_t                     reference;    /* of what is asked: the id of
                                                   the payment or refund */
    ngx_str_t                     payment;      /* of a refund: its payment's
                                                   reference */
    int64_t                       amount;       /* minor units */
    ngx_str_t                     currency;
    ngx_str_t                     description;
    ngx_msec_t                    age;          /* since the intent; ms */

    ngx_carrierpay_outcome_e      outcome;
    ngx_str_t                     code;         /* of FAILED, normalised */
    ngx_str_t                     operator_reference;
    ngx_str_t                     mccmnc;       /* of a number, for a lookup */

    ngx_carrierpay_done_pt        done;
    void                         *data;
};


/*
 * Starts a call.  NGX_AGAIN: op->done will be called.  NGX_ERROR: nothing
 * was sent and it will not be called.
 */
typedef ngx_int_t (*ngx_carrierpay_verb_pt)(ngx_carrierpay_operation_t *op);


/*
 * A dialect is one file of operators/ that defines one such struct, and one
 * row of the list in operators/ngx_carrierpay_dialects.c.
 */

typedef struct {
    ngx_str_t                     name;      /* as in the configuration */
    ngx_uint_t                    sandbox;   /* takes test payments only */

    ngx_carrierpay_verb_pt        call[NGX_CARRIERPAY_OPERATION_MAX];
    ngx_carrierpay_verb_pt        status;    /* what became of op->kind? */
    ngx_carrierpay_verb_pt        lookup;    /* may be NULL */
} ngx_carrierpay_dialect_t;


/*
 * Tells whether the dialect offers an operation: it can make the call and can
 * say later what became of it.  An operation whose outcome stays unknown for
 * ever is not offered.
 */

#define ngx_carrierpay_dialect_offers(dialect, operation)                     \
    ((dialect)->call[operation] && (dialect)->status)


#endif /* _NGX_CARRIERPAY_DIALECT_H_INCLUDED_ */
