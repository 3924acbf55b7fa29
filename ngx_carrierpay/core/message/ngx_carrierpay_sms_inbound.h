
/*
 * What phones and gateways tell us: mobile-originated messages (MO) and
 * delivery reports (DLR); and the page that waits for an MO.
 *
 *   mo          code, claim, session, keep, answer   an SMS from a phone
 *   mo_report   report                      what became of one of ours
 *   mo_page     load, code, put             a page that shows a code
 *
 * Who sends "YES 482913" is the holder of the line that the page with this
 * code waits for.  The page has a token; its code follows from it.  Redis
 * knows under the code the token, and under the token the page's browser and
 * the line that has answered first; then the token is that of a bounce, too,
 * which found this line.  A sender's number can be forged on some routes:
 * unless the provider's is trusted, the line must prove itself by a PIN.
 *
 * mo_page's flow->data is an ngx_carrierpay_checkout_t: OK, and session.token.
 */


#ifndef _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_keyword.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_session.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_checkout.h"


/* of both flows of a gateway */

typedef struct {
    /*
     * NGX_OK: kept, also when it was kept before; NGX_DECLINED: there is no
     * such message, or the sender is no number; NGX_ERROR: ledger or Redis
     * is away, the gateway should try again.
     */
    ngx_int_t                        rc;

    /* the flow's */

    ngx_carrierpay_sms_provider_t   *provider;
    ngx_carrierpay_sms_mo_t          mo;
    ngx_carrierpay_keyword_e         action;
    ngx_str_t                        code;       /* what follows the word */
    ngx_carrierpay_msisdn_t          msisdn;
    ngx_carrierpay_carrier_t         carrier;
    u_char                           index[NGX_CARRIERPAY_SHA256_LEN];

    ngx_str_t                        token;      /* of the page; or "" */
    ngx_carrierpay_session_t         session;
    unsigned                         known:1;    /* which page it is for */

    ngx_carrierpay_ask_t             ask;
    ngx_carrierpay_redis_command_t   command;
} ngx_carrierpay_mo_t;


/* Each copies what it is given; NULL: memory, or too many flows. */

ngx_carrierpay_flow_t *ngx_carrierpay_mo_take(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_provider_t *provider, ngx_carrierpay_sms_mo_t *mo);

ngx_carrierpay_flow_t *ngx_carrierpay_mo_report(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_provider_t *provider,
    ngx_carrierpay_sms_report_t *report);

ngx_carrierpay_flow_t *ngx_carrierpay_mo_page(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_identity_t *visitor);


#endif /* _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_ */
