
/*
 * A payment is paid back, wholly or in part.
 *
 *   refund   begin, operator, finish      the merchant has asked for it
 *
 * The data of the flow is an ngx_carrierpay_refund_make_t.
 */


#ifndef _NGX_CARRIERPAY_REFUND_MAKE_H_INCLUDED_
#define _NGX_CARRIERPAY_REFUND_MAKE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_refund_steps.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_refund_begin_statement;


/*
 * Pays back a payment of the merchant.  The flow's result is OK with the
 * body, a REPLAY when the key has made this refund before; NOT_FOUND; REFUSED
 * with the reason; CONFLICT, the key belongs to another request; TIMED_OUT; or
 * UNAVAILABLE.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_refund_make(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id, int64_t amount,
    ngx_str_t *reason, u_char *idempotency, u_char *request);


#endif /* _NGX_CARRIERPAY_REFUND_MAKE_H_INCLUDED_ */
