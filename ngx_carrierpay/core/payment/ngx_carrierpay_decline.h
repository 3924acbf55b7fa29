
/*
 * Why a payment fails or is refused: the normalised decline codes, which the
 * API shows as failure.code and reason.
 *
 * A reason that the configuration invents (billing off reason=word) is none
 * of them; it is shown as it is, with the advice of GENERIC.
 */


#ifndef _NGX_CARRIERPAY_DECLINE_H_INCLUDED_
#define _NGX_CARRIERPAY_DECLINE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_DECLINE_JSON_MAX  256


typedef enum {
    NGX_CARRIERPAY_DECLINE_INSUFFICIENT_FUNDS = 0,
    NGX_CARRIERPAY_DECLINE_LIMIT_EXCEEDED,
    NGX_CARRIERPAY_DECLINE_AMOUNT_NOT_ALLOWED,
    NGX_CARRIERPAY_DECLINE_SUBSCRIBER_NOT_FOUND,
    NGX_CARRIERPAY_DECLINE_SUBSCRIBER_NOT_ELIGIBLE,
    NGX_CARRIERPAY_DECLINE_SUBSCRIBER_BLOCKED,
    NGX_CARRIERPAY_DECLINE_DECLINED_BY_SUBSCRIBER,
    NGX_CARRIERPAY_DECLINE_AUTHENTICATION_FAILED,
    NGX_CARRIERPAY_DECLINE_EXPIRED,
    NGX_CARRIERPAY_DECLINE_SUBSCRIBER_UNREACHABLE,
    NGX_CARRIERPAY_DECLINE_SUBSCRIBER_BUSY,
    NGX_CARRIERPAY_DECLINE_TOO_FREQUENT,
    NGX_CARRIERPAY_DECLINE_MERCHANT_NOT_ALLOWED,
    NGX_CARRIERPAY_DECLINE_INVALID_REQUEST,
    NGX_CARRIERPAY_DECLINE_OPERATOR_UNAVAILABLE,
    NGX_CARRIERPAY_DECLINE_CANCELLED,
    NGX_CARRIERPAY_DECLINE_OPERATION_NOT_SUPPORTED,
    NGX_CARRIERPAY_DECLINE_RESERVATION_ENDED,
    NGX_CARRIERPAY_DECLINE_REFUND_NOT_ALLOWED,

    /* those of eligibility, which the operator has no part in */

    NGX_CARRIERPAY_DECLINE_NOT_A_NUMBER,
    NGX_CARRIERPAY_DECLINE_FIXED_LINE,
    NGX_CARRIERPAY_DECLINE_OPERATOR_NOT_CONNECTED,
    NGX_CARRIERPAY_DECLINE_MVNO_BARRED,
    NGX_CARRIERPAY_DECLINE_NUMBER_PORTED,
    NGX_CARRIERPAY_DECLINE_CURRENCY_NOT_SUPPORTED,
    NGX_CARRIERPAY_DECLINE_OVER_LIMIT,
    NGX_CARRIERPAY_DECLINE_SERVICE_NOT_ALLOWED,
    NGX_CARRIERPAY_DECLINE_CATEGORY_NOT_ALLOWED,
    NGX_CARRIERPAY_DECLINE_BLOCKED_BY_SUBSCRIBER,

    /* those of what the line may spend; again without the operator */

    NGX_CARRIERPAY_DECLINE_LIMIT_DAY,
    NGX_CARRIERPAY_DECLINE_LIMIT_WEEK,
    NGX_CARRIERPAY_DECLINE_LIMIT_MONTH,
    NGX_CARRIERPAY_DECLINE_LIMIT_TOTAL,

    /* that of what the subscriber agreed to, for charges without a page */

    NGX_CARRIERPAY_DECLINE_CONSENT_EXCEEDED,

    NGX_CARRIERPAY_DECLINE_GENERIC        /* and all others */
} ngx_carrierpay_decline_e;


/* "insufficient_funds" and so on. */
const ngx_str_t *ngx_carrierpay_decline_name(ngx_carrierpay_decline_e code);

/* The code of a word; GENERIC: it is none of ours. */
ngx_carrierpay_decline_e ngx_carrierpay_decline_parse(const ngx_str_t *word);

/* A sentence for a code, for merchants; never NULL. */
const char *ngx_carrierpay_decline_advice(ngx_carrierpay_decline_e code);

/*
 * The member "failure": the code, which may be none of ours, with an advice;
 * it needs NGX_CARRIERPAY_DECLINE_JSON_MAX bytes beside the code.  It is null
 * for len 0.  Returns what is behind it.
 */
u_char *ngx_carrierpay_decline_json(u_char *p, const ngx_str_t *code);

/* Where an operator's set counts failures with this code, by their kind. */
ngx_uint_t ngx_carrierpay_decline_stat(ngx_carrierpay_decline_e code);


#endif /* _NGX_CARRIERPAY_DECLINE_H_INCLUDED_ */
