
/*
 * The body of a request, which is read into memory up to the limit of a route;
 * and the fields of a form.
 *
 * nginx would write a body that exceeds client_body_buffer_size to a temporary
 * file, which blocks the worker, so the body is read unbuffered and collected
 * here, up to the limit of a route: client_max_body_size is switched off in
 * our locations.  A body with a Content-Encoding is refused with 415.
 */


#ifndef _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


#define NGX_HTTP_CARRIERPAY_BODY_MAX  16384


/*
 * For content handlers: reads the body and calls the handler with it, or
 * answers 413 when it has more than max bytes, or 415 when it is encoded.
 * Returns what the content handler returns.
 */
ngx_int_t ngx_http_carrierpay_body_read(ngx_http_request_t *r, size_t max,
    ngx_http_carrierpay_handler_pt handler);

/* The same for a request whose body, if it has one, is discarded. */
ngx_int_t ngx_http_carrierpay_body_none(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler);

/*
 * Finds a field of an application/x-www-form-urlencoded body.  NGX_OK: the
 * value is decoded, in the pool.  NGX_DECLINED: there is none, or two, or it
 * is malformed.
 */
ngx_int_t ngx_http_carrierpay_body_field(ngx_pool_t *pool, ngx_str_t *body,
    const char *name, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_ */
