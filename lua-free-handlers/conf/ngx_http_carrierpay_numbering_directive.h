
/*
 * numbering in an operator's block: the plan of the operator's country.
 */


#ifndef _NGX_HTTP_CARRIERPAY_NUMBERING_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_NUMBERING_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* The setter; conf is an ngx_carrierpay_operator_t. */
char *ngx_http_carrierpay_numbering_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_NUMBERING_DIRECTIVE_H_INCLUDED_ */
