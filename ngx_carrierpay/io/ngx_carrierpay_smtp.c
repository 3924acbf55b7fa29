
/*
 * A session is one connection, and at most one mail:
 *
 *     FREE --> CONNECTING --> MAIL --> RCPT --> DATA --> TEXT
 *       ^                      ^                          |
 *       |                      +---------- IDLE <---------+
 *       +--- from all of them
 *
 * While connecting, the descriptor is libcurl's: it says which events it
 * wants, and a slot is lent to each of its sockets.  After that libcurl
 * watches nothing, and the session has a slot of its own, in which commands
 * and replies take turns.
 *
 * Nothing of libcurl is called from within its callbacks, and no handler of
 * a mail from within libcurl.  Removing a CONNECT_ONLY handle closes its
 * connection at once, without a word to the server; the slot goes first.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <curl/curl.h>

#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_shm.h"
#include "ngx_carrierpay_smtp.h"


#define NGX_CARRIERPAY_SMTP_IDLE_MSEC  10000

#define NGX_CARRIERPAY_SMTP_LINE_MAX   998
#define NGX_CARRIERPAY_SMTP_COMMAND    300     /* RCPT TO with 254 bytes */
#define NGX_CARRIERPAY_SMTP_REPLY      1024    /* of a line; RFC 5321: 512 */


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

    CURL                          *easy;
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
    char                           error[CURL_ERROR_SIZE];
} ngx_carrierpay_smtp_session_t;


struct ngx_carrierpay_smtp_s {
    ngx_pool_t                     *pool;
    ngx_carrierpay_smtp_conf_t      conf;

    CURLM                          *multi;
    struct curl_slist              *resolve;  /* NULL: host is an address */
    char                           *url;
    ngx_event_t                     timer;    /* libcurl's */

    ngx_carrierpay_smtp_session_t  *sessions; /* conf.max */
    ngx_queue_t                     free;
    ngx_queue_t                     idle;     /* the last used first */
    ngx_queue_t                     waiting;  /* mails, in order */
    ngx_uint_t                      nwaiting;
    ngx_uint_t                      closing;  /* takes no mail any more */
};


static ngx_int_t ngx_carrierpay_smtp_names(ngx_carrierpay_smtp_t *smtp);
static ngx_int_t ngx_carrierpay_smtp_multi(ngx_carrierpay_smtp_t *smtp);
static ngx_int_t ngx_carrierpay_smtp_sessions(ngx_carrierpay_smtp_t *smtp,
    ngx_log_t *log);
static ngx_uint_t ngx_carrierpay_smtp_text_valid(const ngx_str_t *text);
static ngx_int_t ngx_carrierpay_smtp_start(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail);
static void ngx_carrierpay_smtp_next(ngx_carrierpay_smtp_t *smtp);
static void ngx_carrierpay_smtp_give_up(ngx_carrierpay_smtp_t *smtp,
    ngx_carrierpay_smtp_mail_t *mail, const char *reason);

static ngx_int_t ngx_carrierpay_smtp_connect(
    ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_options(ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_secure(ngx_carrierpay_smtp_session_t *s);
static int ngx_carrierpay_smtp_socket(CURL *easy, curl_socket_t fd, int what,
    void *data, void *slot);
static int ngx_carrierpay_smtp_timer(CURLM *multi, long msec, void *data);
static void ngx_carrierpay_smtp_socket_read(ngx_event_t *ev);
static void ngx_carrierpay_smtp_socket_write(ngx_event_t *ev);
static void ngx_carrierpay_smtp_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_drive(ngx_carrierpay_smtp_t *smtp,
    curl_socket_t fd, int events);
static void ngx_carrierpay_smtp_connected(ngx_carrierpay_smtp_session_t *s,
    CURLcode rc);
static void ngx_carrierpay_smtp_abort(ngx_carrierpay_smtp_t *smtp,
    const char *reason);

static ngx_int_t ngx_carrierpay_smtp_say(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_state_e state, const char *command,
    const ngx_str_t *address);
static ngx_int_t ngx_carrierpay_smtp_begin(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_write_handler(ngx_event_t *ev);
static ngx_uint_t ngx_carrierpay_smtp_unsent(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_read_handler(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_smtp_reply(ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_answer(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t code);
static ngx_carrierpay_smtp_outcome_e ngx_carrierpay_smtp_judge(
    ngx_carrierpay_smtp_session_t *s, ngx_uint_t code);
static void ngx_carrierpay_smtp_session_timer(ngx_event_t *ev);

static void ngx_carrierpay_smtp_lost(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t code, const char *reason);
static ngx_int_t ngx_carrierpay_smtp_again(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_done(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);
static void ngx_carrierpay_smtp_log(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_outcome_e outcome, ngx_uint_t code,
    const char *reason);
static void ngx_carrierpay_smtp_park(ngx_carrierpay_smtp_session_t *s);
static void ngx_carrierpay_smtp_hang_up(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite);
static void ngx_carrierpay_smtp_disconnect(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite);


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

    smtp->timer.handler = ngx_carrierpay_smtp_timer_handler;
    smtp->timer.data = smtp;
    smtp->timer.log = cycle->log;
    smtp->timer.cancelable = 1;    /* the mails' deadlines keep the worker */

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "libcurl does not start");
        ngx_destroy_pool(pool);
        return NULL;
    }

    if (ngx_carrierpay_smtp_names(smtp) != NGX_OK
        || ngx_carrierpay_smtp_multi(smtp) != NGX_OK
        || ngx_carrierpay_smtp_sessions(smtp, cycle->log) != NGX_OK)
    {
        ngx_carrierpay_smtp_destroy(smtp);
        return NULL;
    }

    return smtp;
}


static ngx_int_t
ngx_carrierpay_smtp_names(ngx_carrierpay_smtp_t *smtp)
{
    u_char                      *entry, *last;
    size_t                       len;
    ngx_str_t                    domain;
    ngx_carrierpay_addr_t        addr;
    ngx_carrierpay_smtp_conf_t  *conf;

    conf = &smtp->conf;

    ngx_carrierpay_email_domain(&conf->from, &domain);

    len = sizeof("smtps://:65535/") + conf->host.len + domain.len;

    smtp->url = ngx_pnalloc(smtp->pool, len);
    if (smtp->url == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf((u_char *) smtp->url, len - 1, "%s://%V:%ui/%V",
                        conf->tls == NGX_CARRIERPAY_SMTP_TLS ? "smtps"
                                                             : "smtp",
                        &conf->host, conf->port, &domain);
    *last = '\0';

    if (conf->host.data[0] == '['
        || ngx_carrierpay_addr_parse(&conf->host, &addr) == NGX_OK)
    {
        return NGX_OK;
    }

    /* what libcurl finds here it asks no resolver for */

    len = sizeof(":65535:") + conf->host.len + conf->addresses.len;

    entry = ngx_pnalloc(smtp->pool, len);
    if (entry == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf(entry, len - 1, "%V:%ui:%V", &conf->host, conf->port,
                        &conf->addresses);
    *last = '\0';

    smtp->resolve = curl_slist_append(NULL, (char *) entry);

    return smtp->resolve ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_smtp_multi(ngx_carrierpay_smtp_t *smtp)
{
    CURLM  *multi;

    multi = curl_multi_init();

    if (multi == NULL) {
        return NGX_ERROR;
    }

    smtp->multi = multi;

    if (curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION,
                          ngx_carrierpay_smtp_socket) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, smtp) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION,
                             ngx_carrierpay_smtp_timer) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_TIMERDATA, smtp) != CURLM_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
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

    if (smtp->multi) {
        (void) curl_multi_cleanup(smtp->multi);
    }

    if (smtp->timer.timer_set) {
        ngx_del_timer(&smtp->timer);
    }

    curl_slist_free_all(smtp->resolve);
    curl_global_cleanup();
    ngx_carrierpay_crypto_forget();

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

    rc = s->reused ? ngx_carrierpay_smtp_begin(s)
                   : ngx_carrierpay_smtp_connect(s);

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


/* libcurl's part: until the server is ready to take a mail */

static ngx_int_t
ngx_carrierpay_smtp_connect(ngx_carrierpay_smtp_session_t *s)
{
    s->state = NGX_CARRIERPAY_SMTP_CONNECTING;
    s->error[0] = '\0';

    s->easy = curl_easy_init();

    if (s->easy == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_options(s) != NGX_OK
        || ngx_carrierpay_smtp_secure(s) != NGX_OK
        || curl_multi_add_handle(s->smtp->multi, s->easy) != CURLM_OK)
    {
        curl_easy_cleanup(s->easy);
        s->easy = NULL;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_smtp_options(ngx_carrierpay_smtp_session_t *s)
{
    CURL                        *easy;
    CURLcode                     rc;
    ngx_carrierpay_smtp_conf_t  *conf;

    easy = s->easy;
    conf = &s->smtp->conf;

    rc = curl_easy_setopt(easy, CURLOPT_URL, s->smtp->url);
    rc |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    rc |= curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_RESOLVE, s->smtp->resolve);
    rc |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    rc |= curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    rc |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                           (long) conf->timeout);
    rc |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, s->error);
    rc |= curl_easy_setopt(easy, CURLOPT_PRIVATE, s);

    if (conf->user.len) {

        /* the others are weaker, or ask servers of their own and wait */

        rc |= curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS,
                               "AUTH=PLAIN;AUTH=LOGIN");
        rc |= curl_easy_setopt(easy, CURLOPT_USERNAME, conf->user.data);
        rc |= curl_easy_setopt(easy, CURLOPT_PASSWORD, conf->password.data);
    }

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_smtp_secure(ngx_carrierpay_smtp_session_t *s)
{
    long                         use;
    CURL                        *easy;
    CURLcode                     rc;
    ngx_carrierpay_smtp_conf_t  *conf;

    easy = s->easy;
    conf = &s->smtp->conf;

    if (conf->tls == NGX_CARRIERPAY_SMTP_NONE) {
        return NGX_OK;
    }

    use = conf->tls == NGX_CARRIERPAY_SMTP_STARTTLS ? CURLUSESSL_ALL
                                                    : CURLUSESSL_NONE;

    rc = curl_easy_setopt(easy, CURLOPT_USE_SSL, use);
    rc |= curl_easy_setopt(easy, CURLOPT_SSLVERSION,
                           (long) CURL_SSLVERSION_TLSv1_2);
    rc |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);

    /* of this file alone, not of the system's folder beside it */

    rc |= curl_easy_setopt(easy, CURLOPT_CAINFO, conf->ca_file.data);
    rc |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


/*
 * libcurl's callbacks.  The removal of a socket is told before it is closed.
 * One that gets no slot is left to its mail's deadline: an error from here
 * would end all of the others.
 */

static int
ngx_carrierpay_smtp_socket(CURL *easy, curl_socket_t fd, int what, void *data,
    void *slot)
{
    ngx_connection_t       *c = slot;
    ngx_carrierpay_smtp_t  *smtp = data;

    (void) easy;

    if (what == CURL_POLL_REMOVE) {

        if (c) {
            ngx_carrierpay_event_release(c, 0);
            (void) curl_multi_assign(smtp->multi, fd, NULL);
        }

        return 0;
    }

    if (c == NULL) {
        c = ngx_carrierpay_event_acquire(fd, smtp,
                                         ngx_carrierpay_smtp_socket_read,
                                         ngx_carrierpay_smtp_socket_write,
                                         ngx_cycle->log);

        if (c == NULL) {
            return 0;
        }

        (void) curl_multi_assign(smtp->multi, fd, c);
    }

    if (what & CURL_POLL_IN) {
        (void) ngx_carrierpay_event_want_read(c);
    }

    if (what & CURL_POLL_OUT) {
        (void) ngx_carrierpay_event_want_write(c);

    } else {
        (void) ngx_carrierpay_event_drop_write(c);
    }

    /* what libcurl does not read would wake the loop for ever */

    if (!(what & CURL_POLL_IN)) {
        (void) ngx_carrierpay_event_drop_read(c);
    }

    return 0;
}


static int
ngx_carrierpay_smtp_timer(CURLM *multi, long msec, void *data)
{
    ngx_carrierpay_smtp_t  *smtp = data;

    (void) multi;

    /* deleted first: nginx keeps a timer that is a little late as it is */

    if (smtp->timer.timer_set) {
        ngx_del_timer(&smtp->timer);
    }

    if (msec >= 0) {
        ngx_add_timer(&smtp->timer, (ngx_msec_t) msec);
    }

    return 0;
}


static void
ngx_carrierpay_smtp_socket_read(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    if (c->close || c->error) {
        ngx_carrierpay_smtp_abort(c->data, "worker shutdown timeout");
        return;
    }

    ngx_carrierpay_smtp_drive(c->data, c->fd, CURL_CSELECT_IN);
}


static void
ngx_carrierpay_smtp_socket_write(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_carrierpay_smtp_drive(c->data, c->fd, CURL_CSELECT_OUT);
}


static void
ngx_carrierpay_smtp_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_smtp_drive(ev->data, CURL_SOCKET_TIMEOUT, 0);
}


/* Calls handlers in the end, so it is a caller's last word. */

static void
ngx_carrierpay_smtp_drive(ngx_carrierpay_smtp_t *smtp, curl_socket_t fd,
    int events)
{
    int                             left, running;
    CURLMsg                        *msg;
    CURLcode                        rc;
    ngx_carrierpay_smtp_session_t  *s;

    (void) curl_multi_socket_action(smtp->multi, fd, events, &running);
    ngx_carrierpay_crypto_forget();

    for ( ;; ) {
        msg = curl_multi_info_read(smtp->multi, &left);

        if (msg == NULL) {
            return;
        }

        s = NULL;
        rc = msg->data.result;

        (void) curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &s);

        if (s) {
            ngx_carrierpay_smtp_connected(s, rc);
        }
    }
}


/* or not */

static void
ngx_carrierpay_smtp_connected(ngx_carrierpay_smtp_session_t *s, CURLcode rc)
{
    long           code;
    curl_socket_t  fd;

    code = 0;
    fd = CURL_SOCKET_BAD;

    if (rc != CURLE_OK) {
        (void) curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &code);

        ngx_carrierpay_smtp_lost(s, code >= 400 ? (ngx_uint_t) code : 0,
                                 s->error[0] ? s->error
                                             : curl_easy_strerror(rc));
        return;
    }

    (void) curl_easy_getinfo(s->easy, CURLINFO_ACTIVESOCKET, &fd);

    if (fd != CURL_SOCKET_BAD) {
        s->c = ngx_carrierpay_event_acquire((int) fd, s,
                                            ngx_carrierpay_smtp_read_handler,
                                            ngx_carrierpay_smtp_write_handler,
                                            ngx_cycle->log);
    }

    if (s->c == NULL || ngx_carrierpay_smtp_begin(s) != NGX_OK) {
        ngx_carrierpay_smtp_lost(s, 0, "no slot for it");
    }
}


/* Ends all mails, for good: what their handlers send is not taken. */

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
            s->reused = 0;
            ngx_carrierpay_smtp_lost(s, 0, reason);
        }
    }
}


/*
 * Our part: a mail on a connection.  What is said leaves with the next write
 * event, so that no handler runs within send.
 */

static ngx_int_t
ngx_carrierpay_smtp_begin(ngx_carrierpay_smtp_session_t *s)
{
    return ngx_carrierpay_smtp_say(s, NGX_CARRIERPAY_SMTP_MAIL,
                                   "MAIL FROM:<%V>" CRLF,
                                   &s->smtp->conf.from);
}


/* With no command it is the text that is said. */

static ngx_int_t
ngx_carrierpay_smtp_say(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_state_e state, const char *command,
    const ngx_str_t *address)
{
    s->state = state;
    s->dot = 0;
    s->len = 0;

    if (command) {
        s->pos = s->command;
        s->last = ngx_snprintf(s->command, NGX_CARRIERPAY_SMTP_COMMAND,
                               command, address);

    } else {
        s->pos = s->mail->text.data;
        s->last = s->pos + s->mail->text.len;
    }

    return ngx_carrierpay_event_want_write(s->c);
}


static void
ngx_carrierpay_smtp_write_handler(ngx_event_t *ev)
{
    size_t                          n;
    CURLcode                        rc;
    ngx_connection_t               *c;
    ngx_carrierpay_smtp_session_t  *s;

    c = ev->data;
    s = c->data;

    while (ngx_carrierpay_smtp_unsent(s)) {
        n = 0;
        rc = curl_easy_send(s->easy, s->pos, s->last - s->pos, &n);

        ngx_carrierpay_crypto_forget();

        if (rc == CURLE_AGAIN) {
            return;
        }

        if (rc != CURLE_OK) {

            /* the read handler finds what the server said before it left */

            break;
        }

        s->pos += n;
    }

    (void) ngx_carrierpay_event_drop_write(c);
}


/* after the text comes the dot that ends it */

static ngx_uint_t
ngx_carrierpay_smtp_unsent(ngx_carrierpay_smtp_session_t *s)
{
    if (s->pos == s->last && s->state == NGX_CARRIERPAY_SMTP_TEXT && !s->dot) {
        s->dot = 1;
        s->pos = s->command;
        s->last = ngx_cpymem(s->command, "." CRLF, sizeof("." CRLF) - 1);
    }

    return s->pos < s->last;
}


static void
ngx_carrierpay_smtp_read_handler(ngx_event_t *ev)
{
    size_t                          n;
    CURLcode                        rc;
    ngx_int_t                       code;
    ngx_connection_t               *c;
    ngx_carrierpay_smtp_session_t  *s;

    c = ev->data;
    s = c->data;

    if (c->close || c->error) {

        if (s->mail == NULL) {
            ngx_carrierpay_smtp_hang_up(s, 0);
            return;
        }

        ngx_carrierpay_smtp_abort(s->smtp, "worker shutdown timeout");
        return;
    }

    for ( ;; ) {
        n = 0;
        rc = curl_easy_recv(s->easy, s->reply + s->len,
                            NGX_CARRIERPAY_SMTP_REPLY - s->len, &n);

        ngx_carrierpay_crypto_forget();

        if (rc == CURLE_AGAIN) {
            return;
        }

        /* an idle one may only say good-bye */

        if (rc != CURLE_OK || n == 0 || s->mail == NULL) {
            ngx_carrierpay_smtp_lost(s, 0, "server closed the connection");
            return;
        }

        s->len += n;

        code = ngx_carrierpay_smtp_reply(s);

        if (code == NGX_ERROR) {
            ngx_carrierpay_smtp_lost(s, 0, "server does not speak SMTP");
            return;
        }

        if (code != NGX_AGAIN
            && ngx_carrierpay_smtp_answer(s, code) != NGX_OK)
        {
            return;
        }
    }
}


/*
 * The code of a whole reply, NGX_AGAIN or NGX_ERROR.  Lines that are not the
 * last of it are dropped as they come.  We say one thing at a time, so
 * nothing may follow the last.
 */

static ngx_int_t
ngx_carrierpay_smtp_reply(ngx_carrierpay_smtp_session_t *s)
{
    u_char     *p, *lf, *last;
    ngx_int_t   code;

    p = s->reply;
    last = p + s->len;

    while ((lf = memchr(p, LF, last - p)) != NULL) {

        code = lf - p > 3 ? ngx_atoi(p, 3) : NGX_ERROR;

        if (code < 200 || code > 599) {
            return NGX_ERROR;
        }

        if (p[3] == '-') {
            p = lf + 1;
            continue;
        }

        if ((p[3] != ' ' && p[3] != CR) || lf + 1 != last) {
            return NGX_ERROR;
        }

        s->len = 0;

        return code;
    }

    s->len = last - p;

    if (s->len == NGX_CARRIERPAY_SMTP_REPLY) {
        return NGX_ERROR;
    }

    ngx_memmove(s->reply, p, s->len);

    return NGX_AGAIN;
}


/* NGX_OK: the mail goes on; NGX_DONE: it has ended, the session is not its. */

static ngx_int_t
ngx_carrierpay_smtp_answer(ngx_carrierpay_smtp_session_t *s, ngx_uint_t code)
{
    ngx_int_t   rc;
    ngx_uint_t  good;

    good = (code / 100 == 2);
    rc = NGX_DECLINED;

    switch (s->state) {

    case NGX_CARRIERPAY_SMTP_MAIL:

        if (good) {
            rc = ngx_carrierpay_smtp_say(s, NGX_CARRIERPAY_SMTP_RCPT,
                                         "RCPT TO:<%V>" CRLF, &s->mail->to);

        } else if (code == 421 && ngx_carrierpay_smtp_again(s) == NGX_OK) {

            /* what it says to who was idle for long, or has sent enough */

            return NGX_DONE;
        }

        break;

    case NGX_CARRIERPAY_SMTP_RCPT:

        if (good) {
            rc = ngx_carrierpay_smtp_say(s, NGX_CARRIERPAY_SMTP_DATA,
                                         "DATA" CRLF, NULL);
        }

        break;

    case NGX_CARRIERPAY_SMTP_DATA:

        if (code == 354) {
            rc = ngx_carrierpay_smtp_say(s, NGX_CARRIERPAY_SMTP_TEXT, NULL,
                                         NULL);
        }

        break;

    default: /* NGX_CARRIERPAY_SMTP_TEXT */
        break;
    }

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    if (rc == NGX_ERROR) {
        ngx_carrierpay_smtp_lost(s, 0, "no event for it");

    } else {
        ngx_carrierpay_smtp_done(s, ngx_carrierpay_smtp_judge(s, code), code,
                                 "so says the server");
    }

    return NGX_DONE;
}


/* What an answer means that is not "go on". */

static ngx_carrierpay_smtp_outcome_e
ngx_carrierpay_smtp_judge(ngx_carrierpay_smtp_session_t *s, ngx_uint_t code)
{
    switch (code / 100) {

    case 5:

        if (code == 530 || s->state == NGX_CARRIERPAY_SMTP_MAIL) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        return NGX_CARRIERPAY_SMTP_REFUSED;

    case 4:
        return NGX_CARRIERPAY_SMTP_FAILED;

    default:

        if (s->state != NGX_CARRIERPAY_SMTP_TEXT) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        /* taken before its end has left is not taken as it is */

        return code / 100 == 2 && s->dot && s->pos == s->last
               ? NGX_CARRIERPAY_SMTP_SENT : NGX_CARRIERPAY_SMTP_UNKNOWN;
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


/*
 * The connection is of no more use.  A server that lacks the last bytes of a
 * mail cannot have taken it.
 */

static void
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


/*
 * Once more, on a new connection: nothing of the mail has been answered on
 * one that had been idle.  The deadline stays.  NGX_DECLINED when it was new,
 * or when there is no other.
 */

static ngx_int_t
ngx_carrierpay_smtp_again(ngx_carrierpay_smtp_session_t *s)
{
    if (!s->reused) {
        return NGX_DECLINED;
    }

    s->reused = 0;

    ngx_carrierpay_smtp_disconnect(s, 0);

    return ngx_carrierpay_smtp_connect(s) == NGX_OK ? NGX_OK : NGX_DECLINED;
}


/*
 * The session is free or idle when the handler runs, which may send again and
 * so take it.
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
    u_char      line[CURL_ERROR_SIZE];
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


static void
ngx_carrierpay_smtp_hang_up(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite)
{
    ngx_carrierpay_smtp_disconnect(s, polite);

    if (s->timer.timer_set) {
        ngx_del_timer(&s->timer);
    }

    if (s->state == NGX_CARRIERPAY_SMTP_IDLE) {
        ngx_queue_remove(&s->queue);
    }

    s->state = NGX_CARRIERPAY_SMTP_FREE;
    ngx_queue_insert_head(&s->smtp->free, &s->queue);
}


/* Nobody waits for the answer to QUIT. */

static void
ngx_carrierpay_smtp_disconnect(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t polite)
{
    size_t  n;

    if (s->c) {
        if (polite && s->pos == s->last) {
            (void) curl_easy_send(s->easy, "QUIT" CRLF,
                                  sizeof("QUIT" CRLF) - 1, &n);
        }

        ngx_carrierpay_event_release(s->c, 0);
        s->c = NULL;
    }

    if (s->easy) {
        (void) curl_multi_remove_handle(s->smtp->multi, s->easy);
        curl_easy_cleanup(s->easy);
        s->easy = NULL;
    }

    ngx_carrierpay_crypto_forget();
}
