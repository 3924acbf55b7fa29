
/*
 * The page of metrics, in the text format of Prometheus (0.0.4).
 */


#ifndef _NGX_HTTP_CARRIERPAY_METRICS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_METRICS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_VERSION  "1.0.0"


/*
 * Prints all metrics of all sets into the pool.  NGX_OK, or NGX_ERROR: memory
 * is short.
 */
ngx_int_t ngx_http_carrierpay_metrics_print(ngx_pool_t *pool,
    ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_METRICS_H_INCLUDED_ */
