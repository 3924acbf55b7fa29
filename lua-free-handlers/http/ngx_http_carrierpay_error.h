
/*
 * Errors in the form that the clients of a location read: a problem for
 * programs, a page for shoppers.
 *
 * This holds for what nginx itself refuses, too: "deny", a malformed chunk, a
 * worker without memory.  A filter of headers puts the location's answer in
 * the place of nginx's page.  An error_page of the operator's comes before it,
 * as it redirects the request to another location.  A request that is refused
 * before its path is known (a malformed request line) has no location, and so
 * it gets nginx's page.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ERROR_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ERROR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Answers with an error in the form of the request's location, or as a problem
 * when it has none.  What is returned is for ngx_http_finalize_request().
 */
ngx_int_t ngx_http_carrierpay_error(ngx_http_request_t *r, ngx_uint_t status);

/* The form of a location for programs: a problem that follows from status. */
ngx_int_t ngx_http_carrierpay_error_problem(ngx_http_request_t *r,
    ngx_uint_t status);

/* Adds the filter; to be called in postconfiguration. */
void ngx_http_carrierpay_error_init(void);


#endif /* _NGX_HTTP_CARRIERPAY_ERROR_H_INCLUDED_ */
