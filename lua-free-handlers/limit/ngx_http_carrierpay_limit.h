
/*
 * Rate limits of requests.
 *
 * A limit whose key is known in PREACCESS (the address, a value of variables,
 * the subscriber on a listener with enrichment) is charged there, once for
 * each request and before the body is read.  A key that is learnt later (the
 * merchant) is charged by the content handler that learns it.
 *
 * A request that is refused or delayed, or that waits for Redis, is taken care
 * of here: the caller goes on only with NGX_DECLINED, or when its handler is
 * called.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_limit_conf.h"


/*
 * Charges the limits of a key that a content handler has learnt; the bytes of
 * the key are not kept.
 *
 * NGX_DECLINED: the caller goes on.  Any other value is to be returned: the
 * request has been answered with 429, or (NGX_AGAIN) the handler is called
 * when it may go on, or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_limit_late(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind, u_char *data, size_t len,
    ngx_http_carrierpay_limit_pt handler);

/*
 * The bytes of the client's block of addresses (/24, /48), which is what the
 * budgets of SMS count; they point into the request.
 */
void ngx_http_carrierpay_limit_block(ngx_http_request_t *r,
    ngx_str_t *block);

/* The handler of the phase PREACCESS. */
ngx_int_t ngx_http_carrierpay_limit_handler(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_ */
