
/*
 *     local zones: refused -------------------------------> refused
 *          |  allowed                                        ^
 *          v                                                 | refused
 *     shared zones: Redis is asked, the request waits -------+
 *          |  allowed, or Redis does not decide
 *          v
 *     before its turn: the request waits --> goes on
 *
 * A request waits with one event: posted when Redis has answered, a timer
 * until its turn has come.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_limit_check.h"
#include "ngx_http_carrierpay_limit_reply.h"
#include "ngx_http_carrierpay_limit_rule.h"


static void ngx_http_carrierpay_limit_check_shared(void *data, ngx_int_t rc);
static ngx_int_t ngx_http_carrierpay_limit_check_evaluate(
    ngx_http_request_t *r, ngx_http_carrierpay_limit_ctx_t *ctx, ngx_int_t rc);
static void ngx_http_carrierpay_limit_check_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx);
static int64_t ngx_http_carrierpay_limit_check_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx);
static void ngx_http_carrierpay_limit_check_note(
    ngx_http_carrierpay_limit_ctx_t *ctx,
    ngx_http_carrierpay_limit_status_e status);
static void ngx_http_carrierpay_limit_check_log(ngx_http_request_t *r,
    ngx_carrierpay_limit_item_t *item, const char *what);
static ngx_int_t ngx_http_carrierpay_limit_check_suspend(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx);
static void ngx_http_carrierpay_limit_check_event_handler(ngx_event_t *ev);
static void ngx_http_carrierpay_limit_check_run_phases(ngx_http_request_t *r);
static void ngx_http_carrierpay_limit_check_detach(void *data);
static void ngx_http_carrierpay_limit_check_mark(void *data);


static const struct {
    ngx_str_t                name;
    ngx_uint_t               stat;
} ngx_http_carrierpay_limit_check_statuses[] = {
    { ngx_null_string, NGX_CARRIERPAY_STAT_MAX },
    { ngx_string("PASSED"), NGX_CARRIERPAY_STAT_LIMIT_PASSED },
    { ngx_string("DELAYED_DRY_RUN"),
      NGX_CARRIERPAY_STAT_LIMIT_DELAYED_DRY_RUN },
    { ngx_string("REJECTED_DRY_RUN"),
      NGX_CARRIERPAY_STAT_LIMIT_REJECTED_DRY_RUN },
    { ngx_string("DELAYED"), NGX_CARRIERPAY_STAT_LIMIT_DELAYED },
    { ngx_string("REJECTED"), NGX_CARRIERPAY_STAT_LIMIT_REJECTED }
};


ngx_http_carrierpay_limit_ctx_t *
ngx_http_carrierpay_limit_check_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t               *cln;
    ngx_http_carrierpay_limit_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_carrierpay_limit_module);

    if (ctx != NULL || !(r->internal || r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_carrierpay_limit_check_mark) {
            ngx_http_set_ctx(r, cln->data, ngx_http_carrierpay_limit_module);
            return cln->data;
        }
    }

    return NULL;
}


ngx_http_carrierpay_limit_ctx_t *
ngx_http_carrierpay_limit_check_ctx_get(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t               *cln;
    ngx_http_carrierpay_limit_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_limit_check_ctx(r);

    if (ctx != NULL) {
        return ctx;
    }

    cln = ngx_pool_cleanup_add(r->pool,
                               sizeof(ngx_http_carrierpay_limit_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_carrierpay_limit_ctx_t));

    ctx->request = r;
    cln->handler = ngx_http_carrierpay_limit_check_mark;

    ngx_http_set_ctx(r, ctx, ngx_http_carrierpay_limit_module);

    return ctx;
}


ngx_int_t
ngx_http_carrierpay_limit_check(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (ctx->n == 0) {
        return NGX_OK;
    }

    rc = ngx_carrierpay_limit_consume(ctx->items, ctx->n);

    if (rc == NGX_OK
        && ngx_carrierpay_limit_redis_consume(ngx_http_carrierpay_core(r),
                                       ctx->items, ctx->n,
                                       ngx_http_carrierpay_limit_check_shared,
                                       ctx, &ctx->share)
           == NGX_AGAIN)
    {
        ctx->state = NGX_HTTP_CARRIERPAY_LIMIT_ASKING;
        return ngx_http_carrierpay_limit_check_suspend(r, ctx);
    }

    return ngx_http_carrierpay_limit_check_evaluate(r, ctx, rc);
}


/*
 * Posts the event, since this runs inside a connection of Redis that may be
 * about to close.
 */

static void
ngx_http_carrierpay_limit_check_shared(void *data, ngx_int_t rc)
{
    ngx_http_carrierpay_limit_ctx_t  *ctx = data;

    ctx->share = NULL;
    ctx->rc = rc;

    ngx_post_event(&ctx->event, &ngx_posted_events);
}


/* for charges that are final; returns as ngx_http_carrierpay_limit_check() */

static ngx_int_t
ngx_http_carrierpay_limit_check_evaluate(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx, ngx_int_t rc)
{
    int64_t  delay;

    if (rc == NGX_BUSY) {
        ngx_http_carrierpay_limit_check_refused(r, ctx);

    } else {
        ctx->retry = 0;
    }

    if (ngx_http_carrierpay_limit_reply_headers(r, ctx->items, ctx->n)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (rc == NGX_BUSY) {
        ngx_http_carrierpay_limit_check_note(ctx,
                                           NGX_HTTP_CARRIERPAY_LIMIT_REJECTED);
        return NGX_BUSY;
    }

    delay = ngx_http_carrierpay_limit_check_wait(r, ctx);

    if (delay == 0) {
        return NGX_OK;
    }

    rc = ngx_http_carrierpay_limit_check_suspend(r, ctx);

    if (rc == NGX_AGAIN) {
        ctx->state = NGX_HTTP_CARRIERPAY_LIMIT_WAITING;
        ngx_add_timer(&ctx->event, (ngx_msec_t) ((delay + 999) / 1000));
    }

    return rc;
}


static void
ngx_http_carrierpay_limit_check_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx)
{
    ngx_uint_t                    i;
    ngx_carrierpay_limit_item_t  *item;

    ctx->retry = 1;

    for (i = 0; i < ctx->n; i++) {
        item = &ctx->items[i];

        if (item->rc == NGX_BUSY && !item->limit->dry_run) {
            ctx->retry = ngx_max(ctx->retry,
                                 ngx_http_carrierpay_limit_reply_seconds(
                                           ngx_carrierpay_limit_retry(item)));
            ngx_http_carrierpay_limit_check_log(r, item, "limiting requests");
        }
    }
}


/* notes the status of a request that is allowed; returns its delay in us */

static int64_t
ngx_http_carrierpay_limit_check_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx)
{
    int64_t                             delay, longest;
    ngx_uint_t                          i;
    ngx_carrierpay_limit_item_t        *item;
    ngx_http_carrierpay_limit_status_e  status;

    longest = 0;
    status = NGX_HTTP_CARRIERPAY_LIMIT_PASSED;

    for (i = 0; i < ctx->n; i++) {
        item = &ctx->items[i];

        if (item->rc == NGX_BUSY) {
            status = ngx_max(status,
                             NGX_HTTP_CARRIERPAY_LIMIT_REJECTED_DRY_RUN);
            ngx_http_carrierpay_limit_check_log(r, item, "limiting requests");
            continue;
        }

        delay = ngx_http_carrierpay_limit_rule_of(item)->nodelay
                ? 0 : ngx_carrierpay_limit_delay(item);

        if (delay == 0) {
            continue;
        }

        ngx_http_carrierpay_limit_check_log(r, item, "delaying requests");

        if (item->limit->dry_run) {
            status = ngx_max(status,
                             NGX_HTTP_CARRIERPAY_LIMIT_DELAYED_DRY_RUN);

        } else {
            status = NGX_HTTP_CARRIERPAY_LIMIT_DELAYED;
            longest = ngx_max(longest, delay);
        }
    }

    ngx_http_carrierpay_limit_check_note(ctx, status);

    return longest;
}


static void
ngx_http_carrierpay_limit_check_note(ngx_http_carrierpay_limit_ctx_t *ctx,
    ngx_http_carrierpay_limit_status_e status)
{
    ctx->status = ngx_max(ctx->status, status);

    ngx_carrierpay_count(
                        ngx_http_carrierpay_limit_check_statuses[status].stat);
}


/* the key is not logged, since it may be a number */

static void
ngx_http_carrierpay_limit_check_log(ngx_http_request_t *r,
    ngx_carrierpay_limit_item_t *item, const char *what)
{
    ngx_uint_t                         level;
    ngx_http_carrierpay_limit_rule_t  *rule;

    rule = ngx_http_carrierpay_limit_rule_of(item);
    level = rule->log_level;

    if (item->rc == NGX_OK) {
        level = ngx_min(level + 1, NGX_LOG_INFO);
    }

    ngx_log_error(level, r->connection->log, 0,
                  "%s%s by zone \"%V\"", what,
                  rule->limit.dry_run ? ", dry run," : "",
                  &rule->limit.zone->name);
}


/*
 * Lets the request wait; it ends when its client leaves.  NGX_AGAIN or
 * NGX_ERROR.
 */

static ngx_int_t
ngx_http_carrierpay_limit_check_suspend(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_ctx_t *ctx)
{
    ngx_http_cleanup_t  *cln;

    ctx->event.handler = ngx_http_carrierpay_limit_check_event_handler;
    ctx->event.data = ctx;
    ctx->event.log = r->connection->log;

    if (!ctx->detaches) {
        cln = ngx_http_cleanup_add(r, 0);
        if (cln == NULL) {
            ngx_http_carrierpay_limit_check_detach(ctx);
            return NGX_ERROR;
        }

        cln->handler = ngx_http_carrierpay_limit_check_detach;
        cln->data = ctx;
        ctx->detaches = 1;
    }

    if (ngx_http_carrierpay_flow_wait_client(r) != NGX_OK) {
        ngx_http_carrierpay_limit_check_detach(ctx);
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


static void
ngx_http_carrierpay_limit_check_event_handler(ngx_event_t *ev)
{
    ngx_int_t                         rc;
    ngx_http_request_t               *r;
    ngx_http_carrierpay_limit_ctx_t  *ctx;

    ctx = ev->data;
    r = ctx->request;

    ngx_http_set_log_request(r->connection->log, r);

    rc = (ctx->state == NGX_HTTP_CARRIERPAY_LIMIT_ASKING)
         ? ngx_http_carrierpay_limit_check_evaluate(r, ctx, ctx->rc) : NGX_OK;

    if (rc == NGX_AGAIN) {
        return;
    }

    ctx->state = NGX_HTTP_CARRIERPAY_LIMIT_IDLE;

    if (rc == NGX_BUSY) {
        rc = ngx_http_carrierpay_limit_reply_refuse(r, ctx->retry);

    } else if (rc != NGX_ERROR && ctx->handler) {
        rc = ctx->handler(r);

    } else if (rc != NGX_ERROR) {
        ngx_http_carrierpay_limit_check_run_phases(r);
        return;
    }

    ngx_http_carrierpay_flow_wait_resume(r, rc);
}


/* runs the phases from PREACCESS on, which lets the request pass this time */

static void
ngx_http_carrierpay_limit_check_run_phases(ngx_http_request_t *r)
{
    ngx_connection_t  *c;

    c = r->connection;

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        ngx_http_carrierpay_flow_wait_resume(r, NGX_ERROR);
        return;
    }

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(r);
    ngx_http_run_posted_requests(c);
}


static void
ngx_http_carrierpay_limit_check_detach(void *data)
{
    ngx_http_carrierpay_limit_ctx_t  *ctx = data;

    if (ctx->share) {
        ngx_carrierpay_limit_redis_cancel(ctx->share);
        ctx->share = NULL;
    }

    if (ctx->event.timer_set) {
        ngx_del_timer(&ctx->event);
    }

    if (ctx->event.posted) {
        ngx_delete_posted_event(&ctx->event);
    }
}


/* marks the context, so that it is found again after a redirect */

static void
ngx_http_carrierpay_limit_check_mark(void *data)
{
    (void) data;
}


const ngx_str_t *
ngx_http_carrierpay_limit_check_status(ngx_http_carrierpay_limit_ctx_t *ctx)
{
    return &ngx_http_carrierpay_limit_check_statuses[ctx->status].name;
}
