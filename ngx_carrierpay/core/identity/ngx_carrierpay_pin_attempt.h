
/*
 * An attempt at a PIN, operations of a flow: counted in the ledger, then
 * compared in Redis.
 *
 * A PIN is six digits.  What is stored of it is a name in Redis, for five
 * minutes: an HMAC of the PIN, its id, the payment, its amount and the end
 * user.  To compare an attempt is to take that name away (GETDEL): of many
 * right attempts at once one wins, and a wrong one leaves the PIN alone.  The
 * ledger counts before that, so losing Redis makes no attempt free, and
 * without Redis there is none.
 *
 * A second name, the mark, is of the PIN's id alone.  It is written after the
 * first one for the same time and deleted when the PIN is used up, so a name
 * is never there without its mark, unless Redis has lost the mark.  Where
 * there is no mark an attempt that finds no name was no guess: the PIN has
 * been lost or used.  The ledger then takes the attempt back, and the PIN is
 * over, so that each PIN has one attempt of this kind at most.
 */


#ifndef _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_pin_visitor.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_base64.h"


#define NGX_CARRIERPAY_PIN_LEN  6

#define NGX_CARRIERPAY_PIN_LIFETIME  "300000"    /* ms */

#define NGX_CARRIERPAY_PIN_NAME_LEN                                           \
    (sizeof("cp:pin:") - 1                                                    \
     + NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SHA256_LEN))


#define NGX_CARRIERPAY_PIN_MARK_MAX  (sizeof("cp:pm:") - 1 + NGX_INT64_LEN)


/* What became of an attempt. */

typedef enum {
    NGX_CARRIERPAY_ATTEMPT_GO = 0,      /* counted: compare; or it was right */
    NGX_CARRIERPAY_ATTEMPT_WRONG,
    NGX_CARRIERPAY_ATTEMPT_NONE,        /* no PIN was sent, or it is too old */
    NGX_CARRIERPAY_ATTEMPT_CHANGED,     /* a PIN has gone to another number */
    NGX_CARRIERPAY_ATTEMPT_EXHAUSTED,   /* this PIN was tried too often */
    NGX_CARRIERPAY_ATTEMPT_LOCKED,      /* too many wrong ones of the number */
    NGX_CARRIERPAY_ATTEMPT_LATER,       /* the visitor has to wait */
    NGX_CARRIERPAY_ATTEMPT_LOST,        /* Redis does not know the PIN */
    NGX_CARRIERPAY_ATTEMPT_COMPLETED,   /* the payment is not pending */
    NGX_CARRIERPAY_ATTEMPT_NOT_FOUND
} ngx_carrierpay_pin_attempt_e;


/* What the name of a PIN in Redis is bound to. */

typedef struct {
    int64_t                         payment_id;
    int64_t                         pin_id;
    int64_t                         amount;
    ngx_str_t                       currency;
    ngx_str_t                       end_user;
    ngx_str_t                       digits;
} ngx_carrierpay_pin_t;


typedef struct {
    /* what is asked */

    int64_t                         payment_id;
    int32_t                         merchant_id;  /* 0: the shopper's page */
    ngx_uint_t                      live;
    ngx_str_t                       index;        /* of the end user that the
                                                     page is for; data NULL:
                                                     any that got the PIN */
    ngx_str_t                       digits;       /* what was entered */
    ngx_carrierpay_pin_visitor_t        visitor;

    /* what the count gave, in memory of the flow */

    ngx_carrierpay_pin_attempt_e    result;
    ngx_uint_t                      left;         /* attempts after this one;
                                                     LATER, 0: the PIN is over
                                                     before the wait is */
    ngx_uint_t                      sends;        /* PINs that may be asked
                                                     for */
    ngx_uint_t                      wait;         /* s, of LATER */
    int64_t                         id;
    ngx_carrierpay_pin_t            pin;
    ngx_str_t                       operator;
    ngx_str_t                       mvno;
    ngx_uint_t                      looked_up;    /* the operator said so */

    /* the operation's own */

    ngx_uint_t                      locks;        /* when it is wrong */
    ngx_str_t                       elsewhere;    /* index of the number, when
                                                     another cell counts it */
    unsigned                        counted:1;    /* it has done so */
    ngx_str_t                       sealed;
    ngx_carrierpay_sql_call_t       call;
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_pin_attempt_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_attempt_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_lost_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_count_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_uncount_statement;


/* Can it be a PIN? */
ngx_uint_t ngx_carrierpay_pin_attempt_valid(const ngx_str_t *digits);

/*
 * Run and done of the row that counts.  counted: NGX_OK, and result is GO or
 * says why the attempt is not compared; NGX_AGAIN, the cell of the line is
 * asked, too; or NGX_DONE with the flow's result UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_pin_attempt_count(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);
ngx_int_t ngx_carrierpay_pin_attempt_counted(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);

/* Run and done of the row that compares: result is GO or WRONG; likewise. */
ngx_int_t ngx_carrierpay_pin_attempt_compare(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);
ngx_int_t ngx_carrierpay_pin_attempt_compared(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);

/*
 * Run and done of the row that follows, of the mark: deleted with its PIN, or
 * looked for.  WRONG becomes LOST when there is none, or LOCKED when that was
 * the last attempt of the number.
 */
ngx_int_t ngx_carrierpay_pin_attempt_mark(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);
ngx_int_t ngx_carrierpay_pin_attempt_marked(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);

/*
 * Run and done of the row that takes a LOST attempt back; of another one it
 * does nothing.  forgotten: NGX_OK; the result is COMPLETED when the payment
 * is not pending any more.
 */
ngx_int_t ngx_carrierpay_pin_attempt_forget(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);
ngx_int_t ngx_carrierpay_pin_attempt_forgotten(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt);

/*
 * The word for a result that proves nothing: "wrong", "none", "changed",
 * "exhausted", "locked", "later" or "lost"; the names of phrases are made of
 * it.
 */
const ngx_str_t *ngx_carrierpay_pin_attempt_name(
    ngx_carrierpay_pin_attempt_e result);

/*
 * Writes the name under which a PIN lies in Redis:
 * NGX_CARRIERPAY_PIN_NAME_LEN bytes.  `key` is the keyring's session key.
 */
void ngx_carrierpay_pin_attempt_key(ngx_carrierpay_pin_t *pin,
    const ngx_str_t *key, u_char *name);

/*
 * Writes the name of a PIN's mark, at most NGX_CARRIERPAY_PIN_MARK_MAX bytes,
 * and returns its end.
 */
u_char *ngx_carrierpay_pin_attempt_mark_key(u_char *name, int64_t pin_id);


#endif /* _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_ */
