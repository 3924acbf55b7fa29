
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_decline.h"


typedef struct {
    ngx_str_t    word;
    ngx_uint_t   stat;
    const char  *advice;
} ngx_carrierpay_decline_t;


/* the third is the kind of reason that the metrics know it by */

#define ngx_carrierpay_decline(code, word, kind, advice)                      \
    [NGX_CARRIERPAY_DECLINE_##code] = {                                       \
        ngx_string(word), NGX_CARRIERPAY_STAT_OUTCOME_##kind, advice          \
    }


static const ngx_carrierpay_decline_t  ngx_carrierpay_declines[] = {
    ngx_carrierpay_decline(INSUFFICIENT_FUNDS, "insufficient_funds",
        FUNDS, "The balance or credit is too low."),
    ngx_carrierpay_decline(LIMIT_EXCEEDED, "limit_exceeded",
        FUNDS, "A spending limit for this period is reached."),
    ngx_carrierpay_decline(AMOUNT_NOT_ALLOWED, "amount_not_allowed",
        FUNDS, "The operator does not allow this amount."),
    ngx_carrierpay_decline(SUBSCRIBER_NOT_FOUND, "subscriber_not_found",
        LINE, "The operator does not know this number."),
    ngx_carrierpay_decline(SUBSCRIBER_NOT_ELIGIBLE, "subscriber_not_eligible",
        LINE, "This line cannot pay this way."),
    ngx_carrierpay_decline(SUBSCRIBER_BLOCKED, "subscriber_blocked",
        LINE, "Purchases are barred on this line."),
    ngx_carrierpay_decline(DECLINED_BY_SUBSCRIBER, "declined_by_subscriber",
        SHOPPER, "The payment was refused by the subscriber."),
    ngx_carrierpay_decline(AUTHENTICATION_FAILED, "authentication_failed",
        SHOPPER, "The subscriber could not be authenticated."),
    ngx_carrierpay_decline(EXPIRED, "expired",
        SHOPPER, "The payment was not approved in time."),
    ngx_carrierpay_decline(SUBSCRIBER_UNREACHABLE, "subscriber_unreachable",
        LINE, "The handset could not be reached."),
    ngx_carrierpay_decline(SUBSCRIBER_BUSY, "subscriber_busy",
        LINE, "Another transaction of this subscriber is open."),
    ngx_carrierpay_decline(TOO_FREQUENT, "too_frequent",
        LINE, "Too soon after the previous payment."),
    ngx_carrierpay_decline(MERCHANT_NOT_ALLOWED, "merchant_not_allowed",
        MERCHANT, "The operator does not accept this merchant."),
    ngx_carrierpay_decline(INVALID_REQUEST, "invalid_request",
        MERCHANT, "The operator could not read the request."),
    ngx_carrierpay_decline(OPERATOR_UNAVAILABLE, "operator_unavailable",
        OPERATOR, "The operator could not be reached; nothing was charged."),
    ngx_carrierpay_decline(CANCELLED, "cancelled",
        SHOPPER, "The payment was cancelled."),
    ngx_carrierpay_decline(OPERATION_NOT_SUPPORTED, "operation_not_supported",
        MERCHANT, "The operator does not offer this."),
    ngx_carrierpay_decline(RESERVATION_ENDED, "reservation_ended",
        OTHER, "The operator holds the money no more."),
    ngx_carrierpay_decline(REFUND_NOT_ALLOWED, "refund_not_allowed",
        OTHER, "The operator does not pay this back any more."),
    ngx_carrierpay_decline(NOT_A_NUMBER, "not_a_number",
        LINE, "This is no phone number of a country that can pay."),
    ngx_carrierpay_decline(FIXED_LINE, "fixed_line",
        LINE, "A fixed line cannot pay; mobile lines can."),
    ngx_carrierpay_decline(OPERATOR_NOT_CONNECTED, "operator_not_connected",
        LINE, "The line's operator cannot be paid with."),
    ngx_carrierpay_decline(MVNO_BARRED, "mvno_barred",
        LINE, "The line's provider allows no purchases on its bills."),
    ngx_carrierpay_decline(NUMBER_PORTED, "number_ported",
        LINE, "The number has moved to another operator; identify it again."),
    ngx_carrierpay_decline(CURRENCY_NOT_SUPPORTED, "currency_not_supported",
        MERCHANT, "The line's operator bills in another currency."),
    ngx_carrierpay_decline(OVER_LIMIT, "over_limit",
        FUNDS, "The operator's limit of one payment is lower."),
    ngx_carrierpay_decline(SERVICE_NOT_ALLOWED, "service_not_allowed",
        MERCHANT, "You have no contract in force with the line's operator."),
    ngx_carrierpay_decline(CATEGORY_NOT_ALLOWED, "category_not_allowed",
        MERCHANT, "The line's operator does not take payments of this"
        " category."),
    ngx_carrierpay_decline(BLOCKED_BY_SUBSCRIBER, "blocked_by_subscriber",
        LINE, "The subscriber has blocked purchases."),
    ngx_carrierpay_decline(LIMIT_DAY, "limit_day",
        FUNDS, "The line would spend more than it may in a day."),
    ngx_carrierpay_decline(LIMIT_WEEK, "limit_week",
        FUNDS, "The line would spend more than it may in a week."),
    ngx_carrierpay_decline(LIMIT_MONTH, "limit_month",
        FUNDS, "The line would spend more than it may in a month."),
    ngx_carrierpay_decline(LIMIT_TOTAL, "limit_total",
        MERCHANT, "All lines together would spend more than they may."),
    ngx_carrierpay_decline(CONSENT_EXCEEDED, "consent_exceeded",
        MERCHANT, "The subscriber has agreed to less in a month without a"
        " page."),
    ngx_carrierpay_decline(GENERIC, "generic_decline",
        OTHER, "The payment was refused.")
};


const ngx_str_t *
ngx_carrierpay_decline_name(ngx_carrierpay_decline_e code)
{
    return &ngx_carrierpay_declines[code].word;
}


ngx_carrierpay_decline_e
ngx_carrierpay_decline_parse(const ngx_str_t *word)
{
    ngx_uint_t        i;
    const ngx_str_t  *known;

    for (i = 0; i < NGX_CARRIERPAY_DECLINE_GENERIC; i++) {
        known = &ngx_carrierpay_declines[i].word;

        if (known->len == word->len
            && ngx_memcmp(known->data, word->data, word->len) == 0)
        {
            return i;
        }
    }

    return NGX_CARRIERPAY_DECLINE_GENERIC;
}


const char *
ngx_carrierpay_decline_advice(ngx_carrierpay_decline_e code)
{
    return ngx_carrierpay_declines[code].advice;
}


u_char *
ngx_carrierpay_decline_json(u_char *p, const ngx_str_t *code)
{
    if (code->len == 0) {
        return ngx_cpymem(p, ",\"failure\":null",
                          sizeof(",\"failure\":null") - 1);
    }

    return ngx_sprintf(p, ",\"failure\":{\"code\":\"%V\",\"message\":\"%s\"}",
                       code, ngx_carrierpay_decline_advice(
                               ngx_carrierpay_decline_parse(code)));
}


ngx_uint_t
ngx_carrierpay_decline_stat(ngx_carrierpay_decline_e code)
{
    return ngx_carrierpay_declines[code].stat;
}
