
/*
 * Header enrichment: the identity of the shopper, as the operator's gateway
 * states it.
 *
 * It is accepted only when the peer (ngx_http_carrierpay_peer.h) is in a
 * mobile network of an operator; when there is exactly one known header that
 * names an end user, and it is one of that operator; when its value has the
 * header's format, is authentic where the format has a cipher or a window, and
 * fits the operator's numbering; and when the request has a User-Agent.
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_peer.h"


/*
 * Decides from ctx->found and the peer, fills ctx, and counts the result.  A
 * header that is refused is logged, with the number masked.  NGX_OK or
 * NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_identity_decide(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_http_carrierpay_peer_e from);

/* The result as logs, metrics and "?n=" have it: "accepted"; OFF is "". */
ngx_str_t *ngx_http_carrierpay_identity_name(
    ngx_http_carrierpay_identity_e identity);

/* The result with this name; OFF when there is none. */
ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_parse(
    ngx_str_t *name);


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_ */
