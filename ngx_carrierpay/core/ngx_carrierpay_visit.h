
/*
 * The flows that look at a payment and move no money.
 *
 *   get       load                       the merchant's look
 *   identify  put                        the plain listener found somebody
 *   page      load, take, lookup, judge, put
 *                                        the shopper's look
 *   number    load, number, lookup, judge
 *                                        a number that he has typed
 *
 * Constructors as in ngx_carrierpay_charge.h; flow->data is an
 * ngx_carrierpay_visit_t.
 *
 * Looks sideways at charge, eligibility, lookup, session and sql.
 */


#ifndef _NGX_CARRIERPAY_VISIT_H_INCLUDED_
#define _NGX_CARRIERPAY_VISIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_lookup.h"


typedef struct {
    /* UNAVAILABLE, FOUND or NOT_FOUND */
    ngx_carrierpay_charge_e      result;

    ngx_carrierpay_payment_t     payment;
    ngx_str_t                    body;        /* get: the payment in JSON */

    /* page: session.identity was found, and session.token confirms it */
    unsigned                     identified:1;

    /* page and number: whoever it is may not pay, as el.verdict says */
    unsigned                     barred:1;

    unsigned                     typed:1;     /* the flow's */

    ngx_carrierpay_identity_t    visitor;
    ngx_str_t                    token;       /* of the bounce; or "" */

    /* the operations, one at a time */

    ngx_carrierpay_session_t     session;
    ngx_carrierpay_lookup_t      lookup;
    ngx_carrierpay_eligibility_t el;
    ngx_carrierpay_pq_unit_t     unit;
    ngx_carrierpay_pq_query_t    query;
} ngx_carrierpay_visit_t;


ngx_carrierpay_flow_t *ngx_carrierpay_visit_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id);

/*
 * The plain listener found somebody: identity in full.  FOUND, and
 * session.token is the bounce token; UNAVAILABLE when Redis is away.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_visit_identify(
    ngx_carrierpay_core_t *core, ngx_carrierpay_identity_t *identity);

/*
 * The shopper's page: loads the payment.  With a bounce token (or "") of this
 * visitor and this payment, while it is pending, `identified` is set, or
 * `barred` when the line that was found may not pay.
 * UNAVAILABLE also when a token was given and Redis is away.  May take
 * ngx_carrierpay_lookup_timeout() longer than the backends.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_visit_page(ngx_carrierpay_core_t *core,
    int64_t id, ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce);

/*
 * A number that the shopper has typed: session.identity is whose it is, and
 * `barred` is set when it may not pay.  As long as the payment is pending.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_visit_number(
    ngx_carrierpay_core_t *core, int64_t id, ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_VISIT_H_INCLUDED_ */
