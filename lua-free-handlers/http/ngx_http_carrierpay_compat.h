
/*
 * Differences between the versions of nginx that the module is built against;
 * no other file of the HTTP layer asks for the version.
 */


#ifndef _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Since 1.23.0 headers of one name are chained, and a header that is pushed
 * into a list must be marked as the last one of its chain.
 */
#if (nginx_version >= 1023000)
#define ngx_http_carrierpay_compat_header_last(h)  (h)->next = NULL
#else
#define ngx_http_carrierpay_compat_header_last(h)
#endif

/* The value of a cookie, into *value; 0: the request has none of this name. */
#if (nginx_version >= 1023000)
#define ngx_http_carrierpay_compat_cookie(r, name, value)                     \
    (ngx_http_parse_multi_header_lines(r, (r)->headers_in.cookie, name,       \
                                       value)                                 \
     != NULL)
#else
#define ngx_http_carrierpay_compat_cookie(r, name, value)                     \
    (ngx_http_parse_multi_header_lines(&(r)->headers_in.cookies, name, value) \
     != NGX_DECLINED)
#endif


#endif /* _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_ */
