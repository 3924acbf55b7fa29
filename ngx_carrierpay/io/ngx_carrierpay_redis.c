
/*
 *     create
 *       |
 *       v      pause over           writable
 *    WAITING ------------> CONNECTING -----> READY
 *       ^                      |               |
 *       +----------------------+---------------+
 *                     any failure
 *
 * and from each to CLOSED, when it is destroyed.
 *
 * The commands wait in a queue of this file, in the order of the replies;
 * hiredis's own queue serves to count only.  A context of hiredis dies in one
 * of three ways: by itself in redisAsyncHandleRead() or
 * redisAsyncHandleWrite(), or by redisAsyncFree().  Each of them calls the
 * cleanup hook once, which gives back the slot and forgets the pointer; a
 * caller of one of them looks at the pointer after it.  Handlers of lost
 * commands run then, never from within a dying context.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <hiredis/async.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_io_counters.h"
#include "ngx_carrierpay_redis.h"


#define NGX_CARRIERPAY_REDIS_ARGS    16
#define NGX_CARRIERPAY_REDIS_REASON  256


typedef enum {
    NGX_CARRIERPAY_REDIS_CLOSED = 0,  /* before create and after destroy */
    NGX_CARRIERPAY_REDIS_WAITING,     /* timer: the pause */
    NGX_CARRIERPAY_REDIS_CONNECTING,  /* timer: deadline */
    NGX_CARRIERPAY_REDIS_READY        /* timer: deadline of the first */
} ngx_carrierpay_redis_state_e;


struct ngx_carrierpay_redis_s {
    ngx_connection_t              *c;
    redisAsyncContext             *ac;
    ngx_carrierpay_redis_state_e   state;

    ngx_pool_t                    *pool;
    ngx_carrierpay_redis_conf_t    conf;
    char                          *host;      /* path or address */

    ngx_queue_t                    commands;  /* unanswered, in order */
    ngx_uint_t                     ncommands;

    ngx_uint_t                     failures;  /* in a row */
    ngx_msec_t                     since;     /* of being ready */

    ngx_event_t                    timer;
    ngx_event_t                    flush;     /* posted: writes once a turn */
    ngx_uint_t                     writing;   /* inside HandleWrite() */

    u_char                         reason[NGX_CARRIERPAY_REDIS_REASON];
};


static ngx_int_t ngx_carrierpay_redis_conf(ngx_carrierpay_redis_t *redis);

static void ngx_carrierpay_redis_set_state(ngx_carrierpay_redis_t *redis,
    ngx_carrierpay_redis_state_e state);
static void ngx_carrierpay_redis_connect(ngx_carrierpay_redis_t *redis);
static void ngx_carrierpay_redis_connected(const redisAsyncContext *ac,
    int status);
static void ngx_carrierpay_redis_reply(redisAsyncContext *ac, void *reply,
    void *data);
static void ngx_carrierpay_redis_value(ngx_carrierpay_redis_command_t *cmd,
    redisReply *reply);

static void ngx_carrierpay_redis_read_handler(ngx_event_t *ev);
static void ngx_carrierpay_redis_write_handler(ngx_event_t *ev);
static void ngx_carrierpay_redis_flush_handler(ngx_event_t *ev);
static void ngx_carrierpay_redis_write(ngx_carrierpay_redis_t *redis);
static void ngx_carrierpay_redis_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_redis_deadline(ngx_carrierpay_redis_t *redis);

static void ngx_carrierpay_redis_add_read(void *data);
static void ngx_carrierpay_redis_del_read(void *data);
static void ngx_carrierpay_redis_add_write(void *data);
static void ngx_carrierpay_redis_del_write(void *data);
static void ngx_carrierpay_redis_cleanup(void *data);

static void ngx_carrierpay_redis_reason(ngx_carrierpay_redis_t *redis,
    const char *text);
static void ngx_carrierpay_redis_fail(ngx_carrierpay_redis_t *redis,
    const char *text);
static void ngx_carrierpay_redis_gone(ngx_carrierpay_redis_t *redis);
static void ngx_carrierpay_redis_lose(ngx_carrierpay_redis_t *redis);


/* as bits, the states that may follow each state */

static const ngx_uint_t  ngx_carrierpay_redis_exits[] = {

    1 << NGX_CARRIERPAY_REDIS_WAITING,

    1 << NGX_CARRIERPAY_REDIS_CLOSED | 1 << NGX_CARRIERPAY_REDIS_CONNECTING,

    1 << NGX_CARRIERPAY_REDIS_CLOSED | 1 << NGX_CARRIERPAY_REDIS_WAITING
        | 1 << NGX_CARRIERPAY_REDIS_READY,

    1 << NGX_CARRIERPAY_REDIS_CLOSED | 1 << NGX_CARRIERPAY_REDIS_WAITING
};


ngx_carrierpay_redis_t *
ngx_carrierpay_redis_create(ngx_cycle_t *cycle,
    ngx_carrierpay_redis_conf_t *conf)
{
    ngx_pool_t              *pool;
    ngx_carrierpay_redis_t  *redis;

    pool = ngx_create_pool(1024, cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    redis = ngx_pcalloc(pool, sizeof(ngx_carrierpay_redis_t));
    if (redis == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    redis->pool = pool;
    redis->conf = *conf;
    ngx_queue_init(&redis->commands);

    if (ngx_carrierpay_redis_conf(redis) != NGX_OK) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    redis->timer.handler = ngx_carrierpay_redis_timer_handler;
    redis->timer.data = redis;
    redis->timer.log = cycle->log;

    redis->flush.handler = ngx_carrierpay_redis_flush_handler;
    redis->flush.data = redis;
    redis->flush.log = cycle->log;

    ngx_carrierpay_redis_set_state(redis, NGX_CARRIERPAY_REDIS_WAITING);

    return redis;
}


/* hiredis would resolve a name, and cut a long path without an error */

static ngx_int_t
ngx_carrierpay_redis_conf(ngx_carrierpay_redis_t *redis)
{
    u_char      in6[16];
    ngx_str_t  *host;

    if (redis->conf.path.len) {
        host = &redis->conf.path;

        if (host->len >= sizeof(((struct sockaddr_un *) 0)->sun_path)) {
            goto invalid;
        }

    } else {
        host = &redis->conf.address;

        if (ngx_inet_addr(host->data, host->len) == INADDR_NONE
            && ngx_inet6_addr(host->data, host->len, in6) != NGX_OK)
        {
            goto invalid;
        }
    }

    redis->host = ngx_pnalloc(redis->pool, host->len + 1);
    if (redis->host == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn((u_char *) redis->host, host->data, host->len + 1);

    return NGX_OK;

invalid:

    ngx_log_error(NGX_LOG_EMERG, redis->pool->log, 0,
                  "redis address \"%V\" is neither a path nor an IP address",
                  host);

    return NGX_ERROR;
}


void
ngx_carrierpay_redis_destroy(ngx_carrierpay_redis_t *redis)
{
    if (redis->ac) {
        redisAsyncFree(redis->ac);
    }

    /* commands that the handlers of lost ones send are declined from now on */

    ngx_carrierpay_redis_set_state(redis, NGX_CARRIERPAY_REDIS_CLOSED);
    ngx_carrierpay_redis_lose(redis);

    ngx_destroy_pool(redis->pool);
}


ngx_uint_t
ngx_carrierpay_redis_ready(ngx_carrierpay_redis_t *redis)
{
    return redis->state == NGX_CARRIERPAY_REDIS_READY;
}


ngx_int_t
ngx_carrierpay_redis_send(ngx_carrierpay_redis_t *redis,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv)
{
    size_t       lengths[NGX_CARRIERPAY_REDIS_ARGS];
    ngx_uint_t   n;
    const char  *args[NGX_CARRIERPAY_REDIS_ARGS];

    if (redis->state != NGX_CARRIERPAY_REDIS_READY) {
        return NGX_DECLINED;
    }

    if (redis->ncommands >= redis->conf.queue_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REDIS_QUEUE_FULL);
        return NGX_BUSY;
    }

    if (argc == 0 || argc > NGX_CARRIERPAY_REDIS_ARGS) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "redis command of %ui arguments", argc);
        return NGX_ERROR;
    }

    for (n = 0; n < argc; n++) {
        args[n] = (const char *) argv[n].data;
        lengths[n] = argv[n].len;
    }

    /* when the context is dying or memory is short, no callback follows */

    if (redisAsyncCommandArgv(redis->ac, ngx_carrierpay_redis_reply, redis,
                              (int) argc, args, lengths)
        != REDIS_OK)
    {
        return NGX_DECLINED;
    }

    cmd->expire = ngx_current_msec + redis->conf.timeout;
    cmd->integer = 0;
    ngx_str_null(&cmd->value);

    ngx_queue_insert_tail(&redis->commands, &cmd->queue);
    redis->ncommands++;

    /* keeps a worker that is told to quit */

    redis->timer.cancelable = 0;

    if (!redis->timer.timer_set) {
        ngx_add_timer(&redis->timer, redis->conf.timeout);
    }

    return NGX_OK;
}


/* The only place that changes the state; each state comes with its timer. */

static void
ngx_carrierpay_redis_set_state(ngx_carrierpay_redis_t *redis,
    ngx_carrierpay_redis_state_e state)
{
    if (!(ngx_carrierpay_redis_exits[redis->state] & 1 << state)) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "redis connection goes from state %d to %d",
                      (int) redis->state, (int) state);
    }

    redis->state = state;

    if (redis->timer.timer_set) {
        ngx_del_timer(&redis->timer);
    }

    redis->timer.cancelable = 1;

    switch (state) {

    case NGX_CARRIERPAY_REDIS_WAITING:
        ngx_add_timer(&redis->timer,
                      ngx_carrierpay_event_backoff(redis->failures));
        break;

    case NGX_CARRIERPAY_REDIS_CONNECTING:
        ngx_add_timer(&redis->timer, redis->conf.timeout);
        break;

    case NGX_CARRIERPAY_REDIS_READY:
        redis->since = ngx_current_msec;

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REDIS_CONNECTS);
        break;

    default: /* NGX_CARRIERPAY_REDIS_CLOSED */
        break;
    }
}


static void
ngx_carrierpay_redis_connect(ngx_carrierpay_redis_t *redis)
{
    redisAsyncContext  *ac;

    ngx_carrierpay_redis_set_state(redis, NGX_CARRIERPAY_REDIS_CONNECTING);

    ac = redis->conf.path.len
         ? redisAsyncConnectUnix(redis->host)
         : redisAsyncConnect(redis->host, (int) redis->conf.port);

    if (ac == NULL) {
        ngx_carrierpay_redis_fail(redis, "no memory");
        return;
    }

    redis->ac = ac;

    ac->ev.data = redis;
    ac->ev.addRead = ngx_carrierpay_redis_add_read;
    ac->ev.delRead = ngx_carrierpay_redis_del_read;
    ac->ev.addWrite = ngx_carrierpay_redis_add_write;
    ac->ev.delWrite = ngx_carrierpay_redis_del_write;
    ac->ev.cleanup = ngx_carrierpay_redis_cleanup;

    if (ac->err) {
        ngx_carrierpay_redis_fail(redis, ac->errstr);
        return;
    }

    redis->c = ngx_carrierpay_event_acquire(ac->c.fd, redis,
                                         ngx_carrierpay_redis_read_handler,
                                         ngx_carrierpay_redis_write_handler,
                                         ngx_cycle->log);
    if (redis->c == NULL) {
        ngx_carrierpay_redis_fail(redis, "no slot for it");
        return;
    }

    /* asks for writing: the first write event reports the connection */

    (void) redisAsyncSetConnectCallback(ac, ngx_carrierpay_redis_connected);
}


/* After a failure the context dies on return, and the caller sees that. */

static void
ngx_carrierpay_redis_connected(const redisAsyncContext *ac, int status)
{
    if (status == REDIS_OK) {
        ngx_carrierpay_redis_set_state(ac->ev.data,
                                       NGX_CARRIERPAY_REDIS_READY);
    }
}


/*
 * This runs inside the context.  The handler may send more.  A reply of NULL
 * means that the context is dying: the command stays in the queue and is lost
 * with the rest.
 */

static void
ngx_carrierpay_redis_reply(redisAsyncContext *ac, void *reply, void *data)
{
    ngx_queue_t                     *q;
    ngx_carrierpay_redis_t          *redis;
    ngx_carrierpay_redis_command_t  *cmd;

    redis = data;

    if (reply == NULL || redis->ncommands == 0) {
        return;
    }

    q = ngx_queue_head(&redis->commands);
    ngx_queue_remove(q);
    redis->ncommands--;

    if (redis->ncommands == 0) {
        redis->timer.cancelable = 1;
    }

    redis->failures = 0;

    cmd = ngx_queue_data(q, ngx_carrierpay_redis_command_t, queue);

    ngx_carrierpay_redis_value(cmd, reply);

    cmd->handler(cmd);
}


static void
ngx_carrierpay_redis_value(ngx_carrierpay_redis_command_t *cmd,
    redisReply *reply)
{
    switch (reply->type) {

    case REDIS_REPLY_NIL:
        cmd->reply = NGX_CARRIERPAY_REDIS_NIL;
        return;

    case REDIS_REPLY_INTEGER:
        cmd->reply = NGX_CARRIERPAY_REDIS_INTEGER;
        cmd->integer = reply->integer;
        return;

    case REDIS_REPLY_STATUS:
        cmd->reply = NGX_CARRIERPAY_REDIS_STATUS;
        break;

    case REDIS_REPLY_STRING:
        cmd->reply = NGX_CARRIERPAY_REDIS_STRING;
        break;

    case REDIS_REPLY_ERROR:
        cmd->reply = NGX_CARRIERPAY_REDIS_REFUSED;
        break;

    default:

        /* an array, which no command asks for: perhaps done */

        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "redis reply of unexpected type %d", reply->type);

        cmd->reply = NGX_CARRIERPAY_REDIS_LOST;
        return;
    }

    cmd->value.data = (u_char *) reply->str;
    cmd->value.len = reply->len;
}


static void
ngx_carrierpay_redis_read_handler(ngx_event_t *ev)
{
    ngx_connection_t        *c;
    ngx_carrierpay_redis_t  *redis;

    c = ev->data;
    redis = c->data;

    if (c->close || c->error) {
        ngx_carrierpay_redis_fail(redis, "worker shutdown timeout");
        return;
    }

    redisAsyncHandleRead(redis->ac);

    if (redis->ac == NULL) {
        ngx_carrierpay_redis_gone(redis);
    }
}


static void
ngx_carrierpay_redis_write_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_carrierpay_redis_write(c->data);
}


static void
ngx_carrierpay_redis_flush_handler(ngx_event_t *ev)
{
    ngx_carrierpay_redis_write(ev->data);
}


static void
ngx_carrierpay_redis_write(ngx_carrierpay_redis_t *redis)
{
    redis->writing = 1;

    redisAsyncHandleWrite(redis->ac);

    redis->writing = 0;

    if (redis->ac == NULL) {
        ngx_carrierpay_redis_gone(redis);
    }
}


static void
ngx_carrierpay_redis_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_redis_t  *redis;

    redis = ev->data;

    switch (redis->state) {

    case NGX_CARRIERPAY_REDIS_WAITING:

        ngx_carrierpay_redis_connect(redis);
        return;

    case NGX_CARRIERPAY_REDIS_CONNECTING:

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REDIS_TIMEOUTS);
        ngx_carrierpay_redis_fail(redis, "connecting timed out");
        return;

    case NGX_CARRIERPAY_REDIS_READY:

        ngx_carrierpay_redis_deadline(redis);
        return;

    default: /* NGX_CARRIERPAY_REDIS_CLOSED */
        return;
    }
}


/*
 * The timer is not moved as commands come and go.  When it fires, it looks at
 * the first of them and sleeps until the deadline of that one.  Replies are
 * matched by order, so a reply that is late fails the connection.
 */

static void
ngx_carrierpay_redis_deadline(ngx_carrierpay_redis_t *redis)
{
    ngx_msec_int_t                   left;
    ngx_carrierpay_redis_command_t  *cmd;

    if (redis->ncommands == 0) {
        return;
    }

    cmd = ngx_queue_data(ngx_queue_head(&redis->commands),
                         ngx_carrierpay_redis_command_t, queue);

    left = (ngx_msec_int_t) (cmd->expire - ngx_current_msec);

    if (left > 0) {
        ngx_add_timer(&redis->timer, (ngx_msec_t) left);
        return;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REDIS_TIMEOUTS);
    ngx_carrierpay_redis_fail(redis, "no reply in time");
}


/*
 * The five hooks of hiredis.  All are idempotent.  An interest that epoll
 * refuses is not reported: the command that waits for it runs into its
 * deadline.
 */

static void
ngx_carrierpay_redis_add_read(void *data)
{
    ngx_carrierpay_redis_t  *redis = data;

    if (redis->c) {
        (void) ngx_carrierpay_event_want_read(redis->c);
    }
}


static void
ngx_carrierpay_redis_del_read(void *data)
{
    ngx_carrierpay_redis_t  *redis = data;

    if (redis->c) {
        (void) ngx_carrierpay_event_drop_read(redis->c);
    }
}


/*
 * While connecting, and for bytes that a write has left, the socket has to
 * become writable first.  Otherwise one write serves all commands of a turn of
 * the event loop.
 */

static void
ngx_carrierpay_redis_add_write(void *data)
{
    ngx_carrierpay_redis_t  *redis = data;

    if (redis->c == NULL) {
        return;
    }

    if (redis->writing || redis->state != NGX_CARRIERPAY_REDIS_READY) {
        (void) ngx_carrierpay_event_want_write(redis->c);
        return;
    }

    if (!redis->c->write->active) {
        ngx_post_event(&redis->flush, &ngx_posted_events);
    }
}


static void
ngx_carrierpay_redis_del_write(void *data)
{
    ngx_carrierpay_redis_t  *redis = data;

    if (redis->c) {
        (void) ngx_carrierpay_event_drop_write(redis->c);
    }
}


/* The context is dying; its descriptor and its error are still there. */

static void
ngx_carrierpay_redis_cleanup(void *data)
{
    ngx_carrierpay_redis_t  *redis = data;

    if (redis->ac->c.err) {
        ngx_carrierpay_redis_reason(redis, redis->ac->c.errstr);
    }

    if (redis->c) {
        ngx_carrierpay_event_release(redis->c, 0);
        redis->c = NULL;
    }

    if (redis->flush.posted) {
        ngx_delete_posted_event(&redis->flush);
    }

    redis->ac = NULL;
}


/* Keeps the first reason, since the rest is consequence. */

static void
ngx_carrierpay_redis_reason(ngx_carrierpay_redis_t *redis, const char *text)
{
    if (redis->reason[0] == '\0') {
        ngx_carrierpay_event_reason(redis->reason,
                                    NGX_CARRIERPAY_REDIS_REASON, text);
    }
}


/* Calls handlers: never inside the context, and the caller returns then. */

static void
ngx_carrierpay_redis_fail(ngx_carrierpay_redis_t *redis, const char *text)
{
    ngx_carrierpay_redis_reason(redis, text);

    if (redis->ac) {
        redisAsyncFree(redis->ac);
    }

    ngx_carrierpay_redis_gone(redis);
}


/* Counts, logs and starts anew once a context is gone. */

static void
ngx_carrierpay_redis_gone(ngx_carrierpay_redis_t *redis)
{
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_REDIS_FAILURES);

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "redis connection to \"%s\" %s with %ui commands in flight: "
                  "%s", redis->host,
                  redis->state == NGX_CARRIERPAY_REDIS_READY ? "lost"
                                                             : "failed",
                  redis->ncommands, redis->reason);

    /* one that broke soon and unused does not count as having worked */

    if (redis->state == NGX_CARRIERPAY_REDIS_READY
        && ngx_current_msec - redis->since >= NGX_CARRIERPAY_BACKOFF_MAX)
    {
        redis->failures = 0;
    }

    redis->failures++;
    redis->reason[0] = '\0';

    ngx_carrierpay_redis_set_state(redis, NGX_CARRIERPAY_REDIS_WAITING);

    ngx_carrierpay_redis_lose(redis);
}


static void
ngx_carrierpay_redis_lose(ngx_carrierpay_redis_t *redis)
{
    ngx_queue_t                     *q, lost;
    ngx_carrierpay_redis_command_t  *cmd;

    if (redis->ncommands == 0) {
        return;
    }

    /* handlers may send, and those commands are not lost with these */

    ngx_queue_init(&lost);
    ngx_queue_add(&lost, &redis->commands);
    ngx_queue_init(&redis->commands);
    redis->ncommands = 0;

    while (!ngx_queue_empty(&lost)) {
        q = ngx_queue_head(&lost);
        ngx_queue_remove(q);

        cmd = ngx_queue_data(q, ngx_carrierpay_redis_command_t, queue);

        cmd->reply = NGX_CARRIERPAY_REDIS_LOST;
        cmd->handler(cmd);
    }
}
