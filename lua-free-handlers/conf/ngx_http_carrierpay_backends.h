
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

/* Returns what is wrong with "name=value", or NULL. */

typedef const char *(*ngx_http_carrierpay_parameter_pt)(ngx_conf_t *cf,
    void *data, ngx_str_t *name, ngx_str_t *value);

/* All of a directive.  NGX_ERROR: one is wrong, and the log says which. */
ngx_int_t ngx_http_carrierpay_parameters(ngx_conf_t *cf,
    ngx_http_carrierpay_parameter_pt handler, void *data);

/*
 * The first line of a file, whose name is made a full one: nginx -T prints
 * directives, not files.  NULL, or what is wrong with the file.
 */
const char *ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password);


#endif /* _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_ */
