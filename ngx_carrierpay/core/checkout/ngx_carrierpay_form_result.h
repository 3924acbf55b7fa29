
/*
 * What a shopper's form came to, kept until the browser has been redirected to
 * the page that says so.
 *
 *   form_result     store
 *
 * A browser has one result of a payment at a time.  The token that names it is
 * in a cookie and nowhere else, so a link alone shows nothing of it.  The
 * value is made by the layer that shows pages, and is sealed under its name in
 * Redis, for as long as the page of a PIN is good.  Losing it costs a shopper
 * one more identification.
 */


#ifndef _NGX_CARRIERPAY_FORM_RESULT_H_INCLUDED_
#define _NGX_CARRIERPAY_FORM_RESULT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_redis.h"


/* An operation on a result, part of a flow's data. */

typedef struct {
    ngx_str_t                       token;    /* or empty: there is none */
    ngx_str_t                       text;     /* the value; or empty */
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_form_result_t;


/*
 * Stores the text under the token, in place of what was there; both are
 * copied.  The result is OK or UNAVAILABLE.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_form_result_store(
    ngx_carrierpay_core_t *core, ngx_str_t *token, ngx_str_t *text);

/*
 * Run and done of a row that reads the result of this token, if there is one.
 * The text, in memory of the flow, is empty when there is none, its time is
 * over, it was not sealed by us, or Redis is away: no page fails for want of
 * it.
 */
ngx_int_t ngx_carrierpay_form_result_read(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_form_result_t *form);
ngx_int_t ngx_carrierpay_form_result_opened(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_form_result_t *form);


#endif /* _NGX_CARRIERPAY_FORM_RESULT_H_INCLUDED_ */
