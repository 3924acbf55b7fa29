
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_trace.h"


static void ngx_http_carrierpay_flow_wait_end(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);
static void ngx_http_carrierpay_flow_wait_cleanup(void *data);


ngx_int_t
ngx_http_carrierpay_flow_wait(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow, ngx_msec_t timeout,
    ngx_http_carrierpay_end_pt end)
{
    ngx_http_cleanup_t         *cln;
    ngx_carrierpay_trace_t     *trace;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx_get(r);
    trace = ngx_http_carrierpay_trace(r);

    if (ctx == NULL || trace == NULL) {
        goto failed;
    }

    flow->trace = *trace;

    if (ctx->request == NULL) {
        cln = ngx_http_cleanup_add(r, 0);
        if (cln == NULL) {
            goto failed;
        }

        cln->handler = ngx_http_carrierpay_flow_wait_cleanup;
        cln->data = ctx;
        ctx->request = r;
    }

    if (ngx_http_carrierpay_flow_wait_client(r) != NGX_OK) {
        goto failed;
    }

    ctx->end = end;
    ctx->observer.handler = ngx_http_carrierpay_flow_wait_end;
    ctx->observer.data = ctx;

    ngx_carrierpay_flow_start(flow, &ctx->observer, timeout);

    return NGX_AGAIN;

failed:

    ngx_carrierpay_flow_discard(flow);

    return NGX_ERROR;
}


ngx_int_t
ngx_http_carrierpay_flow_wait_client(ngx_http_request_t *r)
{
    ngx_event_t  *rev;

    rev = r->connection->read;

    r->read_event_handler = ngx_http_test_reading;

    if (rev->ready) {
        ngx_post_event(rev, &ngx_posted_events);
        return NGX_OK;
    }

    return ngx_handle_read_event(rev, 0);
}


static void
ngx_http_carrierpay_flow_wait_end(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow)
{
    ngx_http_request_t         *r;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = obs->data;
    r = ctx->request;

    ngx_http_set_log_request(r->connection->log, r);

    ngx_http_carrierpay_flow_wait_resume(r, ctx->end(r, flow));
}


void
ngx_http_carrierpay_flow_wait_resume(ngx_http_request_t *r, ngx_int_t rc)
{
    ngx_connection_t  *c;

    if (rc == NGX_AGAIN) {
        return;
    }

    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_http_finalize_request(r, rc);

    /* without this the streams of HTTP/2 would hang */

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_carrierpay_flow_wait_cleanup(void *data)
{
    ngx_http_carrierpay_ctx_t  *ctx = data;

    ngx_carrierpay_flow_unwatch(&ctx->observer);
}
