
/*
 * Who the shopper is: decided on the plain listener, used on both hops.
 *
 * A line is believed only when the peer (see ngx_http_carrierpay_peer.h) is
 * in a network of an operator, exactly one known header is there, that
 * operator's, and what it says is of the header's format, authentic where a
 * cipher or a window is configured, and of the operator's numbering; from
 * whatever calls itself a browser.
 */


#ifndef _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_session.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_variables.h"


extern ngx_module_t  ngx_http_carrierpay_identity_module;


typedef struct {
    ngx_http_carrierpay_strip_t  strip;
    ngx_http_carrierpay_vars_t   variables;
} ngx_http_carrierpay_identity_main_conf_t;


typedef struct {
    ngx_flag_t                   enrichment;
    ngx_http_carrierpay_peer_e   peer;
    ngx_str_t                    file;         /* where it was switched on */
    ngx_uint_t                   line;
} ngx_http_carrierpay_identity_srv_conf_t;


typedef struct {
    ngx_str_t                    url;          /* of carrierpay_identify */
} ngx_http_carrierpay_identity_loc_conf_t;


/*
 * Decides from ctx->found and the peer, and fills ctx; counts, and logs a
 * refusal with the number masked.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_identity_decide(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx, ngx_http_carrierpay_peer_e from);

/* The result as logs, metrics and ?n= say it; and back (OFF: no such). */
ngx_str_t *ngx_http_carrierpay_identity_name(
    ngx_http_carrierpay_identity_e identity);
ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_find(
    ngx_str_t *word);

/* The content handler of carrierpay_identify. */
ngx_int_t ngx_http_carrierpay_identify_handler(ngx_http_request_t *r);

/* The payment of a checkout token; NGX_DECLINED: it is not one of ours. */
ngx_int_t ngx_http_carrierpay_checkout_id(ngx_http_request_t *r,
    ngx_str_t *token, int64_t *id);

/* Fills family and agent: what must be alike on both hops. */
void ngx_http_carrierpay_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor);


#endif /* _NGX_HTTP_CARRIERPAY_IDENTITY_H_INCLUDED_ */
