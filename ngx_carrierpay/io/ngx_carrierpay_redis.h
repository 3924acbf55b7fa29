
/*
 * Redis, asynchronously: one connection a worker.
 *
 * The caller owns a command, and must keep it until its handler has run.
 * Commands are answered in order.  A reply that does not come within the
 * timeout fails the connection, and with it all commands in flight: the reply
 * LOST means "perhaps done".  The connection is made anew after a failure,
 * with back-off and jitter.  Commands in flight keep a worker that is told to
 * quit.
 */


#ifndef _NGX_CARRIERPAY_REDIS_H_INCLUDED_
#define _NGX_CARRIERPAY_REDIS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


typedef struct ngx_carrierpay_redis_s          ngx_carrierpay_redis_t;
typedef struct ngx_carrierpay_redis_command_s  ngx_carrierpay_redis_command_t;

typedef void (*ngx_carrierpay_redis_pt)(ngx_carrierpay_redis_command_t *cmd);


typedef struct {
    ngx_str_t        path;       /* of a unix socket, or empty */
    ngx_str_t        address;    /* an IP address, when path is empty */
    ngx_uint_t       port;
    ngx_msec_t       timeout;    /* ms; of connecting, and of a reply */
    ngx_uint_t       queue_max;  /* commands in flight */
} ngx_carrierpay_redis_conf_t;


typedef enum {
    NGX_CARRIERPAY_REDIS_NIL = 0,
    NGX_CARRIERPAY_REDIS_STATUS,     /* value: "OK" */
    NGX_CARRIERPAY_REDIS_STRING,     /* value */
    NGX_CARRIERPAY_REDIS_INTEGER,    /* integer */
    NGX_CARRIERPAY_REDIS_REFUSED,    /* an error reply: not done; value */
    NGX_CARRIERPAY_REDIS_LOST        /* no reply: perhaps done */
} ngx_carrierpay_redis_reply_e;


struct ngx_carrierpay_redis_command_s {
    ngx_queue_t                     queue;     /* io/redis's */
    ngx_msec_t                      expire;    /* io/redis's */

    ngx_carrierpay_redis_pt         handler;   /* called once */
    void                           *data;

    ngx_carrierpay_redis_reply_e    reply;
    ngx_str_t                       value;     /* gone after the handler */
    int64_t                         integer;
};


/*
 * Returns NULL when memory is short or the address is neither a path nor an IP
 * address.  It connects later.
 */
ngx_carrierpay_redis_t *ngx_carrierpay_redis_create(ngx_cycle_t *cycle,
    ngx_carrierpay_redis_conf_t *conf);

/*
 * Closes and frees.  Commands in flight end as LOST, and commands that their
 * handlers send are declined.  For exit_process.
 */
void ngx_carrierpay_redis_destroy(ngx_carrierpay_redis_t *redis);

/*
 * Sends argv, whose bytes are copied.  NGX_OK: the handler will be called, not
 * before this returns, within conf->timeout.  NGX_DECLINED: not connected;
 * NGX_BUSY: conf->queue_max are in flight; NGX_ERROR: no argument, or more
 * than 16 (a bug of the caller).  In these three cases the handler will not be
 * called.
 *
 * The handler may free the command, send it again, or send others; it may
 * not destroy the redis.
 */
ngx_int_t ngx_carrierpay_redis_send(ngx_carrierpay_redis_t *redis,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv);

/* Tells whether the connection is ready; for health checks. */
ngx_uint_t ngx_carrierpay_redis_ready(ngx_carrierpay_redis_t *redis);


#endif /* _NGX_CARRIERPAY_REDIS_H_INCLUDED_ */
