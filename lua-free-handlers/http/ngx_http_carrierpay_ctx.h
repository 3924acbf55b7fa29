
/*
 * The context of a client's request: the shopper's identity, the body as far
 * as it has been read, the flow that the request waits for.
 *
 * The context is in the request's pool and dies with it.  An internal redirect
 * wipes r->ctx, so it can also be found through a cleanup of the pool.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_trace.h"


/* see ngx_http_carrierpay_route.h */
typedef struct ngx_http_carrierpay_route_s  ngx_http_carrierpay_route_t;


/*
 * The handler of a request whose body has been read (data is NULL when the
 * route takes none), and the handler of a flow's end.  With NGX_AGAIN the
 * request waits for a flow or a timer; any other value finalizes the request.
 */
typedef ngx_int_t (*ngx_http_carrierpay_handler_pt)(ngx_http_request_t *r,
    ngx_str_t *body);
typedef ngx_int_t (*ngx_http_carrierpay_end_pt)(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


/* what header enrichment has yielded; identity.c has the names */

typedef enum {
    NGX_HTTP_CARRIERPAY_IDENTITY_OFF = 0,     /* not on this listener */
    NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED,

    /* no header names an end user */

    NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT,      /* on an operator's network */
    NGX_HTTP_CARRIERPAY_IDENTITY_OFF_NETWORK, /* in no network: Wi-Fi */
    NGX_HTTP_CARRIERPAY_IDENTITY_FIXED,       /* on a fixed_network */
    NGX_HTTP_CARRIERPAY_IDENTITY_RELAY,
    NGX_HTTP_CARRIERPAY_IDENTITY_VPN,
    NGX_HTTP_CARRIERPAY_IDENTITY_PROXY,       /* in no network, with a Via */

    /* a header does, and is refused */

    NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED,   /* not from its operator */
    NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE,   /* two with one name */
    NGX_HTTP_CARRIERPAY_IDENTITY_CONFLICT,    /* two with different names */
    NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED,
    NGX_HTTP_CARRIERPAY_IDENTITY_FORGED,      /* not made by the operator */
    NGX_HTTP_CARRIERPAY_IDENTITY_STALE,       /* made too long ago */
    NGX_HTTP_CARRIERPAY_IDENTITY_NO_AGENT     /* without a User-Agent */
} ngx_http_carrierpay_identity_e;


/* ngx_http_carrierpay_strip.h */

typedef struct ngx_http_carrierpay_strip_found_s
    ngx_http_carrierpay_strip_found_t;


typedef struct {
    /*
     * Set by the identity module, or on a page of the checkout by the session.
     * The end user (msisdn or acr) is set when the identity is ACCEPTED.  The
     * operator is then NULL when the gateway named one that is not configured;
     * otherwise it is that of the network, or NULL.
     */

    ngx_http_carrierpay_identity_e      identity;
    ngx_carrierpay_carrier_t            carrier;
    ngx_carrierpay_msisdn_t             msisdn;      /* len 0: none, */
    ngx_str_t                           acr;         /* or this in its place */

    /* set by the identity module: the grounds of its decision */

    ngx_carrierpay_addr_t               peer;        /* family 0: unknown */
    ngx_carrierpay_network_t           *network;     /* the peer's, or NULL */
    ngx_str_t                           header;      /* that was read */
    ngx_str_t                           mccmnc;      /* from the gateway */
    ngx_http_carrierpay_strip_found_t  *found;       /* NULL: no header */

    /* set by variables, at the end of a flow: what logs say of it */

    int64_t                             payment_id;  /* 0: none */
    ngx_str_t                           state;
    ngx_str_t                           outcome;
    ngx_msec_t                          operator_time;
    unsigned                            operator_called:1;

    /* set by hide: the query */

    ngx_str_t                           args;

    /* set by route: the row, and the text in place of {id} */

    ngx_http_carrierpay_route_t        *route;
    ngx_str_t                           id;

    /* set by trace, when it is asked for */

    ngx_carrierpay_trace_t              trace;

    /* set by the authentication of a route: the caller; or NULL */

    void                               *caller;

    /* set by body */

    ngx_str_t                           body;
    size_t                              body_max;
    ngx_http_carrierpay_handler_pt      body_handler;

    /* set by flow_wait */

    ngx_http_request_t                 *request;
    ngx_carrierpay_observer_t           observer;
    ngx_http_carrierpay_end_pt          end;

    /* the content handler's own */

    void                               *data;
} ngx_http_carrierpay_ctx_t;


/* The context, or NULL when the request has none yet. */
ngx_http_carrierpay_ctx_t *ngx_http_carrierpay_ctx(ngx_http_request_t *r);

/* The context, which is made when there is none; NULL without memory. */
ngx_http_carrierpay_ctx_t *ngx_http_carrierpay_ctx_get(ngx_http_request_t *r);

/*
 * The end user as text (ngx_carrierpay_end_user.h), which points into the
 * context.  NGX_OK, or NGX_DECLINED when the identity is not ACCEPTED.
 */
ngx_int_t ngx_http_carrierpay_ctx_end_user(ngx_http_carrierpay_ctx_t *ctx,
    ngx_str_t *end_user);

/* The configuration that the request is served by. */
ngx_carrierpay_conf_t *ngx_http_carrierpay_conf(ngx_http_request_t *r);

/* The service of this worker; NULL when it has not started. */
ngx_carrierpay_core_t *ngx_http_carrierpay_core(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_ */
