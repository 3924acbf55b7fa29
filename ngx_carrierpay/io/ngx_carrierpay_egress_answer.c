
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_carrierpay_egress_answer.h"
#include "ngx_carrierpay_text.h"


#define NGX_CARRIERPAY_EGRESS_RETRY_MAX  86400    /* s */


static ngx_carrierpay_egress_outcome_e ngx_carrierpay_egress_outcome(
    ngx_http_request_t *sr, ngx_int_t rc);
static ngx_uint_t ngx_carrierpay_egress_whole(ngx_http_request_t *sr);
static ngx_uint_t ngx_carrierpay_egress_retry_after(ngx_http_request_t *sr);


void
ngx_carrierpay_egress_answer(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr, ngx_int_t rc)
{
    ngx_buf_t  *b;

    call->outcome = ngx_carrierpay_egress_outcome(sr, rc);

    if (call->outcome == NGX_CARRIERPAY_EGRESS_NOT_SENT) {
        return;
    }

    call->status = sr->upstream->headers_in.status_n;
    call->retry_after = ngx_carrierpay_egress_retry_after(sr);

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
    ngx_carrierpay_text_skip_mark(&call->answer);
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


/* To nginx, a body that was cut off looks like success. */

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


/* Returns the seconds of a Retry-After, which is a number or a date; or 0. */

static ngx_uint_t
ngx_carrierpay_egress_retry_after(ngx_http_request_t *sr)
{
    time_t            n;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

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
            n = ngx_atotm(h[i].value.data, h[i].value.len);

            if (n == NGX_ERROR) {
                n = ngx_parse_http_time(h[i].value.data, h[i].value.len);
                n = (n == NGX_ERROR) ? 0 : n - ngx_time();
            }

            return (n > 0) ? ngx_min(n, NGX_CARRIERPAY_EGRESS_RETRY_MAX) : 0;
        }
    }

    return 0;
}
