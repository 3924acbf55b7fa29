
/*
 * The directives that say where PostgreSQL and Redis are.  They take IP
 * addresses and sockets but no host names: neither libpq nor hiredis may ask
 * a resolver in a worker.
 */


#ifndef _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* Setters in http{}; conf is an ngx_http_carrierpay_main_conf_t. */

char *ngx_http_carrierpay_backends_postgres(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_backends_redis(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_BACKENDS_H_INCLUDED_ */
