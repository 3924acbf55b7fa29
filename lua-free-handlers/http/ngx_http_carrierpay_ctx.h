
/*
 * What we remember of a client's request: who he was found to be, the body
 * as far as it has been read, the flow that is watched.
 *
 * The context lies in the request's pool and dies with it.  Internal
 * redirects wipe r->ctx, so it can also be found through a pool cleanup.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_http_carrierpay_strip.h"


/* see ngx_http_carrierpay_route.h */
typedef struct ngx_http_carrierpay_route_s  ngx_http_carrierpay_route_t;


/*
 * The handler of a request whose body has been read (data NULL: none was
 * asked for), and of a flow's end.  NGX_AGAIN: a flow or a timer is waited
 * for; anything else finalizes the request.
 */
typedef ngx_int_t (*ngx_http_carrierpay_handler_pt)(ngx_http_request_t *r,
    ngx_str_t *body);
typedef ngx_int_t (*ngx_http_carrierpay_end_pt)(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


/* what header enrichment told; the words stand in identity.c */

typedef enum {
    NGX_HTTP_CARRIERPAY_IDENTITY_OFF = 0,     /* not a listener for it */
    NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED,

    /* nothing was told */

    NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT,      /* on an operator's network */
    NGX_HTTP_CARRIERPAY_IDENTITY_OFF_NETWORK, /* on nobody's: Wi-Fi */
    NGX_HTTP_CARRIERPAY_IDENTITY_FIXED,       /* on a fixed_network */
    NGX_HTTP_CARRIERPAY_IDENTITY_RELAY,
    NGX_HTTP_CARRIERPAY_IDENTITY_VPN,
    NGX_HTTP_CARRIERPAY_IDENTITY_PROXY,       /* on nobody's, with a Via */

    /* something was told, and is not believed */

    NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED,   /* by nobody we know */
    NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE,   /* twice by one name */
    NGX_HTTP_CARRIERPAY_IDENTITY_CONFLICT,    /* by several names */
    NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED,
    NGX_HTTP_CARRIERPAY_IDENTITY_FORGED,      /* not made by the operator */
    NGX_HTTP_CARRIERPAY_IDENTITY_STALE,       /* made too long ago */
    NGX_HTTP_CARRIERPAY_IDENTITY_NO_AGENT     /* no browser */
} ngx_http_carrierpay_identity_e;


typedef struct {
    /*
     * By the identity module, or on a page of the checkout by the session.
     * The operator is also known of who is in its network and was not
     * recognised; a line (msisdn or acr) only of who was ACCEPTED, and then
     * the operator is NULL when its gateway named one that nobody configured.
     */

    ngx_http_carrierpay_identity_e   identity;
    ngx_carrierpay_carrier_t         carrier;
    ngx_carrierpay_msisdn_t          msisdn;      /* len 0: none, */
    ngx_str_t                        acr;         /* or this in its place */

    /* by the identity module: how it came to that */

    ngx_carrierpay_addr_t            peer;        /* family 0: not judged */
    ngx_carrierpay_network_t        *network;     /* the peer's, or NULL */
    ngx_str_t                        header;      /* that was looked at */
    ngx_str_t                        mccmnc;      /* as the gateway says */
    ngx_http_carrierpay_found_t     *found;       /* NULL: no header */

    /* by whoever has watched a flow to its end: what logs say of it */

    int64_t                          payment_id;  /* 0: none */
    ngx_str_t                        state;
    ngx_str_t                        outcome;
    ngx_msec_t                       operator_time;
    unsigned                         operator_called:1;

    /* by route: the row, and the text in place of {id} */

    ngx_http_carrierpay_route_t     *route;
    ngx_str_t                        id;

    /* by the authentication of a route: the caller; or NULL */

    void                            *caller;

    /* by body */

    ngx_str_t                        body;
    size_t                           body_max;
    ngx_http_carrierpay_handler_pt   body_handler;

    /* by watch */

    ngx_http_request_t              *request;
    ngx_carrierpay_observer_t        observer;
    ngx_http_carrierpay_end_pt       end;

    /* the content handler's own */

    void                            *data;
} ngx_http_carrierpay_ctx_t;


/* NULL: there is none yet. */
ngx_http_carrierpay_ctx_t *ngx_http_carrierpay_ctx(ngx_http_request_t *r);

/* Makes one if there is none; NULL when memory is short. */
ngx_http_carrierpay_ctx_t *ngx_http_carrierpay_ctx_get(ngx_http_request_t *r);

/*
 * Who was recognised, as text (see ngx_carrierpay_end_user.h); it points into
 * the context.  NGX_DECLINED: nobody was.
 */
ngx_int_t ngx_http_carrierpay_ctx_end_user(ngx_http_carrierpay_ctx_t *ctx,
    ngx_str_t *end_user);

/* "92.184.96.0/19", in the request's pool; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_network_print(ngx_http_request_t *r,
    ngx_carrierpay_network_t *network, ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_ */
