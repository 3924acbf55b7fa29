
/*
 * carrierpay_operator name { ... }: the setters of the block.
 */


#ifndef _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* in http{} */
char *ngx_http_carrierpay_operator_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* in the block: conf is ngx_carrierpay_operator_t */
char *ngx_http_carrierpay_operator_country(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_currency(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_operator_network(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_numbering(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_operator_limit(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_dialect(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_lookup(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* in the block or in that of an MVNO: cmd->offset tells what is filled */
char *ngx_http_carrierpay_operator_mccmnc(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_prefix(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_billing(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * The name of an operator, an MVNO, a provider: NGX_OK, or NGX_ERROR and a log
 * line.
 */
ngx_int_t ngx_http_carrierpay_operator_name(ngx_conf_t *cf, ngx_str_t *name);

/* NGX_OK, or NGX_ERROR when memory is short */
ngx_int_t ngx_http_carrierpay_operator_conf_value(ngx_conf_t *cf,
    ngx_array_t *list, ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_ */
