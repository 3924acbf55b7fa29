
/*
 * An event of a payment or of a payout, as an endpoint is told of it.
 */


#ifndef _NGX_CARRIERPAY_WEBHOOK_EVENT_H_INCLUDED_
#define _NGX_CARRIERPAY_WEBHOOK_EVENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_chargeback.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_payout.h"
#include "ngx_carrierpay_refund.h"


typedef struct {
    int64_t                      payment_id;   /* or the payout's */
    int32_t                      seq;
    ngx_str_t                    type;
    int64_t                      at;           /* Unix ms */
    ngx_carrierpay_payment_t     payment;      /* as it was then */
    ngx_carrierpay_refund_t      refund;       /* likewise; id 0: none */
    ngx_carrierpay_chargeback_t  chargeback;   /* likewise; number 0: none */
    ngx_carrierpay_payout_t      payout;       /* id 0: it is of a payment */
} ngx_carrierpay_webhook_event_t;


/*
 * Reads a row of outbox_claim; texts are copied into the pool.  NGX_OK, or
 * NGX_ERROR: memory, or an unknown state.
 */
ngx_int_t ngx_carrierpay_webhook_event_row(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_pool_t *pool);

/* Says in the lines of flow->log which event it is, and of what. */
void ngx_carrierpay_webhook_event_about(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_flow_t *flow);

/* Writes the body of the call, in its pool.  NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_carrierpay_webhook_event_body(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_conf_t *conf, ngx_carrierpay_egress_call_t *call);

/*
 * Adds the headers of Standard Webhooks 1.0.0 to a call that has its body; the
 * secret is the key itself.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_webhook_event_sign(ngx_carrierpay_webhook_event_t *e,
    ngx_str_t *secret, ngx_carrierpay_egress_call_t *call);


#endif /* _NGX_CARRIERPAY_WEBHOOK_EVENT_H_INCLUDED_ */
