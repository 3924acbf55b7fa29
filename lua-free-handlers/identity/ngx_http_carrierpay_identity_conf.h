
/*
 * The configuration of the identity module.
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_CONF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_strip_names.h"


#define NGX_HTTP_CARRIERPAY_VARIABLES  10


typedef struct {
    ngx_http_carrierpay_strip_names_t   names;

    /* of ngx_http_carrierpay_variables.c: where nginx keeps their values */
    ngx_int_t                           variables[
                                             NGX_HTTP_CARRIERPAY_VARIABLES];
} ngx_http_carrierpay_identity_main_conf_t;


typedef struct {
    ngx_flag_t                          enrichment;
    ngx_http_carrierpay_peer_e          peer;
    ngx_str_t                           file;   /* of carrierpay_enrichment */
    ngx_uint_t                          line;
} ngx_http_carrierpay_identity_srv_conf_t;


typedef struct {
    ngx_str_t                           url;    /* of carrierpay_identify */
} ngx_http_carrierpay_identity_loc_conf_t;


extern ngx_module_t  ngx_http_carrierpay_identity_module;


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_CONF_H_INCLUDED_ */
