
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_limit_redis.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_base64.h"


/* In ms.  The clocks of the nodes and of Redis may differ by this. */
#define NGX_CARRIERPAY_LIMIT_REDIS_LINGER  10000

/*
 * Nodes may have consumed this many spans at once, before refused requests are
 * refunded.  A time further ahead comes from a wrong clock.
 */
#define NGX_CARRIERPAY_LIMIT_REDIS_SPANS  16

#define NGX_CARRIERPAY_LIMIT_REDIS_PREFIX  "cp:l:"
#define NGX_CARRIERPAY_LIMIT_REDIS_HASH                                       \
    NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SIPHASH_LEN)


/*
 * A copy of an item, and its commands.  The command lift also lowers, and add
 * also refunds.
 */

typedef struct {
    ngx_carrierpay_limit_item_t      item;
    ngx_carrierpay_redis_command_t   lift;
    ngx_carrierpay_redis_command_t   add;
    ngx_carrierpay_redis_command_t   keep;
    unsigned                         answered:1;
} ngx_carrierpay_limit_redis_item_t;


/* A call lives until each of its commands is answered or lost. */

struct ngx_carrierpay_limit_redis_s {
    ngx_carrierpay_redis_t            *redis;
    int64_t                            now;       /* us since the epoch */
    ngx_uint_t                         pending;   /* commands */
    ngx_uint_t                         asked;     /* items without an answer */

    ngx_carrierpay_limit_item_t       *items;     /* the caller's */
    ngx_carrierpay_limit_redis_pt      handler;   /* NULL: cancelled */
    void                              *data;

    ngx_uint_t                         n;
    ngx_carrierpay_limit_redis_item_t  shared[1];
};


static ngx_int_t ngx_carrierpay_limit_redis_item(
    ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one);
static ngx_int_t ngx_carrierpay_limit_redis_move(
    ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, const char *how, int64_t time);
static ngx_int_t ngx_carrierpay_limit_redis_add(
    ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, ngx_carrierpay_redis_pt handler,
    int64_t n);
static ngx_int_t ngx_carrierpay_limit_redis_send(
    ngx_carrierpay_limit_redis_t *call, ngx_carrierpay_limit_item_t *item,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv);
static void ngx_carrierpay_limit_redis_consumed(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_limit_redis_answered(
    ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, int64_t ahead);
static void ngx_carrierpay_limit_redis_ignored(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_limit_redis_decide(
    ngx_carrierpay_limit_redis_t *call);
static ngx_int_t ngx_carrierpay_limit_redis_decision(
    ngx_carrierpay_limit_redis_t *call);
static void ngx_carrierpay_limit_redis_done(
    ngx_carrierpay_limit_redis_t *call);


ngx_int_t
ngx_carrierpay_limit_redis_consume(ngx_carrierpay_core_t *core,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n,
    ngx_carrierpay_limit_redis_pt handler, void *data,
    ngx_carrierpay_limit_redis_t **out)
{
    ngx_uint_t                     i, shared;
    ngx_carrierpay_limit_redis_t  *call;

    shared = 0;

    for (i = 0; i < n; i++) {
        shared += items[i].rc == NGX_OK && items[i].limit->zone->shared;
    }

    if (shared == 0) {
        return NGX_OK;
    }

    call = (core && ngx_carrierpay_redis_ready(core->redis))
         ? ngx_alloc(sizeof(ngx_carrierpay_limit_redis_t)
                     + (n - 1) * sizeof(ngx_carrierpay_limit_redis_item_t),
                     core->log)
         : NULL;

    if (call == NULL) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        return NGX_OK;
    }

    ngx_memzero(call, offsetof(ngx_carrierpay_limit_redis_t, shared)
                    + n * sizeof(ngx_carrierpay_limit_redis_item_t));

    call->redis = core->redis;
    call->now = ngx_carrierpay_now() * 1000;
    call->items = items;
    call->handler = handler;
    call->data = data;
    call->n = n;

    for (i = 0; i < n; i++) {
        call->shared[i].item = items[i];

        if (items[i].rc != NGX_OK || !items[i].limit->zone->shared) {
            continue;
        }

        if (ngx_carrierpay_limit_redis_item(call, &call->shared[i])
            == NGX_OK)
        {
            call->asked++;

        } else {
            ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        }
    }

    if (call->asked) {
        *out = call;
        return NGX_AGAIN;
    }

    call->handler = NULL;
    ngx_carrierpay_limit_redis_done(call);

    return NGX_OK;
}


/*
 * NGX_OK: the request is being consumed.  Otherwise nothing was sent that
 * would consume.
 */

static ngx_int_t
ngx_carrierpay_limit_redis_item(ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one)
{
    u_char     time[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[3];

    if (ngx_carrierpay_limit_redis_move(call, one, "GT", call->now) != NGX_OK
        || ngx_carrierpay_limit_redis_add(call, one,
                                          ngx_carrierpay_limit_redis_consumed,
                                          one->item.limit->interval)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    /*
     * If it cannot be sent, the key stays until the next request of the
     * bucket.
     */

    ngx_str_set(&argv[0], "PEXPIRE");
    argv[2].data = time;
    argv[2].len = ngx_carrierpay_text_int(time,
                                          one->item.limit->zone->span / 1000
                                          + NGX_CARRIERPAY_LIMIT_REDIS_LINGER)
                  - time;

    one->keep.handler = ngx_carrierpay_limit_redis_ignored;

    (void) ngx_carrierpay_limit_redis_send(call, &one->item, &one->keep, 3,
                                           argv);

    return NGX_OK;
}


/* Moves the time of a bucket, but not back ("GT") or not ahead ("LT"). */

static ngx_int_t
ngx_carrierpay_limit_redis_move(ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, const char *how, int64_t time)
{
    u_char     number[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[5];

    ngx_str_set(&argv[0], "ZADD");
    argv[2].data = (u_char *) how;
    argv[2].len = 2;
    argv[3].data = number;
    argv[3].len = ngx_carrierpay_text_int(number, time) - number;
    ngx_str_set(&argv[4], "t");

    one->lift.handler = ngx_carrierpay_limit_redis_ignored;

    return ngx_carrierpay_limit_redis_send(call, &one->item, &one->lift, 5,
                                           argv);
}


static ngx_int_t
ngx_carrierpay_limit_redis_add(ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, ngx_carrierpay_redis_pt handler,
    int64_t n)
{
    u_char     number[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[4];

    ngx_str_set(&argv[0], "ZINCRBY");
    argv[2].data = number;
    argv[2].len = ngx_carrierpay_text_int(number, n) - number;
    ngx_str_set(&argv[3], "t");

    one->add.handler = handler;

    return ngx_carrierpay_limit_redis_send(call, &one->item, &one->add, 4,
                                           argv);
}


/* Sends a command; argv[1] is set here to the key of the bucket. */

static ngx_int_t
ngx_carrierpay_limit_redis_send(ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_item_t *item, ngx_carrierpay_redis_command_t *cmd,
    ngx_uint_t argc, ngx_str_t *argv)
{
    u_char      key[sizeof(NGX_CARRIERPAY_LIMIT_REDIS_PREFIX) - 1
                    + NGX_CARRIERPAY_LIMIT_NAME_MAX + 1
                    + NGX_CARRIERPAY_LIMIT_REDIS_HASH];
    u_char      hash[NGX_CARRIERPAY_SIPHASH_LEN], *p;
    ngx_uint_t  i;

    for (i = 0; i < NGX_CARRIERPAY_SIPHASH_LEN; i++) {
        hash[i] = (u_char) (item->key[i / 8] >> i % 8 * 8);
    }

    p = ngx_cpymem(key, NGX_CARRIERPAY_LIMIT_REDIS_PREFIX,
                   sizeof(NGX_CARRIERPAY_LIMIT_REDIS_PREFIX) - 1);
    p = ngx_cpymem(p, item->limit->zone->name.data,
                   item->limit->zone->name.len);
    *p++ = ':';
    p = ngx_carrierpay_base64url_encode(p, hash, sizeof(hash));

    argv[1].data = key;
    argv[1].len = p - key;

    cmd->data = call;

    if (ngx_carrierpay_redis_send(call->redis, cmd, argc, argv) != NGX_OK) {
        return NGX_DECLINED;
    }

    call->pending++;

    return NGX_OK;
}


void
ngx_carrierpay_limit_redis_cancel(ngx_carrierpay_limit_redis_t *call)
{
    call->handler = NULL;
}


static void
ngx_carrierpay_limit_redis_consumed(ngx_carrierpay_redis_command_t *cmd)
{
    int64_t                             time;
    ngx_carrierpay_limit_redis_t       *call;
    ngx_carrierpay_limit_redis_item_t  *one;

    call = cmd->data;
    one = ngx_queue_data(cmd, ngx_carrierpay_limit_redis_item_t, add);

    if (cmd->reply == NGX_CARRIERPAY_REDIS_STRING
        && ngx_carrierpay_text_double_parse(&cmd->value, &time) == NGX_OK)
    {
        ngx_carrierpay_limit_redis_answered(call, one, time - call->now);

    } else {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
    }

    if (--call->asked == 0) {
        ngx_carrierpay_limit_redis_decide(call);
    }

    call->pending--;
    ngx_carrierpay_limit_redis_done(call);
}


static void
ngx_carrierpay_limit_redis_answered(ngx_carrierpay_limit_redis_t *call,
    ngx_carrierpay_limit_redis_item_t *one, int64_t ahead)
{
    ngx_carrierpay_limit_item_t  *item;

    item = &one->item;

    if (ahead > item->limit->zone->span * NGX_CARRIERPAY_LIMIT_REDIS_SPANS
                + NGX_CARRIERPAY_LIMIT_REDIS_LINGER * 1000)
    {
        /*
         * The table of this node decides, and Redis is set to what it knows.
         */

        (void) ngx_carrierpay_limit_redis_move(call, one, "LT",
                                               call->now + item->ahead);
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        return;
    }

    one->answered = 1;

    /*
     * The key may have expired after "lift", and then the bucket began at 0.
     */

    item->ahead = ngx_max(ahead, item->limit->interval);

    if (item->ahead > item->limit->span) {
        item->ahead -= item->limit->interval;
        item->rc = NGX_BUSY;
    }
}


static void
ngx_carrierpay_limit_redis_ignored(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_limit_redis_t  *call;

    call = cmd->data;

    call->pending--;
    ngx_carrierpay_limit_redis_done(call);
}


/*
 * Refunds what must not stay consumed.  What a refused item has consumed in
 * the table of this node stays, since attempts count there.  If a command
 * cannot be sent, the budget is one request short until the bucket is full.
 */

static void
ngx_carrierpay_limit_redis_decide(ngx_carrierpay_limit_redis_t *call)
{
    ngx_int_t                           rc;
    ngx_uint_t                          i;
    ngx_carrierpay_limit_redis_pt       handler;
    ngx_carrierpay_limit_redis_item_t  *one;

    rc = ngx_carrierpay_limit_redis_decision(call);

    for (i = 0; i < call->n; i++) {
        one = &call->shared[i];

        if (one->answered && (one->item.rc == NGX_BUSY || rc == NGX_BUSY)) {
            (void) ngx_carrierpay_limit_redis_add(call, one,
                                         ngx_carrierpay_limit_redis_ignored,
                                         -one->item.limit->interval);
        }

        if (rc == NGX_BUSY && one->item.rc == NGX_OK) {
            ngx_carrierpay_limit_refund(&one->item);
        }
    }

    handler = call->handler;

    if (handler == NULL) {
        return;
    }

    for (i = 0; i < call->n; i++) {
        call->items[i] = call->shared[i].item;
    }

    call->handler = NULL;
    handler(call->data, rc);
}


static ngx_int_t
ngx_carrierpay_limit_redis_decision(ngx_carrierpay_limit_redis_t *call)
{
    ngx_uint_t                    i;
    ngx_carrierpay_limit_item_t  *item;

    for (i = 0; i < call->n; i++) {
        item = &call->shared[i].item;

        if (item->rc == NGX_BUSY && !item->limit->dry_run) {
            return NGX_BUSY;
        }
    }

    return NGX_OK;
}


static void
ngx_carrierpay_limit_redis_done(ngx_carrierpay_limit_redis_t *call)
{
    if (call->pending == 0 && call->handler == NULL) {
        ngx_free(call);
    }
}
