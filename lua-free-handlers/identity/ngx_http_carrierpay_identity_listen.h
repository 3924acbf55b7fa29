
/*
 * Servers with carrierpay_enrichment: can an operator's gateway state an
 * identity on the addresses that they listen on?  And is there one, when
 * operators have gateways?
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_LISTEN_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_LISTEN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_main_conf.h"


/*
 * Checks every server on every address, when all of them are known.  NGX_OK,
 * perhaps after [warn] lines, or NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_identity_listen_check(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *pmcf, ngx_http_core_main_conf_t *cmcf);


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_LISTEN_H_INCLUDED_ */
