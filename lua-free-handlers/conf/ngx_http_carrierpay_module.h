
/*
 * The main module: the configuration that all other modules share, and the
 * service of a worker.
 */


#ifndef _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"


typedef struct {
    ngx_carrierpay_conf_t     conf;
    ngx_carrierpay_core_t    *core;     /* of this worker; else NULL */
} ngx_http_carrierpay_main_conf_t;


extern ngx_module_t  ngx_http_carrierpay_module;
extern ngx_module_t  ngx_http_carrierpay_operator_module;


/* The configuration that the request is served by. */
ngx_carrierpay_conf_t *ngx_http_carrierpay_conf(ngx_http_request_t *r);

/* The service of this worker; NULL when it has not started. */
ngx_carrierpay_core_t *ngx_http_carrierpay_core(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_ */
