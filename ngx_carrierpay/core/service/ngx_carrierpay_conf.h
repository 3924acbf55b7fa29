
/*
 * What the configuration says.  It lives as long as its cycle, and a worker
 * does not change it.
 */


#ifndef _NGX_CARRIERPAY_CONF_H_INCLUDED_
#define _NGX_CARRIERPAY_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_smtp.h"


struct ngx_carrierpay_conf_s {
    ngx_carrierpay_pq_conf_t     *cells[NGX_CARRIERPAY_ID_CELLS];
                                                  /* by their numbers */
    ngx_uint_t                    ncells;         /* 0: there is no service */
    ngx_uint_t                    nlines;         /* cells with lines, the
                                                     first ones */
    u_char                       *postgres_file;  /* where it is configured */
    ngx_uint_t                    postgres_line;
    ngx_carrierpay_redis_conf_t   redis;
    ngx_carrierpay_smtp_conf_t    smtp;           /* max 0: no mail */
    ngx_str_t                     secrets;        /* file */
    ngx_carrierpay_keyring_t      keyring;
    ngx_shm_zone_t               *zone;
    ngx_carrierpay_operators_t    operators;
    ngx_array_t                  *trusted_proxies;
                                                  /* ngx_carrierpay_cidr_t */
    ngx_str_t                     checkout_url;   /* http://…/i/ */
    ngx_str_t                     pay_url;        /* of the pages, and its */
    ngx_str_t                     pay_host;       /* host; or "" */
    ngx_str_t                     provider;       /* legal name, */
    ngx_str_t                     support;        /* its help desk, */
    ngx_str_t                     privacy;        /* and https://…; or "" */
    ngx_msec_t                    confirm_after;  /* a page's first look */
    ngx_array_t                   sms;            /* ngx_carrierpay_sms_
                                                     provider_t * */
    ngx_array_t                   keywords;       /* ngx_carrierpay_
                                                     keyword_t */
    ngx_str_t                     callback_url;   /* http://…/callback/; "" */
    ngx_str_t                     webhook_pass;   /* internal location, */
    u_char                       *webhook_file;   /* and where it is named */
    ngx_uint_t                    webhook_line;
    ngx_array_t                  *webhook_allow;  /* ngx_carrierpay_cidr_t */
    ngx_resolver_t               *resolver;       /* for webhook hosts */
    ngx_msec_t                    resolver_timeout;
    ngx_array_t                  *sms_budgets;    /* ngx_carrierpay_sms_
                                                     budget_rule_t; or NULL */
    ngx_array_t                  *code_budgets;   /* ngx_carrierpay_limit_t;
                                                     see code_budget */
    ngx_flag_t                    outbox;         /* deliver from here? */
    ngx_uint_t                    flows_max;
    ngx_carrierpay_egress_t       egress;
};


#endif /* _NGX_CARRIERPAY_CONF_H_INCLUDED_ */
