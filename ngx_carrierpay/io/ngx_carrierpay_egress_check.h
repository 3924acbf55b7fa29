
/*
 * Is the way out safe?  Looked at once, when the configuration has been read.
 */


#ifndef _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_egress.h"


/*
 * Checks when the configuration has been read: that the location of a `pass`
 * is there, internal, with proxy_pass; and that no location of the server
 * could send a POST twice or keep an answer from coming whole and as it is.
 * NGX_OK, or NGX_ERROR after a log line with location, file and line.
 */
ngx_int_t ngx_carrierpay_egress_check(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_str_t *location, u_char *file,
    ngx_uint_t line);
ngx_int_t ngx_carrierpay_egress_check_server(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress);


#endif /* _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_ */
