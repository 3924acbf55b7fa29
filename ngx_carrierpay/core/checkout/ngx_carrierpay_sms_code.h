
/*
 * The page that waits for an SMS from the shopper's phone.
 *
 *   sms_code   load, code, session         the page shows a code
 *
 * The sender of "YES 482913" holds the number that the page with this code
 * waits for.  The page has a token, and its code follows from it.  Redis knows
 * under the code the token, and under the token the page's browser and the
 * end user that has answered first; then the token is that of a bounce, too,
 * which found this end user (see ngx_carrierpay_sms_inbound.h).
 *
 * The data of the flow is an ngx_carrierpay_sms_code_t.
 */


#ifndef _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_redis.h"
#include "ngx_carrierpay_session.h"
#include "ngx_carrierpay_token.h"


/* A code lives as long as its page. */

#define NGX_CARRIERPAY_SMS_CODE_LIFETIME  "900000"    /* ms */

#define NGX_CARRIERPAY_SMS_CODE_NAME_LEN                                      \
    (sizeof("cp:mc:") - 1 + NGX_CARRIERPAY_TOKEN_DIGITS)


typedef struct {
    ngx_carrierpay_payment_read_t   read;
    ngx_carrierpay_session_t        session;    /* token: the page's */
    ngx_uint_t                      stored;     /* the page can be shown */

    /* the rows' own */

    ngx_uint_t                      left;       /* codes to try */
    ngx_carrierpay_redis_command_t  command;
} ngx_carrierpay_sms_code_t;


/*
 * The page of a payment, for this browser.  The result is OK, and `stored` is
 * set unless the payment is not pending; NOT_FOUND; or UNAVAILABLE.  NULL:
 * memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_sms_code_page(
    ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor);

/* The name of a code in Redis, NGX_CARRIERPAY_SMS_CODE_NAME_LEN bytes. */
void ngx_carrierpay_sms_code_name(u_char *name, const u_char *code);


#endif /* _NGX_CARRIERPAY_SMS_CODE_H_INCLUDED_ */
