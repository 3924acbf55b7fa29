
/*
 * A lent slot is an ordinary ngx_connection_t whose descriptor nginx must
 * never close: see the order in ngx_carrierpay_event_release().
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_event.h"


#define NGX_CARRIERPAY_BACKOFF_QUICK  20


ngx_int_t
ngx_carrierpay_event_check(ngx_cycle_t *cycle)
{
    if (ngx_event_flags & NGX_USE_EPOLL_EVENT) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                  "carrierpay supports the event method \"epoll\" only");

    return NGX_ERROR;
}


ngx_connection_t *
ngx_carrierpay_event_acquire(int fd, void *data, ngx_event_handler_pt read,
    ngx_event_handler_pt write, ngx_log_t *log)
{
    ngx_connection_t  *c;

    c = ngx_get_connection(fd, log);

    if (c == NULL) {
        return NULL;
    }

    c->data = data;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);

    c->read->handler = read;
    c->read->log = log;
    c->write->handler = write;
    c->write->log = log;

    if (ngx_carrierpay_event_want_read(c) != NGX_OK) {
        ngx_carrierpay_event_release(c, 0);
        return NULL;
    }

    return c;
}


ngx_int_t
ngx_carrierpay_event_want_read(ngx_connection_t *c)
{
    if (c->read->active) {
        return NGX_OK;
    }

    return ngx_add_event(c->read, NGX_READ_EVENT, NGX_LEVEL_EVENT);
}


ngx_int_t
ngx_carrierpay_event_drop_read(ngx_connection_t *c)
{
    if (!c->read->active) {
        return NGX_OK;
    }

    return ngx_del_event(c->read, NGX_READ_EVENT, 0);
}


ngx_int_t
ngx_carrierpay_event_want_write(ngx_connection_t *c)
{
    if (c->write->active) {
        return NGX_OK;
    }

    return ngx_add_event(c->write, NGX_WRITE_EVENT, NGX_LEVEL_EVENT);
}


ngx_int_t
ngx_carrierpay_event_drop_write(ngx_connection_t *c)
{
    if (!c->write->active) {
        return NGX_OK;
    }

    return ngx_del_event(c->write, NGX_WRITE_EVENT, 0);
}


void
ngx_carrierpay_event_release(ngx_connection_t *c, ngx_uint_t closed)
{
    /*
     * The number of a closed descriptor may belong to a stranger by now, and
     * the kernel has forgotten the registration: only the flags are cleared.
     */

    if (c->read->active || c->write->active) {
        ngx_del_conn(c, closed ? NGX_CLOSE_EVENT : 0);
    }

    /* gives back the slot, timers and posted events, not the descriptor */

    c->shared = 1;
    ngx_close_connection(c);
}


ngx_msec_t
ngx_carrierpay_event_backoff(ngx_uint_t failures)
{
    ngx_msec_t  pause;

    if (failures <= 1) {
        return 1 + ngx_random() % NGX_CARRIERPAY_BACKOFF_QUICK;
    }

    pause = NGX_CARRIERPAY_BACKOFF_MIN;

    while (--failures > 1 && pause < NGX_CARRIERPAY_BACKOFF_MAX) {
        pause *= 2;
    }

    pause = ngx_min(pause, NGX_CARRIERPAY_BACKOFF_MAX);

    return pause / 2 + ngx_random() % (pause + 1);
}


void
ngx_carrierpay_event_reason(u_char *line, size_t size, const char *text)
{
    u_char      *last;
    ngx_uint_t   space;

    last = line + size - 1;
    space = 0;

    for ( /* void */ ; *text && line < last; text++) {

        if ((u_char) *text <= ' ' || *text == 0x7f) {
            space = 1;
            continue;
        }

        if (space) {
            *line++ = ' ';
            space = 0;
        }

        if (line < last) {
            *line++ = (u_char) *text;
        }
    }

    *line = '\0';
}
