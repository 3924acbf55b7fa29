
/*
 * The shopper's page: the payment, the shopper who was found, and the session
 * that its form posts back.
 *
 *   page      load, form, consume, lookup, evaluate, first, session
 *                                          the shopper looks at the page
 *
 * The data of this flow is an ngx_carrierpay_checkout_t; the data of other
 * families that show a page begins with one, and uses the rows at the end.
 */


#ifndef _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_
#define _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_eligibility_query.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_form_result.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_session.h"


typedef struct {
    ngx_carrierpay_payment_read_t       read;

    ngx_carrierpay_identity_t           visitor;    /* the browser */
    ngx_carrierpay_consent_t            consent;    /* the page's, and the
                                                       browser's */
    ngx_str_t                           token;      /* brought by the browser,
                                                       or empty */
    ngx_carrierpay_session_t            session;    /* identity: the shopper;
                                                       token: of the next
                                                       page */

    ngx_carrierpay_form_result_t        form;       /* the browser's last */
    ngx_uint_t                          redirected; /* by that form */

    /* the shopper was found, and session.token is of the next page */
    unsigned                            identified:1;

    /*
     * Another end user was found before for this payment, or in another place
     * than the browser is in now, or this one only says that it is: a PIN must
     * prove session.identity.
     */
    unsigned                            changed:1;

    /* the shopper may not pay, as eligibility.decision says */
    unsigned                            barred:1;

    /* the rows' operations, one at a time */

    ngx_carrierpay_lookup_t             lookup;
    ngx_carrierpay_eligibility_query_t  eligibility;
    ngx_carrierpay_redis_command_t      command;
} ngx_carrierpay_checkout_t;


/*
 * The payment's page.  With a bounce's token (or "") of this browser and this
 * payment, while it is pending, `identified`, `barred` or `changed` is set.
 * With the token of a browser (or "") form.text is what its last form came to,
 * or "".  `redirected` is set for the page that a form leads to: other pages
 * of a payment that is not pending any more do not ask for it.
 * `consent` is that of the page that is shown if the shopper was identified;
 * texts are copied.
 *
 * The result is OK, NOT_FOUND or UNAVAILABLE, the last also when a token was
 * given and Redis is away.  May take ngx_carrierpay_lookup_timeout() longer
 * than the backends.  NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_checkout_page(
    ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce, ngx_str_t *browser,
    ngx_uint_t redirected, ngx_carrierpay_consent_t *consent);


/*
 * For constructors of the families: copies token and consent.  NGX_ERROR:
 * memory, and the flow has been discarded.
 */
ngx_int_t ngx_carrierpay_checkout_init(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id,
    ngx_str_t *token, ngx_carrierpay_consent_t *consent);

/* Rows. */

/* The payment, and the consent in its language. */
ngx_int_t ngx_carrierpay_checkout_load_done(ngx_carrierpay_flow_t *flow);

/*
 * The session of this kind that the token names.  consumed: NGX_OK, it is of
 * this payment and this browser; or the flow ends OK or UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_checkout_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind);
ngx_int_t ngx_carrierpay_checkout_consumed(ngx_carrierpay_flow_t *flow);

/* Sets the carrier of session.identity to what the operator has said. */
ngx_int_t ngx_carrierpay_checkout_lookup_done(ngx_carrierpay_flow_t *flow);

/* May it pay?  If not, the flow ends OK with `barred`. */
ngx_int_t ngx_carrierpay_checkout_evaluate(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_checkout_evaluate_done(ngx_carrierpay_flow_t *flow);

/* Asks; `typed`: no network has vouched for the number. */
ngx_int_t ngx_carrierpay_checkout_lookup(ngx_carrierpay_flow_t *flow,
    ngx_uint_t typed);

/* The session of the page of this kind, which is shown now. */
ngx_int_t ngx_carrierpay_checkout_store(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind);
ngx_int_t ngx_carrierpay_checkout_stored(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_CHECKOUT_H_INCLUDED_ */
