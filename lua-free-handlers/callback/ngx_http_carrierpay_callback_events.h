
/*
 * The events of a gateway's call: delivery reports, and messages that came
 * from phones.
 *
 * A call has one event or several.  Each is kept by itself, one after the
 * other, and is known again by its id, so that a call that is repeated does no
 * harm.  The answer is
 *
 *      200     all events are kept, or would be of no use a second time
 *      400     the call, or one of its events, is not of the form that is
 *              configured
 *      422     a message has no number or no text that can be read: it is
 *              kept for people
 *      503     an event could not be kept: the gateway is to repeat the call
 *
 * A gateway may send the body of a 200 as an SMS: it is empty, or what the
 * provider's "answer" says.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CALLBACK_EVENTS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CALLBACK_EVENTS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_dialect.h"


/* They take ctx->data of the request, and return as a handler does. */

ngx_int_t ngx_http_carrierpay_callback_events_dlr(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call);
ngx_int_t ngx_http_carrierpay_callback_events_mo(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call);


#endif /* _NGX_HTTP_CARRIERPAY_CALLBACK_EVENTS_H_INCLUDED_ */
