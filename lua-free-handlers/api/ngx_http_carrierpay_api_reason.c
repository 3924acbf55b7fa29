
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_api_reason.h"
#include "ngx_http_carrierpay_reply.h"


static ngx_uint_t ngx_http_carrierpay_api_reason_is(ngx_str_t *reason,
    const ngx_str_t *text);


/* the last row is for all other reasons */

static const ngx_http_carrierpay_refusal_t
    ngx_http_carrierpay_refusals[] =
{
    { ngx_string("subscriber_unknown"), "subscriber",
      "is nobody who has paid you" },

    { ngx_string("consent_required"), "subscriber",
      "has agreed to no charge without a page in this currency, or not any"
      " more" },

    { ngx_string("amount_not_allowed"), "amount",
      "is not allowed by the contract, by the operator's price points or by a"
      " limit of one payment" },

    { ngx_string("category_not_allowed"), "category",
      "is not one that the operator takes: it refuses it, or has no VAT rate"
      " for it" },

    { ngx_string("currency_mismatch"), "currency",
      "is not one that your contracts of the key's mode (live or test) allow"
      " for this payment" },

    { ngx_string("no_contract"), "currency",
      "is not covered: no contract of the key's mode (live or test) is in"
      " force for this payment" },

    { ngx_string("limit_day"), "",
      "The line would spend more than it may in a day" },

    { ngx_string("limit_week"), "",
      "The line would spend more than it may in a week" },

    { ngx_string("limit_month"), "",
      "The line would spend more than it may in a month" },

    { ngx_string("limit_total"), "",
      "All lines together would spend more than they may: with you, at the"
      " operator, or in its country" },

    { ngx_string("not_refundable"), "",
      "The payment has not succeeded" },

    { ngx_string("not_authorized"), "",
      "The payment is not reserved, or was captured before" },

    { ngx_string("amount_too_large"), "amount",
      "is more than what is left of the payment" },

    { ngx_string("nothing_left"), "",
      "Nothing is left of the payment that could be paid back" },

    { ngx_string("too_many_refunds"), "",
      "The payment has had 100 refunds, as many as one has" },

    { ngx_null_string, "",
      "The payment cannot be taken" }
};


const ngx_http_carrierpay_refusal_t *
ngx_http_carrierpay_api_refusal(ngx_str_t *reason)
{
    const ngx_http_carrierpay_refusal_t  *refusal;

    for (refusal = ngx_http_carrierpay_refusals; refusal->reason.len;
         refusal++)
    {
        if (ngx_http_carrierpay_api_reason_is(reason, &refusal->reason)) {
            break;
        }
    }

    return refusal;
}


static ngx_uint_t
ngx_http_carrierpay_api_reason_is(ngx_str_t *reason, const ngx_str_t *text)
{
    return reason->len == text->len
           && ngx_memcmp(reason->data, text->data, text->len) == 0;
}
