
/*
 * What the plain listener and the shopper's pages have in common.
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_session.h"


extern ngx_module_t  ngx_http_carrierpay_identity_module;


/* The payment of a checkout token; NGX_DECLINED: it is not one of ours. */
ngx_int_t ngx_http_carrierpay_checkout_id(ngx_http_request_t *r,
    ngx_str_t *token, int64_t *id);

/* Fills family and agent: what must be alike on both hops. */
void ngx_http_carrierpay_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor);


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_ */
