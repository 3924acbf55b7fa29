
/*
 * A notice: a page of one heading and one sentence that is complete in itself,
 * with no file beside it.  So it can be shown where no payment is known, and
 * on the plain listener.  It is in the browser's language.
 */


#ifndef _NGX_HTTP_CARRIERPAY_NOTICE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_NOTICE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Answers 200 with a form that posts to the request's own URL, by itself or,
 * without scripts, by its button.  It stands before a page that is more than
 * looked at when the client does not say that a shopper opens it: an image, a
 * prefetch or a robot posts nothing.  It cannot be framed, and it leaves no
 * entry in the browser's history.
 */
ngx_int_t ngx_http_carrierpay_notice_open(ngx_http_request_t *r);

/*
 * The form of errors of a location for shoppers
 * (ngx_http_carrierpay_location.h).
 */
ngx_int_t ngx_http_carrierpay_notice_error(ngx_http_request_t *r,
    ngx_uint_t status);


#endif /* _NGX_HTTP_CARRIERPAY_NOTICE_H_INCLUDED_ */
