
/*
 * What a shopper's visit keeps in Redis: who he is, for a short while.
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
    NGX_CARRIERPAY_SESSION_MO           /* named by the code, see mo */
} ngx_carrierpay_session_e;


typedef struct ngx_carrierpay_session_s  ngx_carrierpay_session_t;

typedef void (*ngx_carrierpay_session_pt)(ngx_carrierpay_session_t *s);


/* An operation on the session store, part of a flow's data. */
struct ngx_carrierpay_session_s {
    ngx_carrierpay_flow_t          *flow;      /* its owner */
    ngx_carrierpay_session_pt       handler;
    ngx_carrierpay_session_e        kind;

    u_char                          token[NGX_CARRIERPAY_TOKEN_LEN];
    ngx_carrierpay_identity_t       identity;
    ngx_carrierpay_consent_t        consent;   /* what the page says; its
                                                  visitor is not kept */
    ngx_int_t                       rc;

    ngx_carrierpay_redis_command_t  command;
};


/*
 * NGX_AGAIN: the handler will be called with s->rc set.  NGX_ERROR: Redis is
 * away (or memory is short), nothing was done.
 *
 * store: makes s->token and stores s->identity and s->consent; rc NGX_OK or
 * NGX_ERROR.
 * store_as: the same under the token that is in s->token; rc NGX_DECLINED when
 * it is taken.
 * consume: gets and deletes what the token names; rc NGX_OK, s->identity and
 * s->consent, NGX_DECLINED when it is not there (used, expired, forged), or
 * NGX_ERROR.
 * peek: the same, and it stays.
 */
ngx_int_t ngx_carrierpay_session_store(ngx_carrierpay_session_t *s);
ngx_int_t ngx_carrierpay_session_store_as(ngx_carrierpay_session_t *s);
ngx_int_t ngx_carrierpay_session_consume(ngx_carrierpay_session_t *s,
    ngx_str_t *token);
ngx_int_t ngx_carrierpay_session_peek(ngx_carrierpay_session_t *s,
    ngx_str_t *token);


#endif /* _NGX_CARRIERPAY_SESSION_H_INCLUDED_ */
