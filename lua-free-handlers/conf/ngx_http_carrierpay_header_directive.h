
/*
 * header and mccmnc_header of an operator's block: what its gateway adds.
 */


#ifndef _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"


/* in the block: conf is ngx_carrierpay_operator_t */
char *ngx_http_carrierpay_header_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_mccmnc_header(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Gives the headers of all operators their keys, when the whole
 * configuration has been read.  NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_header_keys(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf);


#endif /* _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_ */
