
/*
 * The ledger issues a PIN, with the SMS that carries it: rows, and the data,
 * of the flows of ngx_carrierpay_pin_send.h.
 */


#ifndef _NGX_CARRIERPAY_PIN_ISSUE_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_ISSUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_checkout.h"
#include "ngx_carrierpay_pin_visitor.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_sms_budget.h"
#include "ngx_carrierpay_token.h"


/* What became of sending a PIN. */

typedef enum {
    NGX_CARRIERPAY_PIN_SEND_NONE = 0,  /* it did not come to that */
    NGX_CARRIERPAY_PIN_SENT,
    NGX_CARRIERPAY_PIN_WAIT,           /* too soon after the last one */
    NGX_CARRIERPAY_PIN_EXHAUSTED,      /* no more for this payment */
    NGX_CARRIERPAY_PIN_LOCKED,         /* too many wrong attempts before */
    NGX_CARRIERPAY_PIN_ENDED,          /* the payment waits for none */
    NGX_CARRIERPAY_PIN_NO_ROUTE,       /* no SMS reaches this number */
    NGX_CARRIERPAY_PIN_LIMITED         /* the budgets of SMS: see wait */
} ngx_carrierpay_pin_send_e;


typedef struct {
    ngx_carrierpay_pin_send_e      result;
    ngx_uint_t                     wait;       /* s; then another may go */
    ngx_uint_t                     left;       /* that may be asked for */
    ngx_uint_t                     elsewhere;  /* the last one went to another
                                                  number, and none to this */
    ngx_uint_t                     tries;      /* that the last one has */
} ngx_carrierpay_pin_sent_t;


typedef struct {
    ngx_carrierpay_checkout_t      checkout;
    ngx_carrierpay_pin_sent_t      sent;

    /* the rows' own */

    unsigned                       merchant_page:1;  /* not on ours */
    unsigned                       again:1;          /* another PIN */
    u_char                         digits[NGX_CARRIERPAY_TOKEN_DIGITS];
    ngx_carrierpay_sms_budget_t    budget;
    int64_t                        pin_id;
    int64_t                        message_id;
    ngx_str_t                      operator;
    ngx_str_t                      mvno;
    u_char                         index[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t                      msisdn;     /* sealed */
    ngx_str_t                      locale;
    ngx_str_t                      body;       /* sealed */
    ngx_uint_t                     looked_up;
    ngx_carrierpay_pin_visitor_t       visitor;
    ngx_carrierpay_optional_t      attempts;   /* left, as the line's cell */
    ngx_carrierpay_optional_t      attempts_until;   /* says, and until when */
    unsigned                       line_asked:1;     /* it is being asked */
    ngx_carrierpay_sql_call_t      call;
} ngx_carrierpay_pin_send_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_issue_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_line_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_last_statement;


/*
 * The PIN of send->digits, for session.identity, its index and the visitor;
 * sets `sent`.
 */
ngx_int_t ngx_carrierpay_pin_issue(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_pin_issue_done(ngx_carrierpay_flow_t *flow);

/* session.identity gets the number that the merchant's last PIN went to. */
ngx_int_t ngx_carrierpay_pin_last(ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_carrierpay_pin_last_done(ngx_carrierpay_flow_t *flow);


#endif /* _NGX_CARRIERPAY_PIN_ISSUE_H_INCLUDED_ */
