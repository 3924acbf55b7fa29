
/*
 * Limits that nodes share through Redis.
 *
 * The bucket's time is the score of one member of a sorted set, so that each
 * command is atomic by itself and no script is needed; those of a request go
 * out in one write:
 *
 *   ZADD key GT <now> t           a bucket that is full is full as of now
 *   ZINCRBY key <interval> t      charges; the reply decides
 *   PEXPIRE key <until full>      what is full need not be remembered
 *
 * and, when it is refused, ZINCRBY key <-interval> t.  Never more than the
 * budget passes; while a refused charge has not been taken back, another node
 * may be refused too early.  The table of the node stands before it: it lets
 * through as many as the whole budget, so a flood ends here, not in Redis.
 *
 * Nodes need clocks that agree: one that is ahead by d lets a bucket have d
 * times the rate too much, once, and finds it full where the others see it
 * still empty.  A time much further ahead than nodes can have charged was left
 * by a clock that was wrong: it is lowered (ZADD key LT) to what this node's
 * table knows.  Times are below 2^53 us, which a score holds exactly.
 */


#ifndef _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_
#define _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_limit.h"


typedef struct ngx_carrierpay_limit_redis_s  ngx_carrierpay_limit_redis_t;

/* rc as ngx_carrierpay_limit_consume() returns it; the items are filled. */
typedef void (*ngx_carrierpay_limit_redis_pt)(void *data, ngx_int_t rc);


/*
 * Asks Redis about those of n items whose zone is shared; all of them were
 * charged here and allowed (a dry run's may be refused).  `core` may be NULL:
 * not started.
 *
 * NGX_OK: nothing is asked, or Redis is away: the items stand as they are.
 * NGX_AGAIN: the handler will be called once, within the timeout of Redis,
 * unless *call is cancelled; the items are the caller's until then.  Where
 * Redis does not answer, the item stands as it is, and that is counted.
 */
ngx_int_t ngx_carrierpay_limit_redis_consume(ngx_carrierpay_core_t *core,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n,
    ngx_carrierpay_limit_redis_pt handler, void *data,
    ngx_carrierpay_limit_redis_t **call);

/* Whoever asked has gone; what was charged stays charged. */
void ngx_carrierpay_limit_redis_cancel(ngx_carrierpay_limit_redis_t *call);


#endif /* _NGX_CARRIERPAY_LIMIT_REDIS_H_INCLUDED_ */
