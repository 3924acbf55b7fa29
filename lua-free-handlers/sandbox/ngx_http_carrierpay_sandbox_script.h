
/*
 * The script of the sandbox: the last four digits of a number or a reference
 * say what becomes of a charge, a lookup or an SMS.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_SCRIPT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_SCRIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* The charges; see ngx_http_carrierpay_sandbox_charge.h. */

typedef enum {
    NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE = 0,     /* charged, or declined */
    NGX_HTTP_CARRIERPAY_SANDBOX_SLOW,            /* charged, answered late */
    NGX_HTTP_CARRIERPAY_SANDBOX_CUT,             /* charged, no answer */
    NGX_HTTP_CARRIERPAY_SANDBOX_SILENT,          /* not charged, no answer */
    NGX_HTTP_CARRIERPAY_SANDBOX_PENDING          /* the subscriber is asked */
} ngx_http_carrierpay_sandbox_behaviour_e;


typedef enum {
    NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED = 0,
    NGX_HTTP_CARRIERPAY_SANDBOX_INSUFFICIENT_FUNDS,
    NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED_BY_SUBSCRIBER,
    NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_BLOCKED,
    NGX_HTTP_CARRIERPAY_SANDBOX_RESERVATION_ENDED,
    NGX_HTTP_CARRIERPAY_SANDBOX_REFUND_NOT_ALLOWED,
    NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_NOT_FOUND,
    NGX_HTTP_CARRIERPAY_SANDBOX_DECLINES
} ngx_http_carrierpay_sandbox_decline_e;


/* What the operator does; a line of its log each. */

typedef enum {
    NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE = 0,
    NGX_HTTP_CARRIERPAY_SANDBOX_RESERVE,
    NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE,
    NGX_HTTP_CARRIERPAY_SANDBOX_VOID,
    NGX_HTTP_CARRIERPAY_SANDBOX_REFUND,
    NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT,
    NGX_HTTP_CARRIERPAY_SANDBOX_EVENTS
} ngx_http_carrierpay_sandbox_event_e;


typedef struct {
    ngx_int_t                                 digits;
    ngx_http_carrierpay_sandbox_event_e       event;
    ngx_http_carrierpay_sandbox_behaviour_e   behaviour;
    ngx_http_carrierpay_sandbox_decline_e     decline;
} ngx_http_carrierpay_sandbox_script_t;


/*
 * The row for this of this end user; never NULL.  A reservation is scripted
 * as a charge is.
 */
ngx_http_carrierpay_sandbox_script_t *ngx_http_carrierpay_sandbox_script(
    ngx_str_t *end_user, ngx_http_carrierpay_sandbox_event_e event);

/* "charged", "reserved" and so on. */
const char *ngx_http_carrierpay_sandbox_event_name(
    ngx_http_carrierpay_sandbox_event_e event);

/* The event of a word, or NGX_HTTP_CARRIERPAY_SANDBOX_EVENTS. */
ngx_http_carrierpay_sandbox_event_e ngx_http_carrierpay_sandbox_event_parse(
    ngx_str_t *name);

/* The code of a decline, and back; CHARGED: it is no such code. */
const char *ngx_http_carrierpay_sandbox_decline_name(
    ngx_http_carrierpay_sandbox_decline_e decline);
ngx_http_carrierpay_sandbox_decline_e
    ngx_http_carrierpay_sandbox_decline_parse(ngx_str_t *code);

/* The number that the last four characters are, or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_sandbox_digits(ngx_str_t *end_user);

/* A check for the tables of members: a number, or "acr:" and a reference. */
const char *ngx_http_carrierpay_sandbox_end_user(ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_SCRIPT_H_INCLUDED_ */
