
/*
 * The parameters of carrierpay_limit and carrierpay_sms_limit.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_ARGS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_ARGS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t                   zone;
    size_t                      size;
    ngx_str_t                   key;
    int64_t                     interval;
    ngx_int_t                   burst;
    ngx_uint_t                  shared;
    ngx_uint_t                  nodelay;
    ngx_uint_t                  dry_run;
    ngx_uint_t                  log_level;
} ngx_http_carrierpay_limit_args_t;


/*
 * Reads the parameters of the directive that cf is at into args, which is
 * zeroed but for the default of log_level; sms: it is carrierpay_sms_limit.
 * NGX_OK, or NGX_ERROR after a log line.
 */
ngx_int_t ngx_http_carrierpay_limit_args(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_args_t *args, ngx_uint_t sms);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_ARGS_H_INCLUDED_ */
