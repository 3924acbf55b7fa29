
/*
 * An attempt at a PIN, an operation of a flow: counted in the ledger, then
 * compared in Redis.
 *
 * A PIN is six digits.  What is stored of it is a name in Redis, for five
 * minutes: an HMAC of the PIN, its id, the payment, its amount and the end
 * user.  To compare an attempt is to take that name away (GETDEL): of many
 * right attempts at once one wins, and a wrong one leaves the PIN alone.  The
 * ledger counts before that, so losing Redis makes no attempt free, and
 * without Redis there is none.
 */


#ifndef _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_base64.h"


#define NGX_CARRIERPAY_PIN_LEN  6

#define NGX_CARRIERPAY_PIN_NAME_LEN                                           \
    (sizeof("cp:pin:") - 1                                                    \
     + NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SHA256_LEN))


/* What became of an attempt. */

typedef enum {
    NGX_CARRIERPAY_ATTEMPT_GO = 0,      /* counted: compare; or it was right */
    NGX_CARRIERPAY_ATTEMPT_WRONG,
    NGX_CARRIERPAY_ATTEMPT_NONE,        /* no PIN was sent, or it is too old */
    NGX_CARRIERPAY_ATTEMPT_CHANGED,     /* a PIN has gone to another number */
    NGX_CARRIERPAY_ATTEMPT_EXHAUSTED,   /* this PIN was tried too often */
    NGX_CARRIERPAY_ATTEMPT_LOCKED,      /* too many wrong ones of the number */
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

    /* what the count gave, in memory of the flow */

    ngx_carrierpay_pin_attempt_e    result;
    ngx_uint_t                      left;         /* attempts after this one */
    int64_t                         id;
    ngx_carrierpay_pin_t            pin;
    ngx_str_t                       operator;
    ngx_str_t                       mvno;
    ngx_uint_t                      looked_up;    /* the operator said so */

    /* the operation's own */

    ngx_str_t                       sealed;
    ngx_carrierpay_sql_call_t       call;
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_pin_attempt_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_pin_attempt_statement;


/* Can it be a PIN? */
ngx_uint_t ngx_carrierpay_pin_attempt_valid(const ngx_str_t *digits);

/*
 * Run and done of the row that counts.  counted: NGX_OK, and result is GO or
 * says why the attempt is not compared; or NGX_DONE with the flow's result
 * UNAVAILABLE.
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
 * The word for a result that proves nothing: "wrong", "none", "changed",
 * "exhausted" or "locked"; the API and the names of phrases are made of it.
 */
const ngx_str_t *ngx_carrierpay_pin_attempt_name(
    ngx_carrierpay_pin_attempt_e result);

/*
 * Writes the name under which a PIN lies in Redis:
 * NGX_CARRIERPAY_PIN_NAME_LEN bytes.  `key` is the keyring's session key.
 */
void ngx_carrierpay_pin_attempt_key(ngx_carrierpay_pin_t *pin,
    const ngx_str_t *key, u_char *name);


#endif /* _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_ */
