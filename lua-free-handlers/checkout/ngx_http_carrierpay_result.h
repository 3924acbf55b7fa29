
/*
 * From a form to the page that says what it came to.
 *
 * A form is answered with a redirect, so that neither Back nor a reload sends
 * it again; what the next page says is kept in between.  The store is
 * ngx_carrierpay_form_result.h, this is the value.  The browser's token is in
 * a cookie of this payment's pages: a link that is given away shows nothing of
 * it, and the same browser finds the page of its PIN again.
 */


#ifndef _NGX_HTTP_CARRIERPAY_RESULT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_RESULT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/* Gives the browser a token, if it has none; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_result_begin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);

/*
 * Writes what the form came to, and that this page is to say so, into *text,
 * in the request's pool.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_result_pack(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p,
    ngx_str_t *text);

/*
 * Takes up what the browser's last form came to.  NGX_OK: cr->page is to be
 * shown.  NGX_DECLINED: there is nothing, or it is another payment's or
 * version's, the payment has gone on since, or the request asks for something
 * else; then at most the number that was typed is taken over.  NGX_ERROR
 * (memory).
 */
ngx_int_t ngx_http_carrierpay_result_resume(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);


#endif /* _NGX_HTTP_CARRIERPAY_RESULT_H_INCLUDED_ */
