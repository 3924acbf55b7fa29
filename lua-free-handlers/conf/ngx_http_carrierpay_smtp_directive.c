
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_smtp_directive.h"


#define NGX_HTTP_CARRIERPAY_SMTP_CA  "/etc/ssl/certs/ca-certificates.crt"

/* of a worker; the time in ms, less than a message is leased for */

#define NGX_HTTP_CARRIERPAY_SMTP_MAX       1024
#define NGX_HTTP_CARRIERPAY_SMTP_QUEUE     65536
#define NGX_HTTP_CARRIERPAY_SMTP_TIME_MAX  60000


static const char *ngx_http_carrierpay_smtp_parameter(ngx_conf_t *cf,
    void *data, ngx_str_t *name, ngx_str_t *value);
static const char *ngx_http_carrierpay_smtp_text(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp, ngx_str_t *name, ngx_str_t *value);
static const char *ngx_http_carrierpay_smtp_number(
    ngx_carrierpay_smtp_conf_t *smtp, ngx_str_t *name, ngx_str_t *value);
static const char *ngx_http_carrierpay_smtp_tls(
    ngx_carrierpay_smtp_conf_t *smtp, ngx_str_t *value);
static const char *ngx_http_carrierpay_smtp_whole(
    ngx_carrierpay_smtp_conf_t *smtp);
static char *ngx_http_carrierpay_smtp_resolve(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp);
static char *ngx_http_carrierpay_smtp_addresses(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp, ngx_url_t *u);
static ngx_uint_t ngx_http_carrierpay_smtp_local(ngx_url_t *u);
static char *ngx_http_carrierpay_smtp_ca(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp);
static ngx_uint_t ngx_http_carrierpay_smtp_is(const ngx_str_t *text,
    const char *word);


char *
ngx_http_carrierpay_smtp(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_str_t                   *value;
    const char                  *err;
    ngx_carrierpay_smtp_conf_t  *smtp;

    smtp = &cmcf->conf.smtp;

    if (smtp->max) {
        return "is duplicate";
    }

    smtp->tls = NGX_CARRIERPAY_SMTP_STARTTLS;
    smtp->timeout = 30000;
    smtp->max = 16;
    smtp->queue_max = 256;
    ngx_str_set(&smtp->ca_file, NGX_HTTP_CARRIERPAY_SMTP_CA);

    if (ngx_http_carrierpay_parameters(cf, ngx_http_carrierpay_smtp_parameter,
                                       smtp)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    err = ngx_http_carrierpay_smtp_whole(smtp);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" %s", &value[0], err);
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_smtp_resolve(cf, smtp);
}


/* Each returns what is wrong, or NULL. */

static const char *
ngx_http_carrierpay_smtp_parameter(ngx_conf_t *cf, void *data,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_carrierpay_smtp_conf_t *smtp = data;

    const char  *err;

    if (value->len == 0) {
        return "is empty";
    }

    if (ngx_http_carrierpay_smtp_is(name, "tls")) {
        return ngx_http_carrierpay_smtp_tls(smtp, value);
    }

    if (ngx_http_carrierpay_smtp_is(name, "port")
        || ngx_http_carrierpay_smtp_is(name, "timeout")
        || ngx_http_carrierpay_smtp_is(name, "connections")
        || ngx_http_carrierpay_smtp_is(name, "queue"))
    {
        return ngx_http_carrierpay_smtp_number(smtp, name, value);
    }

    if (ngx_http_carrierpay_smtp_is(name, "password_file")) {
        err = ngx_http_carrierpay_password(cf, value, &smtp->password);

        return err ? err : smtp->password.len ? NULL : "has an empty line";
    }

    return ngx_http_carrierpay_smtp_text(cf, smtp, name, value);
}


static const char *
ngx_http_carrierpay_smtp_text(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp, ngx_str_t *name, ngx_str_t *value)
{
    if (ngx_http_carrierpay_smtp_is(name, "host")) {
        smtp->host = *value;
        return NULL;
    }

    if (ngx_http_carrierpay_smtp_is(name, "user")) {
        smtp->user = *value;
        return NULL;
    }

    if (ngx_http_carrierpay_smtp_is(name, "from")) {
        smtp->from = *value;

        return ngx_carrierpay_email_valid(value) ? NULL
                                                 : "is no e-mail address";
    }

    if (ngx_http_carrierpay_smtp_is(name, "name")) {
        smtp->from_name = *value;

        /* nginx knows quotes around a whole parameter only */

        if (value->data[0] == '"' || value->data[0] == '\'') {
            return "has quotes inside, put them around all of it";
        }

        return ngx_carrierpay_text_utf8_valid(value->data, value->len)
               ? NULL : "is not UTF-8";
    }

    if (ngx_http_carrierpay_smtp_is(name, "ca")) {
        smtp->ca_file = *value;

        return ngx_conf_full_name(cf->cycle, &smtp->ca_file, 1) == NGX_OK
               ? NULL : "cannot be read";
    }

    return "is unknown";
}


static const char *
ngx_http_carrierpay_smtp_number(ngx_carrierpay_smtp_conf_t *smtp,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t    n, max;
    ngx_uint_t  *number;

    if (ngx_http_carrierpay_smtp_is(name, "timeout")) {
        n = ngx_parse_time(value, 0);
        max = NGX_HTTP_CARRIERPAY_SMTP_TIME_MAX;
        number = &smtp->timeout;

    } else {
        n = ngx_atoi(value->data, value->len);

        if (ngx_http_carrierpay_smtp_is(name, "port")) {
            max = 65535;
            number = &smtp->port;

        } else if (ngx_http_carrierpay_smtp_is(name, "queue")) {
            max = NGX_HTTP_CARRIERPAY_SMTP_QUEUE;
            number = &smtp->queue_max;

        } else {
            max = NGX_HTTP_CARRIERPAY_SMTP_MAX;
            number = &smtp->max;
        }
    }

    if (n <= 0 || n > max) {
        return "has an invalid value";
    }

    *number = n;

    return NULL;
}


static const char *
ngx_http_carrierpay_smtp_tls(ngx_carrierpay_smtp_conf_t *smtp,
    ngx_str_t *value)
{
    if (ngx_http_carrierpay_smtp_is(value, "starttls")) {
        smtp->tls = NGX_CARRIERPAY_SMTP_STARTTLS;
        return NULL;
    }

    if (ngx_http_carrierpay_smtp_is(value, "tls")) {
        smtp->tls = NGX_CARRIERPAY_SMTP_TLS;
        return NULL;
    }

    if (ngx_http_carrierpay_smtp_is(value, "off")) {
        smtp->tls = NGX_CARRIERPAY_SMTP_NONE;
        return NULL;
    }

    return "is none of \"starttls\", \"tls\" and \"off\"";
}


static const char *
ngx_http_carrierpay_smtp_whole(ngx_carrierpay_smtp_conf_t *smtp)
{
    if (smtp->host.len == 0) {
        return "needs \"host=\"";
    }

    if (smtp->from.len == 0) {
        return "needs \"from=\"";
    }

    if ((smtp->user.len == 0) != (smtp->password.len == 0)) {
        return "needs both \"user=\" and \"password_file=\", or neither";
    }

    if (smtp->user.len && smtp->tls == NGX_CARRIERPAY_SMTP_NONE) {
        return "must not send a password with \"tls=off\"";
    }

    if (smtp->port == 0) {
        smtp->port = smtp->tls == NGX_CARRIERPAY_SMTP_TLS ? 465 : 587;
    }

    return NULL;
}


static char *
ngx_http_carrierpay_smtp_resolve(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp)
{
    ngx_url_t  u;

    ngx_memzero(&u, sizeof(ngx_url_t));

    u.url = smtp->host;
    u.default_port = (in_port_t) smtp->port;

    if (ngx_parse_url(cf->pool, &u) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s in host \"%V\"",
                           u.err ? u.err : "no memory for the address",
                           &smtp->host);
        return NGX_CONF_ERROR;
    }

    /* it goes into a URL as it is: nothing but a name or an address */

    if (u.family == AF_UNIX || u.uri.len || !u.no_port
        || ngx_strlchr(smtp->host.data, smtp->host.data + smtp->host.len, '@')
           != NULL)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "host \"%V\" is neither a name nor an address",
                           &smtp->host);
        return NGX_CONF_ERROR;
    }

    if (smtp->tls == NGX_CARRIERPAY_SMTP_NONE
        && !ngx_http_carrierpay_smtp_local(&u))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"tls=off\" is for a server on this machine, "
                           "which host \"%V\" is not", &smtp->host);
        return NGX_CONF_ERROR;
    }

    if (smtp->tls != NGX_CARRIERPAY_SMTP_NONE
        && ngx_http_carrierpay_smtp_ca(cf, smtp) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_smtp_addresses(cf, smtp, &u);
}


static char *
ngx_http_carrierpay_smtp_addresses(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp, ngx_url_t *u)
{
    u_char      *p;
    ngx_uint_t   i;

    p = ngx_pnalloc(cf->pool, u->naddrs * (NGX_SOCKADDR_STRLEN + 1) + 1);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    smtp->addresses.data = p;

    for (i = 0; i < u->naddrs; i++) {

        if (i) {
            *p++ = ',';
        }

        p += ngx_sock_ntop(u->addrs[i].sockaddr, u->addrs[i].socklen, p,
                           NGX_SOCKADDR_STRLEN, 0);
    }

    *p = '\0';
    smtp->addresses.len = p - smtp->addresses.data;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_carrierpay_smtp_local(ngx_url_t *u)
{
    ngx_uint_t             i;
    ngx_carrierpay_addr_t  addr;

    for (i = 0; i < u->naddrs; i++) {
        if (ngx_carrierpay_addr_set(u->addrs[i].sockaddr, &addr) != NGX_OK
            || ngx_carrierpay_addr_class(&addr)
               != NGX_CARRIERPAY_ADDR_LOOPBACK)
        {
            return 0;
        }
    }

    return 1;
}


/* libcurl reads it for each connection: here is where its absence is seen */

static char *
ngx_http_carrierpay_smtp_ca(ngx_conf_t *cf, ngx_carrierpay_smtp_conf_t *smtp)
{
    ngx_fd_t  fd;

    fd = ngx_open_file(smtp->ca_file.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "certificates \"%V\" cannot be opened",
                           &smtp->ca_file);
        return NGX_CONF_ERROR;
    }

    (void) ngx_close_file(fd);

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_carrierpay_smtp_is(const ngx_str_t *text, const char *word)
{
    return text->len == ngx_strlen(word)
           && ngx_strncmp(text->data, word, text->len) == 0;
}
