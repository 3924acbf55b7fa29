
/*
 * The directives of a carrierpay_sms block with the dialect sms_http, beside
 * those of ngx_http_carrierpay_sms_fields.h.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_http.h"


/* Makes the lists of a zeroed conf; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_sms_http_block_create(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http);

/* 1 when a directive of sms_http has been given, else 0. */
ngx_uint_t ngx_http_carrierpay_sms_http_block_given(
    ngx_carrierpay_sms_http_conf_t *http);

/* Fills in what was not given; NGX_OK or NGX_ERROR. */
ngx_int_t ngx_http_carrierpay_sms_http_block_defaults(
    ngx_carrierpay_sms_http_conf_t *http);

/*
 * Setters in the block; cmd->offset is that of the
 * ngx_carrierpay_sms_http_conf_t in conf.
 */
char *ngx_http_carrierpay_sms_http_block_request(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_sms_http_block_success(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_sms_http_block_refused(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SMS_HTTP_BLOCK_H_INCLUDED_ */
