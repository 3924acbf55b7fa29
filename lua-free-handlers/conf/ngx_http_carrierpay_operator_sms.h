
/*
 * The directives of a carrierpay_operator block that say how its customers
 * are written to.
 */


#ifndef _NGX_HTTP_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* conf is ngx_carrierpay_operator_t */
char *ngx_http_carrierpay_operator_sms(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_operator_sms_from(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_operator_language(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_ */
