
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
#include "ngx_carrierpay_core.h"


/*
 * The handler of a request whose body has been read (data NULL: none was
 * asked for), and of a flow's end.  NGX_AGAIN: a flow or a timer is waited
 * for; anything else finalizes the request.
 */
typedef ngx_int_t (*ngx_http_carrierpay_handler_pt)(ngx_http_request_t *r,
    ngx_str_t *body);
typedef ngx_int_t (*ngx_http_carrierpay_end_pt)(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


typedef enum {
    NGX_HTTP_CARRIERPAY_IDENTITY_OFF = 0,   /* not a listener for it */
    NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED,
    NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT,
    NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED,
    NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE,
    NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED
} ngx_http_carrierpay_identity_e;


typedef struct {
    /* by the identity module; operator and msisdn when ACCEPTED */

    ngx_http_carrierpay_identity_e   identity;
    ngx_carrierpay_operator_t       *operator;
    ngx_carrierpay_msisdn_t          msisdn;

    /* by route: the text in place of {id} */

    ngx_str_t                        id;

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


#endif /* _NGX_HTTP_CARRIERPAY_CTX_H_INCLUDED_ */
