
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_egress_answer.h"
#include "ngx_carrierpay_egress_request.h"
#include "ngx_carrierpay_io_counters.h"


#define NGX_CARRIERPAY_EGRESS_POOL_SIZE  2048


static ngx_int_t ngx_carrierpay_egress_traceparent(
    ngx_carrierpay_egress_call_t *call);
static u_char *ngx_carrierpay_egress_log(ngx_log_t *log, u_char *buf,
    size_t len);
static ngx_connection_t *ngx_carrierpay_egress_connection(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_egress_start(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_egress_answered(ngx_http_request_t *sr,
    void *data, ngx_int_t rc);
static void ngx_carrierpay_egress_finish(ngx_http_request_t *r);
static void ngx_carrierpay_egress_aborted(void *data);
static void ngx_carrierpay_egress_late_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_done_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_deadline_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_report(ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_egress_free_connection(ngx_connection_t *c);


/* realip and the access log look at the address of the client */
static struct sockaddr  ngx_carrierpay_egress_sockaddr;


ngx_carrierpay_egress_call_t *
ngx_carrierpay_egress_create(ngx_carrierpay_egress_t *egress, ngx_log_t *log,
    ngx_carrierpay_trace_t *trace)
{
    ngx_pool_t                    *pool;
    ngx_carrierpay_egress_call_t  *call;

    if (egress->running >= egress->max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_EGRESS_REFUSED);
        return NULL;
    }

    pool = ngx_create_pool(NGX_CARRIERPAY_EGRESS_POOL_SIZE, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    call = ngx_pcalloc(pool, sizeof(ngx_carrierpay_egress_call_t));
    if (call == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    call->pool = pool;
    call->egress = egress;
    call->caller_log = log;
    call->trace = *trace;
    call->outcome = NGX_CARRIERPAY_EGRESS_NOT_SENT;

    call->log = *log;
    call->log.handler = ngx_carrierpay_egress_log;
    call->log.data = &call->log_ctx;

    if (ngx_array_init(&call->headers, pool, 8, sizeof(ngx_keyval_t))
        != NGX_OK
        || ngx_carrierpay_egress_traceparent(call) != NGX_OK)
    {
        ngx_destroy_pool(pool);
        return NULL;
    }

    return call;
}


static ngx_int_t
ngx_carrierpay_egress_traceparent(ngx_carrierpay_egress_call_t *call)
{
    ngx_str_t  value;

    if (!call->trace.started) {
        return NGX_OK;
    }

    value.len = NGX_CARRIERPAY_TRACE_PARENT_LEN;
    value.data = ngx_pnalloc(call->pool, value.len);

    if (value.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_trace_print(value.data, &call->trace);

    return ngx_carrierpay_egress_header(call, "traceparent", &value);
}


/*
 * What nginx was doing, with which peer, and then what the caller says.  The
 * address that is called is left out: arguments may hold a number or a secret.
 */

static u_char *
ngx_carrierpay_egress_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char                        *p, *last;
    ngx_log_t                     *caller;
    ngx_http_request_t            *sr;
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_queue_data(log, ngx_carrierpay_egress_call_t, log);
    caller = call->caller_log;
    p = buf;
    last = buf + len;

    if (log->action) {
        p = ngx_slprintf(p, last, " while %s", log->action);
    }

    p = ngx_slprintf(p, last, ", call of \"%V\"", &call->location);

    sr = call->log_ctx.current_request;

    if (sr && sr->upstream && sr->upstream->peer.name) {
        p = ngx_slprintf(p, last, ", upstream: \"%V\"",
                         sr->upstream->peer.name);
    }

    return caller->handler ? caller->handler(caller, p, last - p) : p;
}


ngx_int_t
ngx_carrierpay_egress_header(ngx_carrierpay_egress_call_t *call,
    const char *name, ngx_str_t *value)
{
    ngx_keyval_t  *h;

    h = ngx_array_push(&call->headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value = *value;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_egress_send(ngx_carrierpay_egress_call_t *call)
{
    ngx_connection_t  *c;

    c = ngx_carrierpay_egress_connection(call);

    if (c == NULL) {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_egress_start(call) != NGX_OK) {
        if (call->request) {
            call->request->cleanup = NULL;
            call->request->logged = 1;
            ngx_http_free_request(call->request, 0);
        }

        ngx_carrierpay_egress_free_connection(c);
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    call->egress->running++;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_EGRESS_CALLS);

    call->deadline.handler = ngx_carrierpay_egress_deadline_handler;
    call->deadline.data = call;
    call->deadline.log = &call->log;
    ngx_add_timer(&call->deadline, call->timeout);

    /* may end the call at once: then its report is posted */

    ngx_http_run_posted_requests(c);

    return NGX_OK;
}


ngx_carrierpay_egress_call_t *
ngx_carrierpay_egress_of(ngx_http_request_t *r)
{
    if (r->connection->fd != (ngx_socket_t) -1) {
        return NULL;
    }

    return ngx_queue_data(r->main->http_connection,
                          ngx_carrierpay_egress_call_t, hc);
}


/*
 * Makes a connection without a descriptor.  It is marked active, so that the
 * upstream code never asks epoll about it.
 */

static ngx_connection_t *
ngx_carrierpay_egress_connection(ngx_carrierpay_egress_call_t *call)
{
    ngx_connection_t  *c;

    c = ngx_get_connection(0, &call->log);

    if (c == NULL) {
        return NULL;
    }

    c->fd = (ngx_socket_t) -1;
    c->pool = call->pool;
    c->log = &call->log;
    c->read->log = &call->log;
    c->write->log = &call->log;
    c->read->active = 1;
    c->write->active = 1;
    c->write->ready = 1;
    c->tcp_nodelay = NGX_TCP_NODELAY_DISABLED;
    c->sockaddr = &ngx_carrierpay_egress_sockaddr;
    c->socklen = sizeof(ngx_carrierpay_egress_sockaddr);
    c->local_sockaddr = &ngx_carrierpay_egress_sockaddr;
    c->local_socklen = sizeof(ngx_carrierpay_egress_sockaddr);
    ngx_str_set(&c->addr_text, "-");
    c->data = &call->hc;

    call->log_ctx.connection = c;
    call->hc.conf_ctx = call->egress->ctx;

    return c;
}


static ngx_int_t
ngx_carrierpay_egress_start(ngx_carrierpay_egress_call_t *call)
{
    ngx_str_t            uri, line;
    ngx_connection_t    *c;
    ngx_http_request_t  *r, *sr;

    c = call->log_ctx.connection;

    /* the line is for the access log; the arguments are not */

    line.data = ngx_pnalloc(call->pool, sizeof("POST ") + call->location.len
                                        + call->path.len);
    if (line.data == NULL) {
        return NGX_ERROR;
    }

    line.len = ngx_sprintf(line.data, "%s %V%V",
                           call->method == NGX_HTTP_POST ? "POST" : "GET",
                           &call->location, &call->path)
               - line.data;

    uri.len = call->location.len + call->path.len;
    uri.data = line.data + line.len - uri.len;

    r = ngx_http_create_request(c);
    if (r == NULL) {
        return NGX_ERROR;
    }

    call->request = r;

    c->data = r;

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_carrierpay_egress_finish;
    r->method = call->method;
    r->http_version = NGX_HTTP_VERSION_11;
    r->uri = uri;
    r->unparsed_uri = uri;
    r->request_line = line;
    r->method_name.data = line.data;
    r->method_name.len = line.len - uri.len - 1;

    call->cleanup = ngx_http_cleanup_add(r, 0);
    if (call->cleanup == NULL) {
        return NGX_ERROR;
    }

    call->cleanup->handler = ngx_carrierpay_egress_aborted;
    call->cleanup->data = call;

    call->ps.handler = ngx_carrierpay_egress_answered;
    call->ps.data = call;

    if (ngx_http_subrequest(r, &uri, call->args.len ? &call->args : NULL, &sr,
                            &call->ps, NGX_HTTP_SUBREQUEST_IN_MEMORY)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_egress_request(call, sr);
}


/*
 * The subrequest has ended.  Whatever came, this returns NGX_OK and leaves no
 * error on the connection: anything else would ask for an error page, or make
 * nginx close a connection that has no descriptor.  The status is for the
 * access log.
 */

static ngx_int_t
ngx_carrierpay_egress_answered(ngx_http_request_t *sr, void *data,
    ngx_int_t rc)
{
    ngx_carrierpay_egress_call_t  *call;

    call = data;

    if (!call->recorded) {
        call->recorded = 1;
        ngx_carrierpay_egress_answer(call, sr, rc);

        if (sr->headers_out.status == 0) {
            sr->headers_out.status = (rc >= NGX_HTTP_SPECIAL_RESPONSE)
                                     ? rc : NGX_HTTP_BAD_GATEWAY;
        }
    }

    sr->connection->error = 0;

    return NGX_OK;
}


/*
 * Ends the detached request.  The caller is ngx_http_run_posted_requests(),
 * which looks at c->destroyed afterwards: so the report is posted, and its
 * handler destroys the pool that the call lives in.
 */

static void
ngx_carrierpay_egress_finish(ngx_http_request_t *r)
{
    ngx_connection_t              *c;
    ngx_carrierpay_egress_call_t  *call;

    c = r->connection;
    call = ngx_queue_data(r->http_connection, ngx_carrierpay_egress_call_t,
                          hc);

    call->cleanup->handler = NULL;
    call->request = NULL;

    r->logged = 1;
    ngx_http_free_request(r, 0);

    ngx_carrierpay_egress_free_connection(c);

    call->finished = 1;
    call->done.handler = ngx_carrierpay_egress_done_handler;
    call->done.data = call;
    call->done.log = &call->log;

    ngx_post_event(&call->done, &ngx_posted_events);
}


/*
 * nginx terminates the request (memory is short, or an internal error).  It
 * must not close a connection without a descriptor, so the request is blocked
 * here and finished from a posted event.
 */

static void
ngx_carrierpay_egress_aborted(void *data)
{
    ngx_http_request_t            *r;
    ngx_http_upstream_t           *u;
    ngx_carrierpay_egress_call_t  *call;

    call = data;
    r = call->request;

    if (!call->recorded) {
        call->recorded = 1;

        u = (r->postponed && r->postponed->request)
            ? r->postponed->request->upstream : NULL;

        call->outcome = (u && u->request_sent)
                        ? NGX_CARRIERPAY_EGRESS_UNKNOWN
                        : NGX_CARRIERPAY_EGRESS_NOT_SENT;
    }

    r->blocked++;
    r->write_event_handler = ngx_http_request_empty_handler;

    call->late.handler = ngx_carrierpay_egress_late_handler;
    call->late.data = call;
    call->late.log = &call->log;

    ngx_post_event(&call->late, &ngx_posted_events);
}


static void
ngx_carrierpay_egress_late_handler(ngx_event_t *ev)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ev->data;

    call->request->blocked = 0;
    ngx_carrierpay_egress_finish(call->request);
}


static void
ngx_carrierpay_egress_done_handler(ngx_event_t *ev)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ev->data;

    if (call->deadline.timer_set) {
        ngx_del_timer(&call->deadline);
    }

    call->egress->running--;

    ngx_carrierpay_egress_report(call);
    ngx_destroy_pool(call->pool);
}


/*
 * The call has waited long enough.  Its request ends here, too: bytes that
 * have not left must not leave later, when no caller expects them any more.
 */

static void
ngx_carrierpay_egress_deadline_handler(ngx_event_t *ev)
{
    ngx_connection_t              *c;
    ngx_http_request_t            *sr;
    ngx_http_upstream_t           *u;
    ngx_carrierpay_egress_call_t  *call;

    call = ev->data;

    if (call->finished || call->late.posted) {
        return;
    }

    c = call->request->connection;
    sr = c->data;
    u = sr->upstream;

    if (u && u->cleanup && *u->cleanup) {
        sr->main->count++;              /* which the cleanup takes back */
        (*u->cleanup)(sr);
    }

    ngx_http_finalize_request(sr, NGX_HTTP_GATEWAY_TIME_OUT);
    ngx_http_run_posted_requests(c);
}


static void
ngx_carrierpay_egress_report(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_egress_pt  handler;

    switch (call->outcome) {

    case NGX_CARRIERPAY_EGRESS_COMPLETE:
        break;

    case NGX_CARRIERPAY_EGRESS_NOT_SENT:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_EGRESS_NOT_SENT);
        break;

    case NGX_CARRIERPAY_EGRESS_UNKNOWN:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_EGRESS_UNKNOWN);
        break;
    }

    handler = call->handler;

    if (handler) {
        handler(call);
    }
}


static void
ngx_carrierpay_egress_free_connection(ngx_connection_t *c)
{
    if (c->read->timer_set) {
        ngx_del_timer(c->read);
    }

    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }

    if (c->read->posted) {
        ngx_delete_posted_event(c->read);
    }

    if (c->write->posted) {
        ngx_delete_posted_event(c->write);
    }

    c->read->active = 0;
    c->write->active = 0;

    ngx_free_connection(c);

    c->fd = (ngx_socket_t) -1;
    c->pool = NULL;
    c->destroyed = 1;
}
