
/*
 * Asks an operator for the carrier of a line, by the lookup of its dialect.
 *
 * The answer, an MCCMNC, is kept in Redis for the operator's lookup_cache:
 * under a keyed hash of the line, sealed under its own name.  Without Redis
 * the operator is asked each time.  An operator is asked lookup_max times at
 * once by a worker, and each call ends at lookup_timeout; no answer, a late
 * one, or one call too many means "unknown", and the configuration's word
 * (ported file, prefix) stands.
 */


#ifndef _NGX_CARRIERPAY_LOOKUP_H_INCLUDED_
#define _NGX_CARRIERPAY_LOOKUP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_base64.h"


/* of its entry in Redis */

#define NGX_CARRIERPAY_LOOKUP_NAME_LEN                                        \
    (sizeof("cp:lu:") - 1                                                     \
     + NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SHA256_LEN))


typedef struct ngx_carrierpay_lookup_s  ngx_carrierpay_lookup_t;


/* An operation, part of a flow's data. */
struct ngx_carrierpay_lookup_s {
    ngx_str_t                       end_user;  /* in memory of the flow */
    ngx_uint_t                      live;      /* else it is for a test */

    /*
     * The line came over the network of carrier.operator: which MVNO's it is
     * may be learnt, but no other operator is believed to have it.
     */
    unsigned                        network:1;

    /*
     * Before: what the configuration knows.  After: what the operator says,
     * with the evidence LOOKUP, if it says anything.
     */
    ngx_carrierpay_carrier_t        carrier;

    /* the operation's own */

    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_operator_t      *operator;  /* that is asked */
    ngx_carrierpay_redis_command_t  command;
    ngx_carrierpay_operation_t      operation;
    ngx_msec_t                      asked;     /* when */
    u_char                          name[NGX_CARRIERPAY_LOOKUP_NAME_LEN];
};


/*
 * The run of a flow's row: asks carrier.operator.  NGX_AGAIN: the row's done
 * finds `carrier`.  NGX_OK: `carrier` is what it was, since no operator can
 * be asked (there is none, it has no lookup_pass, or it is one of the other
 * mode: a test costs no real operator a call) or nothing can be learnt (the
 * gateway's MCCMNC decides, or it is a fixed line).
 */
ngx_int_t ngx_carrierpay_lookup(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_lookup_t *lookup);

/* ms that a page must allow for a lookup: the longest of all operators. */
ngx_msec_t ngx_carrierpay_lookup_timeout(ngx_carrierpay_core_t *core);


#endif /* _NGX_CARRIERPAY_LOOKUP_H_INCLUDED_ */
