
/*
 * What phones send: mobile-originated messages (MO), which a gateway brings.
 *
 *   mo          code, first, page, ask, keep, hand_over
 *
 * An answer with a code is for the page that shows it, see
 * ngx_carrierpay_sms_code.h.  Its sender is asked for the payer's word by an
 * SMS that names merchant and price; only when that has come does the page
 * learn which end user it is for.  A sender's number can be forged on some
 * routes: unless the provider's is trusted, or when no SMS can be sent back,
 * the page learns it at once, and the end user must be proved by a PIN.
 *
 * The data of the flow is an ngx_carrierpay_sms_inbound_t.
 */


#ifndef _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_keyword.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_session.h"
#include "ngx_carrierpay_sms_dialect.h"


typedef struct {
    ngx_carrierpay_sms_provider_t   *provider;
    ngx_carrierpay_sms_mo_t          mo;
    ngx_carrierpay_keyword_e         keyword;
    ngx_str_t                        code;       /* what follows the word */
    ngx_carrierpay_msisdn_t          msisdn;     /* the sender */
    ngx_carrierpay_carrier_t         carrier;
    u_char                           index[NGX_CARRIERPAY_SHA256_LEN];

    ngx_str_t                        token;      /* of the page; or "" */
    ngx_carrierpay_session_t         session;
    unsigned                         known:1;    /* it is for this page */
    unsigned                         asked:1;    /* for the payer's word */

    /* what is kept */

    int64_t                          id;
    ngx_str_t                        provider_name;
    ngx_str_t                        provider_id;  /* data NULL: none */
    ngx_str_t                        action;
    ngx_str_t                        sender_index; /* data NULL: none */
    ngx_str_t                        sender;     /* sealed, like the text */
    ngx_str_t                        body;
    int64_t                          payment_id; /* 0: none */
    ngx_str_t                        operator;
    ngx_str_t                        locale;
    int64_t                          reply_id;
    ngx_str_t                        reply;      /* sealed: the second code */
    ngx_uint_t                       quiet;      /* no answer can be sent */
    ngx_carrierpay_sql_call_t        call;
    ngx_carrierpay_redis_command_t   command;
} ngx_carrierpay_sms_inbound_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_sms_inbound_statement;


/*
 * Texts are copied.  The result is OK: the message is kept and obeyed, also
 * when it was kept before; REFUSED: its sender or its text cannot be read, and
 * it is kept, with a log line, for people to look at; or UNAVAILABLE
 * (or ERROR): the gateway should bring it again.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_sms_inbound(
    ngx_carrierpay_core_t *core, ngx_carrierpay_sms_provider_t *provider,
    ngx_carrierpay_sms_mo_t *mo);


#endif /* _NGX_CARRIERPAY_SMS_INBOUND_H_INCLUDED_ */
