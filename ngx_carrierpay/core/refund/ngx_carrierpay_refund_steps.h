
/*
 * What the flows that pay back share: their data, the call of the operator and
 * the durable outcome.
 */


#ifndef _NGX_CARRIERPAY_REFUND_STEPS_H_INCLUDED_
#define _NGX_CARRIERPAY_REFUND_STEPS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_ledger_result.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_refund.h"


typedef struct {
    /* what is asked */

    ngx_carrierpay_merchant_t       merchant;
    int64_t                         payment_id;
    int64_t                         amount;       /* 0: all that is left */
    ngx_str_t                       reason;
    u_char                          idempotency[16];
    u_char                          request[16];
    unsigned                        recovering:1; /* the operator is asked for
                                                     the status */
    unsigned                        lost:1;       /* it has none: a reversal
                                                     is asked for again */
    ngx_msec_t                      age;          /* of what is recovered */

    /* what came */

    ngx_carrierpay_refund_t         refund;
    int64_t                         refundable;   /* of one that is refused */
    ngx_str_t                       body;         /* the refund in JSON */
    ngx_carrierpay_ledger_result_e  ledger_result;

    /* the rows' operations, one at a time */

    int64_t                         id;           /* a fresh one */
    ngx_carrierpay_operation_t      operation;
    ngx_msec_t                      operator_time;
    unsigned                        answered:1;
    ngx_str_t                       outcome;
    ngx_str_t                       code;
    int64_t                         sms_id;       /* of what the payer is */
    int64_t                         mail_id;      /* told; 0: nothing */
    ngx_carrierpay_sql_call_t       call;
} ngx_carrierpay_refund_make_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_refund_finish_statement;


/* Rows: the operator is called, or asked; the outcome is written. */

ngx_int_t ngx_carrierpay_refund_operator(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_refund_operator_done(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_refund_finish(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_refund_finish_done(ngx_carrierpay_flow_t *flow);

/* Writes make->body.  NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_carrierpay_refund_render(ngx_carrierpay_flow_t *flow);

#define NGX_CARRIERPAY_REFUND_OPERATOR_ROWS                                   \
    { "operator",                                /* called, or asked */       \
      ngx_carrierpay_refund_operator,                                         \
      ngx_carrierpay_refund_operator_done, 0 },                               \
    { "finish",                                  /* outcome: durable */       \
      ngx_carrierpay_refund_finish,                                           \
      ngx_carrierpay_refund_finish_done, NGX_CARRIERPAY_FLOW_ALWAYS },        \
    { NULL, NULL, NULL, 0 }


#endif /* _NGX_CARRIERPAY_REFUND_STEPS_H_INCLUDED_ */
