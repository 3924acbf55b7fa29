
/*
 * Phrases: the list of everything that shoppers read, without its wording.
 *
 * The list names each phrase twice, as an enumerator for C and as a word for
 * the templates of pages, which write [[word]].  Each language must have a
 * text for each phrase of the list and for no other one: the compiler refuses
 * a language that lacks one (see ngx_carrierpay_translation.h).
 *
 * Some words are made of the name of a family and of a word that is known at
 * run time, for example a reason: "code_" and "limit_exceeded".  Their
 * enumerators are not named in the sources.
 *
 * All functions here are pure.
 */


#ifndef _NGX_CARRIERPAY_PHRASE_H_INCLUDED_
#define _NGX_CARRIERPAY_PHRASE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_PHRASES(phrase)                                        \
    phrase(AGAIN, "again")                                                    \
    phrase(ALERT, "alert")                                                    \
    phrase(APPROVE_ADVICE, "approve_advice")                                  \
    phrase(APPROVE_TEXT, "approve_text")                                      \
    phrase(APPROVE_TITLE, "approve_title")                                    \
    phrase(AUTHORIZED_TEXT, "authorized_text")                                \
    phrase(AUTHORIZED_TITLE, "authorized_title")                              \
    phrase(BARRED, "barred_")                                                 \
    phrase(BARRED_AGAIN, "barred_again")                                      \
    phrase(BARRED_FREE, "barred_free")                                        \
    phrase(BARRED_HOST, "barred_host")                                        \
    phrase(BARRED_INSTEAD, "barred_instead")                                  \
    phrase(BARRED_OPERATOR, "barred_operator")                                \
    phrase(BARRED_TITLE, "barred_title")                                      \
    phrase(BILL, "bill")                                                      \
    phrase(CANCEL, "cancel")                                                  \
    phrase(CANCELED_TEXT, "canceled_text")                                    \
    phrase(CANCELED_TITLE, "canceled_title")                                  \
    phrase(CODE, "code_")                                                     \
    phrase(CODE_AMOUNT_NOT_ALLOWED, "code_amount_not_allowed")                \
    phrase(CODE_BLOCKED_BY_SUBSCRIBER, "code_blocked_by_subscriber")          \
    phrase(CODE_CATEGORY_NOT_ALLOWED, "code_category_not_allowed")            \
    phrase(CODE_CURRENCY_MISMATCH, "code_currency_mismatch")                  \
    phrase(CODE_CURRENCY_NOT_SUPPORTED, "code_currency_not_supported")        \
    phrase(CODE_DECLINED_BY_SUBSCRIBER, "code_declined_by_subscriber")        \
    phrase(CODE_FIXED_LINE, "code_fixed_line")                                \
    phrase(CODE_INSUFFICIENT_FUNDS, "code_insufficient_funds")                \
    phrase(CODE_LIMIT_DAY, "code_limit_day")                                  \
    phrase(CODE_LIMIT_EXCEEDED, "code_limit_exceeded")                        \
    phrase(CODE_LIMIT_MONTH, "code_limit_month")                              \
    phrase(CODE_LIMIT_TOTAL, "code_limit_total")                              \
    phrase(CODE_LIMIT_WEEK, "code_limit_week")                                \
    phrase(CODE_MERCHANT_NOT_ALLOWED, "code_merchant_not_allowed")            \
    phrase(CODE_MVNO_BARRED, "code_mvno_barred")                              \
    phrase(CODE_NO_CONTRACT, "code_no_contract")                              \
    phrase(CODE_NOT_A_NUMBER, "code_not_a_number")                            \
    phrase(CODE_NUMBER_PORTED, "code_number_ported")                          \
    phrase(CODE_OPERATOR_NOT_CONNECTED, "code_operator_not_connected")        \
    phrase(CODE_OPERATOR_UNAVAILABLE, "code_operator_unavailable")            \
    phrase(CODE_OVER_LIMIT, "code_over_limit")                                \
    phrase(CODE_SERVICE_NOT_ALLOWED, "code_service_not_allowed")              \
    phrase(CODE_SUBSCRIBER_BLOCKED, "code_subscriber_blocked")                \
    phrase(CODE_SUBSCRIBER_NOT_ELIGIBLE, "code_subscriber_not_eligible")      \
    phrase(CODE_SUBSCRIBER_NOT_FOUND, "code_subscriber_not_found")            \
    phrase(CONFIRM_PAY, "confirm_pay")                                        \
    phrase(CONFIRM_RESERVE, "confirm_reserve")                                \
    phrase(CONFIRM_RESERVED, "confirm_reserved")                              \
    phrase(CONFIRM_SOON, "confirm_soon")                                      \
    phrase(CONFIRM_TERMS, "confirm_terms")                                    \
    phrase(CONFIRM_TITLE, "confirm_title")                                    \
    phrase(COUNTRY, "country")                                                \
    phrase(COUNTRY_BE, "country_BE")                                          \
    phrase(COUNTRY_BF, "country_BF")                                          \
    phrase(COUNTRY_BJ, "country_BJ")                                          \
    phrase(COUNTRY_CD, "country_CD")                                          \
    phrase(COUNTRY_CF, "country_CF")                                          \
    phrase(COUNTRY_CG, "country_CG")                                          \
    phrase(COUNTRY_CH, "country_CH")                                          \
    phrase(COUNTRY_CI, "country_CI")                                          \
    phrase(COUNTRY_CM, "country_CM")                                          \
    phrase(COUNTRY_DE, "country_DE")                                          \
    phrase(COUNTRY_DZ, "country_DZ")                                          \
    phrase(COUNTRY_ES, "country_ES")                                          \
    phrase(COUNTRY_FR, "country_FR")                                          \
    phrase(COUNTRY_GA, "country_GA")                                          \
    phrase(COUNTRY_GB, "country_GB")                                          \
    phrase(COUNTRY_GH, "country_GH")                                          \
    phrase(COUNTRY_GN, "country_GN")                                          \
    phrase(COUNTRY_IE, "country_IE")                                          \
    phrase(COUNTRY_IT, "country_IT")                                          \
    phrase(COUNTRY_KE, "country_KE")                                          \
    phrase(COUNTRY_LU, "country_LU")                                          \
    phrase(COUNTRY_MA, "country_MA")                                          \
    phrase(COUNTRY_MG, "country_MG")                                          \
    phrase(COUNTRY_ML, "country_ML")                                          \
    phrase(COUNTRY_NE, "country_NE")                                          \
    phrase(COUNTRY_NG, "country_NG")                                          \
    phrase(COUNTRY_NL, "country_NL")                                          \
    phrase(COUNTRY_PT, "country_PT")                                          \
    phrase(COUNTRY_RW, "country_RW")                                          \
    phrase(COUNTRY_SN, "country_SN")                                          \
    phrase(COUNTRY_TD, "country_TD")                                          \
    phrase(COUNTRY_TG, "country_TG")                                          \
    phrase(COUNTRY_TN, "country_TN")                                          \
    phrase(COUNTRY_TZ, "country_TZ")                                          \
    phrase(COUNTRY_UG, "country_UG")                                          \
    phrase(COUNTRY_ZA, "country_ZA")                                          \
    phrase(DATE, "date")                                                      \
    phrase(DECLINED, "declined")                                              \
    phrase(DECLINED_ADVICE, "declined_advice")                                \
    phrase(DECLINED_OTHER, "declined_other")                                  \
    phrase(DIR, "dir")                                                        \
    phrase(ERROR, "error")                                                    \
    phrase(EXPIRED_TEXT, "expired_text")                                      \
    phrase(EXPIRED_TITLE, "expired_title")                                    \
    phrase(FAILED_ADVICE, "failed_advice")                                    \
    phrase(FAILED_TITLE, "failed_title")                                      \
    phrase(FOOTER, "footer")                                                  \
    phrase(FRAMED_TEXT, "framed_text")                                        \
    phrase(HELP, "help")                                                      \
    phrase(IDENTIFY_TITLE, "identify_title")                                  \
    phrase(INSTEAD, "instead_")                                               \
    phrase(INSTEAD_AMOUNT_NOT_ALLOWED, "instead_amount_not_allowed")          \
    phrase(INSTEAD_BLOCKED_BY_SUBSCRIBER, "instead_blocked_by_subscriber")    \
    phrase(INSTEAD_CURRENCY_NOT_SUPPORTED, "instead_currency_not_supported")  \
    phrase(INSTEAD_FIXED_LINE, "instead_fixed_line")                          \
    phrase(INSTEAD_MVNO_BARRED, "instead_mvno_barred")                        \
    phrase(INSTEAD_OPERATOR_NOT_CONNECTED, "instead_operator_not_connected")  \
    phrase(INSTEAD_OVER_LIMIT, "instead_over_limit")                          \
    phrase(LANG, "lang")                                                      \
    phrase(LATER_CHARGES, "later_charges")                                    \
    phrase(LIMITED_TEXT, "limited_text")                                      \
    phrase(LIMITED_TITLE, "limited_title")                                    \
    phrase(LINE, "line")                                                      \
    phrase(MAIL_LABEL, "mail_label")                                          \
    phrase(MAIL_MALFORMED, "mail_malformed")                                  \
    phrase(MAIL_MANY, "mail_many")                                            \
    phrase(MAIL_RECEIPT, "mail_receipt")                                      \
    phrase(MAIL_REFUND, "mail_refund")                                        \
    phrase(MAIL_SEND, "mail_send")                                            \
    phrase(MAIL_SENT, "mail_sent")                                            \
    phrase(MAIL_SENT_TO, "mail_sent_to")                                      \
    phrase(MAIL_SUBJECT, "mail_subject")                                      \
    phrase(MAIL_SUBJECT_REFUND, "mail_subject_refund")                        \
    phrase(MAIL_TITLE, "mail_title")                                          \
    phrase(MISSING_TEXT, "missing_text")                                      \
    phrase(MISSING_TITLE, "missing_title")                                    \
    phrase(MO_FREE, "mo_free")                                                \
    phrase(MO_INSTEAD, "mo_instead")                                          \
    phrase(MO_NUMBER, "mo_number")                                            \
    phrase(MO_OPEN, "mo_open")                                                \
    phrase(MO_SEND, "mo_send")                                                \
    phrase(MO_TEXT, "mo_text")                                                \
    phrase(MO_TITLE, "mo_title")                                              \
    phrase(MO_UNAVAILABLE, "mo_unavailable")                                  \
    phrase(MO_WAIT, "mo_wait")                                                \
    phrase(MO_WORD, "mo_word")                                                \
    phrase(MOBILE_AGAIN, "mobile_again")                                      \
    phrase(MOBILE_TEXT, "mobile_text")                                        \
    phrase(MOBILE_TITLE, "mobile_title")                                      \
    phrase(NUMBER_EXHAUSTED, "number_exhausted")                              \
    phrase(NUMBER_FOREIGN, "number_foreign")                                  \
    phrase(NUMBER_FREE, "number_free")                                        \
    phrase(NUMBER_OPERATOR, "number_operator")                                \
    phrase(NUMBER_PRICE, "number_price")                                      \
    phrase(NUMBER_HINT, "number_hint")                                        \
    phrase(NUMBER_LABEL, "number_label")                                      \
    phrase(NUMBER_LATER, "number_later")                                      \
    phrase(NUMBER_LOCKED, "number_locked")                                    \
    phrase(NUMBER_LOCKED_HERE, "number_locked_here")                          \
    phrase(NUMBER_MISSING, "number_missing")                                  \
    phrase(NUMBER_NO_SMS, "number_no_sms")                                    \
    phrase(NUMBER_SEND, "number_send")                                        \
    phrase(NUMBER_TITLE, "number_title")                                      \
    phrase(NUMBER_WAIT, "number_wait")                                        \
    phrase(OPEN_SEND, "open_send")                                            \
    phrase(OPEN_TEXT, "open_text")                                            \
    phrase(OPEN_TITLE, "open_title")                                          \
    phrase(ORDER, "order")                                                    \
    phrase(PAID_BY, "paid_by")                                                \
    phrase(PIN, "pin_")                                                       \
    phrase(PIN_AGAIN, "pin_again")                                            \
    phrase(PIN_CHANGED, "pin_changed")                                        \
    phrase(PIN_EXHAUSTED, "pin_exhausted")                                    \
    phrase(PIN_HINT, "pin_hint")                                              \
    phrase(PIN_LABEL, "pin_label")                                            \
    phrase(PIN_LAST, "pin_last")                                              \
    phrase(PIN_LATER, "pin_later")                                            \
    phrase(PIN_LEFT, "pin_left")                                              \
    phrase(PIN_LOCKED, "pin_locked")                                          \
    phrase(PIN_LOCKED_HERE, "pin_locked_here")                                \
    phrase(PIN_LOST, "pin_lost")                                              \
    phrase(PIN_MALFORMED, "pin_malformed")                                    \
    phrase(PIN_MOVED, "pin_moved")                                            \
    phrase(PIN_NO_RESEND, "pin_no_resend")                                    \
    phrase(PIN_NONE, "pin_none")                                              \
    phrase(PIN_OVER, "pin_over")                                              \
    phrase(PIN_OTHER, "pin_other")                                            \
    phrase(PIN_NEEDED, "pin_needed")                                          \
    phrase(PIN_RESEND, "pin_resend")                                          \
    phrase(PIN_SENT_AGAIN, "pin_sent_again")                                  \
    phrase(PIN_TEXT, "pin_text")                                              \
    phrase(PIN_TITLE, "pin_title")                                            \
    phrase(PIN_TOO_SOON, "pin_too_soon")                                      \
    phrase(PIN_WAIT, "pin_wait")                                              \
    phrase(PIN_WRONG, "pin_wrong")                                            \
    phrase(PRICE, "price")                                                    \
    phrase(PRIVACY, "privacy")                                                \
    phrase(PROCESSING_ADVICE, "processing_advice")                            \
    phrase(PROCESSING_TEXT, "processing_text")                                \
    phrase(PROCESSING_TITLE, "processing_title")                              \
    phrase(PROVIDER, "provider")                                              \
    phrase(RECEIPT_TITLE, "receipt_title")                                    \
    phrase(REFERENCE, "reference")                                            \
    phrase(REFUNDED, "refunded")                                              \
    phrase(REFUNDED_PRICE, "refunded_price")                                  \
    phrase(REFUSED_TEXT, "refused_text")                                      \
    phrase(REFUSED_TITLE, "refused_title")                                    \
    phrase(REJECTED_TEXT, "rejected_text")                                    \
    phrase(REJECTED_TITLE, "rejected_title")                                  \
    phrase(RETURN, "return")                                                  \
    phrase(RETURN_SOON, "return_soon")                                        \
    phrase(SMS_AGREED, "sms_agreed")                                          \
    phrase(SMS_ANSWERED, "sms_answered")                                      \
    phrase(SMS_ASK, "sms_ask")                                                \
    phrase(SMS_CODE_UNKNOWN, "sms_code_unknown")                              \
    phrase(SMS_HELP, "sms_help")                                              \
    phrase(SMS_INFO, "sms_info")                                              \
    phrase(SMS_PIN, "sms_pin")                                                \
    phrase(SMS_RECEIPT, "sms_receipt")                                        \
    phrase(SMS_REFUND, "sms_refund")                                          \
    phrase(SMS_STOPPED, "sms_stopped")                                        \
    phrase(SMS_STOPPED_ALL, "sms_stopped_all")                                \
    phrase(STOP_BACK, "stop_back")                                            \
    phrase(STOP_LINK, "stop_link")                                            \
    phrase(STOP_NONE_TEXT, "stop_none_text")                                  \
    phrase(STOP_NONE_TITLE, "stop_none_title")                                \
    phrase(STOP_SEND, "stop_send")                                            \
    phrase(STOP_TEXT, "stop_text")                                            \
    phrase(STOP_TITLE, "stop_title")                                          \
    phrase(STOPPED_ADVICE, "stopped_advice")                                  \
    phrase(STOPPED_TEXT, "stopped_text")                                      \
    phrase(STOPPED_TITLE, "stopped_title")                                    \
    phrase(SUPPORT, "support")                                                \
    phrase(TAX, "tax")                                                        \
    phrase(TAX_PRICE, "tax_price")                                            \
    phrase(TERMS, "terms")                                                    \
    phrase(TEST, "test")                                                      \
    phrase(TITLE, "title")                                                    \
    phrase(TOUCH_TEXT, "touch_text")                                          \
    phrase(TOUCH_TITLE, "touch_title")                                        \
    phrase(UNAVAILABLE_TEXT, "unavailable_text")                              \
    phrase(UNAVAILABLE_TITLE, "unavailable_title")                            \
    phrase(WAIT_MINUTES, "wait_minutes")                                      \
    phrase(WAIT_SECOND, "wait_second")                                        \
    phrase(WAIT_SECONDS, "wait_seconds")                                      \
    phrase(WAIT_TEXT, "wait_text")                                            \
    phrase(WHY_ABSENT, "why_absent")                                          \
    phrase(WHY_CONFLICT, "why_conflict")                                      \
    phrase(WHY_DUPLICATE, "why_duplicate")                                    \
    phrase(WHY_FIXED, "why_fixed")                                            \
    phrase(WHY_FORGED, "why_forged")                                          \
    phrase(WHY_LOST, "why_lost")                                              \
    phrase(WHY_MALFORMED, "why_malformed")                                    \
    phrase(WHY_NO_AGENT, "why_no_agent")                                      \
    phrase(WHY_OFF_NETWORK, "why_off_network")                                \
    phrase(WHY_OTHER, "why_other")                                            \
    phrase(WHY_PROXY, "why_proxy")                                            \
    phrase(WHY_RELAY, "why_relay")                                            \
    phrase(WHY_STALE, "why_stale")                                            \
    phrase(WHY_UNAVAILABLE, "why_unavailable")                                \
    phrase(WHY_UNTRUSTED, "why_untrusted")                                    \
    phrase(WHY_USED, "why_used")                                              \
    phrase(WHY_VPN, "why_vpn")


#define ngx_carrierpay_phrase_enum(phrase, name)                              \
    NGX_CARRIERPAY_PHRASE_##phrase,

typedef enum {
    NGX_CARRIERPAY_PHRASE_NONE = 0,      /* its text is empty */
    NGX_CARRIERPAY_PHRASES(ngx_carrierpay_phrase_enum)
    NGX_CARRIERPAY_PHRASE_MAX
} ngx_carrierpay_phrase_e;


/*
 * Returns the phrase of this name, or NGX_CARRIERPAY_PHRASE_NONE if there is
 * none.
 */
ngx_carrierpay_phrase_e ngx_carrierpay_phrase_parse(const ngx_str_t *name);

/*
 * Returns the phrase whose name is that of the family ("code_") followed by
 * the word.  If there is no such phrase, or the word is empty, then the
 * function returns "other", which may be NGX_CARRIERPAY_PHRASE_NONE.
 */
ngx_carrierpay_phrase_e ngx_carrierpay_phrase_variant(const char *family,
    const ngx_str_t *word, ngx_carrierpay_phrase_e other);


#endif /* _NGX_CARRIERPAY_PHRASE_H_INCLUDED_ */
