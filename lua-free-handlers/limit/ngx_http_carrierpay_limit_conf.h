
/*
 * The configuration of the limit module, and the kinds of keys.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef enum {
    NGX_HTTP_CARRIERPAY_LIMIT_VALUE = 0,
    NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS,
    NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
    NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT,
    NGX_HTTP_CARRIERPAY_LIMIT_MAX
} ngx_http_carrierpay_limit_key_e;


/* Goes on with a content handler's work, and returns what that would. */
typedef ngx_int_t (*ngx_http_carrierpay_limit_pt)(ngx_http_request_t *r);


typedef struct {
    ngx_array_t                         *zones;   /* of pointers */
    ngx_uint_t                           used;    /* by a location */
} ngx_http_carrierpay_limit_main_conf_t;


typedef struct {
    ngx_array_t                         *rules;   /* or NULL */
    ngx_uint_t                           kinds;   /* bits */
} ngx_http_carrierpay_limit_loc_conf_t;


extern ngx_module_t  ngx_http_carrierpay_limit_module;


/* What the module calls to create and merge these. */

void *ngx_http_carrierpay_limit_conf_create_main(ngx_conf_t *cf);
void *ngx_http_carrierpay_limit_conf_create_loc(ngx_conf_t *cf);
char *ngx_http_carrierpay_limit_conf_merge_loc(ngx_conf_t *cf, void *parent,
    void *child);

/*
 * Completes the zones when the whole configuration has been read; NGX_OK, or
 * NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_limit_conf_complete(ngx_conf_t *cf);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_ */
