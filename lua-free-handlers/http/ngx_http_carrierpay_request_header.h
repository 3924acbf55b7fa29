
/*
 * The headers of a request.
 */


#ifndef _NGX_HTTP_CARRIERPAY_REQUEST_HEADER_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_REQUEST_HEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Finds the value of a header by its name in small letters; it points into the
 * request.  NGX_OK when there is exactly one header with the name,
 * NGX_DECLINED when there is none, NGX_BUSY when there are several.
 */
ngx_int_t ngx_http_carrierpay_request_header(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_REQUEST_HEADER_H_INCLUDED_ */
