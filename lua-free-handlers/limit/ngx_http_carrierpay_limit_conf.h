
/*
 * carrierpay_limit and carrierpay_sms_limit as they are configured; for the
 * limit module alone.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit.h"


/* of a location, and of SMS */
#define NGX_HTTP_CARRIERPAY_LIMIT_RULES  16


typedef struct {
    ngx_carrierpay_limit_t            limit;
    ngx_http_carrierpay_limit_key_e   kind;
    ngx_int_t                         variable;   /* VALUE: its index, or */
    ngx_http_complex_value_t          value;      /* NGX_ERROR and this */
    ngx_uint_t                        nodelay;
    ngx_uint_t                        log_level;  /* of a refusal */
    ngx_str_t                         policy;     /* "api";q=201;w=3 */
    ngx_str_t                         state;      /* "api";r= */
} ngx_http_carrierpay_limit_rule_t;


typedef struct {
    ngx_array_t                         *zones;   /* their pointers */
    ngx_array_t                         *sms;     /* rules */
    ngx_uint_t                           used;    /* by a location */
} ngx_http_carrierpay_limit_main_conf_t;


typedef struct {
    ngx_array_t                         *rules;
    ngx_uint_t                           kinds;   /* bits */
    ngx_http_carrierpay_limit_page_pt    page;
} ngx_http_carrierpay_limit_loc_conf_t;


extern ngx_module_t  ngx_http_carrierpay_limit_module;


#define ngx_http_carrierpay_limit_rule(item)                                  \
    ((ngx_http_carrierpay_limit_rule_t *)                                     \
     ((u_char *) (item)->limit                                                \
      - offsetof(ngx_http_carrierpay_limit_rule_t, limit)))


void *ngx_http_carrierpay_limit_create_main_conf(ngx_conf_t *cf);
void *ngx_http_carrierpay_limit_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_carrierpay_limit_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);

char *ngx_http_carrierpay_limit_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_carrierpay_limit_sms_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

/* When all is read; NGX_ERROR after an [emerg] line. */
ngx_int_t ngx_http_carrierpay_limit_complete(ngx_conf_t *cf);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_CONF_H_INCLUDED_ */
