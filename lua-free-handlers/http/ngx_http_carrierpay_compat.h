
/*
 * Differences between the nginx generations that we build against; the only
 * file of this folder that asks for a version.
 */


#ifndef _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Since 1.23.0 headers of one name are chained, and a header that we push
 * into a list must say that it is the last one of its chain.
 */
#if (nginx_version >= 1023000)
#define ngx_http_carrierpay_header_alone(h)  (h)->next = NULL
#else
#define ngx_http_carrierpay_header_alone(h)
#endif


#endif /* _NGX_HTTP_CARRIERPAY_COMPAT_H_INCLUDED_ */
