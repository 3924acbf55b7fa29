
/*
 * carrierpay_operator name { ... }: the setters of the block.
 *
 * Inside the block nginx's own parser runs with a command type of ours, so
 * that it reports unknown, misplaced and duplicate directives itself.
 */


#ifndef _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Command types that no nginx uses: free in 1.22 and in mainline, and outside
 * NGX_ANY_CONF.
 */

#define NGX_HTTP_CARRIERPAY_OPERATOR_CONF  0x00100000
#define NGX_HTTP_CARRIERPAY_MVNO_CONF      0x00200000

#if ((NGX_HTTP_CARRIERPAY_OPERATOR_CONF | NGX_HTTP_CARRIERPAY_MVNO_CONF)      \
     & (NGX_ANY_CONF | NGX_CONF_ARGS_NUMBER | NGX_CONF_BLOCK | NGX_CONF_FLAG  \
        | NGX_CONF_ANY | NGX_CONF_1MORE | NGX_CONF_2MORE | NGX_MAIN_CONF      \
        | NGX_DIRECT_CONF | NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF            \
        | NGX_HTTP_LOC_CONF | NGX_HTTP_UPS_CONF | NGX_HTTP_SIF_CONF           \
        | NGX_HTTP_LIF_CONF | NGX_HTTP_LMT_CONF))
#error the command types of operator blocks are taken
#endif


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
 * Parses a block whose directives, of the command type, fill conf.
 */
char *ngx_http_carrierpay_operator_parse(ngx_conf_t *cf, ngx_uint_t type,
    void *conf);

/* the name of an operator or an MVNO: NGX_OK, or NGX_ERROR and a log line */
ngx_int_t ngx_http_carrierpay_operator_name(ngx_conf_t *cf, ngx_str_t *name);

/* NGX_OK, or NGX_ERROR when memory is short */
ngx_int_t ngx_http_carrierpay_operator_written(ngx_conf_t *cf,
    ngx_array_t *list, ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_OPERATOR_BLOCK_H_INCLUDED_ */
