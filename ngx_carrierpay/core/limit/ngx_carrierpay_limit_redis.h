
/*
 * Limits that nodes share through Redis.
 *
 * The time of a bucket is the score of the one member of a sorted set, so that
 * each command is atomic by itself and no script is needed.  The commands of a
 * request are sent in one write:
 *
 * ZADD key GT <now> t           a bucket that was full is full as of now
 * ZINCRBY key <interval> t      consumes; the reply decides PEXPIRE key <until
 * full>      a full bucket need not be remembered
 *
 * and if the request is refused, also ZINCRBY key <-interval> t.  Never more
 * than the budget passes; until a refused request is refunded, another node
 * may be refused too early.  The table of the node is evaluated first and lets
 * through as many requests as the whole budget, so a flood ends at the node
 * and not in Redis.
 *
 * The nodes' clocks must agree.  A clock that is ahead by d lets a bucket have
 * d times the rate too much, once, and finds it full where the others see it
 * still empty.  A time that is much further ahead than nodes can have consumed
 * was left by a wrong clock: it is lowered (ZADD key LT) to what the table of
 * this node knows.  Times are below 2^53 us, which a score represents exactly.
 */


#ifndef _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_
#define _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_limit.h"


typedef struct ngx_carrierpay_limit_redis_s  ngx_carrierpay_limit_redis_t;

/*
 * The result rc is that of ngx_carrierpay_limit_consume(); the items are set.
 */
typedef void (*ngx_carrierpay_limit_redis_pt)(void *data, ngx_int_t rc);


/*
 * Consumes in Redis for those of n items whose zone is shared.  All of them
 * were allowed by ngx_carrierpay_limit_consume() before, except those of a dry
 * run. core may be NULL, which means that the service is not started.
 *
 * NGX_OK: Redis is not asked, or is not available, and the items are
 * unchanged.  NGX_AGAIN: the handler will be called once, within the timeout
 * of Redis, unless *call is cancelled; until then the items must stay in
 * place.  An item that Redis does not answer for is unchanged, and is counted.
 */
ngx_int_t ngx_carrierpay_limit_redis_consume(ngx_carrierpay_core_t *core,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n,
    ngx_carrierpay_limit_redis_pt handler, void *data,
    ngx_carrierpay_limit_redis_t **call);

/*
 * Cancels a call: its handler will not be called.  What was consumed is not
 * refunded.
 */
void ngx_carrierpay_limit_redis_cancel(ngx_carrierpay_limit_redis_t *call);


#endif /* _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_ */
