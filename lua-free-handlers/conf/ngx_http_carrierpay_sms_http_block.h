
/*
 * The directives of a carrierpay_sms block with the dialect sms_http.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_http.h"


/* Makes the lists of a zeroed conf; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_sms_http_create(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http);

/* Has a directive of sms_http been given? */
ngx_uint_t ngx_http_carrierpay_sms_http_given(
    ngx_carrierpay_sms_http_conf_t *http);

/* Fills in what was not given; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_sms_http_defaults(
    ngx_carrierpay_sms_http_conf_t *http);

/* in the block: conf is ngx_http_carrierpay_sms_block_t */
char *ngx_http_carrierpay_sms_request(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_statuses(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_report(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_mo_fields(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_ */
