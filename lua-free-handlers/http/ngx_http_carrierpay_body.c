
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"


/*
 * A body that is too large is read to its end when only so many bytes are
 * left, since a client that is still sending may not see the answer.
 */
#define NGX_HTTP_CARRIERPAY_BODY_DRAIN  1048576


static void ngx_http_carrierpay_body_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_body_step(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx);
static ngx_int_t ngx_http_carrierpay_body_collect(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx);
static ngx_uint_t ngx_http_carrierpay_body_encoded(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_body_unsupported(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_body_too_large(ngx_http_request_t *r);
static void ngx_http_carrierpay_body_leave(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_body_decode(ngx_pool_t *pool,
    u_char *p, u_char *last, ngx_str_t *value);


ngx_int_t
ngx_http_carrierpay_body_read(ngx_http_request_t *r, size_t max,
    ngx_http_carrierpay_handler_pt handler)
{
    off_t                       len;
    ngx_int_t                   rc;
    ngx_http_carrierpay_ctx_t  *ctx;

    if (ngx_http_carrierpay_body_encoded(r)) {
        return ngx_http_carrierpay_body_unsupported(r);
    }

    len = r->headers_in.content_length_n;

    if (len > NGX_HTTP_CARRIERPAY_BODY_DRAIN
        || (len > (off_t) max && r->headers_in.expect))
    {
        return ngx_http_carrierpay_body_too_large(r);
    }

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->body_max = (len >= 0 && len < (off_t) max) ? (size_t) len : max;

    ctx->body.len = 0;
    ctx->body.data = ngx_pnalloc(r->pool, ctx->body_max + 1);
    if (ctx->body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->body_handler = handler;

    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_carrierpay_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


ngx_int_t
ngx_http_carrierpay_body_none(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler)
{
    ngx_int_t  rc;
    ngx_str_t  none = ngx_null_string;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = handler(r, &none);

    if (rc == NGX_AGAIN) {
        r->main->count++;
        return NGX_DONE;
    }

    return rc;
}


/* called with what arrived together with the header, then at each arrival */

static void
ngx_http_carrierpay_body_handler(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    rc = ngx_http_carrierpay_body_step(r, ctx);

    if (rc == NGX_AGAIN) {
        r->read_event_handler = ngx_http_carrierpay_body_handler;
        return;
    }

    if (rc == NGX_OK) {
        r->read_event_handler = ngx_http_block_reading;
        ngx_carrierpay_text_skip_mark(&ctx->body);
        rc = ctx->body_handler(r, &ctx->body);

    } else if (rc == NGX_DECLINED) {
        rc = ngx_http_carrierpay_body_too_large(r);
    }

    if (rc != NGX_AGAIN) {
        ngx_http_finalize_request(r, rc);
    }
}


/*
 * NGX_OK: the body is complete.  NGX_AGAIN: more is to come.  NGX_DECLINED: it
 * is too large.  Or a status of HTTP.
 */

static ngx_int_t
ngx_http_carrierpay_body_step(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    ngx_int_t  rc;

    for ( ;; ) {
        if (ngx_http_carrierpay_body_collect(r, ctx) != NGX_OK) {
            return NGX_DECLINED;
        }

        if (!r->reading_body) {
            return (ctx->body.len <= ctx->body_max) ? NGX_OK : NGX_DECLINED;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            return rc;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return NGX_AGAIN;
        }
    }
}


/*
 * Moves the bytes out of nginx's buffers, so that these can be used again.
 * Bytes beyond the limit are counted and dropped.
 */

static ngx_int_t
ngx_http_carrierpay_body_collect(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    size_t        len;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;
        len = b->last - b->pos;

        /* the last buf may be special, without memory */

        if (len && ctx->body.len + len <= ctx->body_max) {
            ngx_memcpy(ctx->body.data + ctx->body.len, b->pos, len);
        }

        ctx->body.len += len;
        b->pos = b->last;
    }

    r->request_body->bufs = NULL;

    return (ctx->body.len <= NGX_HTTP_CARRIERPAY_BODY_DRAIN) ? NGX_OK
                                                             : NGX_DECLINED;
}


/* A list of codings, or a header that is given twice, is an encoding, too. */

static ngx_uint_t
ngx_http_carrierpay_body_encoded(ngx_http_request_t *r)
{
    ngx_int_t  rc;
    ngx_str_t  coding;

    rc = ngx_http_carrierpay_request_header(r, "content-encoding", &coding);

    return rc == NGX_BUSY
           || (rc == NGX_OK && coding.len
               && (coding.len != sizeof("identity") - 1
                   || ngx_strncasecmp(coding.data, (u_char *) "identity",
                                      coding.len)
                      != 0));
}


static ngx_int_t
ngx_http_carrierpay_body_unsupported(ngx_http_request_t *r)
{
    ngx_str_t  identity = ngx_string("identity");

    ngx_http_carrierpay_body_leave(r);

    if (ngx_http_carrierpay_reply_header(r, "Accept-Encoding", &identity)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_error(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE);
}


static ngx_int_t
ngx_http_carrierpay_body_too_large(ngx_http_request_t *r)
{
    ngx_http_carrierpay_body_leave(r);

    return ngx_http_carrierpay_error(r, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
}


/* nginx is not asked to read the rest */

static void
ngx_http_carrierpay_body_leave(ngx_http_request_t *r)
{
    r->expect_tested = 1;

    if (r->request_body == NULL) {
        r->keepalive = 0;
        (void) ngx_http_discard_request_body(r);
    }
}


ngx_int_t
ngx_http_carrierpay_body_field(ngx_pool_t *pool, ngx_str_t *body,
    const char *name, ngx_str_t *value)
{
    size_t      len;
    u_char     *p, *end, *last, *found;
    ngx_uint_t  n;

    n = 0;
    found = NULL;
    len = ngx_strlen(name);
    end = body->data + body->len;

    for (p = body->data; p < end; p = last + 1) {
        last = ngx_strlchr(p, end, '&');
        if (last == NULL) {
            last = end;
        }

        if ((size_t) (last - p) > len && p[len] == '='
            && ngx_strncmp(p, name, len) == 0)
        {
            found = p + len + 1;
            n++;
        }
    }

    if (n != 1) {
        return NGX_DECLINED;
    }

    last = ngx_strlchr(found, end, '&');

    return ngx_http_carrierpay_body_decode(pool, found, last ? last : end,
                                           value);
}


static ngx_int_t
ngx_http_carrierpay_body_decode(ngx_pool_t *pool, u_char *p, u_char *last,
    ngx_str_t *value)
{
    u_char     *dst;
    ngx_int_t   n;

    value->data = ngx_pnalloc(pool, last - p + 1);
    if (value->data == NULL) {
        return NGX_DECLINED;
    }

    for (dst = value->data; p < last; p++) {
        if (*p == '+') {
            *dst++ = ' ';
            continue;
        }

        if (*p != '%') {
            *dst++ = *p;
            continue;
        }

        if (last - p < 3) {
            return NGX_DECLINED;
        }

        n = ngx_hextoi(p + 1, 2);
        if (n == NGX_ERROR) {
            return NGX_DECLINED;
        }

        *dst++ = (u_char) n;
        p += 2;
    }

    value->len = dst - value->data;

    return NGX_OK;
}
