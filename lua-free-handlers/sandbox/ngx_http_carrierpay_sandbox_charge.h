
/*
 * The charges of the sandbox operator:
 *
 *   POST /charges              201 charged, 402 declined, 202 pending: the
 *                              subscriber is asked; 409 the first result;
 *                              with "reserve": true 201 reserved
 *   GET  /charges/{reference}  200 charged, declined, pending, reserved,
 *                              captured or voided; 404
 *
 * The last four digits of a number or a reference say what becomes of a
 * charge:
 *
 *   0002  declined: insufficient_funds       0005  charged, answered late
 *   0003  declined: declined_by_subscriber   0006  charged, no answer
 *   0004  declined: subscriber_blocked       0007  not charged, no answer
 *   0008  pending, then charged              0009  pending, then declined
 *
 * and a charge with other digits is charged.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_sandbox_store.h"


/*
 * For endpoints of routes.  A late answer takes `delay` ms, and so does a
 * subscriber who is asked.
 */
ngx_int_t ngx_http_carrierpay_sandbox_charge(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store, ngx_msec_t delay,
    ngx_str_t *body);

/*
 * Answers with what is stored, after the delay unless it is 0; `status` is
 * that of a success.
 */
ngx_int_t ngx_http_carrierpay_sandbox_charge_reply(ngx_http_request_t *r,
    ngx_uint_t status, ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_msec_t delay);

/* Checks for the tables of members. */
const char *ngx_http_carrierpay_sandbox_reference(ngx_str_t *value);
const char *ngx_http_carrierpay_sandbox_currency(ngx_str_t *value);

/* The reference is ctx->id. */
ngx_int_t ngx_http_carrierpay_sandbox_status(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE_H_INCLUDED_ */
