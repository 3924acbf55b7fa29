
/*
 * The handoff of a shopper from plain HTTP, where the operator's gateway can
 * state the identity, to the pages on HTTPS: GET /i/cs_….
 *
 * The identity goes into a session in Redis, and the shopper's browser is
 * redirected with the session's token ("?t="), or with the reason why there is
 * no identity ("?n=").
 *
 * A GET that no shopper has opened, as far as the browser says, is answered
 * with a page that posts to /i/cs_… in its place: browsers say nothing on
 * plain HTTP, so an image of any page would open a session otherwise.
 */


#ifndef _NGX_HTTP_CARRIERPAY_HANDOFF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_HANDOFF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_session.h"
#include "ngx_http_carrierpay_location.h"


/*
 * The setter of carrierpay_identify; conf is an
 * ngx_http_carrierpay_identity_loc_conf_t, and cmd->post is the location.
 */
char *ngx_http_carrierpay_handoff_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

extern ngx_http_carrierpay_location_t  ngx_http_carrierpay_handoff_location;

/*
 * The payment of a checkout token.  NGX_OK, or NGX_DECLINED when the token is
 * not one of ours.
 */
ngx_int_t ngx_http_carrierpay_handoff_payment_id(ngx_http_request_t *r,
    ngx_str_t *token, int64_t *id);

/*
 * Fills family, agent and client_network of visitor: what must be the same on
 * HTTP and on HTTPS for a token to be accepted.
 */
void ngx_http_carrierpay_handoff_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor);


#endif /* _NGX_HTTP_CARRIERPAY_HANDOFF_H_INCLUDED_ */
