
/*
 * The shopper's pages, one row each, and the values of their templates.
 *
 * A new page is a row here, a template (unless it shares one), a function that
 * sets its values (unless it shares one), and its phrases in each language.
 * What is known by name of a page or a value is made from these rows.
 */


#ifndef _NGX_HTTP_CARRIERPAY_PAGE_LIST_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_PAGE_LIST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * A page:
 *
 *   name, as in NGX_HTTP_CARRIERPAY_PAGE_name
 *   template, as in ngx_http_carrierpay_template_name
 *   state, the page's data-state, by which the script knows it again
 *   status of the answer; 0: 200, or 429 or 422 when something is wrong
 *   phrases of heading, reason and advice, as in NGX_CARRIERPAY_PHRASE_name
 *   fill, as in ngx_http_carrierpay_fill_name: sets the page's own values
 */

#define NGX_HTTP_CARRIERPAY_PAGES(page)                                       \
    page(CONFIRM, confirm, "confirm", 0,                                      \
         NONE, NONE, NONE, confirm)                                           \
    page(IDENTIFY, identify, "identify", 0,                                   \
         NONE, NONE, NONE, identify)                                          \
    page(PIN, pin, "pin", 0,                                                  \
         NONE, NONE, NONE, pin)                                               \
    page(SMS_CODE, sms_code, "mo", NGX_HTTP_OK,                               \
         NONE, NONE, NONE, sms_code)                                          \
    page(BARRED, barred, "barred", 0,                                         \
         NONE, NONE, NONE, barred)                                            \
    page(APPROVE, wait, "approve", NGX_HTTP_OK,                               \
         APPROVE_TITLE, APPROVE_TEXT, APPROVE_ADVICE, wait)                   \
    page(PROCESSING, wait, "processing", NGX_HTTP_OK,                         \
         PROCESSING_TITLE, PROCESSING_TEXT, PROCESSING_ADVICE, wait)          \
    page(AUTHORIZED, reserved, "authorized", NGX_HTTP_OK,                     \
         AUTHORIZED_TITLE, AUTHORIZED_TEXT, NONE, nothing)                    \
    page(RECEIPT, receipt, "succeeded", 0,                                    \
         NONE, NONE, NONE, receipt)                                           \
    page(FAILED, message, "failed", NGX_HTTP_OK,                              \
         FAILED_TITLE, NONE, FAILED_ADVICE, failed)                           \
    page(EXPIRED, message, "expired", NGX_HTTP_OK,                            \
         EXPIRED_TITLE, EXPIRED_TEXT, NONE, nothing)                          \
    page(CANCELED, message, "canceled", NGX_HTTP_OK,                          \
         CANCELED_TITLE, CANCELED_TEXT, NONE, nothing)                        \
    page(STOP, stop, "stop", NGX_HTTP_OK,                                     \
         NONE, NONE, NONE, stop)                                              \
    page(STOPPED, message, "stopped", NGX_HTTP_OK,                            \
         STOPPED_TITLE, STOPPED_TEXT, STOPPED_ADVICE, stopped)                \
    page(STOP_NONE, message, "stop", NGX_HTTP_NOT_FOUND,                      \
         STOP_NONE_TITLE, STOP_NONE_TEXT, NONE, stopped)                      \
    page(REFUSED, message, "message", NGX_HTTP_FORBIDDEN,                     \
         REFUSED_TITLE, REFUSED_TEXT, NONE, message)                          \
    page(FRAMED, message, "message", NGX_HTTP_FORBIDDEN,                      \
         REFUSED_TITLE, FRAMED_TEXT, NONE, message)                           \
    page(UNTOUCHED, message, "message", NGX_HTTP_FORBIDDEN,                   \
         TOUCH_TITLE, TOUCH_TEXT, NONE, message)                              \
    page(MISSING, message, "message", NGX_HTTP_NOT_FOUND,                     \
         MISSING_TITLE, MISSING_TEXT, NONE, message)                          \
    page(NOT_ALLOWED, message, "message", NGX_HTTP_NOT_ALLOWED,               \
         MISSING_TITLE, MISSING_TEXT, NONE, message)                          \
    page(REJECTED, message, "message", NGX_HTTP_BAD_REQUEST,                  \
         REJECTED_TITLE, REJECTED_TEXT, NONE, message)                        \
    page(LIMITED, message, "message", NGX_HTTP_TOO_MANY_REQUESTS,             \
         LIMITED_TITLE, LIMITED_TEXT, NONE, message)                          \
    page(UNAVAILABLE, message, "message", NGX_HTTP_SERVICE_UNAVAILABLE,       \
         UNAVAILABLE_TITLE, UNAVAILABLE_TEXT, NONE, message)


#define ngx_http_carrierpay_page_number(name, template, state, status,        \
    heading, reason, advice, fill)                                            \
    NGX_HTTP_CARRIERPAY_PAGE_##name,

typedef enum {
    NGX_HTTP_CARRIERPAY_PAGE_BY_STATE = 0,  /* that of the payment's state */

    NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_page_number)

    NGX_HTTP_CARRIERPAY_PAGE_MAX
} ngx_http_carrierpay_page_e;


/*
 * The values of templates: number, name, and whether the value is HTML
 * already.  Whatever comes from a merchant or a shopper is text, and is
 * escaped.
 */

#define NGX_HTTP_CARRIERPAY_VALUES(value)                                     \
    value(BASE, "base", 0)              /* path of the location */            \
    value(STYLE, "style", 0)            /* names of assets */                 \
    value(SCRIPT, "script", 0)                                                \
    value(COLOUR, "colour", 0)          /* six hex digits; or empty */        \
    value(LOGO, "logo", 0)              /* a data: URI; or empty */           \
    value(STATE, "state", 0)            /* of the page, for the script */     \
    value(LIVE, "live", 0)              /* URL that the script polls */       \
    value(CHECKOUT, "checkout", 0)      /* cs_… */                            \
    value(TEST, "test", 0)              /* set: no money moves */             \
    value(PROVIDER, "provider", 0)      /* of the payment service, */         \
    value(HELP, "help", 0)              /* its help desk, */                  \
    value(HELP_URL, "help_url", 0)      /* and links; or empty */             \
    value(PRIVACY, "privacy", 0)                                              \
    value(MERCHANT, "merchant", 0)                                            \
    value(SUPPORT, "support", 0)        /* the merchant's help desk, */       \
    value(SUPPORT_URL, "support_url", 0)  /* and a link; or empty */          \
    value(TERMS, "terms", 0)                                                  \
    value(DESCRIPTION, "description", 0)                                      \
    value(AMOUNT, "amount", 0)                                                \
    value(CURRENCY, "currency", 0)                                            \
    value(GAP, "gap", 0)                /* a no-break space; or empty */      \
    value(MONTHLY, "monthly", 0)        /* of later charges; or empty */      \
    value(OPERATOR, "operator", 0)      /* by the name customers know */      \
    value(HOST, "host", 0)              /* of an MVNO: its network */         \
    value(END_USER, "line", 0)          /* the number, masked or not */       \
    value(TOKEN, "token", 0)            /* of a form, good for one use */     \
    value(FORM, "form", 0)              /* the token of the other forms */    \
    value(AFTER, "after", 0)            /* ms in view before a tap counts */  \
    value(REFERENCE, "reference", 0)    /* pay_… */                           \
    value(DATE, "date", 0)              /* of the payment */                  \
    value(ORDER, "order", 0)            /* the merchant's reference */        \
    value(TAX, "tax", 0)                /* in the price; or empty */          \
    value(REFUNDED, "refunded", 0)      /* so far; or empty */                \
    value(MANUAL, "manual", 0)          /* set: the tap reserves */           \
    value(TEXTED, "texted", 0)          /* set: a receipt comes by SMS */     \
    value(RETURN, "return", 0)          /* the shop, with the outcome */      \
    value(AGAIN, "again", 0)            /* the plain listener */              \
    value(COUNTRIES, "countries", 1)    /* options of a select */             \
    value(NETWORK, "guess", 0)          /* operator of the client network */  \
    value(NUMBER, "number", 0)          /* as it was typed */                 \
    value(FREE, "free", 0)              /* set: an SMS costs nothing */       \
    value(MAIL, "mail", 0)              /* set: receipts can be mailed */     \
    value(EMAIL, "email", 0)            /* as it was typed */                 \
    value(MAILED, "mailed", 0)          /* where the receipt goes */          \
    value(ALERT, "alert", 0)            /* what is wrong */                   \
    value(DECLINED, "declined", 1)      /* items of a list of attempts */     \
    value(NOTE, "note", 0)              /* what has happened */               \
    value(LEFT, "left", 0)              /* tries, if more than one */         \
    value(LAST, "last", 0)              /* set: one try is left */            \
    value(LATER, "later", 0)            /* when another try may be made */    \
    value(DEAD, "dead", 0)              /* set: the PIN cannot be entered */  \
    value(RESEND, "resend", 0)          /* set: another PIN can be sent */    \
    value(WAIT, "wait", 0)              /* until then, in words */            \
    value(WAIT_SECONDS, "wait_seconds", 0)  /* and in seconds */              \
    value(SMS_COUNTRY, "mo", 0)         /* empty: no code by SMS */           \
    value(SMS_TEXT, "mo_text", 0)       /* what the SMS says, */              \
    value(SMS_NUMBER, "mo_number", 0)   /* the number it goes to, */          \
    value(SMS_URL, "mo_url", 0)         /* and the link that writes it */     \
    value(CSS_CLASS, "mood", 0)         /* of the stylesheet */               \
    value(HEADING, "heading", 0)                                              \
    value(REASON, "reason", 0)                                                \
    value(ADVICE, "advice", 0)


#define ngx_http_carrierpay_value_number(name, text, html)                    \
    NGX_HTTP_CARRIERPAY_VALUE_##name,

typedef enum {
    NGX_HTTP_CARRIERPAY_VALUES(ngx_http_carrierpay_value_number)

    NGX_HTTP_CARRIERPAY_VALUE_MAX
} ngx_http_carrierpay_value_e;


/* A value by its name, in a function that has an array `values`. */

#define ngx_http_carrierpay_value(name)                                       \
    values[NGX_HTTP_CARRIERPAY_VALUE_##name]


#endif /* _NGX_HTTP_CARRIERPAY_PAGE_LIST_H_INCLUDED_ */
