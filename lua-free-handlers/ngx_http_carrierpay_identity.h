
/*
 * Who the shopper is: decided on the plain listener, used on both hops.
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_session.h"
#include "ngx_http_carrierpay_ctx.h"


extern ngx_module_t  ngx_http_carrierpay_identity_module;


typedef struct {
    ngx_str_t      url;           /* of carrierpay_identify */
} ngx_http_carrierpay_identity_loc_conf_t;


/* The result as logs, metrics and ?n= say it. */
ngx_str_t *ngx_http_carrierpay_identity_word(
    ngx_http_carrierpay_identity_e identity);

/* The content handler of carrierpay_identify. */
ngx_int_t ngx_http_carrierpay_identify_handler(ngx_http_request_t *r);

/* The payment of a checkout token; NGX_DECLINED: it is not one of ours. */
ngx_int_t ngx_http_carrierpay_checkout_id(ngx_http_request_t *r,
    ngx_str_t *token, int64_t *id);

/* Fills family and agent: what must be alike on both hops. */
void ngx_http_carrierpay_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor);


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_ */
