
/*
 * May this line pay this merchant this amount?  One decision with a reason.
 *
 * The configuration is asked first: the carrier of the line (see
 * ngx_carrierpay_operator.h) and what the blocks of that operator and of its
 * MVNO say.  Then the ledger: is there a contract in force, has the holder
 * blocked it, may it spend so much?  The reasons, in the order in which they
 * are found:
 *
 *     not_a_number            of no configured country
 *     fixed_line
 *     operator_not_connected  no block, or "billing off" of an operator
 *     number_ported           it has left the operator that would be charged
 *     mvno_barred             "billing off" of an MVNO, or its own reason=
 *     currency_not_supported
 *     over_limit
 *     service_not_allowed     the merchant has no contract in force
 *     category_not_allowed    what is sold: by the operator, or no VAT rate
 *     amount_not_allowed      by the contract or the operator's price points
 *     blocked_by_subscriber
 *     over_limit              again: by the merchant, or the subscriber
 *     limit_month, limit_week, limit_day
 *                             it would spend more than it may, for now
 *
 * The question before the payment (a page, POST /v1/eligibility) does not
 * bind: the configuration is asked again in the flow that charges, and the
 * ledger in the transaction that writes the intent.
 */


#ifndef _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_
#define _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_operator.h"


/* A reason of length 0: eligible. */

typedef struct {
    ngx_carrierpay_carrier_t      carrier;
    ngx_str_t                     reason;
    const char                   *rule;      /* what decided: "billing", … */
} ngx_carrierpay_decision_t;


/*
 * What the configuration says of a payment by a customer of `carrier`.  `at`
 * is the operator that would be charged; NULL: the one of the carrier.
 * The decision's reason points into the configuration.
 */
void ngx_carrierpay_eligibility_evaluate(ngx_carrierpay_carrier_t *carrier,
    ngx_carrierpay_operator_t *at, int64_t amount, ngx_str_t *currency,
    ngx_carrierpay_decision_t *decision);

/* The part of it that holds for any amount: may this line pay at all? */
void ngx_carrierpay_eligibility_end_user(ngx_carrierpay_carrier_t *carrier,
    ngx_carrierpay_operator_t *at, ngx_carrierpay_decision_t *decision);

/*
 * Sets `carrier` to that of a line today which was proved to be one of `op`
 * when its holder consented: still op, unless the ported file knows better.
 * `mvno` is what the network said then, or empty.
 */
void ngx_carrierpay_eligibility_known(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mvno, ngx_str_t *end_user,
    ngx_carrierpay_carrier_t *carrier);

/*
 * Names the rule that decided, for those who write the configuration, as its
 * block and its parameter: "orange_fr/nrj_mobile billing".  In the pool;
 * NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_eligibility_rule(ngx_carrierpay_decision_t *decision,
    ngx_pool_t *pool, ngx_str_t *rule);

/*
 * The ledger has said the reason, or none: adds the rule that it follows
 * from.
 */
void ngx_carrierpay_eligibility_from_ledger(
    ngx_carrierpay_decision_t *decision);

/* The decision about a text that is no phone number. */
void ngx_carrierpay_eligibility_not_a_number(
    ngx_carrierpay_decision_t *decision);

/* Counts the decision by its reason. */
void ngx_carrierpay_eligibility_count(ngx_carrierpay_decision_t *decision);


#endif /* _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_ */
