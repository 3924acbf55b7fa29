
/*
 * What people read, in English.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_language.h"


static const ngx_carrierpay_phrase_t  ngx_carrierpay_phrases_en[] = {

    ngx_carrierpay_phrase("again", "Try again"),

    ngx_carrierpay_phrase("alert", "Attention:"),

    ngx_carrierpay_phrase("approve_advice",
        "This page goes on by itself. There is no need to pay again."),
    ngx_carrierpay_phrase("approve_text",
        "Your operator asks you on your phone: approve the payment there,"
        " with your secret code."),
    ngx_carrierpay_phrase("approve_title", "Approve on your phone"),

    ngx_carrierpay_phrase("barred_",
        "Payment on the phone bill is not possible with this line."),
    ngx_carrierpay_phrase("barred_again",
        "Have another line recognised on mobile data"),
    ngx_carrierpay_phrase("barred_free", "You have not been charged."),
    ngx_carrierpay_phrase("barred_host", "On the network of"),
    ngx_carrierpay_phrase("barred_instead", "What you can do"),
    ngx_carrierpay_phrase("barred_operator", "Your operator"),
    ngx_carrierpay_phrase("barred_title", "This line cannot pay here"),

    ngx_carrierpay_phrase("bill",
        "added to your {{operator}} bill{{#host}} ({{host}}"
        " network){{/host}}"),

    ngx_carrierpay_phrase("cancel", "Do not pay, return to {{merchant}}"),

    ngx_carrierpay_phrase("canceled_text", "You have not been charged."),
    ngx_carrierpay_phrase("canceled_title", "This payment was cancelled"),

    ngx_carrierpay_phrase("code_", "Your operator refused the payment."),
    ngx_carrierpay_phrase("code_amount_not_allowed",
        "This amount cannot be added to a bill of your operator."),
    ngx_carrierpay_phrase("code_blocked_by_subscriber",
        "Purchases are blocked for this number."),
    ngx_carrierpay_phrase("code_currency_mismatch",
        "Your operator does not bill in this currency."),
    ngx_carrierpay_phrase("code_currency_not_supported",
        "Your operator does not bill in this currency."),
    ngx_carrierpay_phrase("code_declined_by_subscriber",
        "The payment was declined."),
    ngx_carrierpay_phrase("code_fixed_line",
        "This number belongs to a fixed line. Only mobile lines can pay."),
    ngx_carrierpay_phrase("code_insufficient_funds",
        "Your balance or credit is too low."),
    ngx_carrierpay_phrase("code_limit_exceeded",
        "A spending limit for this period is reached."),
    ngx_carrierpay_phrase("code_merchant_not_allowed",
        "This shop cannot be paid with your operator."),
    ngx_carrierpay_phrase("code_mvno_barred",
        "Purchases on the phone bill are not possible with your provider."),
    ngx_carrierpay_phrase("code_no_contract",
        "This shop cannot be paid with your operator."),
    ngx_carrierpay_phrase("code_not_a_number",
        "This is not a phone number that can pay here."),
    ngx_carrierpay_phrase("code_number_ported",
        "Your number has moved to another operator. It has to be recognised"
        " once more."),
    ngx_carrierpay_phrase("code_operator_not_connected",
        "Your operator does not offer payment on the phone bill here."),
    ngx_carrierpay_phrase("code_operator_unavailable",
        "Your operator could not be reached."),
    ngx_carrierpay_phrase("code_over_limit",
        "The price is more than your operator allows for one purchase."),
    ngx_carrierpay_phrase("code_service_not_allowed",
        "This shop cannot be paid with your operator."),
    ngx_carrierpay_phrase("code_subscriber_blocked",
        "Purchases are barred on your line. Your operator can lift that."),
    ngx_carrierpay_phrase("code_subscriber_not_eligible",
        "Your line cannot pay this way."),
    ngx_carrierpay_phrase("code_subscriber_not_found",
        "Your operator does not know this line."),

    ngx_carrierpay_phrase("confirm_pay", "Pay {{currency}}{{gap}}{{amount}}"),
    ngx_carrierpay_phrase("confirm_soon",
        "That was very quick. Look at the price once more, then tap again."),
    ngx_carrierpay_phrase("confirm_terms",
        "You pay once. This is not a subscription."),
    ngx_carrierpay_phrase("confirm_title", "Confirm your payment"),

    ngx_carrierpay_phrase("country", "Country"),
    ngx_carrierpay_phrase("country_BE", "Belgium"),
    ngx_carrierpay_phrase("country_BF", "Burkina Faso"),
    ngx_carrierpay_phrase("country_BJ", "Benin"),
    ngx_carrierpay_phrase("country_CD", "DR Congo"),
    ngx_carrierpay_phrase("country_CF", "Central African Republic"),
    ngx_carrierpay_phrase("country_CG", "Congo"),
    ngx_carrierpay_phrase("country_CH", "Switzerland"),
    ngx_carrierpay_phrase("country_CI", "Ivory Coast"),
    ngx_carrierpay_phrase("country_CM", "Cameroon"),
    ngx_carrierpay_phrase("country_DE", "Germany"),
    ngx_carrierpay_phrase("country_DZ", "Algeria"),
    ngx_carrierpay_phrase("country_ES", "Spain"),
    ngx_carrierpay_phrase("country_FR", "France"),
    ngx_carrierpay_phrase("country_GA", "Gabon"),
    ngx_carrierpay_phrase("country_GB", "United Kingdom"),
    ngx_carrierpay_phrase("country_GH", "Ghana"),
    ngx_carrierpay_phrase("country_GN", "Guinea"),
    ngx_carrierpay_phrase("country_IE", "Ireland"),
    ngx_carrierpay_phrase("country_IT", "Italy"),
    ngx_carrierpay_phrase("country_KE", "Kenya"),
    ngx_carrierpay_phrase("country_LU", "Luxembourg"),
    ngx_carrierpay_phrase("country_MA", "Morocco"),
    ngx_carrierpay_phrase("country_MG", "Madagascar"),
    ngx_carrierpay_phrase("country_ML", "Mali"),
    ngx_carrierpay_phrase("country_NE", "Niger"),
    ngx_carrierpay_phrase("country_NG", "Nigeria"),
    ngx_carrierpay_phrase("country_NL", "Netherlands"),
    ngx_carrierpay_phrase("country_PT", "Portugal"),
    ngx_carrierpay_phrase("country_RW", "Rwanda"),
    ngx_carrierpay_phrase("country_SN", "Senegal"),
    ngx_carrierpay_phrase("country_TD", "Chad"),
    ngx_carrierpay_phrase("country_TG", "Togo"),
    ngx_carrierpay_phrase("country_TN", "Tunisia"),
    ngx_carrierpay_phrase("country_TZ", "Tanzania"),
    ngx_carrierpay_phrase("country_UG", "Uganda"),
    ngx_carrierpay_phrase("country_ZA", "South Africa"),

    ngx_carrierpay_phrase("expired_text",
        "It was not confirmed in time. You have not been charged."),
    ngx_carrierpay_phrase("expired_title", "This payment has expired"),

    ngx_carrierpay_phrase("failed_advice", "You have not been charged."),
    ngx_carrierpay_phrase("failed_title", "The payment did not go through"),

    ngx_carrierpay_phrase("footer", "Payment by phone bill"),

    ngx_carrierpay_phrase("framed_text",
        "This page was shown inside another one that may not do so. Nothing"
        " was charged."),

    ngx_carrierpay_phrase("identify_title", "Which number pays?"),

    ngx_carrierpay_phrase("instead_",
        "Pay with another line, or choose another way to pay in the shop."),
    ngx_carrierpay_phrase("instead_amount_not_allowed",
        "Choose another amount, or another way to pay in the shop."),
    ngx_carrierpay_phrase("instead_blocked_by_subscriber",
        "The holder of the line has asked for that, and can have it undone"
        " by our customer service. Until then, pay with another line or"
        " choose another way to pay in the shop."),
    ngx_carrierpay_phrase("instead_currency_not_supported",
        "Ask the shop for a price in the currency of your bill, or choose"
        " another way to pay there."),
    ngx_carrierpay_phrase("instead_fixed_line",
        "Pay with a mobile line: enter its number, or open this page on the"
        " phone."),
    ngx_carrierpay_phrase("instead_mvno_barred",
        "It depends on your provider, not on the network alone. Pay with a"
        " line of another provider, or choose another way to pay in the"
        " shop."),
    ngx_carrierpay_phrase("instead_operator_not_connected",
        "Pay with a line of another operator, or choose another way to pay"
        " in the shop."),
    ngx_carrierpay_phrase("instead_over_limit",
        "Buy something smaller, or choose another way to pay in the shop."),

    ngx_carrierpay_phrase("lang", "en"),

    ngx_carrierpay_phrase("limited_text",
        "Too many requests have come from you or from your network. Wait a"
        " moment and try again; you cannot be charged twice."),
    ngx_carrierpay_phrase("limited_title", "Not so fast, please"),

    ngx_carrierpay_phrase("line", "Phone line"),

    ngx_carrierpay_phrase("mail_label", "E-mail address"),
    ngx_carrierpay_phrase("mail_malformed",
        "This is no e-mail address. An example: name@example.com"),
    ngx_carrierpay_phrase("mail_many",
        "The receipt has been sent to as many addresses as possible."),
    ngx_carrierpay_phrase("mail_receipt",
        "Thank you for your purchase.\n\n"
        "Shop:      {{merchant}}\n"
        "Item:      {{description}}\n"
        "Price:     {{amount}} {{currency}}\n"
        "Paid by:   added to your {{operator}} bill, once\n"
        "Reference: {{reference}}\n"
        "{{#support}}Help:      {{support}}\n"
        "{{/support}}{{#stop_url}}\n"
        "To block further purchases from this shop:\n"
        "{{stop_url}}\n"
        "{{/stop_url}}"),
    ngx_carrierpay_phrase("mail_send", "Send the receipt"),
    ngx_carrierpay_phrase("mail_sent",
        "The receipt will be sent to this address."),
    ngx_carrierpay_phrase("mail_subject",
        "Receipt: {{amount}} {{currency}} to {{merchant}}"),
    ngx_carrierpay_phrase("mail_title", "Receipt by e-mail"),

    ngx_carrierpay_phrase("missing_text",
        "The link is incomplete or wrong. Go back to the shop and start"
        " again."),
    ngx_carrierpay_phrase("missing_title", "There is no such payment"),

    ngx_carrierpay_phrase("mo_free",
        "The SMS costs what your plan says. Nothing is bought before you"
        " confirm the price on this page."),
    ngx_carrierpay_phrase("mo_instead", "Send an SMS instead"),
    ngx_carrierpay_phrase("mo_number", "Enter your number instead"),
    ngx_carrierpay_phrase("mo_open", "Open the SMS app"),
    ngx_carrierpay_phrase("mo_send", "{{mo_text}} to {{mo_number}}"),
    ngx_carrierpay_phrase("mo_text",
        "Send this SMS from the phone whose bill is to pay:"),
    ngx_carrierpay_phrase("mo_title", "Send us an SMS"),
    ngx_carrierpay_phrase("mo_unavailable",
        "This line cannot be recognised by an SMS. Enter its number."),
    ngx_carrierpay_phrase("mo_wait",
        "This page goes on by itself as soon as your SMS has arrived."),
    ngx_carrierpay_phrase("mo_word", "YES"),

    ngx_carrierpay_phrase("mobile_again", "Try on mobile data"),
    ngx_carrierpay_phrase("mobile_text",
        "On your phone, switch Wi-Fi off so that you use mobile data: your"
        " line is then recognised by itself."),
    ngx_carrierpay_phrase("mobile_title", "Without a code"),

    ngx_carrierpay_phrase("number_exhausted",
        "No further code can be sent for this payment. Go back to the shop"
        " and start again, or open this page on the phone itself, on mobile"
        " data."),
    ngx_carrierpay_phrase("number_foreign",
        "This number belongs to no operator that you can pay with here."
        " Check it, or use another line."),
    ngx_carrierpay_phrase("number_free",
        "The SMS is free. You will see the price once more before you pay."),
    ngx_carrierpay_phrase("number_guess",
        "You seem to be a customer of {{guess}}."),
    ngx_carrierpay_phrase("number_hint",
        "We send a code to this number by SMS."),
    ngx_carrierpay_phrase("number_label", "Mobile number"),
    ngx_carrierpay_phrase("number_later",
        "Too many codes have been asked for. Wait a while and try again, or"
        " open this page on the phone itself, on mobile data."),
    ngx_carrierpay_phrase("number_locked",
        "Too many wrong codes were entered for this number. Try again"
        " tomorrow, or use another line."),
    ngx_carrierpay_phrase("number_missing", "Enter your mobile number."),
    ngx_carrierpay_phrase("number_no_sms",
        "No code can be sent by SMS to this operator's lines. Open this page"
        " on the phone itself, on mobile data."),
    ngx_carrierpay_phrase("number_send", "Send me the code"),
    ngx_carrierpay_phrase("number_title", "With your number"),
    ngx_carrierpay_phrase("number_wait",
        "A code has just been sent to another number. Wait a minute or two,"
        " then ask for one to this number again."),

    ngx_carrierpay_phrase("paid_by", "Payment"),

    ngx_carrierpay_phrase("pin_", "The code could not be checked."),
    ngx_carrierpay_phrase("pin_changed",
        "This code belongs to another number or price. Ask for a new one."),
    ngx_carrierpay_phrase("pin_exhausted",
        "Too many wrong codes: this one is no longer good. Ask for a new"
        " one."),
    ngx_carrierpay_phrase("pin_hint", "Six digits, good for five minutes."),
    ngx_carrierpay_phrase("pin_label", "Code from the SMS"),
    ngx_carrierpay_phrase("pin_last", "One try is left."),
    ngx_carrierpay_phrase("pin_left", "{{left}} tries are left."),
    ngx_carrierpay_phrase("pin_locked",
        "Too many wrong codes were entered for this number. Nothing was"
        " charged. Try again tomorrow, or use another line."),
    ngx_carrierpay_phrase("pin_malformed", "The code has six digits."),
    ngx_carrierpay_phrase("pin_moved",
        "Your connection has changed since this page was opened. To be sure"
        " that it is you, we have sent you a code."),
    ngx_carrierpay_phrase("pin_no_resend",
        "No further code can be sent for this payment."),
    ngx_carrierpay_phrase("pin_none",
        "This code is too old. Ask for a new one."),
    ngx_carrierpay_phrase("pin_other", "Use another number"),
    ngx_carrierpay_phrase("pin_prove",
        "To be sure that this line is yours, we have sent you a code."),
    ngx_carrierpay_phrase("pin_resend", "Send a new code"),
    ngx_carrierpay_phrase("pin_sent_again",
        "A new code is on its way. The one before is no longer good."),
    ngx_carrierpay_phrase("pin_text",
        "We have sent an SMS with a code to {{line}}."),
    ngx_carrierpay_phrase("pin_title", "Enter your code"),
    ngx_carrierpay_phrase("pin_too_soon",
        "A code was sent a moment ago. It may take a minute to arrive."),
    ngx_carrierpay_phrase("pin_wait", "Possible in {{wait}}."),
    ngx_carrierpay_phrase("pin_wrong", "That is not the code in the SMS."),

    ngx_carrierpay_phrase("price",
        "<small>{{currency}}</small>{{gap}}{{amount}}"),

    ngx_carrierpay_phrase("processing_advice",
        "There is no need to pay again."),
    ngx_carrierpay_phrase("processing_text",
        "Your operator has not yet answered. This page looks again by"
        " itself; you may also close it, the shop is told as soon as it is"
        " known."),
    ngx_carrierpay_phrase("processing_title", "One moment, please"),

    ngx_carrierpay_phrase("receipt_title", "Paid. Thank you!"),

    ngx_carrierpay_phrase("reference", "Reference"),

    ngx_carrierpay_phrase("refused_text",
        "This request did not come from our own page, so nothing was done"
        " and nothing was charged."),
    ngx_carrierpay_phrase("refused_title", "Open the page itself"),

    ngx_carrierpay_phrase("return", "Return to {{merchant}}"),
    ngx_carrierpay_phrase("return_soon",
        "You will be taken back in ten seconds. Touch the page to stay."),

    ngx_carrierpay_phrase("sms_answered",
        "Thank you. Go back to the page to pay {{amount}} {{currency}} to"
        " {{merchant}}."),
    ngx_carrierpay_phrase("sms_code_unknown",
        "This code is unknown or too old, and nothing was charged. Go back"
        " to the page and ask for a new one."),
    ngx_carrierpay_phrase("sms_help",
        "Payments on the phone bill.{{#merchant}} Last one:"
        " {{merchant}}.{{/merchant}}{{#support}} Help:"
        " {{support}}.{{/support}} STOP: block purchases."),
    ngx_carrierpay_phrase("sms_info",
        "You confirm each payment, and its price is added to your phone bill"
        " once; it is no subscription.{{#support}} Help:"
        " {{support}}.{{/support}} STOP: block purchases."),
    ngx_carrierpay_phrase("sms_pin",
        "{{merchant}}: your code is {{code}} to pay {{amount}} {{currency}}."
        " Never share it."),
    ngx_carrierpay_phrase("sms_receipt",
        "{{merchant}}: {{amount}} {{currency}} paid, on your {{operator}}"
        " bill. Ref {{reference}}.{{#support}} Help:"
        " {{support}}.{{/support}} To block purchases reply STOP."),
    ngx_carrierpay_phrase("sms_stopped",
        "Done: {{merchant}} can no longer charge this number.{{#support}}"
        " Help: {{support}}{{/support}}"),
    ngx_carrierpay_phrase("sms_stopped_all",
        "Done: no shop can charge this number through us any more. What was"
        " paid before is not changed."),

    ngx_carrierpay_phrase("stop_back", "Back to the receipt"),
    ngx_carrierpay_phrase("stop_link", "Block further purchases"),
    ngx_carrierpay_phrase("stop_none_text", "No line has paid here."),
    ngx_carrierpay_phrase("stop_none_title", "There is nothing to block"),
    ngx_carrierpay_phrase("stop_send", "Block {{merchant}}"),
    ngx_carrierpay_phrase("stop_text",
        "{{merchant}} will no longer be able to charge your phone bill. What"
        " you have paid stays paid."),
    ngx_carrierpay_phrase("stop_title", "Block purchases?"),

    ngx_carrierpay_phrase("stopped_advice",
        "Our customer service can undo this for you."),
    ngx_carrierpay_phrase("stopped_text",
        "The shop can no longer charge your phone bill."),
    ngx_carrierpay_phrase("stopped_title", "Purchases are blocked"),

    ngx_carrierpay_phrase("support", "Questions?"),

    ngx_carrierpay_phrase("terms", "Terms of sale"),

    ngx_carrierpay_phrase("test", "Test payment: no money moves."),

    ngx_carrierpay_phrase("touch_text",
        "The payment was not started by a tap on our page, so nothing was"
        " charged. Open the page again and tap the button if you want to"
        " pay."),
    ngx_carrierpay_phrase("touch_title", "Tap the button yourself"),

    ngx_carrierpay_phrase("unavailable_text",
        "The service cannot answer at the moment. Try again soon; you cannot"
        " be charged twice."),
    ngx_carrierpay_phrase("unavailable_title", "Not possible right now"),

    ngx_carrierpay_phrase("wait_minutes", "minutes"),
    ngx_carrierpay_phrase("wait_second", "second"),
    ngx_carrierpay_phrase("wait_seconds", "seconds"),

    ngx_carrierpay_phrase("why_absent",
        "Your line was not recognised. That is normal on Wi-Fi, with a VPN"
        " or in a data-saving browser."),
    ngx_carrierpay_phrase("why_conflict",
        "Your line was not recognised: your connection names more than one"
        " number, so none of them is believed."),
    ngx_carrierpay_phrase("why_duplicate",
        "Your line was not recognised: your connection names more than one"
        " number, so none of them is believed."),
    ngx_carrierpay_phrase("why_fixed",
        "You are on your operator’s fixed network. Your mobile line is only"
        " recognised over mobile data."),
    ngx_carrierpay_phrase("why_forged",
        "Your line was not recognised: what your connection says about it"
        " was not made by your operator."),
    ngx_carrierpay_phrase("why_malformed",
        "Your line was not recognised: what your connection says about it is"
        " not a number of your operator."),
    ngx_carrierpay_phrase("why_no_agent",
        "Your line was not recognised: your browser does not say what it is."),
    ngx_carrierpay_phrase("why_off_network",
        "Your line was not recognised: you are on Wi-Fi, or on a network"
        " that is not your operator’s."),
    ngx_carrierpay_phrase("why_other", "Use another line."),
    ngx_carrierpay_phrase("why_proxy",
        "Your line was not recognised: your connection goes through a proxy,"
        " or a data-saving browser."),
    ngx_carrierpay_phrase("why_relay",
        "Your browser hides your connection behind a privacy relay. There is"
        " no need to change that: your number will do."),
    ngx_carrierpay_phrase("why_stale",
        "Your line was not recognised: what your connection says about it is"
        " too old. Try once more."),
    ngx_carrierpay_phrase("why_unavailable",
        "Your line could not be recognised just now."),
    ngx_carrierpay_phrase("why_untrusted",
        "Your line was not recognised: this connection does not come from"
        " the mobile network of an operator that you can pay with here."),
    ngx_carrierpay_phrase("why_used",
        "This page is good for one visit, and that is over. Your line has to"
        " be recognised once more."),
    ngx_carrierpay_phrase("why_vpn",
        "Your line was not recognised: your connection goes through a VPN."),
};


const ngx_carrierpay_language_t  ngx_carrierpay_language_en = {
    ngx_string("en"),
    NGX_CARRIERPAY_LOCALE_EN,
    ngx_carrierpay_phrases_en,
    sizeof(ngx_carrierpay_phrases_en) / sizeof(ngx_carrierpay_phrase_t)
};
