
/*
 * report and mo_fields of a carrierpay_sms block with the dialect sms_http:
 * which fields of a gateway's call hold what.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMS_FIELDS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMS_FIELDS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Setters in the block; cmd->offset is that of the
 * ngx_carrierpay_sms_http_conf_t in conf.
 */

char *ngx_http_carrierpay_sms_fields_report(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_sms_fields_mo(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SMS_FIELDS_H_INCLUDED_ */
