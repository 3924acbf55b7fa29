
/*
 * The body of a request: read into memory, never into a file, up to a limit
 * of our own; and the fields of a form.
 *
 * nginx's buffering would write what exceeds client_body_buffer_size to a
 * temporary file, which blocks the worker; so the body is read unbuffered and
 * gathered here.  client_max_body_size is switched off for our locations:
 * its answer is a page of nginx's, ours is a problem.
 */


#ifndef _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


#define NGX_HTTP_CARRIERPAY_BODY_MAX  16384


/*
 * For content handlers: reads at most max bytes, then calls the handler with
 * them; beyond, answers 413.  Returns what the content handler returns.
 */
ngx_int_t ngx_http_carrierpay_body_read(ngx_http_request_t *r, size_t max,
    ngx_http_carrierpay_handler_pt handler);

/* The same for a request whose body, if any, is thrown away. */
ngx_int_t ngx_http_carrierpay_body_none(ngx_http_request_t *r,
    ngx_http_carrierpay_handler_pt handler);

/*
 * For a merge_loc_conf: in the location that cf is at, nginx's limit of
 * bodies is switched off.
 */
void ngx_http_carrierpay_body_own_limit(ngx_conf_t *cf);

/*
 * A field of an application/x-www-form-urlencoded body: NGX_OK and the value
 * decoded in the pool, NGX_DECLINED: not there, given twice or malformed.
 */
ngx_int_t ngx_http_carrierpay_body_field(ngx_pool_t *pool, ngx_str_t *body,
    const char *name, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_BODY_H_INCLUDED_ */
