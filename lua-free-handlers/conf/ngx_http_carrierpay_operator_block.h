
/*
 * carrierpay_operator name { ... }: the block, and those of its setters that
 * are no slots.
 */


#ifndef _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


extern ngx_module_t  ngx_http_carrierpay_operator_module;


/* The setter in http{}; conf is not used. */
char *ngx_http_carrierpay_operator_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Setters in the block; conf is an ngx_carrierpay_operator_t.  cmd->offset of
 * network is the kind, an ngx_carrierpay_network_e.
 */
char *ngx_http_carrierpay_operator_block_network(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_operator_block_lookup(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

/*
 * The setter of billing, in the block or in that of an MVNO: cmd->offset is
 * that of the ngx_carrierpay_billing_t, and cmd->post the ngx_str_t to be the
 * reason when the directive is "off" without one.
 */
char *ngx_http_carrierpay_operator_block_billing(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_ */
