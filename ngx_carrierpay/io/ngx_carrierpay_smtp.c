
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_smtp_conn.h"
#include "ngx_carrierpay_smtp_dialogue.h"


#define NGX_CARRIERPAY_SMTP_IDLE_MSEC  10000

#define NGX_CARRIERPAY_SMTP_LINE_MAX   998


static ngx_int_t ngx_carrierpay_smtp_sessions(ngx_carrierpay_smtp_t *smtp,
    ngx_log_t *log);
static ngx_uint_t ngx_carrierpay_smtp_text_valid(const ngx_str_t *text);
static ngx_int_t ngx_carrierpay_smtp_start(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail);
static void ngx_carrierpay_smtp_next(ngx_carrierpay_smtp_t *smtp);
static void ngx_carrierpay_smtp_give_up(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail, const char *reason);
static void ngx_carrierpay_smtp_session_timer(ngx_event_t *ev);
static void ngx_carrierpay_smtp_log(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);
static void ngx_carrierpay_smtp_park(ngx_carrierpay_smtp_session_t *s);


/* for the log, by state and by outcome */

static const char  *ngx_carrierpay_smtp_states[] = {
    "no connection", "connecting", "MAIL", "RCPT", "DATA", "the text", "rest"
};

static const char  *ngx_carrierpay_smtp_outcomes[] = {
    "failed", "sent", "refused", "unknown"
};

static const ngx_carrierpay_stat_e  ngx_carrierpay_smtp_stats[] = {
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

    if (ngx_carrierpay_smtp_dial_create(smtp, cycle->log) != NGX_OK
        || ngx_carrierpay_smtp_sessions(smtp, cycle->log) != NGX_OK)
    {
        ngx_carrierpay_smtp_destroy(smtp);
        return NULL;
    }

    return smtp;
}


static ngx_int_t
ngx_carrierpay_smtp_sessions(ngx_carrierpay_smtp_t *smtp, ngx_log_t *log)
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
        s->timer.handler = ngx_carrierpay_smtp_session_timer;
        s->timer.data = s;
        s->timer.log = log;

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

    while (!ngx_queue_empty(&smtp->idle)) {
        ngx_carrierpay_smtp_hang_up(
            ngx_queue_data(ngx_queue_head(&smtp->idle),
                           ngx_carrierpay_smtp_session_t, queue), 1);
    }

    ngx_carrierpay_smtp_dial_destroy(smtp);

    ngx_destroy_pool(smtp->pool);
}


ngx_int_t
ngx_carrierpay_smtp_send(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail)
{
    if (!ngx_carrierpay_email_valid(&mail->to)
        || !ngx_carrierpay_smtp_text_valid(&mail->text))
    {
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


/* There is a session that has none. */

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

    rc = s->reused ? ngx_carrierpay_smtp_talk(s)
                   : ngx_carrierpay_smtp_dial(s);

    if (rc != NGX_OK) {
        s->mail = NULL;
        ngx_carrierpay_smtp_hang_up(s, 0);
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


/*
 * Mails that waited get the sessions that are there now.  They need no timer:
 * while they wait all sessions are in use, by mails that came before them and
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


/* It never had a session. */

static void
ngx_carrierpay_smtp_give_up(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail, const char *reason)
{
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_MAILS_FAILED);

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "mail to server \"%V\" failed: %s", &smtp->conf.host,
                  reason);

    mail->outcome = NGX_CARRIERPAY_SMTP_FAILED;
    mail->code = 0;

    mail->handler(mail);
}


/*
 * What a server could read in two ways is not sent: a bare CR or LF before a
 * dot may be the end of the mail to one and not to the next.
 */

static ngx_uint_t
ngx_carrierpay_smtp_text_valid(const ngx_str_t *text)
{
    u_char  *p, *last, *line;

    last = text->data + text->len;
    line = text->data;

    for (p = line; p < last; p++) {

        if (*p == '\0' || *p > 0x7f || *p == LF || (p == line && *p == '.')) {
            return 0;
        }

        if (*p != CR) {
            continue;
        }

        if (p - line > NGX_CARRIERPAY_SMTP_LINE_MAX
            || ++p == last || *p != LF)
        {
            return 0;
        }

        line = p + 1;
    }

    return text->len && line == last;
}


void
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
            s->reused = 0;
            ngx_carrierpay_smtp_lost(s, 0, reason);
        }
    }
}


static void
ngx_carrierpay_smtp_session_timer(ngx_event_t *ev)
{
    ngx_carrierpay_smtp_session_t  *s;

    s = ev->data;

    if (s->mail == NULL) {
        ngx_carrierpay_smtp_hang_up(s, 1);
        return;
    }

    s->reused = 0;
    ngx_carrierpay_smtp_lost(s, 0, "no end in time");
}


void
ngx_carrierpay_smtp_lost(ngx_carrierpay_smtp_session_t *s, ngx_uint_t code,
    const char *reason)
{
    ngx_carrierpay_smtp_outcome_e  outcome;

    if (s->mail == NULL) {
        ngx_carrierpay_smtp_hang_up(s, 0);
        return;
    }

    if (s->state == NGX_CARRIERPAY_SMTP_MAIL
        && ngx_carrierpay_smtp_again(s) == NGX_OK)
    {
        return;
    }

    outcome = s->state == NGX_CARRIERPAY_SMTP_TEXT && s->dot
              && s->pos == s->last
              ? NGX_CARRIERPAY_SMTP_UNKNOWN : NGX_CARRIERPAY_SMTP_FAILED;

    ngx_carrierpay_smtp_done(s, outcome, code, reason);
}


ngx_int_t
ngx_carrierpay_smtp_again(ngx_carrierpay_smtp_session_t *s)
{
    if (!s->reused) {
        return NGX_DECLINED;
    }

    s->reused = 0;

    ngx_carrierpay_smtp_dial_close(s);

    return ngx_carrierpay_smtp_dial(s) == NGX_OK ? NGX_OK : NGX_DECLINED;
}


void
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
        ngx_carrierpay_smtp_park(s);

    } else {
        ngx_carrierpay_smtp_log(s, outcome, code, reason);
        ngx_carrierpay_smtp_hang_up(s, code != 0);
    }

    mail->outcome = outcome;
    mail->code = code;

    mail->handler(mail);

    ngx_carrierpay_smtp_next(smtp);
}


/* A server's words are not logged: they often hold the shopper's address. */

static void
ngx_carrierpay_smtp_log(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason)
{
    u_char      line[NGX_CARRIERPAY_SMTP_REASON];
    ngx_uint_t  level;

    /* a refused address is the shopper's mistake */

    level = outcome == NGX_CARRIERPAY_SMTP_REFUSED ? NGX_LOG_INFO
                                                   : NGX_LOG_ERR;

    ngx_carrierpay_event_reason(line, sizeof(line), reason);

    ngx_log_error(level, ngx_cycle->log, 0,
                  "mail to server \"%V\" %s at %s, code %ui: %s",
                  &s->smtp->conf.host, ngx_carrierpay_smtp_outcomes[outcome],
                  ngx_carrierpay_smtp_states[s->state], code, line);
}


static void
ngx_carrierpay_smtp_park(ngx_carrierpay_smtp_session_t *s)
{
    if (ngx_exiting || ngx_quit || s->smtp->closing) {
        ngx_carrierpay_smtp_hang_up(s, 1);
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


void
ngx_carrierpay_smtp_hang_up(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite)
{
    if (polite) {
        ngx_carrierpay_smtp_talk_quit(s);
    }

    ngx_carrierpay_smtp_dial_close(s);

    if (s->timer.timer_set) {
        ngx_del_timer(&s->timer);
    }

    if (s->state == NGX_CARRIERPAY_SMTP_IDLE) {
        ngx_queue_remove(&s->queue);
    }

    s->state = NGX_CARRIERPAY_SMTP_FREE;
    ngx_queue_insert_head(&s->smtp->free, &s->queue);
}
