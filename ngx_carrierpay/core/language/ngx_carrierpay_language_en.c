
/*
 * The texts of all phrases in English.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_translation.h"
#include "ngx_carrierpay_language_en_sms.h"


ngx_carrierpay_text(AGAIN, "Try again");

ngx_carrierpay_text(ALERT, "Attention:");

ngx_carrierpay_text(APPROVE_ADVICE,
    "This page updates automatically. There is no need to pay again.");
ngx_carrierpay_text(APPROVE_TEXT,
    "Your operator asks you on your phone: approve the payment there,"
    " with your secret code.");
ngx_carrierpay_text(APPROVE_TITLE, "Approve on your phone");
ngx_carrierpay_text(AUTHORIZED_TEXT,
    "The amount is reserved. The shop takes it when it delivers, and releases"
    " what it does not take.");
ngx_carrierpay_text(AUTHORIZED_TITLE, "Your payment is reserved");

ngx_carrierpay_text(BARRED,
    "Payment on the phone bill is not possible with this line.");
ngx_carrierpay_text(BARRED_AGAIN, "Try another phone on mobile data");
ngx_carrierpay_text(BARRED_FREE, "You have not been charged.");
ngx_carrierpay_text(BARRED_HOST, "On the network of");
ngx_carrierpay_text(BARRED_INSTEAD, "What you can do");
ngx_carrierpay_text(BARRED_OPERATOR, "Your operator");
ngx_carrierpay_text(BARRED_TITLE, "This line cannot pay here");

ngx_carrierpay_text(BILL,
    "added to your {{operator}} bill{{#host}} ({{host}}"
    " network){{/host}}");

ngx_carrierpay_text(CANCEL, "Do not pay");

ngx_carrierpay_text(CANCELED_TEXT, "You have not been charged.");
ngx_carrierpay_text(CANCELED_TITLE, "This payment was cancelled");

ngx_carrierpay_text(CODE, "Your operator refused the payment.");
ngx_carrierpay_text(CODE_AMOUNT_NOT_ALLOWED,
    "This amount cannot be added to a bill of your operator.");
ngx_carrierpay_text(CODE_BLOCKED_BY_SUBSCRIBER,
    "Purchases are blocked for this number.");
ngx_carrierpay_text(CODE_CATEGORY_NOT_ALLOWED,
    "Your operator does not allow this kind of purchase on the phone bill.");
ngx_carrierpay_text(CODE_CURRENCY_MISMATCH,
    "Your operator does not bill in this currency.");
ngx_carrierpay_text(CODE_CURRENCY_NOT_SUPPORTED,
    "Your operator does not bill in this currency.");
ngx_carrierpay_text(CODE_DECLINED_BY_SUBSCRIBER,
    "The payment was not approved on the phone.");
ngx_carrierpay_text(CODE_FIXED_LINE,
    "This number belongs to a fixed line. Only mobile lines can pay.");
ngx_carrierpay_text(CODE_INSUFFICIENT_FUNDS,
    "Your balance or credit is too low.");
ngx_carrierpay_text(CODE_LIMIT_DAY,
    "With this purchase the line would spend more than it may in a day. It"
    " can pay again tomorrow.");
ngx_carrierpay_text(CODE_LIMIT_EXCEEDED,
    "A spending limit for this period is reached.");
ngx_carrierpay_text(CODE_LIMIT_MONTH,
    "With this purchase the line would spend more than it may in a month. It"
    " can pay again from the first of next month.");
ngx_carrierpay_text(CODE_LIMIT_TOTAL,
    "So much was bought with this shop, or at your operator, that no more can"
    " be taken today, or this month.");
ngx_carrierpay_text(CODE_LIMIT_WEEK,
    "With this purchase the line would spend more than it may in a week. It"
    " can pay again from Monday.");
ngx_carrierpay_text(CODE_MERCHANT_NOT_ALLOWED,
    "This shop cannot be paid with your operator.");
ngx_carrierpay_text(CODE_MVNO_BARRED,
    "Purchases on the phone bill are not possible with your provider.");
ngx_carrierpay_text(CODE_NO_CONTRACT,
    "This shop cannot be paid with your operator.");
ngx_carrierpay_text(CODE_NOT_A_NUMBER,
    "This is not a phone number that can pay here.");
ngx_carrierpay_text(CODE_NUMBER_PORTED,
    "Your number has moved to another operator. It has to be recognised"
    " once more.");
ngx_carrierpay_text(CODE_OPERATOR_NOT_CONNECTED,
    "Your operator does not offer payment on the phone bill here.");
ngx_carrierpay_text(CODE_OPERATOR_UNAVAILABLE,
    "Your operator could not be reached.");
ngx_carrierpay_text(CODE_OVER_LIMIT,
    "The price is more than your operator allows for one purchase.");
ngx_carrierpay_text(CODE_SERVICE_NOT_ALLOWED,
    "This shop cannot be paid with your operator.");
ngx_carrierpay_text(CODE_SUBSCRIBER_BLOCKED,
    "Purchases are barred on your line. Your operator can lift that.");
ngx_carrierpay_text(CODE_SUBSCRIBER_NOT_ELIGIBLE,
    "Your line cannot pay this way.");
ngx_carrierpay_text(CODE_SUBSCRIBER_NOT_FOUND,
    "Your operator does not know this line.");

ngx_carrierpay_text(CONFIRM_PAY, "Pay {{currency}}{{gap}}{{amount}}");
ngx_carrierpay_text(CONFIRM_RESERVE,
    "Reserve {{currency}}{{gap}}{{amount}}");
ngx_carrierpay_text(CONFIRM_RESERVED,
    "The amount is reserved now. The shop takes it within seven days, wholly"
    " or in part, and once. {{^monthly}}This is not a subscription."
    "{{/monthly}}{{#monthly}}With the button you agree to both, this price and"
    " the later charges.{{/monthly}}");
ngx_carrierpay_text(CONFIRM_SOON,
    "That was very quick. Look at the price once more, then tap again.");
ngx_carrierpay_text(CONFIRM_TERMS,
    "{{^monthly}}You pay once. This is not a subscription.{{/monthly}}"
    "{{#monthly}}With the button you agree to both, the price now and the"
    " later charges.{{/monthly}}");
ngx_carrierpay_text(CONFIRM_TITLE, "Confirm your payment");

ngx_carrierpay_text(COUNTRY, "Country");
ngx_carrierpay_text(COUNTRY_BE, "Belgium");
ngx_carrierpay_text(COUNTRY_BF, "Burkina Faso");
ngx_carrierpay_text(COUNTRY_BJ, "Benin");
ngx_carrierpay_text(COUNTRY_CD, "DR Congo");
ngx_carrierpay_text(COUNTRY_CF, "Central African Republic");
ngx_carrierpay_text(COUNTRY_CG, "Congo");
ngx_carrierpay_text(COUNTRY_CH, "Switzerland");
ngx_carrierpay_text(COUNTRY_CI, "Ivory Coast");
ngx_carrierpay_text(COUNTRY_CM, "Cameroon");
ngx_carrierpay_text(COUNTRY_DE, "Germany");
ngx_carrierpay_text(COUNTRY_DZ, "Algeria");
ngx_carrierpay_text(COUNTRY_ES, "Spain");
ngx_carrierpay_text(COUNTRY_FR, "France");
ngx_carrierpay_text(COUNTRY_GA, "Gabon");
ngx_carrierpay_text(COUNTRY_GB, "United Kingdom");
ngx_carrierpay_text(COUNTRY_GH, "Ghana");
ngx_carrierpay_text(COUNTRY_GN, "Guinea");
ngx_carrierpay_text(COUNTRY_IE, "Ireland");
ngx_carrierpay_text(COUNTRY_IT, "Italy");
ngx_carrierpay_text(COUNTRY_KE, "Kenya");
ngx_carrierpay_text(COUNTRY_LU, "Luxembourg");
ngx_carrierpay_text(COUNTRY_MA, "Morocco");
ngx_carrierpay_text(COUNTRY_MG, "Madagascar");
ngx_carrierpay_text(COUNTRY_ML, "Mali");
ngx_carrierpay_text(COUNTRY_NE, "Niger");
ngx_carrierpay_text(COUNTRY_NG, "Nigeria");
ngx_carrierpay_text(COUNTRY_NL, "Netherlands");
ngx_carrierpay_text(COUNTRY_PT, "Portugal");
ngx_carrierpay_text(COUNTRY_RW, "Rwanda");
ngx_carrierpay_text(COUNTRY_SN, "Senegal");
ngx_carrierpay_text(COUNTRY_TD, "Chad");
ngx_carrierpay_text(COUNTRY_TG, "Togo");
ngx_carrierpay_text(COUNTRY_TN, "Tunisia");
ngx_carrierpay_text(COUNTRY_TZ, "Tanzania");
ngx_carrierpay_text(COUNTRY_UG, "Uganda");
ngx_carrierpay_text(COUNTRY_ZA, "South Africa");

ngx_carrierpay_text(DATE, "Date");

ngx_carrierpay_text(DECLINED, "The payment was declined.");
ngx_carrierpay_text(DECLINED_ADVICE,
    "You have not been charged. You can try again, or pay with another"
    " line.");
ngx_carrierpay_text(DECLINED_OTHER, "Pay with another line");

ngx_carrierpay_text(DIR, "ltr");

ngx_carrierpay_text(ERROR, "Error:");

ngx_carrierpay_text(EXPIRED_TEXT,
    "It was not confirmed in time. You have not been charged.");
ngx_carrierpay_text(EXPIRED_TITLE, "This payment has expired");

ngx_carrierpay_text(FAILED_ADVICE, "You have not been charged.");
ngx_carrierpay_text(FAILED_TITLE, "The payment did not go through");

ngx_carrierpay_text(FOOTER, "Payment by phone bill");

ngx_carrierpay_text(FRAMED_TEXT,
    "This page was shown inside another one that may not do so. Nothing"
    " was charged.");

ngx_carrierpay_text(HELP, "Help with the payment:");

ngx_carrierpay_text(IDENTIFY_TITLE, "Your mobile number");

ngx_carrierpay_text(INSTEAD,
    "Pay with another line, or choose another way to pay in the shop.");
ngx_carrierpay_text(INSTEAD_AMOUNT_NOT_ALLOWED,
    "Choose another amount, or another way to pay in the shop.");
ngx_carrierpay_text(INSTEAD_BLOCKED_BY_SUBSCRIBER,
    "The holder of the line has asked for that, and can have it undone"
    " by our customer service. Until then, pay with another line or"
    " choose another way to pay in the shop.");
ngx_carrierpay_text(INSTEAD_CURRENCY_NOT_SUPPORTED,
    "Ask the shop for a price in the currency of your bill, or choose"
    " another way to pay there.");
ngx_carrierpay_text(INSTEAD_FIXED_LINE,
    "Pay with a mobile line: enter its number, or open this page on the"
    " phone.");
ngx_carrierpay_text(INSTEAD_MVNO_BARRED,
    "It depends on your provider, not on the network alone. Pay with a"
    " line of another provider, or choose another way to pay in the"
    " shop.");
ngx_carrierpay_text(INSTEAD_OPERATOR_NOT_CONNECTED,
    "Pay with a line of another operator, or choose another way to pay"
    " in the shop.");
ngx_carrierpay_text(INSTEAD_OVER_LIMIT,
    "Buy something smaller, or choose another way to pay in the shop.");

ngx_carrierpay_text(LANG, "en");

ngx_carrierpay_text(LATER_CHARGES,
    "Afterwards <bdi>{{merchant}}</bdi> may charge up to {{monthly}} a month"
    " without asking you again, until you stop it.");

ngx_carrierpay_text(LIMITED_TEXT,
    "Too many requests have come from you or from your network. Wait a"
    " moment and try again; you cannot be charged twice.");
ngx_carrierpay_text(LIMITED_TITLE, "Not so fast, please");

ngx_carrierpay_text(LINE, "Phone line");

ngx_carrierpay_text(MAIL_LABEL, "E-mail address");
ngx_carrierpay_text(MAIL_MALFORMED,
    "Enter an e-mail address like name@\xe2\x80\x8b" "example.com.");
ngx_carrierpay_text(MAIL_MANY,
    "The receipt has been sent to as many addresses as possible.");
ngx_carrierpay_text(MAIL_RECEIPT,
    "Thank you for your purchase.\n\n"
    "Shop:      {{merchant}}\n"
    "Item:      {{description}}\n"
    "Price:     {{price}}\n"
    "{{#tax}}Tax:       {{tax}}, included\n"
    "{{/tax}}"
    "Paid by:   added to your {{operator}} bill, once\n"
    "{{#monthly}}Later:     this shop may charge up to {{monthly}} a month"
    " without asking again\n"
    "{{/monthly}}{{#line}}Line:      {{line}}\n"
    "{{/line}}{{#date}}Date:      {{date}}\n"
    "{{/date}}{{#order}}Order:     {{order}}\n"
    "{{/order}}Reference: {{reference}}\n"
    "{{#support}}Help:      {{support}}\n"
    "{{/support}}{{#stop_url}}\n"
    "To block further purchases from this shop:\n"
    "{{stop_url}}\n"
    "{{/stop_url}}");
ngx_carrierpay_text(MAIL_REFUND,
    "You get money back.\n\n"
    "Shop:      {{merchant}}\n"
    "Item:      {{description}}\n"
    "Refund:    {{price}}\n"
    "Goes to:   your {{operator}} bill or account\n"
    "{{#line}}Line:      {{line}}\n"
    "{{/line}}{{#date}}Paid on:   {{date}}\n"
    "{{/date}}{{#order}}Order:     {{order}}\n"
    "{{/order}}Reference: {{reference}}\n"
    "{{#support}}Help:      {{support}}\n"
    "{{/support}}");
ngx_carrierpay_text(MAIL_SEND, "Send the receipt");
ngx_carrierpay_text(MAIL_SENT, "The receipt will be sent to this address.");
ngx_carrierpay_text(MAIL_SENT_TO, "The receipt will be sent to {{mailed}}.");
ngx_carrierpay_text(MAIL_SUBJECT, "Receipt: {{price}} to {{merchant}}");
ngx_carrierpay_text(MAIL_SUBJECT_REFUND,
    "Refund: {{price}} from {{merchant}}");
ngx_carrierpay_text(MAIL_TITLE, "Receipt by e-mail");

ngx_carrierpay_text(MISSING_TEXT,
    "The link is incomplete or wrong. Go back to the shop and start"
    " again.");
ngx_carrierpay_text(MISSING_TITLE, "There is no such payment");

ngx_carrierpay_text(MO_FREE,
    "The SMS costs what your plan says. Nothing is bought before you"
    " confirm the price on this page.");
ngx_carrierpay_text(MO_INSTEAD, "Send an SMS instead");
ngx_carrierpay_text(MO_NUMBER, "Enter your number instead");
ngx_carrierpay_text(MO_OPEN, "Open the SMS app");
ngx_carrierpay_text(MO_SEND, "{{mo_text}} to {{mo_number}}");
ngx_carrierpay_text(MO_TEXT,
    "Send this SMS from the phone you want to pay with:");
ngx_carrierpay_text(MO_TITLE, "Send us an SMS");
ngx_carrierpay_text(MO_UNAVAILABLE,
    "This line cannot be recognised by an SMS. Enter its number.");
ngx_carrierpay_text(MO_WAIT,
    "You then get an SMS with the price. Answer it as it says to agree:"
    " this page updates automatically.");
ngx_carrierpay_text(MO_WORD, "YES");

ngx_carrierpay_text(MOBILE_AGAIN, "Try on mobile data");
ngx_carrierpay_text(MOBILE_TEXT,
    "On your phone, switch Wi-Fi off so that you use mobile data: your"
    " line is then recognised automatically.");
ngx_carrierpay_text(MOBILE_TITLE, "Pay without a code");

ngx_carrierpay_text(NUMBER_EXHAUSTED,
    "No further code can be sent for this payment. Go back to the shop"
    " and start again, or open this page on the phone itself, on mobile"
    " data.");
ngx_carrierpay_text(NUMBER_FOREIGN,
    "This number belongs to no operator that you can pay with here."
    " Check it, or use another line.");
ngx_carrierpay_text(NUMBER_FREE, "The SMS is free.");
ngx_carrierpay_text(NUMBER_OPERATOR,
    "You seem to be a customer of {{guess}}.");
ngx_carrierpay_text(NUMBER_PRICE,
    "You will see the price once more before you pay.");
ngx_carrierpay_text(NUMBER_HINT, "We send a code to this number by SMS.");
ngx_carrierpay_text(NUMBER_LABEL, "Mobile number");
ngx_carrierpay_text(NUMBER_LATER,
    "Too many codes have been asked for. Wait a while and try again, or"
    " open this page on the phone itself, on mobile data.");
ngx_carrierpay_text(NUMBER_LOCKED,
    "Too many wrong codes were entered for this number, so it cannot pay"
    " with a code for 24 hours, except in a browser in which it has paid"
    " before. You can still pay at once on the phone's mobile data, or by"
    " sending an SMS from it where that is offered.");
ngx_carrierpay_text(NUMBER_LOCKED_HERE,
    "Too many wrong codes were entered for this number, so it cannot pay"
    " with a code in this browser for 24 hours. You can still pay at once on"
    " the phone's mobile data, or by an SMS from it where that is offered.");
ngx_carrierpay_text(NUMBER_MISSING, "Enter your mobile number.");
ngx_carrierpay_text(NUMBER_NO_SMS,
    "No code can be sent by SMS to this operator's lines. Open this page"
    " on the phone itself, on mobile data.");
ngx_carrierpay_text(NUMBER_SEND, "Send me the code");
ngx_carrierpay_text(NUMBER_TITLE, "With your number");
ngx_carrierpay_text(NUMBER_WAIT,
    "A code has just been sent to another number.");

ngx_carrierpay_text(OPEN_SEND, "Continue");
ngx_carrierpay_text(OPEN_TEXT,
    "Continue to see what there is to pay. Nothing is charged before you"
    " confirm.");
ngx_carrierpay_text(OPEN_TITLE, "Your payment");

ngx_carrierpay_text(ORDER, "Order");

ngx_carrierpay_text(PAID_BY, "Payment");

ngx_carrierpay_text(PIN, "The code could not be checked.");
ngx_carrierpay_text(PIN_AGAIN, "You can try again in {{later}}.");
ngx_carrierpay_text(PIN_CHANGED,
    "This code belongs to another number or price. Ask for a new one.");
ngx_carrierpay_text(PIN_EXHAUSTED,
    "Too many wrong codes: this one is no longer good. Ask for a new"
    " one.");
ngx_carrierpay_text(PIN_HINT, "Six digits, good for five minutes.");
ngx_carrierpay_text(PIN_LABEL, "Code from the SMS");
ngx_carrierpay_text(PIN_LAST, "One try is left.");
ngx_carrierpay_text(PIN_LATER,
    "Too many wrong codes were entered over this connection.");
ngx_carrierpay_text(PIN_LEFT, "{{left}} tries are left.");
ngx_carrierpay_text(PIN_LOCKED,
    "Too many wrong codes were entered for this number, so it cannot pay"
    " with a code for 24 hours, except in a browser in which it has paid"
    " before. Nothing was charged. You can still pay at once on the phone's"
    " mobile data, or by sending an SMS from it where that is offered.");
ngx_carrierpay_text(PIN_LOCKED_HERE,
    "Too many wrong codes were entered for this number, so it cannot pay"
    " with a code in this browser for 24 hours. Nothing was charged. You can"
    " still pay at once on the phone's mobile data, or by an SMS from it where"
    " that is offered.");
ngx_carrierpay_text(PIN_LOST,
    "This code cannot be checked any more. Ask for a new one; this try does"
    " not count.");
ngx_carrierpay_text(PIN_MALFORMED, "The code has six digits.");
ngx_carrierpay_text(PIN_MOVED,
    "Your connection has changed since this page was opened. To be sure"
    " that it is you, we have sent you a code.");
ngx_carrierpay_text(PIN_NO_RESEND,
    "No further code can be sent for this payment.");
ngx_carrierpay_text(PIN_NONE, "This code is too old. Ask for a new one.");
ngx_carrierpay_text(PIN_OVER,
    "Too many wrong codes were entered over this connection, and this one will"
    " no longer be good when you may try again. Ask for a new one.");
ngx_carrierpay_text(PIN_OTHER, "Change the number");
ngx_carrierpay_text(PIN_NEEDED,
    "To be sure that this line is yours, we have sent you a code.");
ngx_carrierpay_text(PIN_RESEND, "Send a new code");
ngx_carrierpay_text(PIN_SENT_AGAIN,
    "A new code is on its way. The one before is no longer good.");
ngx_carrierpay_text(PIN_TEXT, "We have sent an SMS with a code to {{line}}.");
ngx_carrierpay_text(PIN_TITLE, "Enter your code");
ngx_carrierpay_text(PIN_TOO_SOON,
    "A code was sent a moment ago. It may take a minute to arrive.");
ngx_carrierpay_text(PIN_WAIT, "You can ask again in {{wait}}.");
ngx_carrierpay_text(PIN_WRONG, "That is not the code in the SMS.");

ngx_carrierpay_text(PRICE, "<small>{{currency}}</small>{{gap}}{{amount}}");

ngx_carrierpay_text(PRIVACY, "Privacy");

ngx_carrierpay_text(PROCESSING_ADVICE, "There is no need to pay again.");
ngx_carrierpay_text(PROCESSING_TEXT,
    "Your operator has not yet answered. This page updates"
    " automatically; you may also close it, the shop is told as soon as it"
    " is known.");
ngx_carrierpay_text(PROCESSING_TITLE, "One moment, please");

ngx_carrierpay_text(PROVIDER,
    "Payment by phone bill, provided by {{provider}}");

ngx_carrierpay_text(RECEIPT_TITLE, "Paid. Thank you!");

ngx_carrierpay_text(REFERENCE, "Reference");

ngx_carrierpay_text(REFUNDED, "Paid back");
ngx_carrierpay_text(REFUNDED_PRICE, "{{currency}}{{gap}}{{refunded}}");

ngx_carrierpay_text(REFUSED_TEXT,
    "This request did not come from our own page, so nothing was done"
    " and nothing was charged.");
ngx_carrierpay_text(REFUSED_TITLE, "Open the page itself");

ngx_carrierpay_text(REJECTED_TEXT,
    "This request cannot be answered, and nothing was charged. Open the"
    " link of your payment again.");
ngx_carrierpay_text(REJECTED_TITLE, "This did not work");

ngx_carrierpay_text(RETURN, "Return to <bdi>{{merchant}}</bdi>");
ngx_carrierpay_text(RETURN_SOON,
    "You will be taken back in ten seconds. Touch the page to stay.");

ngx_carrierpay_text(STOP_BACK, "Back to the receipt");
ngx_carrierpay_text(STOP_LINK, "Block further purchases");
ngx_carrierpay_text(STOP_NONE_TEXT, "No line has paid here.");
ngx_carrierpay_text(STOP_NONE_TITLE, "There is nothing to block");
ngx_carrierpay_text(STOP_SEND, "Block <bdi>{{merchant}}</bdi>");
ngx_carrierpay_text(STOP_TEXT,
    "<bdi>{{merchant}}</bdi> will no longer be able to charge your phone bill."
    " What"
    " you have paid stays paid.");
ngx_carrierpay_text(STOP_TITLE, "Block purchases?");

ngx_carrierpay_text(STOPPED_ADVICE,
    "Our customer service can undo this for you.");
ngx_carrierpay_text(STOPPED_TEXT,
    "The shop can no longer charge your phone bill.");
ngx_carrierpay_text(STOPPED_TITLE, "Purchases are blocked");

ngx_carrierpay_text(SUPPORT, "Questions?");

ngx_carrierpay_text(TAX, "Tax included");
ngx_carrierpay_text(TAX_PRICE, "{{currency}}{{gap}}{{tax}}");

ngx_carrierpay_text(TERMS, "Terms of sale");

ngx_carrierpay_text(TEST, "Test payment: no money moves.");

ngx_carrierpay_text(TITLE, "{{merchant}}, {{currency}}{{gap}}{{amount}}");

ngx_carrierpay_text(TOUCH_TEXT,
    "The payment was not started by a tap on our page, so nothing was"
    " charged. Open the page again and tap the button if you want to"
    " pay.");
ngx_carrierpay_text(TOUCH_TITLE, "Tap the button yourself");

ngx_carrierpay_text(UNAVAILABLE_TEXT,
    "The service cannot answer at the moment. Try again soon; you cannot"
    " be charged twice.");
ngx_carrierpay_text(UNAVAILABLE_TITLE, "Not possible right now");

ngx_carrierpay_text(WAIT_MINUTES, "minutes");
ngx_carrierpay_text(WAIT_SECOND, "second");
ngx_carrierpay_text(WAIT_SECONDS, "seconds");

ngx_carrierpay_text(WAIT_TEXT,
    "We will text you the receipt as soon as it is paid.");

ngx_carrierpay_text(WHY_ABSENT,
    "Your line was not recognised. That is normal on Wi-Fi, with a VPN"
    " or in a data-saving browser.");
ngx_carrierpay_text(WHY_CONFLICT,
    "Your line was not recognised: your connection names more than one"
    " number, so none of them is believed.");
ngx_carrierpay_text(WHY_DUPLICATE,
    "Your line was not recognised: your connection names more than one"
    " number, so none of them is believed.");
ngx_carrierpay_text(WHY_FIXED,
    "You are on your operator’s fixed network. Your mobile line is only"
    " recognised over mobile data.");
ngx_carrierpay_text(WHY_FORGED,
    "Your line was not recognised: what your connection says about it"
    " was not made by your operator.");
ngx_carrierpay_text(WHY_LOST,
    "Your code could not be checked any more, and nothing was charged. Ask"
    " for another one.");
ngx_carrierpay_text(WHY_MALFORMED,
    "Your line was not recognised: what your connection says about it is"
    " not a number of your operator.");
ngx_carrierpay_text(WHY_NO_AGENT,
    "Your line was not recognised: your browser does not say what it is.");
ngx_carrierpay_text(WHY_OFF_NETWORK,
    "Your line was not recognised: you are on Wi-Fi, or on a network"
    " that is not your operator’s.");
ngx_carrierpay_text(WHY_OTHER, "Use another line.");
ngx_carrierpay_text(WHY_PROXY,
    "Your line was not recognised: your connection goes through a proxy,"
    " or a data-saving browser.");
ngx_carrierpay_text(WHY_RELAY,
    "Your browser hides your connection behind a privacy relay. There is"
    " no need to change that: your number will do.");
ngx_carrierpay_text(WHY_STALE,
    "Your line was not recognised: what your connection says about it is"
    " too old. Try once more.");
ngx_carrierpay_text(WHY_UNAVAILABLE,
    "Your line could not be recognised just now.");
ngx_carrierpay_text(WHY_UNTRUSTED,
    "Your line was not recognised: this connection does not come from"
    " the mobile network of an operator that you can pay with here.");
ngx_carrierpay_text(WHY_USED,
    "This page is good for one visit, and that is over. Your line has to"
    " be recognised once more.");
ngx_carrierpay_text(WHY_VPN,
    "Your line was not recognised: your connection goes through a VPN.");


const ngx_carrierpay_language_t  ngx_carrierpay_language_en = {
    ngx_string("en"),
    NGX_CARRIERPAY_LOCALE_EN,
    { NGX_CARRIERPAY_PHRASES(ngx_carrierpay_text_row) }
};
