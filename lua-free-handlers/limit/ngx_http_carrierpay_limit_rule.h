
/*
 * carrierpay_limit and carrierpay_sms_limit: each directive is a rule.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_RULE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_RULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_limit.h"
#include "ngx_http_carrierpay_limit_conf.h"


/* of a location; of SMS */
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


/* the rule that an item of ngx_carrierpay_limit.h was made from */
#define ngx_http_carrierpay_limit_rule_of(item)                               \
    ((ngx_http_carrierpay_limit_rule_t *)                                     \
     ((u_char *) (item)->limit                                                \
      - offsetof(ngx_http_carrierpay_limit_rule_t, limit)))


/* Setters; conf is the location's configuration, and not used for SMS. */

char *ngx_http_carrierpay_limit_rule_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_carrierpay_limit_rule_sms_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_RULE_H_INCLUDED_ */
