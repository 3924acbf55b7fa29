
/*
 * What a checkout keeps in Redis for a short while: the shopper's identity.
 *
 * Entries are taken once (GETDEL): the bounce from the plain listener to HTTPS
 * (120 s), the confirmation page, the page where a PIN is entered and the one
 * that waits for an SMS (15 minutes each).  The key is a random token; the
 * value is sealed, so Redis holds no number.  Losing all of Redis costs a
 * shopper one more identification, never a charge.
 */


#ifndef _NGX_CARRIERPAY_SESSION_H_INCLUDED_
#define _NGX_CARRIERPAY_SESSION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_identity.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_token.h"


typedef enum {
    NGX_CARRIERPAY_SESSION_BOUNCE = 0,
    NGX_CARRIERPAY_SESSION_CONFIRM,
    NGX_CARRIERPAY_SESSION_PIN,
    NGX_CARRIERPAY_SESSION_MO           /* waits for an SMS, see sms_code */
} ngx_carrierpay_session_e;


typedef struct ngx_carrierpay_session_s  ngx_carrierpay_session_t;


/* An operation on the session store, part of a flow's data. */

struct ngx_carrierpay_session_s {
    ngx_carrierpay_session_e        kind;
    u_char                          token[NGX_CARRIERPAY_TOKEN_LEN];
    ngx_carrierpay_identity_t       identity;
    ngx_carrierpay_consent_t        consent;   /* what the page says; the
                                                  shopper's address and agent
                                                  are not kept */
    ngx_int_t                       rc;

    /* the operation's own */

    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_redis_command_t  command;
};


/*
 * Runs of a flow's row.  NGX_AGAIN: the row's done finds s->rc.  NGX_DONE:
 * the flow's result is UNAVAILABLE, since Redis is away, and nothing was done;
 * nor with NGX_ERROR, when memory is short.
 *
 * store: makes s->token, and stores s->identity and s->consent under it; rc
 * is NGX_OK or NGX_ERROR.
 * store_as: stores them under the token that is in s->token; rc is
 * NGX_DECLINED when it is taken.
 * consume: gets what the token names and deletes it; rc is NGX_OK with
 * s->identity and s->consent, NGX_DECLINED when it is not there (used,
 * expired, forged), or NGX_ERROR.
 * peek: gets it, and leaves it there.
 */
ngx_int_t ngx_carrierpay_session_store(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind);
ngx_int_t ngx_carrierpay_session_store_as(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind);
ngx_int_t ngx_carrierpay_session_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind,
    ngx_str_t *token);
ngx_int_t ngx_carrierpay_session_peek(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind,
    ngx_str_t *token);

/*
 * The done of a row that stores: NGX_OK, or NGX_DONE with the result
 * UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_session_stored(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s);


#endif /* _NGX_CARRIERPAY_SESSION_H_INCLUDED_ */
