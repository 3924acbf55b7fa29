
/*
 * The self-test of identification: why the end user of a request was
 * identified, or not, in JSON.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * The handler of carrierpay_self_test: the decision on the request itself,
 * with the number masked; with ?address= only what the configuration has of
 * that address.
 */
ngx_int_t ngx_http_carrierpay_self_test(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_SELF_TEST_H_INCLUDED_ */
