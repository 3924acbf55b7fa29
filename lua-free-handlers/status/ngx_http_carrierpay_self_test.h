
/*
 * Why a request is believed, or not: the decision on itself, in JSON.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * The handler of carrierpay_self_test: the decision on the request that asks,
 * its line masked.  With ?address= just what is known of that address.
 */
ngx_int_t ngx_http_carrierpay_self_test(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_ */
