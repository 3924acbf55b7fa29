
/*
 * A form of the checkout that was posted, and its fields.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Every handler of a form begins with this.  NGX_DECLINED: *cr is set, go on.
 * Anything else is what the handler returns: there is no such payment, or the
 * form was not sent by a page of ours, and the request has been answered.
 */
ngx_int_t ngx_http_carrierpay_checkout_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t **cr);

/*
 * The same for a form that has no token of its own: it must have the one of
 * its page.
 */
ngx_int_t ngx_http_carrierpay_checkout_page_form(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_checkout_request_t **cr);

/* A field of the body; len 0: the form has none, or more than one. */
void ngx_http_carrierpay_checkout_field(ngx_http_request_t *r,
    ngx_str_t *body, const char *name, ngx_str_t *value);

/*
 * The token of the form, into cr->token.  NGX_DECLINED: the form has none, or
 * it cannot be one of ours.
 */
ngx_int_t ngx_http_carrierpay_checkout_token(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_checkout_request_t *cr);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_H_INCLUDED_ */
