
/*
 * What the other modules of the .so know of the main one.
 */


#ifndef _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"


typedef struct {
    ngx_carrierpay_conf_t     conf;
    ngx_carrierpay_core_t    *core;     /* of this worker; NULL in others */
} ngx_http_carrierpay_main_conf_t;


extern ngx_module_t  ngx_http_carrierpay_module;
extern ngx_module_t  ngx_http_carrierpay_operator_module;


/* The configuration, and the running service (NULL: it has not started). */

ngx_carrierpay_conf_t *ngx_http_carrierpay_conf(ngx_http_request_t *r);
ngx_carrierpay_core_t *ngx_http_carrierpay_core(ngx_http_request_t *r);

/* Adds the networks of a directive; the list is made when it is NULL. */

char *ngx_http_carrierpay_cidrs(ngx_conf_t *cf, ngx_array_t **list);


#endif /* _NGX_HTTP_CARRIERPAY_MODULE_H_INCLUDED_ */
