
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_request_header.h"


typedef struct {
    ngx_str_t    host;
    in_port_t    port;
    u_char       address[NGX_SOCKADDR_STRLEN];
} ngx_http_carrierpay_authority_t;


static ngx_uint_t ngx_http_carrierpay_guard_prefetch(ngx_http_request_t *r);
static ngx_uint_t ngx_http_carrierpay_guard_origin(ngx_http_request_t *r,
    ngx_str_t *origin);
static ngx_int_t ngx_http_carrierpay_guard_ours(ngx_http_request_t *r,
    ngx_uint_t tls, ngx_http_carrierpay_authority_t *ours);
static ngx_int_t ngx_http_carrierpay_guard_authority(ngx_str_t *text,
    ngx_uint_t tls, ngx_http_carrierpay_authority_t *authority);
static ngx_uint_t ngx_http_carrierpay_guard_is(ngx_http_request_t *r,
    const char *name, const char *value);


ngx_uint_t
ngx_http_carrierpay_guard_script(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_guard_is(r, "x-requested-with", "carrierpay");
}


/*
 * The script of our pages names itself by X-Requested-With, which no other
 * origin can send; older browsers do not send Sec-Fetch-Site with it.
 */

ngx_uint_t
ngx_http_carrierpay_guard_opened(ngx_http_request_t *r)
{
    if (r->method == NGX_HTTP_HEAD || ngx_http_carrierpay_guard_prefetch(r)) {
        return 0;
    }

    return ngx_http_carrierpay_guard_is(r, "sec-fetch-site", "same-origin")
           || ngx_http_carrierpay_guard_script(r)
           || (ngx_http_carrierpay_guard_is(r, "sec-fetch-mode", "navigate")
               && ngx_http_carrierpay_guard_is(r, "sec-fetch-dest",
                                               "document"));
}


/* Chromium and WebKit, older ones of both, and Firefox */

static ngx_uint_t
ngx_http_carrierpay_guard_prefetch(ngx_http_request_t *r)
{
    ngx_str_t  value;

    return ngx_http_carrierpay_request_header(r, "sec-purpose", &value)
           != NGX_DECLINED
           || ngx_http_carrierpay_request_header(r, "purpose", &value)
              != NGX_DECLINED
           || ngx_http_carrierpay_request_header(r, "x-moz", &value)
              != NGX_DECLINED;
}


ngx_uint_t
ngx_http_carrierpay_guard_own(ngx_http_request_t *r)
{
    ngx_int_t  rc;
    ngx_str_t  value;

    rc = ngx_http_carrierpay_request_header(r, "sec-fetch-site", &value);

    if (rc != NGX_DECLINED
        && (rc != NGX_OK || value.len != sizeof("same-origin") - 1
            || ngx_memcmp(value.data, "same-origin", value.len) != 0))
    {
        return 0;
    }

    rc = ngx_http_carrierpay_request_header(r, "origin", &value);

    if (rc == NGX_DECLINED) {
        return 1;
    }

    return rc == NGX_OK && ngx_http_carrierpay_guard_origin(r, &value);
}


/*
 * When a proxy in front of this server has ended TLS, our own scheme is not
 * known, and an origin of https is accepted.
 */

static ngx_uint_t
ngx_http_carrierpay_guard_origin(ngx_http_request_t *r, ngx_str_t *origin)
{
    size_t                            len;
    ngx_uint_t                        tls;
    ngx_str_t                         text;
    ngx_http_carrierpay_authority_t   theirs, ours;

    tls = origin->len >= 8
          && ngx_strncasecmp(origin->data, (u_char *) "https://", 8) == 0;

    if (!tls
        && (origin->len < 7
            || ngx_strncasecmp(origin->data, (u_char *) "http://", 7) != 0))
    {
        return 0;
    }

#if (NGX_HTTP_SSL)
    if (r->connection->ssl && !tls) {
        return 0;
    }
#endif

    len = tls ? 8 : 7;
    text.data = origin->data + len;
    text.len = origin->len - len;

    if (ngx_http_carrierpay_guard_authority(&text, tls, &theirs) != NGX_OK
        || ngx_http_carrierpay_guard_ours(r, tls, &ours) != NGX_OK)
    {
        return 0;
    }

    return theirs.port == ours.port && theirs.host.len
           && theirs.host.len == ours.host.len
           && ngx_strncasecmp(theirs.host.data, ours.host.data,
                              ours.host.len)
              == 0;
}


/*
 * Only the text that the client sent has the port that it knows us by: in
 * front of us the port may be another one.  That text is the header Host, or
 * :authority of HTTP/2 and HTTP/3.
 */

static ngx_int_t
ngx_http_carrierpay_guard_ours(ngx_http_request_t *r, ngx_uint_t tls,
    ngx_http_carrierpay_authority_t *ours)
{
    ngx_str_t                  text;
    ngx_http_core_srv_conf_t  *cscf;

    if (r->headers_in.host) {
        text = r->headers_in.host->value;

    } else if (r->host_start) {
        text.data = r->host_start;
        text.len = r->host_end - r->host_start;

    } else {
        text.data = ours->address;
        text.len = NGX_SOCKADDR_STRLEN;

        if (ngx_connection_local_sockaddr(r->connection, &text, 1) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    if (ngx_http_carrierpay_guard_authority(&text, tls, ours) != NGX_OK) {
        return NGX_DECLINED;
    }

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    if (r->headers_in.server.len) {
        ours->host = r->headers_in.server;

    } else if (cscf->server_name.len) {
        ours->host = cscf->server_name;
    }

    return NGX_OK;
}


/* Splits "host", "host:port" or "[address]:port". */

static ngx_int_t
ngx_http_carrierpay_guard_authority(ngx_str_t *text, ngx_uint_t tls,
    ngx_http_carrierpay_authority_t *authority)
{
    u_char     *p, *last;
    ngx_int_t   port;

    last = text->data + text->len;
    p = text->data;

    if (p < last && *p == '[') {
        p = ngx_strlchr(p, last, ']');
    }

    p = p ? ngx_strlchr(p, last, ':') : NULL;

    authority->host.data = text->data;
    authority->host.len = (p ? p : last) - text->data;
    authority->port = tls ? 443 : 80;

    if (p == NULL || p + 1 == last) {
        return NGX_OK;
    }

    port = ngx_atoi(p + 1, last - p - 1);

    if (port < 1 || port > 65535) {
        return NGX_DECLINED;
    }

    authority->port = (in_port_t) port;

    return NGX_OK;
}


ngx_uint_t
ngx_http_carrierpay_guard_touched(ngx_http_request_t *r)
{
    u_char     *p;
    ngx_str_t   agent, value;

    if (ngx_http_carrierpay_request_header(r, "sec-fetch-site", &value)
        == NGX_DECLINED)
    {
        return 1;
    }

    if (ngx_http_carrierpay_guard_is(r, "sec-fetch-user", "?1")) {
        return 1;
    }

    if (!ngx_http_carrierpay_guard_agent(r)) {
        return 0;
    }

    agent = r->headers_in.user_agent->value;
    p = agent.data;

    return ngx_strnstr(p, "AppleWebKit/", agent.len) != NULL
           && ngx_strnstr(p, "Chrome/", agent.len) == NULL;
}


ngx_uint_t
ngx_http_carrierpay_guard_framed(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_guard_is(r, "sec-fetch-dest", "iframe")
           || ngx_http_carrierpay_guard_is(r, "sec-fetch-dest", "frame")
           || ngx_http_carrierpay_guard_is(r, "sec-fetch-dest", "embed")
           || ngx_http_carrierpay_guard_is(r, "sec-fetch-dest", "object");
}


ngx_uint_t
ngx_http_carrierpay_guard_agent(ngx_http_request_t *r)
{
    return r->headers_in.user_agent && r->headers_in.user_agent->value.len;
}


static ngx_uint_t
ngx_http_carrierpay_guard_is(ngx_http_request_t *r, const char *name,
    const char *value)
{
    ngx_str_t  text;

    return ngx_http_carrierpay_request_header(r, name, &text) == NGX_OK
           && text.len == ngx_strlen(value)
           && ngx_memcmp(text.data, value, text.len) == 0;
}
