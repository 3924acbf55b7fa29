
/*
 * carrierpay_sms name { ... }: an SMS gateway.
 *
 * Here are the directives of any gateway; those of the dialect sms_http are in
 * ngx_http_carrierpay_sms_http_block.h.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_sms_http.h"
#include "ngx_http_carrierpay_slot.h"


/* what a block fills; only the dialect sms_http uses the second half */

typedef struct {
    ngx_carrierpay_sms_provider_t    provider;
    ngx_carrierpay_sms_http_conf_t   http;
} ngx_http_carrierpay_sms_block_t;


extern ngx_module_t  ngx_http_carrierpay_sms_module;


/* The setter in http{}; conf is not used. */
char *ngx_http_carrierpay_sms_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* Setters in the block; conf is an ngx_http_carrierpay_sms_block_t. */

char *ngx_http_carrierpay_sms_block_password(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_sms_block_answer(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_sms_block_price(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* cmd->post of the slots in the block; visible is for text in a header */

extern ngx_conf_post_t  ngx_http_carrierpay_sms_block_visible;
extern ngx_http_carrierpay_slot_find_t  ngx_http_carrierpay_sms_block_dialect;
extern ngx_http_carrierpay_slot_number_t  ngx_http_carrierpay_sms_block_parts;
extern ngx_http_carrierpay_slot_enum_t  ngx_http_carrierpay_sms_block_mo;


#endif /* _NGX_HTTP_CARRIERPAY_SMS_BLOCK_H_INCLUDED_ */
