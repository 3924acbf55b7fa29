
/*
 * A request that waits for a flow: it watches, and may leave at any time.
 *
 * The only place where a flow's end becomes HTTP again.  The request's
 * cleanup just unwatches; the flow goes on.
 */


#ifndef _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * Starts the flow; `end` is called once with its end, or after timeout ms
 * with flow->late set.  What `end` returns finalizes the request; it may
 * watch a further flow and return NGX_AGAIN.
 *
 * NGX_AGAIN, or NGX_ERROR: memory, the flow has been discarded.
 */
ngx_int_t ngx_http_carrierpay_watch(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow, ngx_msec_t timeout,
    ngx_http_carrierpay_end_pt end);

/*
 * The request is told early when its client leaves; until now reading was
 * blocked.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_watch_client(ngx_http_request_t *r);

/*
 * Takes a request up again from an event that knows nothing of HTTP, with
 * what its handler has returned; the request may be gone afterwards.
 */
void ngx_http_carrierpay_resume(ngx_http_request_t *r, ngx_int_t rc);


#endif /* _NGX_HTTP_CARRIERPAY_FLOW_WAIT_H_INCLUDED_ */
