
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_request_header.h"


static ngx_uint_t ngx_http_carrierpay_guard_origin(ngx_http_request_t *r,
    ngx_str_t *origin);
static ngx_uint_t ngx_http_carrierpay_guard_is(ngx_http_request_t *r,
    const char *name, const char *value);


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
    u_char           *p;
    size_t            len;
    ngx_uint_t        tls;
    ngx_table_elt_t  *host;

    host = r->headers_in.host;

    p = origin->data;
    len = origin->len;
    tls = 0;

    if (len > sizeof("https://") - 1
        && ngx_memcmp(p, "https://", sizeof("https://") - 1) == 0)
    {
        tls = 1;
        p += sizeof("https://") - 1;
        len -= sizeof("https://") - 1;

    } else if (len > sizeof("http://") - 1
               && ngx_memcmp(p, "http://", sizeof("http://") - 1) == 0)
    {
        p += sizeof("http://") - 1;
        len -= sizeof("http://") - 1;

    } else {
        return 0;
    }

#if (NGX_HTTP_SSL)
    if (r->connection->ssl && !tls) {
        return 0;
    }
#endif

    return host && host->value.len == len
           && ngx_strncasecmp(host->value.data, p, len) == 0;
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
