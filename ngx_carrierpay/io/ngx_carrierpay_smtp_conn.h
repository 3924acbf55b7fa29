
/*
 * The connection of a session: all that speaks with libcurl.  Nothing of
 * libcurl is called from within its callbacks, and no handler of a mail from
 * within libcurl.
 */


#ifndef _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp_session.h"


/* Once a worker, with the pool and the configuration there. */
ngx_int_t ngx_carrierpay_smtp_dial_create(ngx_carrierpay_smtp_t *smtp,
    ngx_log_t *log);

/* After the last session is closed; also after a create that failed. */
void ngx_carrierpay_smtp_dial_destroy(ngx_carrierpay_smtp_t *smtp);

/*
 * Until the server is ready to take a mail.  NGX_OK: smtp_talk or smtp_lost
 * is called, not before this returns; NGX_ERROR: neither.
 */
ngx_int_t ngx_carrierpay_smtp_dial(ngx_carrierpay_smtp_session_t *s);

/*
 * As many bytes as go at once, more than 0; NGX_AGAIN; or NGX_ERROR when the
 * connection is of no more use.
 */
ssize_t ngx_carrierpay_smtp_dial_send(ngx_carrierpay_smtp_session_t *s,
    const u_char *buf, size_t size);
ssize_t ngx_carrierpay_smtp_dial_recv(ngx_carrierpay_smtp_session_t *s,
    u_char *buf, size_t size);

/* Closes at once, without a word to the server; the slot goes first. */
void ngx_carrierpay_smtp_dial_close(ngx_carrierpay_smtp_session_t *s);


#endif /* _NGX_CARRIERPAY_SMTP_CONN_H_INCLUDED_ */
