
/*
 * What rows of the main module have as cmd->post of ngx_conf_set_str_slot(),
 * and the setter of carrierpay_zone.
 */


#ifndef _NGX_HTTP_CARRIERPAY_MAIN_SLOT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_MAIN_SLOT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* a URL that paths are appended to */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_base_url;

/* the same for URLs that SMS gateways fill in: no query, no percent sign */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_callback_url;

/* a link of the pages: https */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_https;

/* a text of the pages: UTF-8, one line, not empty */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_shown;

/* the file of ported numbers, which notes the line of the directive */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_ported;

/* the file of secrets, which is read into the keyring of the main conf */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_secrets;

/* webhook_pass of the main conf, which notes the line of the directive */
extern ngx_conf_post_t  ngx_http_carrierpay_main_slot_webhook_pass;


/* The setter of carrierpay_zone; conf is the main module's. */
char *ngx_http_carrierpay_main_slot_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_MAIN_SLOT_H_INCLUDED_ */
