
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <curl/curl.h>

#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_smtp_conn.h"
#include "ngx_carrierpay_smtp_dialogue.h"


#if (CURL_ERROR_SIZE > NGX_CARRIERPAY_SMTP_REASON)
#error "libcurl's reasons are longer than a session has room for"
#endif


static ngx_int_t ngx_carrierpay_smtp_dial_names(ngx_carrierpay_smtp_t *smtp);
static ngx_int_t ngx_carrierpay_smtp_dial_multi(ngx_carrierpay_smtp_t *smtp);
static ngx_int_t ngx_carrierpay_smtp_dial_options(
    ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_dial_secure(
    ngx_carrierpay_smtp_session_t *s);
static int ngx_carrierpay_smtp_dial_socket(CURL *easy, curl_socket_t fd,
    int what, void *data, void *slot);
static int ngx_carrierpay_smtp_dial_timer(CURLM *multi, long msec,
    void *data);
static void ngx_carrierpay_smtp_dial_read_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_dial_write_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_dial_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_dial_drive(ngx_carrierpay_smtp_t *smtp,
    curl_socket_t fd, int events);
static void ngx_carrierpay_smtp_dial_done(ngx_carrierpay_smtp_session_t *s,
    CURLcode rc);


ngx_int_t
ngx_carrierpay_smtp_dial_create(ngx_carrierpay_smtp_t *smtp, ngx_log_t *log)
{
    smtp->timer.handler = ngx_carrierpay_smtp_dial_timer_handler;
    smtp->timer.data = smtp;
    smtp->timer.log = log;
    smtp->timer.cancelable = 1;    /* the mails' deadlines keep the worker */

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        ngx_log_error(NGX_LOG_EMERG, log, 0, "libcurl does not start");
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_dial_names(smtp) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_smtp_dial_multi(smtp);
}


static ngx_int_t
ngx_carrierpay_smtp_dial_names(ngx_carrierpay_smtp_t *smtp)
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
ngx_carrierpay_smtp_dial_multi(ngx_carrierpay_smtp_t *smtp)
{
    CURLM  *multi;

    multi = curl_multi_init();

    if (multi == NULL) {
        return NGX_ERROR;
    }

    smtp->multi = multi;

    if (curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION,
                          ngx_carrierpay_smtp_dial_socket) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, smtp) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION,
                             ngx_carrierpay_smtp_dial_timer) != CURLM_OK
        || curl_multi_setopt(multi, CURLMOPT_TIMERDATA, smtp) != CURLM_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_carrierpay_smtp_dial_destroy(ngx_carrierpay_smtp_t *smtp)
{
    if (smtp->multi) {
        (void) curl_multi_cleanup(smtp->multi);
    }

    if (smtp->timer.timer_set) {
        ngx_del_timer(&smtp->timer);
    }

    curl_slist_free_all(smtp->resolve);
    curl_global_cleanup();
    ngx_carrierpay_crypto_forget();
}


ngx_int_t
ngx_carrierpay_smtp_dial(ngx_carrierpay_smtp_session_t *s)
{
    s->state = NGX_CARRIERPAY_SMTP_CONNECTING;
    s->error[0] = '\0';

    s->easy = curl_easy_init();

    if (s->easy == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_dial_options(s) != NGX_OK
        || ngx_carrierpay_smtp_dial_secure(s) != NGX_OK
        || curl_multi_add_handle(s->smtp->multi, s->easy) != CURLM_OK)
    {
        curl_easy_cleanup(s->easy);
        s->easy = NULL;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_smtp_dial_options(ngx_carrierpay_smtp_session_t *s)
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
ngx_carrierpay_smtp_dial_secure(ngx_carrierpay_smtp_session_t *s)
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
 * libcurl's callbacks; nothing of it is called from within them but the
 * assignment of a slot.  The removal of a socket is told before it is closed.
 * One that gets no slot is left to its mail's deadline: an error from here
 * would end all of the others.
 */

static int
ngx_carrierpay_smtp_dial_socket(CURL *easy, curl_socket_t fd, int what,
    void *data, void *slot)
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
                                       ngx_carrierpay_smtp_dial_read_handler,
                                       ngx_carrierpay_smtp_dial_write_handler,
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
ngx_carrierpay_smtp_dial_timer(CURLM *multi, long msec, void *data)
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
ngx_carrierpay_smtp_dial_read_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    if (c->close || c->error) {
        ngx_carrierpay_smtp_abort(c->data, "worker shutdown timeout");
        return;
    }

    ngx_carrierpay_smtp_dial_drive(c->data, c->fd, CURL_CSELECT_IN);
}


static void
ngx_carrierpay_smtp_dial_write_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_carrierpay_smtp_dial_drive(c->data, c->fd, CURL_CSELECT_OUT);
}


static void
ngx_carrierpay_smtp_dial_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_smtp_dial_drive(ev->data, CURL_SOCKET_TIMEOUT, 0);
}


/*
 * Calls handlers in the end, from without libcurl, so it is a caller's last
 * word.
 */

static void
ngx_carrierpay_smtp_dial_drive(ngx_carrierpay_smtp_t *smtp, curl_socket_t fd,
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
            ngx_carrierpay_smtp_dial_done(s, rc);
        }
    }
}


/* It is connected, or not. */

static void
ngx_carrierpay_smtp_dial_done(ngx_carrierpay_smtp_session_t *s, CURLcode rc)
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
                                       ngx_carrierpay_smtp_talk_read_handler,
                                       ngx_carrierpay_smtp_talk_write_handler,
                                       ngx_cycle->log);
    }

    if (s->c == NULL || ngx_carrierpay_smtp_talk(s) != NGX_OK) {
        ngx_carrierpay_smtp_lost(s, 0, "no slot for it");
    }
}


ssize_t
ngx_carrierpay_smtp_dial_send(ngx_carrierpay_smtp_session_t *s,
    const u_char *buf, size_t size)
{
    size_t    n;
    CURLcode  rc;

    n = 0;
    rc = curl_easy_send(s->easy, buf, size, &n);

    ngx_carrierpay_crypto_forget();

    if (rc == CURLE_AGAIN) {
        return NGX_AGAIN;
    }

    return rc == CURLE_OK ? (ssize_t) n : NGX_ERROR;
}


ssize_t
ngx_carrierpay_smtp_dial_recv(ngx_carrierpay_smtp_session_t *s, u_char *buf,
    size_t size)
{
    size_t    n;
    CURLcode  rc;

    n = 0;
    rc = curl_easy_recv(s->easy, buf, size, &n);

    ngx_carrierpay_crypto_forget();

    if (rc == CURLE_AGAIN) {
        return NGX_AGAIN;
    }

    return rc == CURLE_OK && n ? (ssize_t) n : NGX_ERROR;
}


/* The removal of a CONNECT_ONLY handle closes its connection. */

void
ngx_carrierpay_smtp_dial_close(ngx_carrierpay_smtp_session_t *s)
{
    if (s->c) {
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
