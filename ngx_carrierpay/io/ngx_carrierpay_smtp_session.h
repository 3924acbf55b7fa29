
/*
 * The inside of io/smtp: a session is one connection, and at most one mail.
 *
 * smtp_dial connects and moves bytes, smtp_talk has the dialogue of a mail,
 * ngx_carrierpay_smtp.c the sessions, the mails and how they end, which it
 * shows to the other two here.  Nobody else includes this header.
 */


#ifndef _NGX_CARRIERPAY_SMTP_SESSION_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_SESSION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp.h"


#define NGX_CARRIERPAY_SMTP_COMMAND  300    /* RCPT TO with 254 bytes */
#define NGX_CARRIERPAY_SMTP_REPLY    1024   /* of a line; RFC 5321: 512 */
#define NGX_CARRIERPAY_SMTP_REASON   256    /* libcurl's longest */


/*
 *     FREE --> CONNECTING --> MAIL --> RCPT --> DATA --> TEXT
 *       ^                      ^                          |
 *       |                      +---------- IDLE <---------+
 *       +--- from all of them
 *
 * While connecting, the descriptor is libcurl's: it says which events it
 * wants, and a slot is lent to each of its sockets.  After that libcurl
 * watches nothing, and the session has a slot of its own, in which commands
 * and replies take turns.
 */
typedef enum {
    NGX_CARRIERPAY_SMTP_FREE = 0,
    NGX_CARRIERPAY_SMTP_CONNECTING,  /* with EHLO, TLS and log-in */
    NGX_CARRIERPAY_SMTP_MAIL,
    NGX_CARRIERPAY_SMTP_RCPT,
    NGX_CARRIERPAY_SMTP_DATA,
    NGX_CARRIERPAY_SMTP_TEXT,        /* until the reply to it */
    NGX_CARRIERPAY_SMTP_IDLE         /* timer: closes it */
} ngx_carrierpay_smtp_state_e;


typedef struct {
    ngx_queue_t                    queue;     /* of free or idle ones */
    ngx_carrierpay_smtp_t         *smtp;
    ngx_carrierpay_smtp_state_e    state;

    void                          *easy;      /* libcurl's */
    ngx_connection_t              *c;         /* once connected */
    ngx_carrierpay_smtp_mail_t    *mail;      /* NULL: free or idle */
    ngx_event_t                    timer;     /* the mail's deadline */

    u_char                        *pos;       /* to be sent */
    u_char                        *last;
    unsigned                       reused:1;  /* has served a mail before */
    unsigned                       dot:1;     /* the end of the text, too */
    size_t                         len;       /* of the reply so far */

    u_char                         command[NGX_CARRIERPAY_SMTP_COMMAND];
    u_char                         reply[NGX_CARRIERPAY_SMTP_REPLY];
    char                           error[NGX_CARRIERPAY_SMTP_REASON];
} ngx_carrierpay_smtp_session_t;


struct ngx_carrierpay_smtp_s {
    ngx_pool_t                     *pool;
    ngx_carrierpay_smtp_conf_t      conf;

    void                           *multi;    /* libcurl's, and so its: */
    void                           *resolve;  /* NULL: host is an address */
    char                           *url;
    ngx_event_t                     timer;

    ngx_carrierpay_smtp_session_t  *sessions; /* conf.max */
    ngx_queue_t                     free;
    ngx_queue_t                     idle;     /* the last used first */
    ngx_queue_t                     waiting;  /* mails, in order */
    ngx_uint_t                      nwaiting;
    ngx_uint_t                      closing;  /* takes no mail any more */
};


/*
 * The mail ends, or has a new connection; without one, the session is
 * free.  reason is for the log, code the server's last or 0.  A server that
 * lacks the last bytes of a mail cannot have taken it.
 */
void ngx_carrierpay_smtp_lost(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t code, const char *reason);

/*
 * The mail has ended.  The session is free or idle when its handler runs,
 * which may send again and so take it.
 */
void ngx_carrierpay_smtp_done(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);

/*
 * Once more, on a new connection: nothing of the mail has been answered on
 * one that had been idle.  The deadline stays.  NGX_DECLINED when it was new,
 * or when there is no other.
 */
ngx_int_t ngx_carrierpay_smtp_again(ngx_carrierpay_smtp_session_t *s);

/* Closes; the session is free.  polite: QUIT is said before. */
void ngx_carrierpay_smtp_hang_up(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite);

/* Ends all mails, for good: what their handlers send is not taken. */
void ngx_carrierpay_smtp_abort(ngx_carrierpay_smtp_t *smtp,
    const char *reason);


#endif /* _NGX_CARRIERPAY_SMTP_SESSION_H_INCLUDED_ */
