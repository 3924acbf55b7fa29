
/*
 * What core knows of an operator's dialect: its verbs and their outcome.
 *
 * A dialect turns an operation into HTTP calls through io/egress and the
 * answers into an outcome.  It reports once through op->handler, never inside
 * the verb; it may use op->pool, which lives until the handler has returned.
 *
 * APPROVAL is no outcome: the operator has asked the subscriber, and status
 * tells later what he answered.
 *
 * FAILED is only said when it is certain that no money moved; whatever the
 * dialect cannot parse strictly is UNKNOWN.  Of a lookup, SUCCEEDED comes
 * with the line's mccmnc, and FAILED says that the operator knows no such
 * line.
 */


#ifndef _NGX_CARRIERPAY_DIALECT_H_INCLUDED_
#define _NGX_CARRIERPAY_DIALECT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"


typedef struct ngx_carrierpay_operator_s   ngx_carrierpay_operator_t;
typedef struct ngx_carrierpay_operation_s  ngx_carrierpay_operation_t;

typedef void (*ngx_carrierpay_operation_pt)(ngx_carrierpay_operation_t *op);


typedef enum {
    NGX_CARRIERPAY_OUTCOME_UNKNOWN = 0,
    NGX_CARRIERPAY_OUTCOME_SUCCEEDED,
    NGX_CARRIERPAY_OUTCOME_APPROVAL,    /* he is asked on his handset */
    NGX_CARRIERPAY_OUTCOME_FAILED
} ngx_carrierpay_outcome_e;


struct ngx_carrierpay_operation_s {
    ngx_carrierpay_core_t        *core;
    ngx_carrierpay_operator_t    *operator;
    ngx_pool_t                   *pool;
    ngx_log_t                    *log;

    ngx_str_t                     end_user;     /* digits, or acr:… */
    ngx_str_t                     reference;    /* ours, stable: pay_… */
    int64_t                       amount;       /* minor units */
    ngx_str_t                     currency;
    ngx_str_t                     description;
    ngx_msec_t                    age;          /* since the intent; status */

    ngx_carrierpay_outcome_e      outcome;
    ngx_str_t                     code;         /* of a decline, normalised */
    ngx_str_t                     operator_reference;
    ngx_str_t                     mccmnc;       /* of a lookup */

    ngx_carrierpay_operation_pt   handler;
    void                         *data;
};


/*
 * NGX_AGAIN: the handler will be called.  NGX_ERROR: nothing was sent and the
 * handler will not be called.
 */
typedef ngx_int_t (*ngx_carrierpay_verb_pt)(ngx_carrierpay_operation_t *op);


typedef struct {
    ngx_str_t                     name;
    ngx_uint_t                    sandbox;   /* takes test payments only */
    ngx_carrierpay_verb_pt        charge;
    ngx_carrierpay_verb_pt        status;    /* what became of a charge? */
    ngx_carrierpay_verb_pt        lookup;    /* whose is a line?  Or NULL */
} ngx_carrierpay_dialect_t;


#endif /* _NGX_CARRIERPAY_DIALECT_H_INCLUDED_ */
