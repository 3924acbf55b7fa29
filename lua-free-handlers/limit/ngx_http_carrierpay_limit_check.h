
/*
 * The check of a request against its limits: it passes, waits, or is refused.
 * Only files of this folder use it.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_CHECK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_CHECK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_limit_redis.h"
#include "ngx_http_carrierpay_limit_conf.h"


/* the greatest status counts when a request is checked twice */

typedef enum {
    NGX_HTTP_CARRIERPAY_LIMIT_NONE = 0,
    NGX_HTTP_CARRIERPAY_LIMIT_PASSED,
    NGX_HTTP_CARRIERPAY_LIMIT_DELAYED_DRY_RUN,
    NGX_HTTP_CARRIERPAY_LIMIT_REJECTED_DRY_RUN,
    NGX_HTTP_CARRIERPAY_LIMIT_DELAYED,
    NGX_HTTP_CARRIERPAY_LIMIT_REJECTED
} ngx_http_carrierpay_limit_status_e;


typedef enum {
    NGX_HTTP_CARRIERPAY_LIMIT_IDLE = 0,
    NGX_HTTP_CARRIERPAY_LIMIT_ASKING,      /* Redis; event: to be posted */
    NGX_HTTP_CARRIERPAY_LIMIT_WAITING      /* event: timer */
} ngx_http_carrierpay_limit_state_e;


/* in the request's pool; found again after an internal redirect */

typedef struct {
    ngx_http_request_t                  *request;
    ngx_http_carrierpay_limit_status_e   status;
    ngx_uint_t                           charged;   /* kinds, as bits */

    /* one check at a time */

    ngx_carrierpay_limit_item_t         *items;
    ngx_uint_t                           n;
    ngx_uint_t                           retry;     /* s, when refused */

    ngx_http_carrierpay_limit_state_e    state;
    ngx_event_t                          event;
    ngx_carrierpay_limit_redis_t        *share;
    ngx_int_t                            rc;        /* of Redis */
    ngx_http_carrierpay_limit_pt         handler;   /* NULL: the phases */

    unsigned                             entered:1; /* PREACCESS */
    unsigned                             detaches:1;
} ngx_http_carrierpay_limit_ctx_t;


/* The context of a request, or NULL when it has none yet. */
ngx_http_carrierpay_limit_ctx_t *ngx_http_carrierpay_limit_check_ctx(
    ngx_http_request_t *r);

/* The context, which is made when there is none; NULL without memory. */
ngx_http_carrierpay_limit_ctx_t *ngx_http_carrierpay_limit_check_ctx_get(
    ngx_http_request_t *r);

/*
 * Charges ctx->items, which may be none.  NGX_OK: the request goes on.
 * NGX_BUSY: it is refused, and ctx->retry is set.  NGX_AGAIN: it waits, then
 * ctx->handler goes on with it, or the phases do when that is NULL; when it is
 * refused, it is answered.  Or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_limit_check(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx);

/* The status of the request: "PASSED"; empty when no limit applied. */
const ngx_str_t *ngx_http_carrierpay_limit_check_status(
    ngx_http_carrierpay_limit_ctx_t *ctx);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_CHECK_H_INCLUDED_ */
