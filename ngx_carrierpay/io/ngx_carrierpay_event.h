
/*
 * Sockets that belong to a library (libpq, hiredis, libcurl) on nginx's event
 * loop.
 *
 * The library owns the descriptor; it is only lent a connection slot of nginx.
 * The libraries read one buffer and return, so their sockets are registered
 * level-triggered.  The interest in writing exists only while the library has
 * bytes queued, or the loop would spin.
 *
 * At the end the caller calls ngx_carrierpay_event_release() first and the
 * library's own close second, never the other way round.
 */


#ifndef _NGX_CARRIERPAY_EVENT_H_INCLUDED_
#define _NGX_CARRIERPAY_EVENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


/*
 * Refuses event methods that are not edge-triggered epoll.  It is called once,
 * in a worker's start.  NGX_OK, or NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_carrierpay_event_check(ngx_cycle_t *cycle);

/*
 * Lends a slot to the descriptor and asks for reading.  Both handlers get an
 * event whose data is the connection, and connection->data is `data`; they
 * must cope with c->close and c->error (worker_shutdown_timeout).  Returns
 * NULL when worker_connections are used up or epoll refuses.
 */
ngx_connection_t *ngx_carrierpay_event_acquire(int fd, void *data,
    ngx_event_handler_pt read, ngx_event_handler_pt write, ngx_log_t *log);

/* These are idempotent; NGX_ERROR means that the caller must close. */
ngx_int_t ngx_carrierpay_event_want_read(ngx_connection_t *c);
ngx_int_t ngx_carrierpay_event_drop_read(ngx_connection_t *c);
ngx_int_t ngx_carrierpay_event_want_write(ngx_connection_t *c);
ngx_int_t ngx_carrierpay_event_drop_write(ngx_connection_t *c);

/*
 * Gives the slot back without closing the descriptor.  `closed` says that the
 * library has closed the descriptor already: then epoll is not asked.
 */
void ngx_carrierpay_event_release(ngx_connection_t *c, ngx_uint_t closed);

/*
 * Returns the pause in ms before the next attempt to connect, after so many
 * failures in a row: a few ms after the first, then 100 ms doubling up to 5 s,
 * each with a jitter of half its length, so that the workers of many machines
 * do not come back in step.
 */
#define NGX_CARRIERPAY_BACKOFF_MIN  100
#define NGX_CARRIERPAY_BACKOFF_MAX  5000

ngx_msec_t ngx_carrierpay_event_backoff(ngx_uint_t failures);

/*
 * Writes a library's message as one line for the log, cut to size and ended by
 * a zero byte.
 */
void ngx_carrierpay_event_reason(u_char *line, size_t size, const char *text);


#endif /* _NGX_CARRIERPAY_EVENT_H_INCLUDED_ */
