
/*
 * The directives that name the backends.  Names are refused: neither libpq
 * nor hiredis may ask a resolver in a worker.
 */


#ifndef _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* in http{}: conf is ngx_http_carrierpay_main_conf_t */
char *ngx_http_carrierpay_postgres(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_redis(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * The first line of a file, whose name is made a full one: nginx -T prints
 * directives, not files.  NULL, or what is wrong with the file.
 */
const char *ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password);


#endif /* _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_ */
