
/*
 * What follows the charges of the sandbox operator:
 *
 *   POST /charges/{reference}/capture   {"line", "amount"}
 *   POST /charges/{reference}/void      {"line"}
 *   POST /charges/{reference}/refunds   {"reference", "line", "amount",
 *   POST /payouts                       "currency"}
 *
 * The answers are 201 captured, voided, refunded or paid, 402 declined, and
 * 409, the result of what was sent before.  The last four digits of a number
 * say what becomes of them:
 *
 *   0021  refund declined: refund_not_allowed    0022  refunded, no answer
 *   0023  capture declined: reservation_ended    0024  captured, no answer
 *   0025  void declined: reservation_ended       0026  voided, no answer
 *   0027  payout declined: subscriber_not_found  0028  paid, no answer
 *                                                0029  paid, answered late
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_LATER_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_LATER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_sandbox_store.h"


/*
 * For endpoints of routes; the charge's reference is ctx->id, and a payout has
 * none.  An answer that is late comes after delay ms.
 */
ngx_int_t ngx_http_carrierpay_sandbox_later(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store, ngx_msec_t delay,
    ngx_str_t *body, ngx_http_carrierpay_sandbox_event_e event);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_LATER_H_INCLUDED_ */
