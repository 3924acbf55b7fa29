
/*
 * The log of the sandbox operator: one line an event, appended by one write(),
 * without any number:
 *
 *     <unix ms> charged|reserved|captured|voided|paid|duplicate
 *               <reference> <amount> <currency>
 *     <unix ms> refunded <reference> <amount> <currency> <charge's reference>
 *     <unix ms> declined <reference> <amount> <currency> <code>
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_LOG_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_LOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_sandbox_script.h"


#define NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX  64


typedef struct {
    ngx_http_carrierpay_sandbox_event_e     event;
    ngx_str_t                               reference;
    ngx_str_t                               charge;      /* of a refund: what
                                                            it refers to */
    int64_t                                 amount;      /* minor units */
    u_char                                  currency[3]; /* ISO 4217 */
    ngx_http_carrierpay_sandbox_decline_e   decline;
    int64_t                                 answered;    /* Unix ms, when the
                                                            subscriber does;
                                                            or 0 */
} ngx_http_carrierpay_sandbox_charge_t;


/* What was read; its references are valid during the call. */
typedef void (*ngx_http_carrierpay_sandbox_log_pt)(void *data,
    ngx_http_carrierpay_sandbox_charge_t *charge);


/* Appends a line; NGX_ERROR: it was not written, and errno is set. */
ngx_int_t ngx_http_carrierpay_sandbox_log_write(ngx_fd_t fd,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_uint_t duplicate);

/*
 * Calls the handler for each event in the last `limit` bytes of the log, in
 * order; duplicates are left out.  It waits for the disk, so it is called when
 * a process starts only.
 */
void ngx_http_carrierpay_sandbox_log_read(ngx_str_t *name, off_t limit,
    ngx_http_carrierpay_sandbox_log_pt handler, void *data, ngx_log_t *log);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_LOG_H_INCLUDED_ */
