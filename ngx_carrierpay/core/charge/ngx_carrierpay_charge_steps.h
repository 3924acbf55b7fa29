
/*
 * What the flows of ngx_carrierpay_charge.h share.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"


/* An intent is refused when the ledger is slow. */

#define NGX_CARRIERPAY_CHARGE_INTENT_TIMEOUT  1500    /* ms */


/* Calls the operator, or sets the outcome of a payment that may not pay. */
ngx_int_t ngx_carrierpay_charge_operator(ngx_carrierpay_flow_t *flow);

/* The outcome, durable. */
ngx_int_t ngx_carrierpay_charge_finish(ngx_carrierpay_flow_t *flow);

/* An operation for the ledger; NGX_AGAIN, or NGX_DONE: UNAVAILABLE. */
ngx_int_t ngx_carrierpay_charge_submit(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_ledger_e kind, ngx_msec_t timeout,
    ngx_carrierpay_ledger_pt handler);

/* Is it this word? */
ngx_uint_t ngx_carrierpay_charge_word(ngx_str_t *word, const char *text);


#endif /* _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_ */
