
/*
 * The main configuration, which all modules share, and the service that a
 * worker runs by it.
 */


#ifndef _NGX_HTTP_CARRIERPAY_MAIN_CONF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_MAIN_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"


/* A directive that gives a location its handler, and where it stands. */

typedef struct {
    ngx_str_t                   directive;
    ngx_uint_t                  flags;      /* of its description */
    ngx_http_core_loc_conf_t   *loc_conf;
    ngx_http_core_srv_conf_t   *srv_conf;
    u_char                     *file;
    ngx_uint_t                  line;
} ngx_http_carrierpay_place_t;


typedef struct {
    ngx_carrierpay_conf_t       conf;
    ngx_uint_t                  lines[NGX_CARRIERPAY_ID_CELLS];
                                            /* has the cell lines? */
    ngx_array_t                 places;     /* …_place_t */
    ngx_carrierpay_core_t      *core;       /* of this worker; else NULL */
} ngx_http_carrierpay_main_conf_t;


extern ngx_module_t  ngx_http_carrierpay_module;


/* The main module calls these to create it, and to complete and check it. */

void *ngx_http_carrierpay_main_conf_create(ngx_conf_t *cf);
char *ngx_http_carrierpay_main_conf_init(ngx_conf_t *cf, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_MAIN_CONF_H_INCLUDED_ */
