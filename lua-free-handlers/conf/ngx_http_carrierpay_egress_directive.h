
/*
 * carrierpay_egress: the server whose locations pass the calls to operators,
 * SMS gateways and merchants on.
 */


#ifndef _NGX_HTTP_CARRIERPAY_EGRESS_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_EGRESS_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_flow.h"


/* The setter in server{}; conf is an ngx_http_carrierpay_main_conf_t. */
char *ngx_http_carrierpay_egress_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

/*
 * Adds the variables of a webhook's call, for the locations of that server; to
 * be called in preconfiguration.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_egress_directive_variables(ngx_conf_t *cf);

/*
 * Checks that each location that operators and webhooks name exists, and takes
 * the server's resolver; to be called in postconfiguration.  NGX_OK, or
 * NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_egress_directive_check(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf);


#endif /* _NGX_HTTP_CARRIERPAY_EGRESS_DIRECTIVE_H_INCLUDED_ */
