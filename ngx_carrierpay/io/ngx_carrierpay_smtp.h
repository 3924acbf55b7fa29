
/*
 * E-mail through one SMTP server, asynchronously.
 *
 * libcurl connects, speaks TLS, verifies and logs in, driven by nginx's
 * events (CURLOPT_CONNECT_ONLY); the dialogue of a mail is held here, over
 * libcurl's connection.  libcurl's own way to send a mail is never used: in
 * every version to this day it waits inside the call for the server's last
 * answer, and for the one to QUIT, and the worker would stand still.
 *
 * A connection serves one mail after the other and is closed when it has had
 * none for ten seconds; while all are in use, mails wait in order.  A mail
 * whose connection had been idle and is found gone before anything was
 * answered gets a new connection, once.
 *
 * Mails in flight keep a worker that is told to quit.
 */


#ifndef _NGX_CARRIERPAY_SMTP_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp_conf.h"
#include "ngx_carrierpay_smtp_mail.h"


typedef struct ngx_carrierpay_smtp_s  ngx_carrierpay_smtp_t;


/*
 * Returns NULL after a log line.  It connects only when there is a mail.
 */
ngx_carrierpay_smtp_t *ngx_carrierpay_smtp_create(ngx_cycle_t *cycle,
    ngx_carrierpay_smtp_conf_t *conf);

/*
 * Closes and frees.  Mails in flight end as FAILED or UNKNOWN, and what their
 * handlers send is not taken (NGX_BUSY).  For exit_process.
 */
void ngx_carrierpay_smtp_destroy(ngx_carrierpay_smtp_t *smtp);

/*
 * The mail, its address and its text belong to io/smtp until the handler has
 * been called.  NGX_OK: it will be, not before this returns, within
 * conf->timeout.  NGX_BUSY: conf->queue_max wait already, or the worker ends.
 * NGX_ERROR: no memory or descriptor, or no valid mail (a bug of the caller,
 * and an alert): the text's lines end in CRLF, have at most 998 bytes of ASCII
 * and do not begin with a dot.  In both cases the handler will not be called.
 *
 * The handler may free the mail and send others; it may not destroy the smtp.
 */
ngx_int_t ngx_carrierpay_smtp_send(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail);


#endif /* _NGX_CARRIERPAY_SMTP_H_INCLUDED_ */
