
/*
 * Blocks in http{}: carrierpay_operator, mvno, carrierpay_sms.
 *
 * nginx's own parser reads a block, with a command type that only the
 * directives of the block have, so that it reports unknown and misplaced
 * directives itself.
 */


#ifndef _NGX_HTTP_CARRIERPAY_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Command types that nginx does not use, neither 1.22 nor mainline, and that
 * are outside NGX_ANY_CONF.
 */

#define NGX_HTTP_CARRIERPAY_OPERATOR_CONF  0x00100000
#define NGX_HTTP_CARRIERPAY_MVNO_CONF      0x00200000
#define NGX_HTTP_CARRIERPAY_SMS_CONF       0x00400000

#define NGX_HTTP_CARRIERPAY_BLOCKS                                            \
    (NGX_HTTP_CARRIERPAY_OPERATOR_CONF | NGX_HTTP_CARRIERPAY_MVNO_CONF        \
     | NGX_HTTP_CARRIERPAY_SMS_CONF)

#if (NGX_HTTP_CARRIERPAY_BLOCKS                                               \
     & (NGX_ANY_CONF | NGX_CONF_ARGS_NUMBER | NGX_CONF_BLOCK | NGX_CONF_FLAG  \
        | NGX_CONF_ANY | NGX_CONF_1MORE | NGX_CONF_2MORE | NGX_MAIN_CONF      \
        | NGX_DIRECT_CONF | NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF            \
        | NGX_HTTP_LOC_CONF | NGX_HTTP_UPS_CONF | NGX_HTTP_SIF_CONF           \
        | NGX_HTTP_LIF_CONF | NGX_HTTP_LMT_CONF))
#error the command types of our blocks are taken
#endif


/*
 * Parses the block that cf is at: its directives are those of the module with
 * this command type, and they fill conf.  Returns NGX_CONF_OK, or
 * NGX_CONF_ERROR after a log line.
 */
char *ngx_http_carrierpay_block_parse(ngx_conf_t *cf, ngx_module_t *module,
    ngx_uint_t type, void *conf);

/*
 * Checks the name of a block (of an operator, an MVNO, a provider): NGX_OK, or
 * NGX_ERROR after a log line.
 */
ngx_int_t ngx_http_carrierpay_block_name(ngx_conf_t *cf, ngx_str_t *name);

/* 1 when the name is 1 to max letters a-z, digits and underscores, else 0. */
ngx_uint_t ngx_http_carrierpay_block_name_valid(ngx_str_t *name, size_t max);


#endif /* _NGX_HTTP_CARRIERPAY_BLOCK_H_INCLUDED_ */
