
/*
 * header and mccmnc_header of an operator's block: the request headers that
 * the operator's gateway adds.
 */


#ifndef _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_flow.h"


/* The setter of header; conf is an ngx_carrierpay_operator_t. */
char *ngx_http_carrierpay_header_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* For ngx_conf_set_str_slot(), the setter of mccmnc_header. */
extern ngx_conf_post_t  ngx_http_carrierpay_header_directive_mccmnc;

/*
 * Gives the headers of all operators their keys; to be called when the whole
 * configuration has been read.  NGX_OK, or NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_header_directive_keys(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf);


#endif /* _NGX_HTTP_CARRIERPAY_HEADER_DIRECTIVE_H_INCLUDED_ */
