
/*
 * The language of a request.
 */


#ifndef _NGX_HTTP_CARRIERPAY_REQUEST_LANGUAGE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_REQUEST_LANGUAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_language.h"


/* The language that the browser prefers, or the default one; never NULL. */
const ngx_carrierpay_language_t *ngx_http_carrierpay_request_language(
    ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_REQUEST_LANGUAGE_H_INCLUDED_ */
