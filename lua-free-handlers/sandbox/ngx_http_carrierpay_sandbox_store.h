
/*
 * The charges of the sandbox operator, and its refunds and payouts, which are
 * kept as charges are: its log, and an index of that in shared memory.
 *
 * The log is the truth; the index finds a charge by its reference.  It is
 * bounded: the oldest charges are forgotten.  A line is written before its
 * entry is made, both under the zone's lock, so that all workers see one
 * order; when a worker is killed in between, the next one to start reads the
 * end of the log again.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_sandbox_log.h"


typedef struct ngx_http_carrierpay_sandbox_store_s
    ngx_http_carrierpay_sandbox_store_t;


/*
 * Called while the configuration is read: nginx opens the log and makes the
 * zone, with `tag`.  NULL after an [emerg] line.
 */
ngx_http_carrierpay_sandbox_store_t *ngx_http_carrierpay_sandbox_store_create(
    ngx_conf_t *cf, ngx_str_t *log, ngx_str_t *zone, size_t size, void *tag);

/* Called when a worker starts: adds what a killed worker has only logged. */
void ngx_http_carrierpay_sandbox_store_start(
    ngx_http_carrierpay_sandbox_store_t *store, ngx_log_t *log);

/*
 * NGX_OK: the charge is new, logged and kept; a refund of more than was
 * charged, or of nothing, is declined.  NGX_DECLINED: the reference is
 * known; the charge is filled with the first one, and a duplicate is logged.
 * NGX_ERROR: the log cannot be written, and nothing was charged.
 */
ngx_int_t ngx_http_carrierpay_sandbox_store_put(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_log_t *log);

/*
 * Captures or voids, by charge->event, what was reserved with this reference,
 * and fills the rest: NGX_OK, also when this was done before; NGX_DECLINED,
 * nothing is reserved with it, or not as much; NGX_ERROR as above.
 */
ngx_int_t ngx_http_carrierpay_sandbox_store_change(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_log_t *log);

/*
 * Finds a charge by its reference, and fills it: NGX_OK, or NGX_DECLINED.
 */
ngx_int_t ngx_http_carrierpay_sandbox_store_get(
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_ */
