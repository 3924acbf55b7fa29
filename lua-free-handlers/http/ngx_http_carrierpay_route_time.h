
/*
 * How long the requests of a table of routes take: a histogram for each route.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ROUTE_TIME_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ROUTE_TIME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * Measures the routes of a table from now on; for init_process.  NGX_OK, or
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_http_carrierpay_route_time_table(ngx_cycle_t *cycle,
    ngx_http_carrierpay_route_t *routes);

/*
 * Measures a request, which has been found to be of this route, at its end, if
 * the route is measured.  NGX_OK, or NGX_ERROR: memory is short.
 */
ngx_int_t ngx_http_carrierpay_route_time(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *route);


#endif /* _NGX_HTTP_CARRIERPAY_ROUTE_TIME_H_INCLUDED_ */
