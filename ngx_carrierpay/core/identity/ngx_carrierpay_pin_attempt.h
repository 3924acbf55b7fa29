
/*
 * A guess at a PIN, an operation of a flow: counted, then compared.
 */


#ifndef _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_base64.h"


#define NGX_CARRIERPAY_PIN_LEN  6

#define NGX_CARRIERPAY_PIN_NAME_LEN                                           \
    (sizeof("cp:pin:") - 1                                                    \
     + NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SHA256_LEN))


typedef struct ngx_carrierpay_guess_s  ngx_carrierpay_guess_t;

typedef void (*ngx_carrierpay_guess_pt)(ngx_carrierpay_guess_t *guess);


struct ngx_carrierpay_guess_s {
    ngx_carrierpay_flow_t          *flow;        /* its owner */
    ngx_carrierpay_guess_pt         handler;

    /* what is asked */

    int64_t                         payment_id;
    ngx_carrierpay_merchant_t      *merchant;    /* NULL: the shopper's page */
    u_char                         *index;       /* of the line; or NULL */
    ngx_str_t                       pin;         /* six digits */

    /* what the count gave; in memory of the flow */

    ngx_str_t                       result;      /* go, locked, … */
    ngx_uint_t                      left;        /* tries after this one */
    int64_t                         pin_id;
    int64_t                         try_id;
    ngx_str_t                       operator;
    ngx_str_t                       mvno;
    unsigned                        looked_up:1; /* the operator said so */
    ngx_str_t                       end_user;
    int64_t                         amount;
    ngx_str_t                       currency;

    /* NGX_OK: go, or right; NGX_DECLINED: see result, or wrong; NGX_ERROR */

    ngx_int_t                       rc;

    /* the operation's own */

    ngx_carrierpay_ask_t            ask;
    ngx_carrierpay_redis_command_t  command;
    ngx_str_t                       sealed;
};


/* Can it be a PIN? */
ngx_uint_t ngx_carrierpay_guess_valid(const ngx_str_t *pin);

/*
 * Counts, then compares: two steps, in this order.  NGX_AGAIN: the handler
 * will be called with rc.  NGX_ERROR: ledger, or Redis, is away.
 */
ngx_int_t ngx_carrierpay_guess_count(ngx_carrierpay_guess_t *guess);
ngx_int_t ngx_carrierpay_guess_compare(ngx_carrierpay_guess_t *guess);

/*
 * The name under which a PIN lies in Redis: NGX_CARRIERPAY_PIN_NAME_LEN
 * bytes, bound to all that these fields say: pin, pin_id, payment_id, amount,
 * currency and line.
 */
void ngx_carrierpay_guess_name(ngx_carrierpay_guess_t *guess, u_char *name);


#endif /* _NGX_CARRIERPAY_PIN_ATTEMPT_H_INCLUDED_ */
