
/*
 * Routes: the handler of a method and a path.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* The request must be authenticated before its endpoint is called. */
#define NGX_HTTP_CARRIERPAY_ROUTE_AUTH  1


/*
 * A path may have one {id}, which stands for any text without a slash; the
 * text is in ctx->id then.  NGX_HTTP_GET is HEAD as well.  When body_max is 0,
 * a body is discarded.  A table ends with an empty path.
 */
struct ngx_http_carrierpay_route_s {
    ngx_uint_t                       method;
    ngx_str_t                        path;
    size_t                           body_max;   /* bytes */
    ngx_http_carrierpay_handler_pt   endpoint;
    ngx_uint_t                       flags;
};


/*
 * Finds the route of a path, sets ctx->route, reads the body if the route
 * takes one, and calls the endpoint; to be returned by a content handler.  A
 * path or a method that is not in the table is answered with 404 or 405 in the
 * form of the location (ngx_http_carrierpay_error.h).
 */
ngx_int_t ngx_http_carrierpay_route(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *routes, ngx_str_t *path);

/*
 * The same for a table with rows flagged AUTH.  `authenticate` is called in
 * place of their endpoints; it calls ctx->route->endpoint with the body, at
 * once or later, or answers the request.
 */
ngx_int_t ngx_http_carrierpay_route_auth(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *routes, ngx_str_t *path,
    ngx_http_carrierpay_handler_pt authenticate);

/*
 * The request's path inside a location whose name ends with a slash: the
 * slash and what follows.
 */
void ngx_http_carrierpay_route_tail(ngx_http_request_t *r, ngx_str_t *path);


#endif /* _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_ */
