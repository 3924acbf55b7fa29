
/*
 * The texts of SMS in English, for the file of the language: in the GSM 7-bit
 * default alphabet, see ngx_carrierpay_translation.h.
 */


#ifndef _NGX_CARRIERPAY_LANGUAGE_EN_SMS_H_INCLUDED_
#define _NGX_CARRIERPAY_LANGUAGE_EN_SMS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_translation.h"


ngx_carrierpay_text(SMS_AGREED,
    "Thank you. Go back to the page to pay {{price}} to"
    " {{merchant}}.");
ngx_carrierpay_text(SMS_ANSWERED,
    "Thank you. Go back to the page: it asks for a code that we send you"
    " before you pay {{price}} to {{merchant}}.");
ngx_carrierpay_text(SMS_ASK,
    "{{merchant}}: {{price}} on your phone bill{{#monthly}}, and later up to"
    " {{monthly}} a month without asking, until you reply STOP{{/monthly}}."
    " To pay, reply PAY {{code}}. Not you? Do nothing: nothing is charged.");
ngx_carrierpay_text(SMS_CODE_UNKNOWN,
    "This code is unknown or too old, and nothing was charged. Go back"
    " to the page and ask for a new one.");
ngx_carrierpay_text(SMS_HELP,
    "Payments on the phone bill.{{#merchant}} Last one:"
    " {{merchant}}.{{/merchant}}{{#support}} Help:"
    " {{support}}.{{/support}} STOP: block purchases.");
ngx_carrierpay_text(SMS_INFO,
    "A price that you confirm is added to your phone bill once; a shop can"
    " charge you later only up to the amount a month that you agreed to."
    "{{#support}} Help:"
    " {{support}}.{{/support}} STOP: block purchases.");
ngx_carrierpay_text(SMS_PIN,
    "{{merchant}}: your code is {{code}} to pay {{price}}{{#monthly}} and to"
    " allow up to {{monthly}} a month later{{/monthly}}."
    " Never share it.");
ngx_carrierpay_text(SMS_RECEIPT,
    "{{merchant}}: {{price}} paid, on your {{operator}}"
    " bill.{{#monthly}} The shop may charge up to {{monthly}} a month later"
    " without asking.{{/monthly}} Ref {{reference}}.{{#support}} Help:"
    " {{support}}.{{/support}} To block purchases reply STOP.");
ngx_carrierpay_text(SMS_REFUND,
    "{{merchant}}: {{price}} paid back, to your {{operator}} bill or account."
    " Ref {{reference}}.{{#support}} Help: {{support}}{{/support}}");
ngx_carrierpay_text(SMS_STOPPED,
    "Done: {{merchant}} can no longer charge this number.{{#support}}"
    " Help: {{support}}{{/support}}");
ngx_carrierpay_text(SMS_STOPPED_ALL,
    "Done: no shop can charge this number through us any more. What was"
    " paid before is not changed.");


#endif /* _NGX_CARRIERPAY_LANGUAGE_EN_SMS_H_INCLUDED_ */
