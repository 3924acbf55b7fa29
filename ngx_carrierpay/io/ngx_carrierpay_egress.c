
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_io_counters.h"


#define NGX_CARRIERPAY_EGRESS_POOL_SIZE  2048
#define NGX_CARRIERPAY_EGRESS_RETRY_MAX  86400    /* s */


static ngx_connection_t *ngx_carrierpay_egress_connection(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_egress_start(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_egress_request(
    ngx_carrierpay_egress_call_t *call, ngx_http_request_t *sr);
static ngx_int_t ngx_carrierpay_egress_headers(
    ngx_carrierpay_egress_call_t *call, ngx_http_request_t *sr);
static ngx_int_t ngx_carrierpay_egress_answered(ngx_http_request_t *sr,
    void *data, ngx_int_t rc);
static ngx_carrierpay_egress_outcome_e ngx_carrierpay_egress_outcome(
    ngx_http_request_t *sr, ngx_int_t rc);
static ngx_uint_t ngx_carrierpay_egress_whole(ngx_http_request_t *sr);
static void ngx_carrierpay_egress_copy(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr);
static void ngx_carrierpay_egress_finish(ngx_http_request_t *r);
static void ngx_carrierpay_egress_aborted(void *data);
static void ngx_carrierpay_egress_late_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_done_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_deadline_handler(ngx_event_t *ev);
static void ngx_carrierpay_egress_report(ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_egress_free_connection(ngx_connection_t *c);


static ngx_str_t  ngx_carrierpay_egress_post = ngx_string("POST");

/* realip and the access log look at the address of the client: nobody */
static struct sockaddr  ngx_carrierpay_egress_sockaddr;


ngx_carrierpay_egress_call_t *
ngx_carrierpay_egress_create(ngx_carrierpay_egress_t *egress)
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

    if (call == NULL
        || ngx_array_init(&call->headers, pool, 8, sizeof(ngx_keyval_t))
           != NGX_OK)
    {
        ngx_destroy_pool(pool);
        return NULL;
    }

    call->pool = pool;
    call->egress = egress;
    call->outcome = NGX_CARRIERPAY_EGRESS_NOT_SENT;

    call->log = *ngx_cycle->log;
    call->log.handler = NULL;
    call->log.data = &call->log_ctx;

    return call;
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
 * A connection without a descriptor: marked active, so that the upstream code
 * never asks epoll about it.
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
    c->data = &call->hc;

    call->log_ctx.connection = c;
    call->hc.conf_ctx = call->egress->ctx;

    return c;
}


static ngx_int_t
ngx_carrierpay_egress_start(ngx_carrierpay_egress_call_t *call)
{
    u_char              *p;
    ngx_str_t            uri;
    ngx_connection_t    *c;
    ngx_http_request_t  *r, *sr;

    c = call->log_ctx.connection;

    uri.len = call->location.len + call->path.len;
    uri.data = ngx_pnalloc(call->pool, uri.len);

    if (uri.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(uri.data, call->location.data, call->location.len);

    if (call->path.len) {
        ngx_memcpy(p, call->path.data, call->path.len);
    }

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


static ngx_int_t
ngx_carrierpay_egress_request(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr)
{
    ngx_buf_t                *b;
    ngx_http_request_body_t  *rb;

    if (ngx_carrierpay_egress_headers(call, sr) != NGX_OK) {
        return NGX_ERROR;
    }

    rb = ngx_pcalloc(sr->pool, sizeof(ngx_http_request_body_t));
    if (rb == NULL) {
        return NGX_ERROR;
    }

    sr->request_body = rb;

    if (call->method != NGX_HTTP_POST) {
        return NGX_OK;
    }

    /* the number guards against resending, the name is what is sent */

    sr->method = NGX_HTTP_POST;
    sr->method_name = ngx_carrierpay_egress_post;

    sr->headers_in.content_length_n = call->body.len;

    if (call->body.len == 0) {
        return NGX_OK;
    }

    b = ngx_calloc_buf(sr->pool);
    rb->bufs = ngx_alloc_chain_link(sr->pool);

    if (b == NULL || rb->bufs == NULL) {
        return NGX_ERROR;
    }

    b->pos = call->body.data;
    b->last = call->body.data + call->body.len;
    b->start = b->pos;
    b->end = b->last;
    b->memory = 1;
    b->last_buf = 1;

    rb->bufs->buf = b;
    rb->bufs->next = NULL;
    rb->buf = b;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_egress_headers(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr)
{
    ngx_uint_t        i;
    ngx_keyval_t     *kv;
    ngx_table_elt_t  *h;

    ngx_memzero(&sr->headers_in, sizeof(ngx_http_headers_in_t));

    sr->headers_in.content_length_n = -1;
    sr->headers_in.keep_alive_n = -1;

    if (ngx_list_init(&sr->headers_in.headers, sr->pool,
                      call->headers.nelts + 1, sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    kv = call->headers.elts;

    for (i = 0; i < call->headers.nelts; i++) {
        h = ngx_list_push(&sr->headers_in.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(h, sizeof(ngx_table_elt_t));

        h->hash = 1;
        h->key = kv[i].key;
        h->value = kv[i].value;

        h->lowcase_key = ngx_pnalloc(sr->pool, h->key.len);
        if (h->lowcase_key == NULL) {
            return NGX_ERROR;
        }

        ngx_strlow(h->lowcase_key, h->key.data, h->key.len);
    }

    return NGX_OK;
}


/*
 * The subrequest has ended.  NGX_OK and no error on the connection, whatever
 * came: anything else would ask for an error page, or make nginx close a
 * connection that has no descriptor.
 */

static ngx_int_t
ngx_carrierpay_egress_answered(ngx_http_request_t *sr, void *data,
    ngx_int_t rc)
{
    ngx_carrierpay_egress_call_t  *call;

    call = data;

    if (!call->recorded) {
        call->recorded = 1;
        call->outcome = ngx_carrierpay_egress_outcome(sr, rc);

        if (call->outcome != NGX_CARRIERPAY_EGRESS_NOT_SENT) {
            ngx_carrierpay_egress_copy(call, sr);
        }
    }

    sr->connection->error = 0;

    return NGX_OK;
}


static ngx_carrierpay_egress_outcome_e
ngx_carrierpay_egress_outcome(ngx_http_request_t *sr, ngx_int_t rc)
{
    ngx_http_upstream_t  *u;

    u = sr->upstream;

    if (u == NULL || !u->request_sent) {
        return NGX_CARRIERPAY_EGRESS_NOT_SENT;
    }

    /* no status: silence, a reset, or bytes that are not HTTP */

    if (u->headers_in.status_n == 0 || rc != NGX_OK
        || sr->connection->error || !ngx_carrierpay_egress_whole(sr))
    {
        return NGX_CARRIERPAY_EGRESS_UNKNOWN;
    }

    return NGX_CARRIERPAY_EGRESS_COMPLETE;
}


/* A body that was cut off looks like success to nginx. */

static ngx_uint_t
ngx_carrierpay_egress_whole(ngx_http_request_t *sr)
{
    off_t                 len;
    ngx_buf_t            *b;
    ngx_event_pipe_t     *p;
    ngx_http_upstream_t  *u;

    u = sr->upstream;
    p = u->pipe;

    if (p && !p->upstream_done && !(p->upstream_eof && p->length == -1)) {
        return 0;
    }

    len = 0;

    if (sr->out) {
        b = sr->out->buf;
        len = b->last - b->pos;
    }

    return u->headers_in.content_length_n <= len;
}


static void
ngx_carrierpay_egress_copy(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr)
{
    ngx_buf_t        *b;
    ngx_int_t         n;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    call->status = sr->upstream->headers_in.status_n;

    part = &sr->upstream->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].key.len == sizeof("Retry-After") - 1
            && ngx_strncasecmp(h[i].key.data, (u_char *) "Retry-After",
                               h[i].key.len)
               == 0)
        {
            n = ngx_atoi(h[i].value.data, h[i].value.len);
            call->retry_after = (n > 0)
                                ? ngx_min(n, NGX_CARRIERPAY_EGRESS_RETRY_MAX)
                                : 0;
        }
    }

    if (call->outcome != NGX_CARRIERPAY_EGRESS_COMPLETE || sr->out == NULL) {
        return;
    }

    b = sr->out->buf;

    call->answer.len = b->last - b->pos;
    call->answer.data = ngx_pnalloc(call->pool, call->answer.len);

    if (call->answer.data == NULL) {
        call->outcome = NGX_CARRIERPAY_EGRESS_UNKNOWN;
        return;
    }

    ngx_memcpy(call->answer.data, b->pos, call->answer.len);
}


/*
 * The end of the detached request: from ngx_http_run_posted_requests(), which
 * looks at c->destroyed afterwards, so the report is posted and the pool that
 * the call lives in is destroyed there.
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
 * nginx terminates the request (memory, internal error).  It must not close a
 * connection without a descriptor: the request is blocked, and finished from
 * a posted event.
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
 * Waited long enough.  The request ends here, too: what has not left must not
 * leave later, when nobody expects it any more.
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
