
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_io_counters.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_smtp.h"
#include "ngx_carrierpay_smtp_conn.h"
#include "ngx_carrierpay_smtp_dialogue.h"


#define NGX_CARRIERPAY_SMTP_IDLE_MSEC  10000


/*
 *     FREE --> CONNECTING <--> SENDING <--> IDLE
 *       ^                                    |
 *       +--- from all of them ---------------+
 */

typedef enum {
    NGX_CARRIERPAY_SMTP_FREE = 0,
    NGX_CARRIERPAY_SMTP_CONNECTING,  /* with EHLO, TLS and log-in */
    NGX_CARRIERPAY_SMTP_SENDING,     /* the dialogue of a mail */
    NGX_CARRIERPAY_SMTP_IDLE
} ngx_carrierpay_smtp_state_e;


/* A session is a connection and at most one mail. */

typedef struct {
    ngx_queue_t                      queue;     /* of the free or the idle */
    ngx_carrierpay_smtp_t           *smtp;
    ngx_carrierpay_smtp_state_e      state;

    ngx_carrierpay_smtp_conn_t       conn;
    ngx_carrierpay_smtp_dialogue_t   dialogue;

    ngx_carrierpay_smtp_mail_t      *mail;      /* NULL: free or idle */
    ngx_event_t                      timer;     /* deadline of the mail, or */
                                                /* the end of being idle */
    unsigned                         reused:1;  /* has served a mail before */
} ngx_carrierpay_smtp_session_t;


struct ngx_carrierpay_smtp_s {
    ngx_pool_t                     *pool;
    ngx_carrierpay_smtp_conf_t      conf;
    ngx_carrierpay_smtp_multi_t     multi;

    ngx_carrierpay_smtp_session_t  *sessions; /* conf.max */
    ngx_queue_t                     free;
    ngx_queue_t                     idle;     /* the last used first */
    ngx_queue_t                     waiting;  /* mails, in order */
    ngx_uint_t                      nwaiting;
    ngx_uint_t                      closing;  /* takes no mail any more */
};


static ngx_int_t ngx_carrierpay_smtp_sessions(ngx_carrierpay_smtp_t *smtp);
static ngx_int_t ngx_carrierpay_smtp_start(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail);
static ngx_int_t ngx_carrierpay_smtp_connect(
    ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_deliver(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_next(ngx_carrierpay_smtp_t *smtp);
static void ngx_carrierpay_smtp_give_up(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail, const char *reason);

static void ngx_carrierpay_smtp_connected(ngx_carrierpay_smtp_conn_t *conn);
static void ngx_carrierpay_smtp_failed(ngx_carrierpay_smtp_conn_t *conn,
    ngx_uint_t code, const char *reason);
static void ngx_carrierpay_smtp_readable(ngx_carrierpay_smtp_conn_t *conn);
static void ngx_carrierpay_smtp_writable(ngx_carrierpay_smtp_conn_t *conn);
static void ngx_carrierpay_smtp_shutdown(ngx_carrierpay_smtp_multi_t *multi);
static void ngx_carrierpay_smtp_dialogue_done(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_carrierpay_smtp_outcome_e outcome,
    ngx_uint_t code, const char *reason);

static void ngx_carrierpay_smtp_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_abort(ngx_carrierpay_smtp_t *smtp,
    const char *reason);
static void ngx_carrierpay_smtp_lost(ngx_carrierpay_smtp_session_t *s,
    const char *reason);
static void ngx_carrierpay_smtp_done(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);
static void ngx_carrierpay_smtp_log(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_mail_t *mail,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);
static void ngx_carrierpay_smtp_idle(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_close(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite);


static const ngx_carrierpay_smtp_conn_handlers_t
    ngx_carrierpay_smtp_handlers =
{
    ngx_carrierpay_smtp_connected,
    ngx_carrierpay_smtp_failed,
    ngx_carrierpay_smtp_readable,
    ngx_carrierpay_smtp_writable,
    ngx_carrierpay_smtp_shutdown
};


/* for the log, by what was sent last and by outcome */

static const char  *ngx_carrierpay_smtp_commands[] = {
    "MAIL", "RCPT", "DATA", "the text"
};

static const char  *ngx_carrierpay_smtp_outcomes[] = {
    "failed", "sent", "refused", "unknown"
};

static const ngx_uint_t  ngx_carrierpay_smtp_stats[] = {
    NGX_CARRIERPAY_STAT_MAILS_FAILED,
    NGX_CARRIERPAY_STAT_MAILS_SENT,
    NGX_CARRIERPAY_STAT_MAILS_REFUSED,
    NGX_CARRIERPAY_STAT_MAILS_UNKNOWN
};


ngx_carrierpay_smtp_t *
ngx_carrierpay_smtp_create(ngx_cycle_t *cycle,
    ngx_carrierpay_smtp_conf_t *conf)
{
    ngx_pool_t             *pool;
    ngx_carrierpay_smtp_t  *smtp;

    pool = ngx_create_pool(1024, cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    smtp = ngx_pcalloc(pool, sizeof(ngx_carrierpay_smtp_t));
    if (smtp == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    smtp->pool = pool;
    smtp->conf = *conf;
    ngx_queue_init(&smtp->free);
    ngx_queue_init(&smtp->idle);
    ngx_queue_init(&smtp->waiting);

    smtp->multi.conf = &smtp->conf;
    smtp->multi.handlers = &ngx_carrierpay_smtp_handlers;
    smtp->multi.data = smtp;

    if (ngx_carrierpay_smtp_multi_init(&smtp->multi, pool) != NGX_OK
        || ngx_carrierpay_smtp_sessions(smtp) != NGX_OK)
    {
        ngx_carrierpay_smtp_destroy(smtp);
        return NULL;
    }

    return smtp;
}


static ngx_int_t
ngx_carrierpay_smtp_sessions(ngx_carrierpay_smtp_t *smtp)
{
    ngx_uint_t                      i;
    ngx_carrierpay_smtp_session_t  *s;

    smtp->sessions = ngx_pcalloc(smtp->pool,
                  smtp->conf.max * sizeof(ngx_carrierpay_smtp_session_t));
    if (smtp->sessions == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < smtp->conf.max; i++) {
        s = &smtp->sessions[i];

        s->smtp = smtp;

        s->conn.multi = &smtp->multi;
        s->conn.data = s;

        s->dialogue.conn = &s->conn;
        s->dialogue.handler = ngx_carrierpay_smtp_dialogue_done;

        s->timer.handler = ngx_carrierpay_smtp_timer_handler;
        s->timer.data = s;
        s->timer.log = smtp->pool->log;

        ngx_queue_insert_tail(&smtp->free, &s->queue);
    }

    return NGX_OK;
}


void
ngx_carrierpay_smtp_destroy(ngx_carrierpay_smtp_t *smtp)
{
    if (smtp->sessions) {
        ngx_carrierpay_smtp_abort(smtp, "worker ends");
    }

    ngx_carrierpay_smtp_multi_cleanup(&smtp->multi);

    ngx_destroy_pool(smtp->pool);
}


ngx_int_t
ngx_carrierpay_smtp_send(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail)
{
    if (!ngx_carrierpay_smtp_mail_valid(mail)) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "mail that must not be sent");
        return NGX_ERROR;
    }

    if (smtp->closing || smtp->nwaiting >= smtp->conf.queue_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_MAILS_BUSY);
        return NGX_BUSY;
    }

    mail->expire = ngx_current_msec + smtp->conf.timeout;

    if (!ngx_queue_empty(&smtp->idle) || !ngx_queue_empty(&smtp->free)) {
        return ngx_carrierpay_smtp_start(smtp, mail);
    }

    ngx_queue_insert_tail(&smtp->waiting, &mail->queue);
    smtp->nwaiting++;

    return NGX_OK;
}


/* There is a session that has no mail. */

static ngx_int_t
ngx_carrierpay_smtp_start(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail)
{
    ngx_int_t                       rc;
    ngx_queue_t                    *from;
    ngx_carrierpay_smtp_session_t  *s;

    from = ngx_queue_empty(&smtp->idle) ? &smtp->free : &smtp->idle;

    s = ngx_queue_data(ngx_queue_head(from), ngx_carrierpay_smtp_session_t,
                       queue);

    ngx_queue_remove(&s->queue);

    s->mail = mail;
    s->reused = (s->state == NGX_CARRIERPAY_SMTP_IDLE);

    rc = s->reused ? ngx_carrierpay_smtp_deliver(s)
                   : ngx_carrierpay_smtp_connect(s);

    if (rc != NGX_OK) {
        s->mail = NULL;
        ngx_carrierpay_smtp_close(s, 0);
        return NGX_ERROR;
    }

    if (s->timer.timer_set) {
        ngx_del_timer(&s->timer);
    }

    /* keeps a worker that is told to quit */

    s->timer.cancelable = 0;
    ngx_add_timer(&s->timer, mail->expire - ngx_current_msec);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_smtp_connect(ngx_carrierpay_smtp_session_t *s)
{
    s->state = NGX_CARRIERPAY_SMTP_CONNECTING;

    return ngx_carrierpay_smtp_conn_open(&s->conn);
}


static ngx_int_t
ngx_carrierpay_smtp_deliver(ngx_carrierpay_smtp_session_t *s)
{
    s->state = NGX_CARRIERPAY_SMTP_SENDING;

    return ngx_carrierpay_smtp_dialogue_start(&s->dialogue, s->mail);
}


/*
 * Mails that waited get the sessions that are there now.  They need no timer:
 * while they wait, all sessions are in use by mails that came before them and
 * so end before they expire.
 */

static void
ngx_carrierpay_smtp_next(ngx_carrierpay_smtp_t *smtp)
{
    ngx_queue_t                 *q;
    ngx_carrierpay_smtp_mail_t  *mail;

    while (smtp->nwaiting
           && (!ngx_queue_empty(&smtp->idle)
               || !ngx_queue_empty(&smtp->free)))
    {
        q = ngx_queue_head(&smtp->waiting);
        ngx_queue_remove(q);
        smtp->nwaiting--;

        mail = ngx_queue_data(q, ngx_carrierpay_smtp_mail_t, queue);

        if ((ngx_msec_int_t) (mail->expire - ngx_current_msec) <= 0) {
            ngx_carrierpay_smtp_give_up(smtp, mail, "no connection in time");

        } else if (ngx_carrierpay_smtp_start(smtp, mail) != NGX_OK) {
            ngx_carrierpay_smtp_give_up(smtp, mail, "no memory for it");
        }
    }
}


/* Ends a mail that never had a session. */

static void
ngx_carrierpay_smtp_give_up(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail, const char *reason)
{
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_MAILS_FAILED);

    ngx_log_error(NGX_LOG_ERR, mail->log, 0,
                  "mail to server \"%V\" failed: %s", &smtp->conf.host,
                  reason);

    mail->outcome = NGX_CARRIERPAY_SMTP_FAILED;
    mail->code = 0;

    mail->handler(mail);
}


static void
ngx_carrierpay_smtp_connected(ngx_carrierpay_smtp_conn_t *conn)
{
    ngx_carrierpay_smtp_session_t  *s;

    s = conn->data;

    if (ngx_carrierpay_smtp_deliver(s) != NGX_OK) {
        ngx_carrierpay_smtp_lost(s, "no event for it");
    }
}


static void
ngx_carrierpay_smtp_failed(ngx_carrierpay_smtp_conn_t *conn, ngx_uint_t code,
    const char *reason)
{
    ngx_carrierpay_smtp_done(conn->data, NGX_CARRIERPAY_SMTP_FAILED, code,
                             reason);
}


/* An idle server may only say good-bye. */

static void
ngx_carrierpay_smtp_readable(ngx_carrierpay_smtp_conn_t *conn)
{
    ngx_carrierpay_smtp_session_t  *s;
    u_char                          buf[NGX_CARRIERPAY_SMTP_REPLY];

    s = conn->data;

    if (s->state == NGX_CARRIERPAY_SMTP_SENDING) {
        ngx_carrierpay_smtp_dialogue_read(&s->dialogue);
        return;
    }

    if (ngx_carrierpay_smtp_conn_recv(conn, buf, sizeof(buf)) != NGX_AGAIN) {
        ngx_carrierpay_smtp_close(s, 0);
    }
}


static void
ngx_carrierpay_smtp_writable(ngx_carrierpay_smtp_conn_t *conn)
{
    ngx_carrierpay_smtp_session_t  *s;

    s = conn->data;

    ngx_carrierpay_smtp_dialogue_write(&s->dialogue);
}


static void
ngx_carrierpay_smtp_shutdown(ngx_carrierpay_smtp_multi_t *multi)
{
    ngx_carrierpay_smtp_abort(multi->data, "worker shutdown timeout");
}


/*
 * A connection that had been idle may be found gone, or the server may end it
 * with a 421.  When nothing else of the mail has been answered, the mail gets
 * a new connection, once; its deadline stays.
 */

static void
ngx_carrierpay_smtp_dialogue_done(ngx_carrierpay_smtp_dialogue_t *d,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason)
{
    ngx_carrierpay_smtp_session_t  *s;

    s = d->conn->data;

    if (s->reused && d->sent == NGX_CARRIERPAY_SMTP_MAIL
        && (code == 0 || code == 421))
    {
        s->reused = 0;

        ngx_carrierpay_smtp_conn_close(&s->conn);

        if (ngx_carrierpay_smtp_connect(s) == NGX_OK) {
            return;
        }
    }

    ngx_carrierpay_smtp_done(s, outcome, code, reason);
}


static void
ngx_carrierpay_smtp_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_smtp_session_t  *s;

    s = ev->data;

    if (s->mail == NULL) {
        ngx_carrierpay_smtp_close(s, 1);
        return;
    }

    ngx_carrierpay_smtp_lost(s, "no end in time");
}


/* Ends all mails and closes all sessions, for good. */

static void
ngx_carrierpay_smtp_abort(ngx_carrierpay_smtp_t *smtp, const char *reason)
{
    ngx_uint_t                      i;
    ngx_queue_t                    *q;
    ngx_carrierpay_smtp_session_t  *s;

    smtp->closing = 1;

    while (smtp->nwaiting) {
        q = ngx_queue_head(&smtp->waiting);
        ngx_queue_remove(q);
        smtp->nwaiting--;

        ngx_carrierpay_smtp_give_up(smtp,
                       ngx_queue_data(q, ngx_carrierpay_smtp_mail_t, queue),
                       reason);
    }

    for (i = 0; i < smtp->conf.max; i++) {
        s = &smtp->sessions[i];

        if (s->mail) {
            ngx_carrierpay_smtp_lost(s, reason);

        } else if (s->state == NGX_CARRIERPAY_SMTP_IDLE) {
            ngx_carrierpay_smtp_close(s, 1);
        }
    }
}


/* Gives up the session's mail, wherever it is. */

static void
ngx_carrierpay_smtp_lost(ngx_carrierpay_smtp_session_t *s,
    const char *reason)
{
    ngx_carrierpay_smtp_outcome_e  outcome;

    outcome = s->state == NGX_CARRIERPAY_SMTP_SENDING
              ? ngx_carrierpay_smtp_dialogue_lost(&s->dialogue)
              : NGX_CARRIERPAY_SMTP_FAILED;

    ngx_carrierpay_smtp_done(s, outcome, 0, reason);
}


/*
 * The mail has ended.  The session is free or idle when its handler runs,
 * since the handler may send again and so take the session.
 */

static void
ngx_carrierpay_smtp_done(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason)
{
    ngx_carrierpay_smtp_t       *smtp;
    ngx_carrierpay_smtp_mail_t  *mail;

    ngx_carrierpay_count(ngx_carrierpay_smtp_stats[outcome]);

    smtp = s->smtp;
    mail = s->mail;
    s->mail = NULL;

    if (outcome == NGX_CARRIERPAY_SMTP_SENT) {
        ngx_carrierpay_smtp_idle(s);

    } else {
        ngx_carrierpay_smtp_log(s, mail, outcome, code, reason);
        ngx_carrierpay_smtp_close(s, code != 0);
    }

    mail->outcome = outcome;
    mail->code = code;

    mail->handler(mail);

    ngx_carrierpay_smtp_next(smtp);
}


/*
 * The server's words are not logged, since they often hold the shopper's
 * address.
 */

static void
ngx_carrierpay_smtp_log(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_mail_t *mail, ngx_carrierpay_smtp_outcome_e outcome,
    ngx_uint_t code, const char *reason)
{
    u_char      line[NGX_CARRIERPAY_SMTP_REASON];
    ngx_uint_t  level;

    /* a refused address is the shopper's mistake */

    level = outcome == NGX_CARRIERPAY_SMTP_REFUSED ? NGX_LOG_INFO
                                                   : NGX_LOG_ERR;

    ngx_carrierpay_event_reason(line, sizeof(line), reason);

    ngx_log_error(level, mail->log, 0,
                  "mail to server \"%V\" %s at %s, code %ui: %s",
                  &s->smtp->conf.host, ngx_carrierpay_smtp_outcomes[outcome],
                  s->state == NGX_CARRIERPAY_SMTP_CONNECTING ? "connecting"
                       : ngx_carrierpay_smtp_commands[s->dialogue.sent],
                  code, line);
}


static void
ngx_carrierpay_smtp_idle(ngx_carrierpay_smtp_session_t *s)
{
    if (ngx_exiting || ngx_quit || s->smtp->closing) {
        ngx_carrierpay_smtp_close(s, 1);
        return;
    }

    s->state = NGX_CARRIERPAY_SMTP_IDLE;
    ngx_queue_insert_head(&s->smtp->idle, &s->queue);

    if (s->timer.timer_set) {
        ngx_del_timer(&s->timer);
    }

    s->timer.cancelable = 1;
    ngx_add_timer(&s->timer, NGX_CARRIERPAY_SMTP_IDLE_MSEC);
}


/* The session is free; polite: it says QUIT before it closes. */

static void
ngx_carrierpay_smtp_close(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite)
{
    if (polite) {
        ngx_carrierpay_smtp_dialogue_quit(&s->dialogue);
    }

    ngx_carrierpay_smtp_conn_close(&s->conn);

    if (s->timer.timer_set) {
        ngx_del_timer(&s->timer);
    }

    if (s->state == NGX_CARRIERPAY_SMTP_IDLE) {
        ngx_queue_remove(&s->queue);
    }

    s->state = NGX_CARRIERPAY_SMTP_FREE;
    ngx_queue_insert_head(&s->smtp->free, &s->queue);
}
