
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <curl/curl.h>

#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_smtp_conn.h"


#if (CURL_ERROR_SIZE > NGX_CARRIERPAY_SMTP_REASON)
#error "libcurl's reasons are longer than a connection has room for"
#endif


static ngx_int_t ngx_carrierpay_smtp_multi_names(
    ngx_carrierpay_smtp_multi_t *multi, ngx_pool_t *pool);
static ngx_int_t ngx_carrierpay_smtp_multi_callbacks(
    ngx_carrierpay_smtp_multi_t *multi);
static ngx_int_t ngx_carrierpay_smtp_conn_options(
    ngx_carrierpay_smtp_conn_t *conn);
static ngx_int_t ngx_carrierpay_smtp_conn_secure(
    ngx_carrierpay_smtp_conn_t *conn);
static int ngx_carrierpay_smtp_multi_socket(CURL *easy, curl_socket_t fd,
    int what, void *data, void *slot);
static int ngx_carrierpay_smtp_multi_timer(CURLM *curl, long msec,
    void *data);
static void ngx_carrierpay_smtp_multi_read_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_multi_write_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_multi_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_multi_drive(
    ngx_carrierpay_smtp_multi_t *multi, curl_socket_t fd, int events);
static void ngx_carrierpay_smtp_conn_opened(ngx_carrierpay_smtp_conn_t *conn,
    CURLcode rc);
static void ngx_carrierpay_smtp_conn_read_handler(ngx_event_t *ev);
static void ngx_carrierpay_smtp_conn_write_handler(ngx_event_t *ev);


ngx_int_t
ngx_carrierpay_smtp_multi_init(ngx_carrierpay_smtp_multi_t *multi,
    ngx_pool_t *pool)
{
    multi->timer.handler = ngx_carrierpay_smtp_multi_timer_handler;
    multi->timer.data = multi;
    multi->timer.log = pool->log;
    multi->timer.cancelable = 1;    /* the mails' deadlines keep the worker */

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        ngx_log_error(NGX_LOG_EMERG, pool->log, 0, "libcurl does not start");
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_multi_names(multi, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_smtp_multi_callbacks(multi);
}


static ngx_int_t
ngx_carrierpay_smtp_multi_names(ngx_carrierpay_smtp_multi_t *multi,
    ngx_pool_t *pool)
{
    u_char                      *entry, *last;
    size_t                       len;
    ngx_str_t                    domain;
    ngx_carrierpay_addr_t        addr;
    ngx_carrierpay_smtp_conf_t  *conf;

    conf = multi->conf;

    ngx_carrierpay_email_domain(&conf->from, &domain);

    len = sizeof("smtps://:65535/") + conf->host.len + domain.len;

    multi->url = ngx_pnalloc(pool, len);
    if (multi->url == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf((u_char *) multi->url, len - 1, "%s://%V:%ui/%V",
                        conf->tls == NGX_CARRIERPAY_SMTP_TLS ? "smtps"
                                                             : "smtp",
                        &conf->host, conf->port, &domain);
    *last = '\0';

    if (conf->host.data[0] == '['
        || ngx_carrierpay_addr_parse(&conf->host, &addr) == NGX_OK)
    {
        return NGX_OK;
    }

    /* libcurl asks no resolver for a name that it finds here */

    len = sizeof(":65535:") + conf->host.len + conf->addresses.len;

    entry = ngx_pnalloc(pool, len);
    if (entry == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf(entry, len - 1, "%V:%ui:%V", &conf->host, conf->port,
                        &conf->addresses);
    *last = '\0';

    multi->resolve = curl_slist_append(NULL, (char *) entry);

    return multi->resolve ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_smtp_multi_callbacks(ngx_carrierpay_smtp_multi_t *multi)
{
    CURLM  *curl;

    curl = curl_multi_init();

    if (curl == NULL) {
        return NGX_ERROR;
    }

    multi->curl = curl;

    if (curl_multi_setopt(curl, CURLMOPT_SOCKETFUNCTION,
                          ngx_carrierpay_smtp_multi_socket) != CURLM_OK
        || curl_multi_setopt(curl, CURLMOPT_SOCKETDATA, multi) != CURLM_OK
        || curl_multi_setopt(curl, CURLMOPT_TIMERFUNCTION,
                             ngx_carrierpay_smtp_multi_timer) != CURLM_OK
        || curl_multi_setopt(curl, CURLMOPT_TIMERDATA, multi) != CURLM_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_carrierpay_smtp_multi_cleanup(ngx_carrierpay_smtp_multi_t *multi)
{
    if (multi->curl) {
        (void) curl_multi_cleanup(multi->curl);
    }

    if (multi->timer.timer_set) {
        ngx_del_timer(&multi->timer);
    }

    curl_slist_free_all(multi->resolve);
    curl_global_cleanup();
    ngx_carrierpay_crypto_forget();
}


ngx_int_t
ngx_carrierpay_smtp_conn_open(ngx_carrierpay_smtp_conn_t *conn)
{
    conn->error[0] = '\0';

    conn->easy = curl_easy_init();

    if (conn->easy == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_conn_options(conn) != NGX_OK
        || ngx_carrierpay_smtp_conn_secure(conn) != NGX_OK
        || curl_multi_add_handle(conn->multi->curl, conn->easy) != CURLM_OK)
    {
        curl_easy_cleanup(conn->easy);
        conn->easy = NULL;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_smtp_conn_options(ngx_carrierpay_smtp_conn_t *conn)
{
    CURL                        *easy;
    CURLcode                     rc;
    ngx_carrierpay_smtp_conf_t  *conf;

    easy = conn->easy;
    conf = conn->multi->conf;

    rc = curl_easy_setopt(easy, CURLOPT_URL, conn->multi->url);
    rc |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    rc |= curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_RESOLVE, conn->multi->resolve);
    rc |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    rc |= curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    rc |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    rc |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                           (long) conf->timeout);
    rc |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, conn->error);
    rc |= curl_easy_setopt(easy, CURLOPT_PRIVATE, conn);

    if (conf->user.len) {

        /* other mechanisms are weaker, or wait for servers of their own */

        rc |= curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS,
                               "AUTH=PLAIN;AUTH=LOGIN");
        rc |= curl_easy_setopt(easy, CURLOPT_USERNAME, conf->user.data);
        rc |= curl_easy_setopt(easy, CURLOPT_PASSWORD, conf->password.data);
    }

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_smtp_conn_secure(ngx_carrierpay_smtp_conn_t *conn)
{
    long                         use;
    CURL                        *easy;
    CURLcode                     rc;
    ngx_carrierpay_smtp_conf_t  *conf;

    easy = conn->easy;
    conf = conn->multi->conf;

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
 * assignment of a slot.  libcurl announces the removal of a socket before it
 * closes it.  A socket that gets no slot is left to the deadline of its mail:
 * an error from here would end all other connections.
 */

static int
ngx_carrierpay_smtp_multi_socket(CURL *easy, curl_socket_t fd, int what,
    void *data, void *slot)
{
    ngx_connection_t             *c = slot;
    ngx_carrierpay_smtp_multi_t  *multi = data;

    (void) easy;

    if (what == CURL_POLL_REMOVE) {

        if (c) {
            ngx_carrierpay_event_release(c, 0);
            (void) curl_multi_assign(multi->curl, fd, NULL);
        }

        return 0;
    }

    if (c == NULL) {
        c = ngx_carrierpay_event_acquire(fd, multi,
                                       ngx_carrierpay_smtp_multi_read_handler,
                                       ngx_carrierpay_smtp_multi_write_handler,
                                       ngx_cycle->log);

        if (c == NULL) {
            return 0;
        }

        (void) curl_multi_assign(multi->curl, fd, c);
    }

    if (what & CURL_POLL_IN) {
        (void) ngx_carrierpay_event_want_read(c);
    }

    if (what & CURL_POLL_OUT) {
        (void) ngx_carrierpay_event_want_write(c);

    } else {
        (void) ngx_carrierpay_event_drop_write(c);
    }

    /* bytes that libcurl does not read would wake the loop for ever */

    if (!(what & CURL_POLL_IN)) {
        (void) ngx_carrierpay_event_drop_read(c);
    }

    return 0;
}


static int
ngx_carrierpay_smtp_multi_timer(CURLM *curl, long msec, void *data)
{
    ngx_carrierpay_smtp_multi_t  *multi = data;

    (void) curl;

    /* deleted first: nginx keeps a timer that is a little late as it is */

    if (multi->timer.timer_set) {
        ngx_del_timer(&multi->timer);
    }

    if (msec >= 0) {
        ngx_add_timer(&multi->timer, (ngx_msec_t) msec);
    }

    return 0;
}


static void
ngx_carrierpay_smtp_multi_read_handler(ngx_event_t *ev)
{
    ngx_connection_t             *c;
    ngx_carrierpay_smtp_multi_t  *multi;

    c = ev->data;
    multi = c->data;

    if (c->close || c->error) {
        multi->handlers->shutdown(multi);
        return;
    }

    ngx_carrierpay_smtp_multi_drive(multi, c->fd, CURL_CSELECT_IN);
}


static void
ngx_carrierpay_smtp_multi_write_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_carrierpay_smtp_multi_drive(c->data, c->fd, CURL_CSELECT_OUT);
}


static void
ngx_carrierpay_smtp_multi_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_smtp_multi_drive(ev->data, CURL_SOCKET_TIMEOUT, 0);
}


/* Calls the owner in the end, outside libcurl; a caller returns after it. */

static void
ngx_carrierpay_smtp_multi_drive(ngx_carrierpay_smtp_multi_t *multi,
    curl_socket_t fd, int events)
{
    int                          left, running;
    CURLMsg                     *msg;
    CURLcode                     rc;
    ngx_carrierpay_smtp_conn_t  *conn;

    (void) curl_multi_socket_action(multi->curl, fd, events, &running);
    ngx_carrierpay_crypto_forget();

    for ( ;; ) {
        msg = curl_multi_info_read(multi->curl, &left);

        if (msg == NULL) {
            return;
        }

        conn = NULL;
        rc = msg->data.result;

        (void) curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &conn);

        if (conn) {
            ngx_carrierpay_smtp_conn_opened(conn, rc);
        }
    }
}


static void
ngx_carrierpay_smtp_conn_opened(ngx_carrierpay_smtp_conn_t *conn, CURLcode rc)
{
    long                                        code;
    curl_socket_t                               fd;
    const ngx_carrierpay_smtp_conn_handlers_t  *handlers;

    code = 0;
    fd = CURL_SOCKET_BAD;
    handlers = conn->multi->handlers;

    if (rc != CURLE_OK) {
        (void) curl_easy_getinfo(conn->easy, CURLINFO_RESPONSE_CODE, &code);

        handlers->failed(conn, code >= 400 ? (ngx_uint_t) code : 0,
                         conn->error[0] ? conn->error
                                        : curl_easy_strerror(rc));
        return;
    }

    (void) curl_easy_getinfo(conn->easy, CURLINFO_ACTIVESOCKET, &fd);

    if (fd != CURL_SOCKET_BAD) {
        conn->c = ngx_carrierpay_event_acquire((int) fd, conn,
                                       ngx_carrierpay_smtp_conn_read_handler,
                                       ngx_carrierpay_smtp_conn_write_handler,
                                       ngx_cycle->log);
    }

    if (conn->c == NULL) {
        handlers->failed(conn, 0, "no slot for it");
        return;
    }

    handlers->connected(conn);
}


static void
ngx_carrierpay_smtp_conn_read_handler(ngx_event_t *ev)
{
    ngx_connection_t            *c;
    ngx_carrierpay_smtp_conn_t  *conn;

    c = ev->data;
    conn = c->data;

    if (c->close || c->error) {
        conn->multi->handlers->shutdown(conn->multi);
        return;
    }

    conn->multi->handlers->readable(conn);
}


static void
ngx_carrierpay_smtp_conn_write_handler(ngx_event_t *ev)
{
    ngx_connection_t            *c;
    ngx_carrierpay_smtp_conn_t  *conn;

    c = ev->data;
    conn = c->data;

    conn->multi->handlers->writable(conn);
}


ssize_t
ngx_carrierpay_smtp_conn_send(ngx_carrierpay_smtp_conn_t *conn,
    const u_char *buf, size_t size)
{
    size_t    n;
    CURLcode  rc;

    n = 0;
    rc = curl_easy_send(conn->easy, buf, size, &n);

    ngx_carrierpay_crypto_forget();

    if (rc == CURLE_AGAIN) {
        return NGX_AGAIN;
    }

    return rc == CURLE_OK ? (ssize_t) n : NGX_ERROR;
}


ssize_t
ngx_carrierpay_smtp_conn_recv(ngx_carrierpay_smtp_conn_t *conn, u_char *buf,
    size_t size)
{
    size_t    n;
    CURLcode  rc;

    n = 0;
    rc = curl_easy_recv(conn->easy, buf, size, &n);

    ngx_carrierpay_crypto_forget();

    if (rc == CURLE_AGAIN) {
        return NGX_AGAIN;
    }

    return rc == CURLE_OK && n ? (ssize_t) n : NGX_ERROR;
}


/* The removal of a CONNECT_ONLY handle closes its connection. */

void
ngx_carrierpay_smtp_conn_close(ngx_carrierpay_smtp_conn_t *conn)
{
    if (conn->c) {
        ngx_carrierpay_event_release(conn->c, 0);
        conn->c = NULL;
    }

    if (conn->easy) {
        (void) curl_multi_remove_handle(conn->multi->curl, conn->easy);
        curl_easy_cleanup(conn->easy);
        conn->easy = NULL;
    }

    ngx_carrierpay_crypto_forget();
}
