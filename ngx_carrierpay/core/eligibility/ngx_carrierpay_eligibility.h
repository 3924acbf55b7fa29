
/*
 * May this line pay this merchant this amount?  One decision with a reason.
 *
 * The configuration is asked first: whose customer the line is (the owner,
 * see ngx_carrierpay_operator.h) and what the blocks of that operator and of
 * its MVNO say.  Then the ledger: is there a contract in force, has the
 * holder blocked it?  The reasons, in the order in which they are found:
 *
 *     not_a_number            of no configured country
 *     fixed_line
 *     operator_not_connected  no block, or "billing off" of an operator
 *     number_ported           it has left the operator that would be charged
 *     mvno_barred             "billing off" of an MVNO, or its own reason=
 *     currency_not_supported
 *     over_limit
 *     service_not_allowed     the merchant has no contract in force
 *     amount_not_allowed      by the contract
 *     blocked_by_subscriber
 *
 * The question before the payment (a page, POST /v1/eligibility) does not
 * bind: the configuration is asked again in the flow that charges, and the
 * ledger in the transaction that writes the intent.
 */


#ifndef _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_
#define _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_pq.h"


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
 * Whose customer a line is today that was proved to be one of `op` when its
 * holder consented: still op's, unless the ported file knows better.  `mvno`
 * is what the network said then, or empty.
 */
void ngx_carrierpay_eligibility_known(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mvno, ngx_str_t *end_user,
    ngx_carrierpay_carrier_t *carrier);

/*
 * Which rule decided, for people who write rules: whose, and its word:
 * "orange_fr/nrj_mobile billing".  In the pool; NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_eligibility_rule(ngx_carrierpay_decision_t *decision,
    ngx_pool_t *pool, ngx_str_t *rule);

/* Counts the decision by its reason. */
void ngx_carrierpay_eligibility_count(ngx_carrierpay_decision_t *decision);


/* The whole question, an operation that is part of a flow's data. */

typedef struct ngx_carrierpay_eligibility_s  ngx_carrierpay_eligibility_t;

typedef void (*ngx_carrierpay_eligibility_pt)(
    ngx_carrierpay_eligibility_t *el);

struct ngx_carrierpay_eligibility_s {
    ngx_carrierpay_flow_t           *flow;       /* its owner */
    ngx_carrierpay_eligibility_pt    handler;

    /* what is asked; the bytes are in memory of the flow */

    int32_t                          merchant_id;
    ngx_uint_t                       live;
    int64_t                          amount;
    ngx_str_t                        currency;
    ngx_str_t                        end_user;   /* digits, or acr:… */
    ngx_carrierpay_carrier_t         carrier;
    ngx_carrierpay_operator_t       *at;         /* or NULL, see above */

    /* what came: NGX_OK, or NGX_ERROR when the ledger did not answer */

    ngx_int_t                        rc;
    ngx_carrierpay_decision_t        decision;

    /* eligibility's */

    ngx_carrierpay_pq_transaction_t  unit;
    ngx_carrierpay_pq_query_t        query;
    ngx_carrierpay_pq_param_t        params[6];
    u_char                           index[NGX_CARRIERPAY_SHA256_LEN];
};

/*
 * NGX_AGAIN: the handler will be called, once.  NGX_OK: the configuration
 * has said no, the decision is there and the handler will not be called.
 * NGX_ERROR: the ledger is away, or memory is short.
 */
ngx_int_t ngx_carrierpay_eligibility_ask(ngx_carrierpay_eligibility_t *el);


/*
 * A merchant's question, as a flow:
 *
 *   eligibility   find, lookup, ledger
 *
 * of a number as text, or (number NULL) of a subscriber.  Copies what it is
 * given; NULL: too many flows or no memory.  flow->data is an
 * ngx_carrierpay_question_t.
 */

typedef struct {
    /*
     * NGX_OK: el.decision is there; NGX_DECLINED: the merchant has no such
     * subscriber; NGX_ERROR: the ledger did not answer.
     */
    ngx_int_t                        rc;
    ngx_carrierpay_eligibility_t     el;

    /* the flow's */

    ngx_str_t                        number;
    int64_t                          pseudonym_id;
    ngx_str_t                        operator;
    ngx_str_t                        mvno;
    ngx_str_t                        sealed;
    ngx_carrierpay_lookup_t          lookup;
    ngx_carrierpay_pq_transaction_t  unit;
    ngx_carrierpay_pq_query_t        query;
    ngx_carrierpay_pq_param_t        params[3];
} ngx_carrierpay_question_t;

ngx_carrierpay_flow_t *ngx_carrierpay_eligibility_question(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    ngx_str_t *number, int64_t pseudonym_id, int64_t amount,
    ngx_str_t *currency);


#endif /* _NGX_CARRIERPAY_ELIGIBILITY_H_INCLUDED_ */
