
/*
 * What the flows that charge share: their data, the call of the operator and
 * the durable outcome.
 */


#ifndef _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_ledger_result.h"
#include "ngx_carrierpay_spend.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_session.h"


/* What came of a charge, beside the flow's result in brackets. */

typedef enum {
    NGX_CARRIERPAY_CHARGE_NONE = 0,        /* see the flow's result */
    NGX_CARRIERPAY_CHARGE_CREATED,         /* OK; body: the payment, pending */
    NGX_CARRIERPAY_CHARGE_COMPLETED,       /* OK; body: the payment, or empty
                                              when it was completed before or
                                              has another step: read it */
    NGX_CARRIERPAY_CHARGE_REPLAYED,        /* OK; payment.id has the key, and
                                              payment_first the answer */
    NGX_CARRIERPAY_CHARGE_IN_FLIGHT,       /* CONFLICT: the key's still runs */
    NGX_CARRIERPAY_CHARGE_MISMATCH,        /* CONFLICT: of another request */
    NGX_CARRIERPAY_CHARGE_TOKEN_USED,      /* CONFLICT: show the page */
    NGX_CARRIERPAY_CHARGE_TOO_EARLY,       /* REFUSED: no time to read the
                                              page; a fresh token */
    NGX_CARRIERPAY_CHARGE_NETWORK_CHANGED, /* REFUSED: session.identity needs
                                              a PIN now */
    NGX_CARRIERPAY_CHARGE_PIN              /* REFUSED: pin_attempt.result and
                                              .left say more; a fresh token */
} ngx_carrierpay_charge_e;


/* What payment_begin is told beside the payment and the consent. */

typedef struct {
    int64_t                        attempt;       /* id of this intent; its
                                                     time is when it began */
    ngx_str_t                      operator;
    ngx_str_t                      mvno;          /* see charge_eligibility */
    ngx_str_t                      method;
    ngx_str_t                      msisdn;        /* sealed */
    u_char                         index[NGX_CARRIERPAY_SHA256_LEN];
    int64_t                        subscriber_id; /* fresh ids */
    int64_t                        pseudonym_id;
} ngx_carrierpay_charge_intent_t;


/* What payment_finish is told beside the payment. */

typedef struct {
    ngx_str_t                      outcome;
    ngx_str_t                      code;          /* of a failure */
    ngx_str_t                      reference;     /* the operator's */
    int64_t                        sms_id;        /* of receipts; 0: none */
    int64_t                        mail_id;
} ngx_carrierpay_charge_outcome_t;


typedef struct {
    /* what is asked */

    ngx_carrierpay_merchant_t      merchant;
    u_char                         idempotency[16];
    u_char                         request[16];
    ngx_carrierpay_payment_t       payment;
    ngx_carrierpay_optional_t      subscriber;    /* charged at once */
    ngx_carrierpay_identity_t      visitor;       /* the browser */
    ngx_carrierpay_consent_t       consent;
    ngx_str_t                      token;         /* of the page */
    int64_t                        asked;         /* of a capture; 0: all */
    unsigned                       merchant_page:1;  /* not on ours */
    unsigned                       recovering:1;  /* the operator is asked for
                                                     the status of a charge
                                                     that was made before */

    /* what came; flow->reason says why a payment was refused or fails */

    ngx_carrierpay_charge_e        answer;
    ngx_str_t                      body;
    unsigned                       answered:1;    /* by the operator, */
    ngx_msec_t                     operator_time; /* after so many ms; before:
                                                     since when */

    /* the rows' operations, one at a time */

    ngx_carrierpay_session_t       session;
    ngx_carrierpay_pin_attempt_t   pin_attempt;
    ngx_carrierpay_lookup_t        lookup;
    ngx_carrierpay_operation_t     operation;
    ngx_carrierpay_sql_call_t      call;

    ngx_carrierpay_charge_intent_t   intent;
    ngx_carrierpay_payment_read_t  read;          /* while its line is in */
    ngx_carrierpay_spend_t          line;          /* another cell */
    ngx_carrierpay_charge_outcome_t  outcome;
    ngx_str_t                      traceparent;   /* stored with it */

    /* what the ledger answered */

    ngx_carrierpay_ledger_result_e   ledger_result;
    ngx_str_t                      refusal;       /* its word, if it refuses */
    int64_t                        stored_id;     /* the key's payment */
    int64_t                        below;         /* an amount that is not */
    int64_t                        above;         /* allowed, the nearest that
                                                     are; 0: none */
    int64_t                        agreed;        /* the payment whose consent
                                                     allows no charge without
                                                     a page; 0: an import */
} ngx_carrierpay_charge_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_charge_finish_statement;


/*
 * Rows.  The operator is called (charge), or asked for the status (recover);
 * a payment that it cannot be called for is declined with flow->reason, which
 * the next row writes.
 */
ngx_int_t ngx_carrierpay_charge_operator(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_operator_done(ngx_carrierpay_flow_t *flow);

/*
 * Writes the outcome of charge->operation; or of flow->reason, if there is
 * one: then nothing has been sent to the operator, and the payment fails.
 */
ngx_int_t ngx_carrierpay_charge_finish(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_charge_finish_done(ngx_carrierpay_flow_t *flow);

/* The two, as the end of each table. */

#define NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS                                   \
    { "operator",                                /* charged, or asked */      \
      ngx_carrierpay_charge_operator,                                         \
      ngx_carrierpay_charge_operator_done, 0 },                               \
    { "finish",                                  /* outcome: durable */      \
      ngx_carrierpay_charge_finish,                                           \
      ngx_carrierpay_charge_finish_done, NGX_CARRIERPAY_FLOW_ALWAYS },        \
    { NULL, NULL, NULL, 0 }


/*
 * For the row() of statements: the word in `column` becomes
 * charge->ledger_result, and charge->refusal when it refuses.  NGX_OK,
 * NGX_BUSY or NGX_ERROR.
 */
ngx_int_t ngx_carrierpay_charge_ledger_row(ngx_carrierpay_charge_t *charge,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool);


#endif /* _NGX_CARRIERPAY_CHARGE_STEPS_H_INCLUDED_ */
