
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_limit_redis.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_text.h"


/* ms; the clocks of nodes and of Redis may differ */
#define NGX_CARRIERPAY_LIMIT_SHARE_LINGER  10000

/*
 * Spans that nodes may have charged at once, before what is refused has been
 * taken back; further ahead than that is a clock that was wrong.
 */
#define NGX_CARRIERPAY_LIMIT_SHARE_SPANS  16

#define NGX_CARRIERPAY_LIMIT_SHARE_PREFIX  "cp:l:"
#define NGX_CARRIERPAY_LIMIT_SHARE_HASH                                       \
    NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SIPHASH_LEN)


/*
 * A copy of an item, and its commands; lift serves to lower, too, and add to
 * take back.
 */

typedef struct {
    ngx_carrierpay_limit_item_t      item;
    ngx_carrierpay_redis_command_t   lift;
    ngx_carrierpay_redis_command_t   add;
    ngx_carrierpay_redis_command_t   keep;
    unsigned                         answered:1;
} ngx_carrierpay_limit_shared_t;


/* lives until each of its commands is answered or lost */

struct ngx_carrierpay_limit_share_s {
    ngx_carrierpay_redis_t          *redis;
    int64_t                          now;       /* us since the epoch */
    ngx_uint_t                       pending;   /* commands */
    ngx_uint_t                       asked;     /* items, still open */

    ngx_carrierpay_limit_item_t     *items;     /* the caller's */
    ngx_carrierpay_limit_share_pt    handler;   /* NULL: cancelled */
    void                            *data;

    ngx_uint_t                       n;
    ngx_carrierpay_limit_shared_t    shared[1];
};


static ngx_int_t ngx_carrierpay_limit_share_ask(
    ngx_carrierpay_limit_share_t *share, ngx_carrierpay_limit_shared_t *one);
static ngx_int_t ngx_carrierpay_limit_share_move(
    ngx_carrierpay_limit_share_t *share, ngx_carrierpay_limit_shared_t *one,
    const char *how, int64_t time);
static ngx_int_t ngx_carrierpay_limit_share_add(
    ngx_carrierpay_limit_share_t *share, ngx_carrierpay_limit_shared_t *one,
    ngx_carrierpay_redis_pt handler, int64_t n);
static ngx_int_t ngx_carrierpay_limit_share_send(
    ngx_carrierpay_limit_share_t *share, ngx_carrierpay_limit_item_t *item,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv);
static void ngx_carrierpay_limit_share_charged(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_limit_share_answered(
    ngx_carrierpay_limit_share_t *share, ngx_carrierpay_limit_shared_t *one,
    int64_t ahead);
static void ngx_carrierpay_limit_share_ignored(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_limit_share_decide(
    ngx_carrierpay_limit_share_t *share);
static ngx_int_t ngx_carrierpay_limit_share_decision(
    ngx_carrierpay_limit_share_t *share);
static void ngx_carrierpay_limit_share_done(
    ngx_carrierpay_limit_share_t *share);


ngx_int_t
ngx_carrierpay_limit_share(ngx_carrierpay_core_t *core,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n,
    ngx_carrierpay_limit_share_pt handler, void *data,
    ngx_carrierpay_limit_share_t **share)
{
    ngx_uint_t                     i, shared;
    ngx_carrierpay_limit_share_t  *sh;

    shared = 0;

    for (i = 0; i < n; i++) {
        shared += items[i].rc == NGX_OK && items[i].limit->zone->shared;
    }

    if (shared == 0) {
        return NGX_OK;
    }

    sh = (core && ngx_carrierpay_redis_ready(core->redis))
         ? ngx_alloc(sizeof(ngx_carrierpay_limit_share_t)
                     + (n - 1) * sizeof(ngx_carrierpay_limit_shared_t),
                     core->log)
         : NULL;

    if (sh == NULL) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        return NGX_OK;
    }

    ngx_memzero(sh, offsetof(ngx_carrierpay_limit_share_t, shared)
                    + n * sizeof(ngx_carrierpay_limit_shared_t));

    sh->redis = core->redis;
    sh->now = ngx_carrierpay_now() * 1000;
    sh->items = items;
    sh->handler = handler;
    sh->data = data;
    sh->n = n;

    for (i = 0; i < n; i++) {
        sh->shared[i].item = items[i];

        if (items[i].rc != NGX_OK || !items[i].limit->zone->shared) {
            continue;
        }

        if (ngx_carrierpay_limit_share_ask(sh, &sh->shared[i]) == NGX_OK) {
            sh->asked++;

        } else {
            ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        }
    }

    if (sh->asked) {
        *share = sh;
        return NGX_AGAIN;
    }

    sh->handler = NULL;
    ngx_carrierpay_limit_share_done(sh);

    return NGX_OK;
}


/* NGX_OK: the charge is on its way; what else was sent is none */

static ngx_int_t
ngx_carrierpay_limit_share_ask(ngx_carrierpay_limit_share_t *share,
    ngx_carrierpay_limit_shared_t *one)
{
    u_char     time[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[3];

    if (ngx_carrierpay_limit_share_move(share, one, "GT", share->now) != NGX_OK
        || ngx_carrierpay_limit_share_add(share, one,
                                          ngx_carrierpay_limit_share_charged,
                                          one->item.limit->interval)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    /* without it the key would stay: the next charge says it again */

    ngx_str_set(&argv[0], "PEXPIRE");
    argv[2].data = time;
    argv[2].len = ngx_carrierpay_text_int(time,
                                          one->item.limit->zone->span / 1000
                                          + NGX_CARRIERPAY_LIMIT_SHARE_LINGER)
                  - time;

    one->keep.handler = ngx_carrierpay_limit_share_ignored;

    (void) ngx_carrierpay_limit_share_send(share, &one->item, &one->keep, 3,
                                           argv);

    return NGX_OK;
}


/* how: not back ("GT"), or not ahead ("LT") */

static ngx_int_t
ngx_carrierpay_limit_share_move(ngx_carrierpay_limit_share_t *share,
    ngx_carrierpay_limit_shared_t *one, const char *how, int64_t time)
{
    u_char     number[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[5];

    ngx_str_set(&argv[0], "ZADD");
    argv[2].data = (u_char *) how;
    argv[2].len = 2;
    argv[3].data = number;
    argv[3].len = ngx_carrierpay_text_int(number, time) - number;
    ngx_str_set(&argv[4], "t");

    one->lift.handler = ngx_carrierpay_limit_share_ignored;

    return ngx_carrierpay_limit_share_send(share, &one->item, &one->lift, 5,
                                           argv);
}


static ngx_int_t
ngx_carrierpay_limit_share_add(ngx_carrierpay_limit_share_t *share,
    ngx_carrierpay_limit_shared_t *one, ngx_carrierpay_redis_pt handler,
    int64_t n)
{
    u_char     number[NGX_CARRIERPAY_TEXT_INT_LEN];
    ngx_str_t  argv[4];

    ngx_str_set(&argv[0], "ZINCRBY");
    argv[2].data = number;
    argv[2].len = ngx_carrierpay_text_int(number, n) - number;
    ngx_str_set(&argv[3], "t");

    one->add.handler = handler;

    return ngx_carrierpay_limit_share_send(share, &one->item, &one->add, 4,
                                           argv);
}


/* argv[1] is the key, made here */

static ngx_int_t
ngx_carrierpay_limit_share_send(ngx_carrierpay_limit_share_t *share,
    ngx_carrierpay_limit_item_t *item, ngx_carrierpay_redis_command_t *cmd,
    ngx_uint_t argc, ngx_str_t *argv)
{
    u_char      key[sizeof(NGX_CARRIERPAY_LIMIT_SHARE_PREFIX) - 1
                    + NGX_CARRIERPAY_LIMIT_NAME_MAX + 1
                    + NGX_CARRIERPAY_LIMIT_SHARE_HASH];
    u_char      hash[NGX_CARRIERPAY_SIPHASH_LEN], *p;
    ngx_uint_t  i;

    for (i = 0; i < NGX_CARRIERPAY_SIPHASH_LEN; i++) {
        hash[i] = (u_char) (item->key[i / 8] >> i % 8 * 8);
    }

    p = ngx_cpymem(key, NGX_CARRIERPAY_LIMIT_SHARE_PREFIX,
                   sizeof(NGX_CARRIERPAY_LIMIT_SHARE_PREFIX) - 1);
    p = ngx_cpymem(p, item->limit->zone->name.data,
                   item->limit->zone->name.len);
    *p++ = ':';
    p = ngx_carrierpay_base64url_encode(p, hash, sizeof(hash));

    argv[1].data = key;
    argv[1].len = p - key;

    cmd->data = share;

    if (ngx_carrierpay_redis_send(share->redis, cmd, argc, argv) != NGX_OK) {
        return NGX_DECLINED;
    }

    share->pending++;

    return NGX_OK;
}


void
ngx_carrierpay_limit_share_cancel(ngx_carrierpay_limit_share_t *share)
{
    share->handler = NULL;
}


static void
ngx_carrierpay_limit_share_charged(ngx_carrierpay_redis_command_t *cmd)
{
    int64_t                         time;
    ngx_carrierpay_limit_share_t   *share;
    ngx_carrierpay_limit_shared_t  *one;

    share = cmd->data;
    one = ngx_queue_data(cmd, ngx_carrierpay_limit_shared_t, add);

    if (cmd->reply == NGX_CARRIERPAY_REDIS_STRING
        && ngx_carrierpay_text_double_parse(&cmd->value, &time) == NGX_OK)
    {
        ngx_carrierpay_limit_share_answered(share, one, time - share->now);

    } else {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
    }

    if (--share->asked == 0) {
        ngx_carrierpay_limit_share_decide(share);
    }

    share->pending--;
    ngx_carrierpay_limit_share_done(share);
}


static void
ngx_carrierpay_limit_share_answered(ngx_carrierpay_limit_share_t *share,
    ngx_carrierpay_limit_shared_t *one, int64_t ahead)
{
    ngx_carrierpay_limit_item_t  *item;

    item = &one->item;

    if (ahead > item->limit->zone->span * NGX_CARRIERPAY_LIMIT_SHARE_SPANS
                + NGX_CARRIERPAY_LIMIT_SHARE_LINGER * 1000)
    {
        /* the table of this node decides, and is what is known there, too */

        (void) ngx_carrierpay_limit_share_move(share, one, "LT",
                                               share->now + item->ahead);
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LIMIT_LOCAL);
        return;
    }

    one->answered = 1;

    /* the key may have ended after "lift": it began at 0, then */

    item->ahead = ngx_max(ahead, item->limit->interval);

    if (item->ahead > item->limit->span) {
        item->ahead -= item->limit->interval;
        item->rc = NGX_BUSY;
    }
}


static void
ngx_carrierpay_limit_share_ignored(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_limit_share_t  *share;

    share = cmd->data;

    share->pending--;
    ngx_carrierpay_limit_share_done(share);
}


/*
 * Takes back what must not stay charged.  The refused item's charge in the
 * table of this node stays: it counts attempts there.  A command that cannot
 * be sent leaves a budget one short until the bucket is full.
 */

static void
ngx_carrierpay_limit_share_decide(ngx_carrierpay_limit_share_t *share)
{
    ngx_int_t                        rc;
    ngx_uint_t                       i;
    ngx_carrierpay_limit_shared_t   *one;
    ngx_carrierpay_limit_share_pt    handler;

    rc = ngx_carrierpay_limit_share_decision(share);

    for (i = 0; i < share->n; i++) {
        one = &share->shared[i];

        if (one->answered && (one->item.rc == NGX_BUSY || rc == NGX_BUSY)) {
            (void) ngx_carrierpay_limit_share_add(share, one,
                                         ngx_carrierpay_limit_share_ignored,
                                         -one->item.limit->interval);
        }

        if (rc == NGX_BUSY && one->item.rc == NGX_OK) {
            ngx_carrierpay_limit_refund(&one->item);
        }
    }

    handler = share->handler;

    if (handler == NULL) {
        return;
    }

    for (i = 0; i < share->n; i++) {
        share->items[i] = share->shared[i].item;
    }

    share->handler = NULL;
    handler(share->data, rc);
}


static ngx_int_t
ngx_carrierpay_limit_share_decision(ngx_carrierpay_limit_share_t *share)
{
    ngx_uint_t                    i;
    ngx_carrierpay_limit_item_t  *item;

    for (i = 0; i < share->n; i++) {
        item = &share->shared[i].item;

        if (item->rc == NGX_BUSY && !item->limit->dry_run) {
            return NGX_BUSY;
        }
    }

    return NGX_OK;
}


static void
ngx_carrierpay_limit_share_done(ngx_carrierpay_limit_share_t *share)
{
    if (share->pending == 0 && share->handler == NULL) {
        ngx_free(share);
    }
}
