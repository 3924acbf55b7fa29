
/*
 * A connection to the SMTP server.  Its source is the only file that speaks
 * with libcurl; it knows neither mails nor what is said to the server.
 *
 * Nothing of libcurl is called from within its callbacks, and no handler of
 * an owner from within libcurl.
 *
 * While connecting, the descriptor is libcurl's: it says which events it
 * wants, and a slot is lent to each of its sockets.  After that libcurl
 * watches nothing, and the connection has a slot of its own, whose events go
 * to the owner.
 */


#ifndef _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp_conf.h"


#define NGX_CARRIERPAY_SMTP_REASON   256    /* libcurl's longest */


typedef struct ngx_carrierpay_smtp_conn_s   ngx_carrierpay_smtp_conn_t;
typedef struct ngx_carrierpay_smtp_multi_s  ngx_carrierpay_smtp_multi_t;


/*
 * What a connection reports to its owner, never from within
 * ngx_carrierpay_smtp_conn_open() or ngx_carrierpay_smtp_conn_close(), which
 * the owner may call in all of them.
 */

typedef struct {
    /* The server is ready to take a mail. */
    void  (*connected)(ngx_carrierpay_smtp_conn_t *conn);

    /* It is not; code is the server's last reply, or 0. */
    void  (*failed)(ngx_carrierpay_smtp_conn_t *conn, ngx_uint_t code,
                    const char *reason);

    /* A connected one can be received from, or sent to. */
    void  (*readable)(ngx_carrierpay_smtp_conn_t *conn);
    void  (*writable)(ngx_carrierpay_smtp_conn_t *conn);

    /* worker_shutdown_timeout is over: all connections are to be closed. */
    void  (*shutdown)(ngx_carrierpay_smtp_multi_t *multi);
} ngx_carrierpay_smtp_conn_handlers_t;


/* What all connections of a worker have in common; libcurl's word. */

struct ngx_carrierpay_smtp_multi_s {
    ngx_carrierpay_smtp_conf_t                 *conf;
    const ngx_carrierpay_smtp_conn_handlers_t  *handlers;
    void                                       *data;     /* the owner's */

    void                                       *curl;
    void                                       *resolve;  /* NULL: host is */
                                                          /* an address */
    char                                       *url;
    ngx_event_t                                 timer;
};


struct ngx_carrierpay_smtp_conn_s {
    ngx_carrierpay_smtp_multi_t  *multi;
    void                         *data;      /* the owner's */

    void                         *easy;      /* libcurl's; NULL: closed */
    ngx_connection_t             *c;         /* once connected */
    char                          error[NGX_CARRIERPAY_SMTP_REASON];
};


/*
 * Once a worker; the owner has zeroed the multi and set conf, handlers and
 * data.  NGX_ERROR: libcurl does not start, or memory is short.
 */
ngx_int_t ngx_carrierpay_smtp_multi_init(ngx_carrierpay_smtp_multi_t *multi,
    ngx_pool_t *pool);

/* After the last connection is closed; also after an init that failed. */
void ngx_carrierpay_smtp_multi_cleanup(ngx_carrierpay_smtp_multi_t *multi);

/*
 * Connects, speaks TLS and logs in.  NGX_OK: connected() or failed() will be
 * called.  NGX_ERROR: memory is short, and the connection is closed.
 */
ngx_int_t ngx_carrierpay_smtp_conn_open(ngx_carrierpay_smtp_conn_t *conn);

/*
 * As many bytes as go at once, more than 0; NGX_AGAIN; or NGX_ERROR when the
 * connection is of no more use.
 */
ssize_t ngx_carrierpay_smtp_conn_send(ngx_carrierpay_smtp_conn_t *conn,
    const u_char *buf, size_t size);
ssize_t ngx_carrierpay_smtp_conn_recv(ngx_carrierpay_smtp_conn_t *conn,
    u_char *buf, size_t size);

/* Closes what is open, which may be nothing, without a word to the server. */
void ngx_carrierpay_smtp_conn_close(ngx_carrierpay_smtp_conn_t *conn);


#endif /* _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_ */
