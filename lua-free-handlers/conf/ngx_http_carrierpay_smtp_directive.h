
/*
 * carrierpay_smtp: the mail server.  Its host is resolved once, while the
 * configuration is read, as proxy_pass does; a worker asks no resolver.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SMTP_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SMTP_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* The setter in http{}; conf is an ngx_http_carrierpay_main_conf_t. */
char *ngx_http_carrierpay_smtp_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SMTP_DIRECTIVE_H_INCLUDED_ */
