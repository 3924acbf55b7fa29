
/*
 * mvno name { ... } inside an operator's block: a brand on the operator's
 * network, whose subscribers have rules of their own.
 */


#ifndef _NGX_HTTP_CARRIERPAY_MVNO_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_MVNO_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* The setter in an operator's block; conf is the ngx_carrierpay_operator_t. */
char *ngx_http_carrierpay_mvno_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_MVNO_BLOCK_H_INCLUDED_ */
