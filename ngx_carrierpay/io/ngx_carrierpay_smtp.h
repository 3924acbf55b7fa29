
/*
 * E-mail through one SMTP server, asynchronously.
 *
 * libcurl connects, speaks TLS, verifies and logs in, driven by nginx's
 * events (CURLOPT_CONNECT_ONLY); the mail itself is spoken here, over
 * libcurl's connection.  libcurl's own way to send a mail waits inside the
 * call for the server's last answer, and for the one to QUIT, in every
 * version to this day: the worker would stand still.  It is never used.
 *
 * A connection serves one mail after the other and is closed when it has had
 * none for ten seconds; while all are in use, mails wait in order.  A mail
 * that finds its idle connection gone before anything was answered gets a new
 * one, once.  Counts in io/shm.
 *
 * Mails in flight keep a worker that is told to quit.
 */


#ifndef _NGX_CARRIERPAY_SMTP_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


typedef struct ngx_carrierpay_smtp_s       ngx_carrierpay_smtp_t;
typedef struct ngx_carrierpay_smtp_mail_s  ngx_carrierpay_smtp_mail_t;

typedef void (*ngx_carrierpay_smtp_pt)(ngx_carrierpay_smtp_mail_t *mail);


typedef enum {
    NGX_CARRIERPAY_SMTP_STARTTLS = 0,  /* required, not tried */
    NGX_CARRIERPAY_SMTP_TLS,           /* from the first byte */
    NGX_CARRIERPAY_SMTP_NONE
} ngx_carrierpay_smtp_tls_e;


/* All texts end in a zero byte, which is not counted. */

typedef struct {
    ngx_str_t                    host;       /* as TLS knows it; IPv6 in [] */
    ngx_str_t                    addresses;  /* IP, commas between; tried in */
                                             /* order, no name is resolved */
    ngx_uint_t                   port;
    ngx_carrierpay_smtp_tls_e    tls;
    ngx_str_t                    ca_file;
    ngx_str_t                    user;       /* empty: no log-in */
    ngx_str_t                    password;
    ngx_str_t                    from;       /* address; its domain in EHLO */
    ngx_str_t                    from_name;
    ngx_msec_t                   timeout;    /* of a mail, from send on */
    ngx_uint_t                   max;        /* connections */
    ngx_uint_t                   queue_max;  /* mails waiting for one */
} ngx_carrierpay_smtp_conf_t;


typedef enum {
    NGX_CARRIERPAY_SMTP_FAILED = 0,  /* certainly not taken: try later */
    NGX_CARRIERPAY_SMTP_SENT,        /* the server has taken it */
    NGX_CARRIERPAY_SMTP_REFUSED,     /* this address or this text: never */
    NGX_CARRIERPAY_SMTP_UNKNOWN      /* the whole text left, no answer */
} ngx_carrierpay_smtp_outcome_e;


/*
 * A 5xx to the log-in or to the sender is FAILED, since it is about our
 * configuration and would be the same for every mail; and so is a 530 (log in
 * first) anywhere.
 *
 * Who sends an UNKNOWN again may deliver it twice; with the same Message-ID
 * many receivers show one.
 */
struct ngx_carrierpay_smtp_mail_s {
    ngx_queue_t                      queue;    /* io/smtp's */
    ngx_msec_t                       expire;   /* io/smtp's */

    ngx_str_t                        to;       /* valid: base/email */
    ngx_str_t                        text;     /* RFC 5322, base/mime */

    ngx_carrierpay_smtp_pt           handler;  /* called once */
    void                            *data;

    ngx_carrierpay_smtp_outcome_e    outcome;
    ngx_uint_t                       code;     /* last reply to it, or 0 */
};


/* NULL after a log line.  Connects when there is a mail. */
ngx_carrierpay_smtp_t *ngx_carrierpay_smtp_create(ngx_cycle_t *cycle,
    ngx_carrierpay_smtp_conf_t *conf);

/*
 * Closes and frees; mails in flight end as FAILED or UNKNOWN, and what their
 * handlers send is not taken (NGX_BUSY).  For exit_process.
 */
void ngx_carrierpay_smtp_destroy(ngx_carrierpay_smtp_t *smtp);

/*
 * The mail, its address and its text belong to io/smtp until the handler has
 * been called.  NGX_OK: it will be, not before this returns, within
 * conf->timeout.  NGX_BUSY: conf->queue_max wait already, or the worker ends.
 * NGX_ERROR: no memory or descriptor, or no valid mail (a bug of ours, and an
 * alert): the text's lines end in CRLF, have at most 998 bytes of ASCII and do
 * not begin with a dot.  In both the handler will not be called.
 *
 * The handler may free the mail and send others; it may not destroy the smtp.
 */
ngx_int_t ngx_carrierpay_smtp_send(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail);


#endif /* _NGX_CARRIERPAY_SMTP_H_INCLUDED_ */
