
/*
 * Is it the shopper who has sent this form?  What browsers say of where a
 * request comes from: Origin and Fetch Metadata.
 *
 * A browser that says nothing (an old one, or no browser) is let through:
 * forms have a token of their own.
 */


#ifndef _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* Was it sent by a page of our own origin, as far as the browser says? */
ngx_uint_t ngx_http_carrierpay_guard_own(ngx_http_request_t *r);

/*
 * Was it sent because somebody touched something?  A browser that knows of
 * Sec-Fetch-User says so; WebKit's knows of Fetch Metadata, but not of this.
 */
ngx_uint_t ngx_http_carrierpay_guard_touched(ngx_http_request_t *r);

/* Does the page lie in a frame of another one? */
ngx_uint_t ngx_http_carrierpay_guard_framed(ngx_http_request_t *r);

/* Does the browser say what it is? */
ngx_uint_t ngx_http_carrierpay_guard_agent(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_ */
