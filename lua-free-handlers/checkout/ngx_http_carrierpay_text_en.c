
/*
 * The pages' texts in English.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_pages.h"


#define ngx_http_carrierpay_text(name, text)                                  \
    { ngx_string(name), ngx_string(text) }


const ngx_http_carrierpay_text_t  ngx_http_carrierpay_text_en[] = {

    ngx_http_carrierpay_text("lang", "en"),
    ngx_http_carrierpay_text("test", "Test payment: no money moves."),
    ngx_http_carrierpay_text("footer", "Payment by phone bill"),
    ngx_http_carrierpay_text("paid_by", "Payment"),
    ngx_http_carrierpay_text("bill", "added to your {{operator}} bill"),
    ngx_http_carrierpay_text("line", "Phone line"),
    ngx_http_carrierpay_text("reference", "Reference"),
    ngx_http_carrierpay_text("again", "Try again"),
    ngx_http_carrierpay_text("return", "Return to {{merchant}}"),
    ngx_http_carrierpay_text("return_soon",
        "You will be taken there in five seconds."),
    ngx_http_carrierpay_text("cancel",
        "Do not pay, return to {{merchant}}"),

    /* the confirmation */

    ngx_http_carrierpay_text("confirm_title", "Confirm your payment"),
    ngx_http_carrierpay_text("confirm_pay",
        "Pay {{amount}}&nbsp;{{currency}}"),
    ngx_http_carrierpay_text("confirm_terms",
        "You pay once. This is not a subscription."),

    /* whose line is it? */

    ngx_http_carrierpay_text("identify_title", "Which phone line pays?"),
    ngx_http_carrierpay_text("why_absent",
        "Your line was not recognised. That is normal on Wi-Fi, with a VPN or"
        " in a data-saving browser."),
    ngx_http_carrierpay_text("why_untrusted",
        "Your line was not recognised: this connection does not come from the"
        " mobile network of an operator that you can pay with here."),
    ngx_http_carrierpay_text("why_duplicate",
        "Your line was not recognised: your connection names more than one"
        " number, so none of them is believed."),
    ngx_http_carrierpay_text("why_malformed",
        "Your line was not recognised: what your connection says about it is"
        " not a number of your operator."),
    ngx_http_carrierpay_text("why_off_network",
        "Your line was not recognised: you are on Wi-Fi, or on a network"
        " that is not your operator’s."),
    ngx_http_carrierpay_text("why_fixed",
        "You are on your operator’s fixed network. Your mobile line is only"
        " recognised over mobile data."),
    ngx_http_carrierpay_text("why_relay",
        "Your browser hides your connection behind a privacy relay. There is"
        " no need to change that: your number will do."),
    ngx_http_carrierpay_text("why_vpn",
        "Your line was not recognised: your connection goes through a VPN."),
    ngx_http_carrierpay_text("why_proxy",
        "Your line was not recognised: your connection goes through a proxy,"
        " or a data-saving browser."),
    ngx_http_carrierpay_text("why_conflict",
        "Your line was not recognised: your connection names more than one"
        " number, so none of them is believed."),
    ngx_http_carrierpay_text("why_forged",
        "Your line was not recognised: what your connection says about it"
        " was not made by your operator."),
    ngx_http_carrierpay_text("why_stale",
        "Your line was not recognised: what your connection says about it is"
        " too old. Try once more."),
    ngx_http_carrierpay_text("why_no_agent",
        "Your line was not recognised: your browser does not say what it is."),
    ngx_http_carrierpay_text("why_unavailable",
        "Your line could not be recognised just now."),
    ngx_http_carrierpay_text("why_used",
        "This page is good for one visit, and that is over. Your line has to"
        " be recognised once more."),
    ngx_http_carrierpay_text("mobile_title", "On your phone"),
    ngx_http_carrierpay_text("mobile_text",
        "Switch Wi-Fi off, so that you use your operator's mobile data, and"
        " try again."),
    ngx_http_carrierpay_text("mobile_again", "Try again on mobile data"),
    ngx_http_carrierpay_text("number_title", "With your number"),
    ngx_http_carrierpay_text("number_label", "Mobile number"),
    ngx_http_carrierpay_text("number_hint",
        "With the country code, such as +33 or +237"),
    ngx_http_carrierpay_text("number_send", "Continue"),
    ngx_http_carrierpay_text("number_missing", "Enter your mobile number."),
    ngx_http_carrierpay_text("number_foreign",
        "This number belongs to no operator that you can pay with here. Check"
        " it, or use another line."),
    ngx_http_carrierpay_text("number_no_sms",
        "Your operator is known, but a code cannot be sent to you by SMS yet."
        " Open this page on the phone itself, on mobile data."),

    ngx_http_carrierpay_text("number_later",
        "Too many codes have been asked for. Wait a while and try again, or"
        " open this page on the phone itself, on mobile data."),

    /* this line may not pay; "instead_" and the reason: what else to do */

    ngx_http_carrierpay_text("barred_title", "This line cannot pay here"),
    ngx_http_carrierpay_text("barred_operator", "Your operator"),
    ngx_http_carrierpay_text("barred_host", "On the network of"),
    ngx_http_carrierpay_text("barred_free", "You have not been charged."),
    ngx_http_carrierpay_text("barred_instead", "What you can do"),
    ngx_http_carrierpay_text("barred_again",
        "Have another line recognised on mobile data"),
    ngx_http_carrierpay_text("barred_",
        "Payment on the phone bill is not possible with this line."),
    ngx_http_carrierpay_text("instead_",
        "Pay with another line, or choose another way to pay in the shop."),
    ngx_http_carrierpay_text("instead_fixed_line",
        "Pay with a mobile line: enter its number, or open this page on the"
        " phone."),
    ngx_http_carrierpay_text("instead_operator_not_connected",
        "Pay with a line of another operator, or choose another way to pay"
        " in the shop."),
    ngx_http_carrierpay_text("instead_mvno_barred",
        "It depends on your provider, not on the network alone. Pay with a"
        " line of another provider, or choose another way to pay in the"
        " shop."),
    ngx_http_carrierpay_text("instead_over_limit",
        "Buy something smaller, or choose another way to pay in the shop."),
    ngx_http_carrierpay_text("instead_amount_not_allowed",
        "Choose another amount, or another way to pay in the shop."),
    ngx_http_carrierpay_text("instead_currency_not_supported",
        "Ask the shop for a price in the currency of your bill, or choose"
        " another way to pay there."),
    ngx_http_carrierpay_text("instead_blocked_by_subscriber",
        "The holder of the line has asked for that, and can have it undone"
        " by our customer service. Until then, pay with another line or"
        " choose another way to pay in the shop."),

    /* the receipt */

    ngx_http_carrierpay_text("receipt_title", "Paid. Thank you!"),

    /* messages */

    ngx_http_carrierpay_text("processing_title", "One moment, please"),
    ngx_http_carrierpay_text("processing_text",
        "Your operator has not yet answered. This page looks again by itself;"
        " you may also close it, the shop is told as soon as it is known."),
    ngx_http_carrierpay_text("processing_advice",
        "There is no need to pay again."),
    ngx_http_carrierpay_text("failed_title", "The payment did not go through"),
    ngx_http_carrierpay_text("failed_advice", "You have not been charged."),
    ngx_http_carrierpay_text("expired_title", "This payment has expired"),
    ngx_http_carrierpay_text("expired_text",
        "It was not confirmed in time. You have not been charged."),
    ngx_http_carrierpay_text("canceled_title",
        "This payment was cancelled"),
    ngx_http_carrierpay_text("canceled_text", "You have not been charged."),
    ngx_http_carrierpay_text("missing_title", "There is no such payment"),
    ngx_http_carrierpay_text("missing_text",
        "The link is incomplete or wrong. Go back to the shop and start"
        " again."),
    ngx_http_carrierpay_text("limited_title", "Not so fast, please"),
    ngx_http_carrierpay_text("limited_text",
        "Too many requests have come from you or from your network. Wait a"
        " moment and try again; you cannot be charged twice."),
    ngx_http_carrierpay_text("unavailable_title", "Not possible right now"),
    ngx_http_carrierpay_text("unavailable_text",
        "The service cannot answer at the moment. Try again soon; you cannot"
        " be charged twice."),

    /* why a payment failed: "code_" and its failure code */

    ngx_http_carrierpay_text("code_", "Your operator refused the payment."),
    ngx_http_carrierpay_text("code_insufficient_funds",
        "Your balance or credit is too low."),
    ngx_http_carrierpay_text("code_limit_exceeded",
        "A spending limit for this period is reached."),
    ngx_http_carrierpay_text("code_amount_not_allowed",
        "This amount cannot be added to a bill of your operator."),
    ngx_http_carrierpay_text("code_currency_mismatch",
        "Your operator does not bill in this currency."),
    ngx_http_carrierpay_text("code_no_contract",
        "This shop cannot be paid with your operator."),
    ngx_http_carrierpay_text("code_merchant_not_allowed",
        "This shop cannot be paid with your operator."),
    ngx_http_carrierpay_text("code_subscriber_not_found",
        "Your operator does not know this line."),
    ngx_http_carrierpay_text("code_subscriber_not_eligible",
        "Your line cannot pay this way."),
    ngx_http_carrierpay_text("code_subscriber_blocked",
        "Purchases are barred on your line. Your operator can lift that."),
    ngx_http_carrierpay_text("code_declined_by_subscriber",
        "The payment was declined."),
    ngx_http_carrierpay_text("code_operator_unavailable",
        "Your operator could not be reached."),

    /* and why it was not even tried: the reasons of eligibility */

    ngx_http_carrierpay_text("code_not_a_number",
        "This is not a phone number that can pay here."),
    ngx_http_carrierpay_text("code_fixed_line",
        "This number belongs to a fixed line. Only mobile lines can pay."),
    ngx_http_carrierpay_text("code_operator_not_connected",
        "Your operator does not offer payment on the phone bill here."),
    ngx_http_carrierpay_text("code_number_ported",
        "Your number has moved to another operator. It has to be recognised"
        " once more."),
    ngx_http_carrierpay_text("code_mvno_barred",
        "Purchases on the phone bill are not possible with your provider."),
    ngx_http_carrierpay_text("code_currency_not_supported",
        "Your operator does not bill in this currency."),
    ngx_http_carrierpay_text("code_over_limit",
        "The price is more than your operator allows for one purchase."),
    ngx_http_carrierpay_text("code_service_not_allowed",
        "This shop cannot be paid with your operator."),
    ngx_http_carrierpay_text("code_blocked_by_subscriber",
        "Purchases are blocked for this number."),

    { ngx_null_string, ngx_null_string }
};
