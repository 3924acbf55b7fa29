
/*
 * carrierpay_sms name { ... }: an SMS gateway.
 *
 * The directives of any gateway; those of the dialect sms_http are in
 * ngx_http_carrierpay_sms_http_block.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_sms_http.h"


/* what a block fills; the second half is used by sms_http alone */

typedef struct {
    ngx_carrierpay_sms_provider_t    provider;
    ngx_carrierpay_sms_http_conf_t   http;
} ngx_http_carrierpay_sms_block_t;


extern ngx_module_t  ngx_http_carrierpay_sms_module;


/* in http{} */
char *ngx_http_carrierpay_sms_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* in the block: conf is ngx_http_carrierpay_sms_block_t */
char *ngx_http_carrierpay_sms_dialect(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_password(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_parts(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_price(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_mo(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* a string that goes into a header: cmd->offset tells which */
char *ngx_http_carrierpay_sms_word(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_ */
