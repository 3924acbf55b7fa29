
/*
 * The service: what the configuration says, and what a worker runs.
 */


#ifndef _NGX_CARRIERPAY_SERVICE_H_INCLUDED_
#define _NGX_CARRIERPAY_SERVICE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_keyword.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_smtp.h"


typedef struct ngx_carrierpay_work_queue_s  ngx_carrierpay_work_queue_t;


typedef struct {
    ngx_carrierpay_pq_conf_t      postgres;
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
    ngx_flag_t                    outbox;         /* deliver from here? */
    ngx_uint_t                    flows_max;
    ngx_carrierpay_egress_t       egress;
} ngx_carrierpay_conf_t;


struct ngx_carrierpay_core_s {
    ngx_carrierpay_conf_t        *conf;
    ngx_log_t                    *log;
    ngx_carrierpay_pq_t          *pq;
    ngx_carrierpay_redis_t       *redis;
    ngx_carrierpay_ledger_t      *ledger;
    ngx_carrierpay_merchants_t   *merchants;
    ngx_carrierpay_looks_t       *looks;
    ngx_carrierpay_work_queue_t  *outbox;         /* or NULL, both */
    ngx_carrierpay_work_queue_t  *messages;
    ngx_carrierpay_work_queue_t  *recovery;
    ngx_carrierpay_smtp_t        *smtp;           /* or NULL */
    ngx_uint_t                    flows;          /* running */
};


/*
 * Starts and ends a worker's service.  NULL after a log line; a process
 * without carrierpay directives gets none.
 */
ngx_carrierpay_core_t *ngx_carrierpay_core_start(ngx_cycle_t *cycle,
    ngx_carrierpay_conf_t *conf);
void ngx_carrierpay_core_stop(ngx_carrierpay_core_t *core);

/* Milliseconds since the Unix epoch, from the cached time. */
int64_t ngx_carrierpay_now(void);


#endif /* _NGX_CARRIERPAY_SERVICE_H_INCLUDED_ */
