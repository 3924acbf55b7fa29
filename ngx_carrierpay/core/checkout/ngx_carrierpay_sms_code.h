
/*
 * The page that waits for SMS from the shopper's phone.
 *
 *   sms_code   load, budget, code, session    the page shows a code
 *
 * The sender of "YES 482913" holds the number that the page with this code
 * waits for.  That is no consent: the phone may be that of another person, a
 * victim who was talked into sending it and has not seen the page.  The answer
 * names merchant and price and asks for a second code, "PAY 730055", which
 * stands nowhere else; that SMS is the payer's word.
 *
 * The page has a token, and both codes follow from it.  Redis knows under the
 * first code the token, and under the token the page's browser and the end
 * user that has answered first; under this end user and the second code the
 * token again.  When the payer's word has come, the token is that of a bounce,
 * too, which found this end user (see ngx_carrierpay_sms_inbound.h).
 *
 * The data of the flow is an ngx_carrierpay_sms_code_t.
 */


#ifndef _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_code_budget.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_session.h"
#include "ngx_carrierpay_token.h"


/* A code lives as long as its page. */

#define NGX_CARRIERPAY_SMS_CODE_LIFETIME  "900000"    /* ms */

#define NGX_CARRIERPAY_SMS_CODE_NAME_LEN                                      \
    (sizeof("cp:mc:") - 1 + NGX_CARRIERPAY_TOKEN_DIGITS)
#define NGX_CARRIERPAY_SMS_CODE_PAY_NAME_LEN                                  \
    (sizeof("cp:mw:") - 1                                                     \
     + NGX_CARRIERPAY_BASE64URL_LEN(NGX_CARRIERPAY_SHA256_LEN)                \
     + NGX_CARRIERPAY_TOKEN_DIGITS)


typedef struct {
    ngx_carrierpay_payment_read_t   read;
    ngx_carrierpay_session_t        session;    /* token: the page's */
    ngx_uint_t                      stored;     /* the page can be shown */
    ngx_uint_t                      retry;      /* s until a code may be had;
                                                   0: now */

    /* the rows' own */

    ngx_uint_t                      left;       /* codes to try */
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_sms_code_t;


/*
 * The page of a payment, for this browser, in a language ("fr") that outlives
 * the flow, unless the payment has one.  The result is OK, and `stored` is set
 * unless the payment is not pending or `retry` is; NOT_FOUND; or UNAVAILABLE.
 * NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_sms_code_page(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, const ngx_str_t *locale);

/* The name of a code in Redis, NGX_CARRIERPAY_SMS_CODE_NAME_LEN bytes. */
void ngx_carrierpay_sms_code_name(u_char *name, const u_char *code);

/*
 * The name in Redis of the second code when it is sent by this end user,
 * NGX_CARRIERPAY_SMS_CODE_PAY_NAME_LEN bytes.
 */
void ngx_carrierpay_sms_code_pay_name(u_char *name, const u_char *index,
    const u_char *code);


#endif /* _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_ */
