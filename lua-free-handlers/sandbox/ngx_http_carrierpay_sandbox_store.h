
/*
 * What the sandbox operator has charged: a log, and an index of it.
 *
 * The log is the truth: one line an event, appended by one write(), without
 * any number:
 *
 *     <unix ms> charged|duplicate <reference> <amount> <currency>
 *     <unix ms> declined <reference> <amount> <currency> <code>
 *
 * The index in shared memory finds a charge by its reference.  It is bounded:
 * the oldest are forgotten.  A line is written before its entry is made, both
 * under the zone's lock, so that all workers see one order; when a worker is
 * killed in between, the next one to start reads the end of the log again.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX  64


typedef struct ngx_http_carrierpay_store_s  ngx_http_carrierpay_store_t;


typedef struct {
    ngx_str_t      reference;
    int64_t        amount;
    u_char         currency[3];
    ngx_uint_t     decline;      /* 0: charged; else see _decline_code() */
    int64_t        answered;     /* when the subscriber does, Unix ms; or 0 */
} ngx_http_carrierpay_charge_t;


/*
 * For the configuration: the log is opened by nginx, the zone is added with
 * `tag`.  NULL after an [emerg] line.
 */
ngx_http_carrierpay_store_t *ngx_http_carrierpay_store_create(ngx_conf_t *cf,
    ngx_str_t *log, ngx_str_t *zone, size_t size, void *tag);

/* Makes good what a killed worker left undone; in a worker's start. */
void ngx_http_carrierpay_store_start(ngx_http_carrierpay_store_t *store,
    ngx_log_t *log);

/*
 * NGX_OK: new, logged and kept.  NGX_DECLINED: the reference is known, the
 * charge is filled with the first one, a duplicate is logged.  NGX_ERROR: the
 * log cannot be written, nothing was charged.
 */
ngx_int_t ngx_http_carrierpay_store_put(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge, ngx_log_t *log);

/* By charge->reference: NGX_OK and filled, or NGX_DECLINED. */
ngx_int_t ngx_http_carrierpay_store_get(ngx_http_carrierpay_store_t *store,
    ngx_http_carrierpay_charge_t *charge);

/* The words of a decline, and back; 0: no such code. */
const char *ngx_http_carrierpay_store_decline_code(ngx_uint_t decline);
ngx_uint_t ngx_http_carrierpay_store_decline(u_char *code, size_t len);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_STORE_H_INCLUDED_ */
