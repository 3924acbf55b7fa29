
/*
 * One delivery to a merchant's endpoint.
 *
 * The URL is the merchant's input: its host is resolved with nginx's
 * resolver, the address is refused unless it is public (or in
 * carrierpay_webhook_allow), and the call goes to the very address that was
 * checked, while SNI and certificate verification stay on the host name.
 */


#ifndef _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_
#define _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"


/* indexes of ngx_carrierpay_egress_call_t.variables */

#define NGX_CARRIERPAY_WEBHOOK_TARGET  0    /* https://192.0.2.1:443/path */
#define NGX_CARRIERPAY_WEBHOOK_HOST    1    /* for the Host header */
#define NGX_CARRIERPAY_WEBHOOK_NAME    2    /* for SNI and verification */


/*
 * A row that a claim gave; the strings are copied into the flow that
 * delivers it.
 */
typedef struct {
    int64_t          payment_id;
    int32_t          seq;
    int32_t          endpoint_id;
    int64_t          token;          /* of the lease */
    ngx_uint_t       live;
    ngx_str_t        url;
    ngx_str_t        secret;         /* sealed */
    ngx_str_t        type;
    ngx_str_t        body;           /* the payment in JSON */
    int64_t          at;             /* ms */
    ngx_int_t        attempts;
} ngx_carrierpay_webhook_t;


/*
 * A flow that delivers the row and records what came of it; started by the
 * caller.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_webhook_deliver(
    ngx_carrierpay_core_t *core, ngx_carrierpay_webhook_t *hook);


#endif /* _NGX_CARRIERPAY_WEBHOOK_H_INCLUDED_ */
