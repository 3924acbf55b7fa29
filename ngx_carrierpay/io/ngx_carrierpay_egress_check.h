
/*
 * Checks of the egress server, made once, when the configuration has been
 * read.
 */


#ifndef _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_egress_call.h"


/*
 * The first checks that the location of a `pass`, which stands in the given
 * file and line, exists, is internal and has proxy_pass.  The second checks
 * that no location of the server could send a POST twice, or keep an answer
 * from coming whole and unchanged.  NGX_OK, or NGX_ERROR after a log line.
 */
ngx_int_t ngx_carrierpay_egress_check(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_str_t *location, u_char *file,
    ngx_uint_t line);
ngx_int_t ngx_carrierpay_egress_check_server(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress);


#endif /* _NGX_CARRIERPAY_EGRESS_CHECK_H_INCLUDED_ */
