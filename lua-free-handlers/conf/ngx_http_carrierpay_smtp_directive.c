
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_parameter.h"
#include "ngx_http_carrierpay_password.h"
#include "ngx_http_carrierpay_smtp_directive.h"


#define NGX_HTTP_CARRIERPAY_SMTP_CA  "/etc/ssl/certs/ca-certificates.crt"

/* of a worker; the time in ms must be shorter than the lease of a message */

#define NGX_HTTP_CARRIERPAY_SMTP_CONNECTIONS_MAX  1024
#define NGX_HTTP_CARRIERPAY_SMTP_QUEUE_MAX        65536
#define NGX_HTTP_CARRIERPAY_SMTP_TIMEOUT_MAX      60000


static const char *ngx_http_carrierpay_smtp_directive_from(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_smtp_directive_name(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_smtp_directive_tls(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_smtp_directive_ca(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_smtp_directive_password(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_smtp_directive_check(
    ngx_carrierpay_smtp_conf_t *smtp);
static char *ngx_http_carrierpay_smtp_directive_resolve(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp);
static char *ngx_http_carrierpay_smtp_directive_addresses(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp, ngx_url_t *u);
static ngx_uint_t ngx_http_carrierpay_smtp_directive_is_local(ngx_url_t *u);
static char *ngx_http_carrierpay_smtp_directive_open_ca(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp);


static const ngx_http_carrierpay_parameter_t
    ngx_http_carrierpay_smtp_directive_parameters[] =
{
    { ngx_string("host"), ngx_http_carrierpay_parameter_text,
      offsetof(ngx_carrierpay_smtp_conf_t, host), 0 },

    { ngx_string("port"), ngx_http_carrierpay_parameter_number,
      offsetof(ngx_carrierpay_smtp_conf_t, port), 65535 },

    { ngx_string("tls"), ngx_http_carrierpay_smtp_directive_tls,
      offsetof(ngx_carrierpay_smtp_conf_t, tls), 0 },

    { ngx_string("ca"), ngx_http_carrierpay_smtp_directive_ca,
      offsetof(ngx_carrierpay_smtp_conf_t, ca_file), 0 },

    { ngx_string("user"), ngx_http_carrierpay_parameter_text,
      offsetof(ngx_carrierpay_smtp_conf_t, user), 0 },

    { ngx_string("password_file"), ngx_http_carrierpay_smtp_directive_password,
      offsetof(ngx_carrierpay_smtp_conf_t, password), 0 },

    { ngx_string("from"), ngx_http_carrierpay_smtp_directive_from,
      offsetof(ngx_carrierpay_smtp_conf_t, from), 0 },

    { ngx_string("name"), ngx_http_carrierpay_smtp_directive_name,
      offsetof(ngx_carrierpay_smtp_conf_t, from_name), 0 },

    { ngx_string("timeout"), ngx_http_carrierpay_parameter_msec,
      offsetof(ngx_carrierpay_smtp_conf_t, timeout),
      NGX_HTTP_CARRIERPAY_SMTP_TIMEOUT_MAX },

    { ngx_string("connections"), ngx_http_carrierpay_parameter_number,
      offsetof(ngx_carrierpay_smtp_conf_t, max),
      NGX_HTTP_CARRIERPAY_SMTP_CONNECTIONS_MAX },

    { ngx_string("queue"), ngx_http_carrierpay_parameter_number,
      offsetof(ngx_carrierpay_smtp_conf_t, queue_max),
      NGX_HTTP_CARRIERPAY_SMTP_QUEUE_MAX },

    { ngx_null_string, NULL, 0, 0 }
};


static ngx_conf_enum_t  ngx_http_carrierpay_smtp_directive_tls_names[] = {
    { ngx_string("starttls"), NGX_CARRIERPAY_SMTP_STARTTLS },
    { ngx_string("tls"), NGX_CARRIERPAY_SMTP_TLS },
    { ngx_string("off"), NGX_CARRIERPAY_SMTP_NONE },
    { ngx_null_string, 0 }
};


char *
ngx_http_carrierpay_smtp_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
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

    if (ngx_http_carrierpay_parameter_read(cf,
                                ngx_http_carrierpay_smtp_directive_parameters,
                                smtp)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    err = ngx_http_carrierpay_smtp_directive_check(smtp);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" %s", &value[0], err);
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_smtp_directive_resolve(cf, smtp);
}


static const char *
ngx_http_carrierpay_smtp_directive_from(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    *(ngx_str_t *) field = *value;

    return ngx_carrierpay_email_valid(value) ? NULL : "is no e-mail address";
}


static const char *
ngx_http_carrierpay_smtp_directive_name(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    /* nginx takes quotes only around a whole parameter */

    if (value->data[0] == '"' || value->data[0] == '\'') {
        return "has quotes inside, put them around all of it";
    }

    *(ngx_str_t *) field = *value;

    return ngx_carrierpay_text_utf8_valid(value->data, value->len)
           ? NULL : "is not UTF-8";
}


static const char *
ngx_http_carrierpay_smtp_directive_tls(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_conf_enum_t  *name;

    name = ngx_http_carrierpay_smtp_directive_tls_names;

    for ( /* void */ ; name->name.len; name++) {
        if (name->name.len == value->len
            && ngx_memcmp(name->name.data, value->data, value->len) == 0)
        {
            *(ngx_carrierpay_smtp_tls_e *) field = name->value;
            return NULL;
        }
    }

    return "is none of \"starttls\", \"tls\" and \"off\"";
}


static const char *
ngx_http_carrierpay_smtp_directive_ca(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_str_t *file = field;

    *file = *value;

    return ngx_conf_full_name(cf->cycle, file, 1) == NGX_OK
           ? NULL : "cannot be read: no memory";
}


static const char *
ngx_http_carrierpay_smtp_directive_password(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_str_t *password = field;

    const char  *wrong;

    wrong = ngx_http_carrierpay_password(cf, value, password);

    return wrong ? wrong : password->len ? NULL : "has an empty line";
}


static const char *
ngx_http_carrierpay_smtp_directive_check(ngx_carrierpay_smtp_conf_t *smtp)
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
ngx_http_carrierpay_smtp_directive_resolve(ngx_conf_t *cf,
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

    /* the host becomes a part of a URL, so it is a name or an address */

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
        && !ngx_http_carrierpay_smtp_directive_is_local(&u))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"tls=off\" is for a server on this machine, "
                           "which host \"%V\" is not", &smtp->host);
        return NGX_CONF_ERROR;
    }

    if (smtp->tls != NGX_CARRIERPAY_SMTP_NONE
        && ngx_http_carrierpay_smtp_directive_open_ca(cf, smtp) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_smtp_directive_addresses(cf, smtp, &u);
}


static char *
ngx_http_carrierpay_smtp_directive_addresses(ngx_conf_t *cf,
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
ngx_http_carrierpay_smtp_directive_is_local(ngx_url_t *u)
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


/* libcurl reads the file for each connection, so its absence is seen here */

static char *
ngx_http_carrierpay_smtp_directive_open_ca(ngx_conf_t *cf,
    ngx_carrierpay_smtp_conf_t *smtp)
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
