
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_url.h>


#define NGX_CARRIERPAY_URL_HTTP   "http://"
#define NGX_CARRIERPAY_URL_HTTPS  "https://"

#define NGX_CARRIERPAY_HOST_MAX   253
#define NGX_CARRIERPAY_LABEL_MAX  63


static const char *ngx_carrierpay_url_characters(const ngx_str_t *text);
static u_char *ngx_carrierpay_url_scheme(const ngx_str_t *text,
    ngx_carrierpay_url_t *url);
static const char *ngx_carrierpay_url_escapes(u_char *p, u_char *last);
static const char *ngx_carrierpay_url_authority(ngx_carrierpay_url_t *url);
static ngx_int_t ngx_carrierpay_url_host(ngx_carrierpay_url_t *url);
static ngx_int_t ngx_carrierpay_url_port(ngx_carrierpay_url_t *url, u_char *p,
    u_char *last);
static ngx_uint_t ngx_carrierpay_url_label_valid(const u_char *p, size_t len);
static ngx_uint_t ngx_carrierpay_url_label_number(const u_char *p, size_t len);


const char *
ngx_carrierpay_url_parse(const ngx_str_t *text, ngx_carrierpay_url_t *url)
{
    u_char      *p, *last;
    const char  *failed;

    ngx_memzero(url, sizeof(ngx_carrierpay_url_t));

    failed = ngx_carrierpay_url_characters(text);

    if (failed) {
        return failed;
    }

    p = ngx_carrierpay_url_scheme(text, url);

    if (p == NULL) {
        return "must begin with https:// or http://";
    }

    last = text->data + text->len;

    url->authority.data = p;

    while (p < last && *p != '/' && *p != '?') {
        p++;
    }

    url->authority.len = p - url->authority.data;

    failed = ngx_carrierpay_url_escapes(p, last);

    if (failed) {
        return failed;
    }

    url->path.data = p;

    while (p < last && *p != '?') {
        p++;
    }

    url->path.len = p - url->path.data;

    if (url->path.len == 0) {
        ngx_str_set(&url->path, "/");
    }

    url->query.data = p;
    url->query.len = last - p;

    return ngx_carrierpay_url_authority(url);
}


/* Returns the position behind the scheme, or NULL for any other one. */

static u_char *
ngx_carrierpay_url_scheme(const ngx_str_t *text, ngx_carrierpay_url_t *url)
{
    size_t  https, http;

    https = sizeof(NGX_CARRIERPAY_URL_HTTPS) - 1;
    http = sizeof(NGX_CARRIERPAY_URL_HTTP) - 1;

    if (text->len >= https
        && strncasecmp((char *) text->data, NGX_CARRIERPAY_URL_HTTPS, https)
           == 0)
    {
        url->tls = 1;
        return text->data + https;
    }

    if (text->len >= http
        && strncasecmp((char *) text->data, NGX_CARRIERPAY_URL_HTTP, http)
           == 0)
    {
        return text->data + http;
    }

    return NULL;
}


static const char *
ngx_carrierpay_url_characters(const ngx_str_t *text)
{
    size_t  i;
    u_char  c;

    if (text->len > NGX_CARRIERPAY_URL_MAX) {
        return "must not be longer than 2048 bytes";
    }

    for (i = 0; i < text->len; i++) {
        c = text->data[i];

        if (c == '#') {
            return "must not have a fragment";
        }

        if (c <= ' ' || c > '~' || ngx_strchr("\"<>\\^`{|}", c)) {
            return "must not have blanks, control characters, non-ASCII "
                   "characters or any of \"<>\\^`{|}";
        }
    }

    return NULL;
}


static const char *
ngx_carrierpay_url_escapes(u_char *p, u_char *last)
{
    for ( /* void */ ; p < last; p++) {

        if (*p == '%'
            && (last - p < 3 || !isxdigit(p[1]) || !isxdigit(p[2])))
        {
            return "must not have a % without two hexadecimal digits";
        }
    }

    return NULL;
}


static const char *
ngx_carrierpay_url_authority(ngx_carrierpay_url_t *url)
{
    u_char  *p, *last, *end;

    p = url->authority.data;
    last = p + url->authority.len;

    if (memchr(p, '@', last - p)) {
        return "must not have user info";
    }

    if (p < last && *p == '[') {
        p++;
        end = memchr(p, ']', last - p);

        if (end == NULL) {
            return "must have a valid host";
        }

        url->host.data = p;
        url->host.len = end - p;
        url->literal = 1;

        end++;

    } else {
        end = memchr(p, ':', last - p);

        if (end == NULL) {
            end = last;
        }

        url->host.data = p;
        url->host.len = end - p;
    }

    if (ngx_carrierpay_url_host(url) != NGX_OK) {
        return "must have a valid host";
    }

    if (ngx_carrierpay_url_port(url, end, last) != NGX_OK) {
        return "must have a valid port";
    }

    return NULL;
}


/*
 * literal is set already if there were brackets, and is set here for a dotted
 * quad.
 */

static ngx_int_t
ngx_carrierpay_url_host(ngx_carrierpay_url_t *url)
{
    u_char  *p, *last, *label;

    p = url->host.data;
    last = p + url->host.len;

    if (url->literal) {

        if (memchr(p, ':', url->host.len) == NULL) {
            return NGX_DECLINED;
        }

        return ngx_carrierpay_addr_parse(&url->host, &url->addr);
    }

    if (url->host.len > NGX_CARRIERPAY_HOST_MAX) {
        return NGX_DECLINED;
    }

    for (label = p; /* void */ ; p++) {

        if (p < last && *p != '.') {
            continue;
        }

        if (!ngx_carrierpay_url_label_valid(label, p - label)) {
            return NGX_DECLINED;
        }

        if (p == last) {
            break;
        }

        label = p + 1;
    }

    if (ngx_carrierpay_url_label_number(label, last - label)) {

        /* Resolvers and browsers would read it as some form of an address. */

        url->literal = 1;

        return ngx_carrierpay_addr_parse(&url->host, &url->addr);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_url_port(ngx_carrierpay_url_t *url, u_char *p, u_char *last)
{
    ngx_uint_t  port;

    url->port = url->tls ? 443 : 80;

    if (p == last) {
        return NGX_OK;
    }

    if (*p++ != ':') {
        return NGX_DECLINED;
    }

    if (p == last) {
        url->authority.len--;
        return NGX_OK;
    }

    if (last - p > 5 || *p == '0') {
        return NGX_DECLINED;
    }

    for (port = 0; p < last; p++) {
        if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }

        port = port * 10 + (*p - '0');
    }

    if (port > 65535) {
        return NGX_DECLINED;
    }

    url->port = (in_port_t) port;

    return NGX_OK;
}


static ngx_uint_t
ngx_carrierpay_url_label_valid(const u_char *p, size_t len)
{
    size_t  i;

    if (len == 0 || len > NGX_CARRIERPAY_LABEL_MAX
        || p[0] == '-' || p[len - 1] == '-')
    {
        return 0;
    }

    for (i = 0; i < len; i++) {
        if (!isalnum(p[i]) && p[i] != '-') {
            return 0;
        }
    }

    return 1;
}


/*
 * Returns 1 for "127", "0177", "0x7f" or "0x", the last label of a host that
 * is not a name.
 */

static ngx_uint_t
ngx_carrierpay_url_label_number(const u_char *p, size_t len)
{
    size_t      i;
    ngx_uint_t  hex;

    hex = len > 1 && p[0] == '0' && (p[1] | 0x20) == 'x';

    for (i = hex ? 2 : 0; i < len; i++) {
        if (hex ? !isxdigit(p[i]) : !isdigit(p[i])) {
            return 0;
        }
    }

    return 1;
}
