
/*
 * The id of a request, which its answer and the log carry: the client's own
 * X-Request-Id when it is well formed, else 128 random bits in hexadecimal, as
 * nginx's $request_id, which is another number.
 */


#ifndef _NGX_HTTP_CARRIERPAY_REQUEST_ID_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_REQUEST_ID_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Adds the variable $carrierpay_request_id; to be called in preconfiguration.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_request_id_add_variable(ngx_conf_t *cf);

/* The id, which lives as long as the request; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_request_id(ngx_http_request_t *r,
    ngx_str_t *id);


#endif /* _NGX_HTTP_CARRIERPAY_REQUEST_ID_H_INCLUDED_ */
