
/*
 * A request waits for the end of a flow.  Its client may leave at any time:
 * then the request's cleanup detaches it, and the flow goes on.
 *
 * Only here does the end of a flow become an event of HTTP.
 */


#ifndef _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * Starts the flow and waits.  `end` is called once: when the flow has ended,
 * or after timeout ms, when flow->result is TIMED_OUT and the flow goes on.
 * What `end` returns finalizes the request; it may wait for another flow and
 * return NGX_AGAIN.
 *
 * Returns NGX_AGAIN; or NGX_ERROR (memory), and the flow has been discarded.
 */
ngx_int_t ngx_http_carrierpay_flow_wait(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow, ngx_msec_t timeout,
    ngx_http_carrierpay_end_pt end);

/*
 * Lets nginx read from the client again, so that the request ends when its
 * client leaves; until then reading was blocked.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_flow_wait_client(ngx_http_request_t *r);

/*
 * Resumes a request in an event of another connection, with what its handler
 * has returned; the request may no longer exist afterwards.
 */
void ngx_http_carrierpay_flow_wait_resume(ngx_http_request_t *r,
    ngx_int_t rc);


#endif /* _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_ */
