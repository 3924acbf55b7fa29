
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_templates.h"


/* a data: URI, which the policy allows and no request is made for */

#define NGX_HTTP_CARRIERPAY_ICON                                              \
    "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg"                     \
        " xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect"   \
        " width='16' height='16' rx='4' fill='%230b4fd1'/%3E%3Cpath"          \
        " d='M4 8.5l3 3 5-6' fill='none' stroke='%23fff' stroke-width='2'/"   \
        "%3E%3C/svg%3E\">\n"

/* every page's title has merchant and price, where there is a payment */

#define NGX_HTTP_CARRIERPAY_HEAD(title)                                       \
    "<!doctype html>\n"                                                       \
    "<html lang=\"[[lang]]\" dir=\"[[dir]]\">\n"                              \
    "<head>\n"                                                                \
    "<meta charset=\"utf-8\">\n"                                              \
    "<meta name=\"viewport\" content=\"width=device-width,"                   \
        " initial-scale=1\">\n"                                               \
    "<meta name=\"color-scheme\" content=\"light dark\">\n"                   \
    "<meta name=\"robots\" content=\"noindex\">\n"                            \
    "<meta name=\"format-detection\" content=\"telephone=no\">\n"             \
    "<title>{{#alert}}[[error]] {{/alert}}"                                   \
        title                                                                 \
    "{{#merchant}} – [[title]]{{/merchant}}</title>\n"                        \
    NGX_HTTP_CARRIERPAY_ICON                                                  \
    "<link rel=\"stylesheet\" href=\"{{base}}{{style}}\">\n"                  \
    "{{#colour}}<link rel=\"stylesheet\" href=\"{{base}}colour.{{colour}}"    \
        ".css\">\n"                                                           \
    "{{/colour}}{{#live}}<noscript><meta http-equiv=\"refresh\""              \
        " content=\"4;url={{live}}\"></noscript>\n"                           \
    "{{/live}}<script src=\"{{base}}{{script}}\" defer></script>\n"           \
    "</head>\n"                                                               \
    "<body>\n"                                                                \
    "{{#test}}<header class=\"test\">[[test]]</header>\n"                     \
    "{{/test}}<main data-state=\"{{state}}\" data-live=\"{{live}}\">\n"

#define NGX_HTTP_CARRIERPAY_FOOT                                              \
    "</main>\n"                                                               \
    "<footer>\n"                                                              \
    "{{#support}}<p>[[support]] {{#support_url}}<a href=\"{{support_url}}\">" \
        "{{support}}</a>{{/support_url}}{{^support_url}}{{support}}"          \
        "{{/support_url}}</p>\n"                                              \
    "{{/support}}{{#terms}}<p><a href=\"{{terms}}\" rel=\"noreferrer\""       \
        " target=\"_blank\">[[terms]]</a></p>\n"                              \
    "{{/terms}}<p>{{#provider}}[[provider]]{{/provider}}{{^provider}}"        \
        "[[footer]]{{/provider}}</p>\n"                                       \
    "{{#help}}<p>[[help]] {{#help_url}}<a href=\"{{help_url}}\">{{help}}"     \
        "</a>{{/help_url}}{{^help_url}}{{help}}{{/help_url}}</p>\n"           \
    "{{/help}}{{#privacy}}<p><a href=\"{{privacy}}\" rel=\"noreferrer\""      \
        " target=\"_blank\">[[privacy]]</a></p>\n"                            \
    "{{/privacy}}"                                                            \
    "</footer>\n"                                                             \
    "</body>\n"                                                               \
    "</html>\n"

/* the shop */

#define NGX_HTTP_CARRIERPAY_SHOP                                              \
    "<p class=\"shop\">{{#logo}}<img class=\"logo\" src=\"{{logo}}\""         \
        " alt=\"\" width=\"40\" height=\"40\">{{/logo}}<bdi>{{merchant}}"     \
        "</bdi></p>\n"

/* what is bought, and its price */

#define NGX_HTTP_CARRIERPAY_BUY                                               \
    "<div class=\"buy\">\n"                                                   \
    "<p class=\"description\"><bdi>{{description}}</bdi></p>\n"               \
    "<p class=\"price\">[[price]]</p>\n"                                      \
    "{{#monthly}}<p class=\"later\">[[later_charges]]</p>\n"                  \
    "{{/monthly}}</div>\n"

/* of a payment in two steps the tap reserves */

#define NGX_HTTP_CARRIERPAY_PAY                                               \
    "{{#manual}}[[confirm_reserve]]{{/manual}}"                               \
    "{{^manual}}[[confirm_pay]]{{/manual}}</button>\n"                        \
    "</form>\n"                                                               \
    "<p class=\"small\">{{#manual}}[[confirm_reserved]]{{/manual}}"           \
    "{{^manual}}[[confirm_terms]]{{/manual}}</p>\n"

/* the operator that bills it, and the number */

#define NGX_HTTP_CARRIERPAY_BILL                                              \
    "<dl>\n"                                                                  \
    "{{#operator}}<div><dt>[[paid_by]]</dt><dd>[[bill]]</dd></div>\n"         \
    "{{/operator}}{{#line}}<div><dt>[[line]]</dt><dd>{{line}}</dd></div>\n"   \
    "{{/line}}</dl>\n"

/* what is wrong, and more of it */

#define NGX_HTTP_CARRIERPAY_ALERT(more)                                       \
    "{{#alert}}<div class=\"alert\" role=\"alert\" id=\"alert\"><strong>"     \
        "[[alert]]</strong> {{alert}}"                                        \
        more                                                                  \
    "</div>\n"                                                                \
    "{{/alert}}"

/* what was tried, and did not work */

#define NGX_HTTP_CARRIERPAY_DECLINED                                          \
    "{{#declined}}<div class=\"alert\" role=\"status\"><strong>[[declined]]"  \
        "</strong>\n<ul>\n{{&declined}}</ul>\n[[declined_advice]]</div>\n"    \
    "{{/declined}}"

#define NGX_HTTP_CARRIERPAY_TRIES                                             \
    "{{#left}} [[pin_left]]{{/left}}{{#last}} [[pin_last]]{{/last}}"          \
    "{{#later}} [[pin_again]]{{/later}}"

#define NGX_HTTP_CARRIERPAY_LATER                                             \
    "{{#wait}} [[pin_wait]]{{/wait}}"

/* after an error its field comes first, and what stands above it otherwise is
   below it */

#define NGX_HTTP_CARRIERPAY_UNLESS_ALERT(text)                                \
    "{{^alert}}"                                                              \
    text                                                                      \
    "{{/alert}}"

#define NGX_HTTP_CARRIERPAY_IF_ALERT(text)                                    \
    "{{#alert}}"                                                              \
    text                                                                      \
    "{{/alert}}"

/* what has just happened */

#define NGX_HTTP_CARRIERPAY_NOTE                                              \
    "{{#note}}<p class=\"note\" role=\"status\">{{note}}</p>\n"               \
    "{{/note}}"

/* the token of forms that have no other one */

#define NGX_HTTP_CARRIERPAY_FORM                                              \
    "<input type=\"hidden\" name=\"f\" value=\"{{form}}\">\n"

/* the form for a number */

#define NGX_HTTP_CARRIERPAY_NUMBER                                            \
    "<form method=\"post\" action=\"{{base}}{{checkout}}/number\">\n"         \
    NGX_HTTP_CARRIERPAY_FORM                                                  \
    "<div class=\"phone\">\n"                                                 \
    "<div><label for=\"country\">[[country]]</label>\n"                       \
    "<select id=\"country\" name=\"country\" autocomplete=\"country\">\n"     \
    "{{&countries}}</select></div>\n"                                         \
    "<div><label for=\"number\">[[number_label]]</label>\n"                   \
    "<input id=\"number\" name=\"number\" type=\"tel\" inputmode=\"tel\""     \
        " autocomplete=\"tel\" required maxlength=\"32\" value=\"{{number}}"  \
        "\" aria-describedby=\"{{#alert}}alert {{/alert}}hint\"{{#alert}}"    \
        " aria-invalid=\"true\"{{/alert}}></div>\n"                           \
    "</div>\n"                                                                \
    "<p class=\"small\" id=\"hint\">[[number_hint]]{{#guess}} "               \
        "[[number_operator]]{{/guess}}</p>\n"                                 \
    "<button type=\"submit\">[[number_send]]</button>\n"                      \
    "</form>\n"

/* the payment is not wanted */

#define NGX_HTTP_CARRIERPAY_CANCEL                                            \
    "<form class=\"more\" method=\"post\" action=\"{{base}}{{checkout}}"     \
        "/cancel\">\n"                                                        \
    NGX_HTTP_CARRIERPAY_FORM                                                  \
    "<button type=\"submit\" class=\"quiet\">[[cancel]]</button>\n"          \
    "</form>\n"

/* the form for a mail */

#define NGX_HTTP_CARRIERPAY_MAIL                                              \
    "{{#mail}}<h2>[[mail_title]]</h2>\n"                                      \
    NGX_HTTP_CARRIERPAY_ALERT("")                                             \
    "<form method=\"post\" action=\"{{base}}{{checkout}}/mail\">\n"           \
    NGX_HTTP_CARRIERPAY_FORM                                                  \
    "<label for=\"email\">[[mail_label]]</label>\n"                           \
    "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\""\
        " required maxlength=\"254\" value=\"{{email}}\"{{#alert}}"           \
        " aria-describedby=\"alert\" aria-invalid=\"true\"{{/alert}}>\n"      \
    "<button type=\"submit\" class=\"quiet\">[[mail_send]]</button>\n"        \
    "</form>\n"                                                               \
    "{{/mail}}"

/* what to name when asking */

#define NGX_HTTP_CARRIERPAY_REFERENCE                                         \
    "<dl>\n"                                                                  \
    "<div><dt>[[reference]]</dt><dd class=\"code\">{{reference}}</dd>"        \
        "</div>\n"                                                            \
    "</dl>\n"

/* the way back to the shop: beside a form, and where it is all that is left */

#define NGX_HTTP_CARRIERPAY_BACK(text)                                        \
    "{{#return}}<p class=\"more\"><a href=\"{{return}}\" rel=\"noreferrer\""  \
        " target=\"_top\">[["                                                 \
        text                                                                  \
    "]]</a></p>\n"                                                            \
    "{{/return}}"

#define NGX_HTTP_CARRIERPAY_RETURN                                            \
    "{{#return}}<p><a class=\"button\" href=\"{{return}}\""                   \
        " rel=\"noreferrer\" target=\"_top\">[[return]]</a></p>\n"            \
    "{{/return}}"

#define NGX_HTTP_CARRIERPAY_SIGN_GOOD                                         \
    "<svg class=\"sign good\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"    \
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"M14 25l7 7"          \
        " 13-15\"/></svg>\n"

#define NGX_HTTP_CARRIERPAY_SIGN_BAD                                          \
    "<svg class=\"sign bad\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"     \
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"M24 13v14M24"        \
        " 34v.5\"/></svg>\n"

#define NGX_HTTP_CARRIERPAY_SIGN_WAIT                                         \
    "<svg class=\"sign wait\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"    \
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"M24 13v11l7 5\"/>"   \
        "</svg>\n"

#define NGX_HTTP_CARRIERPAY_SIGN_CLASS                                        \
    "<svg class=\"sign {{mood}}\" viewBox=\"0 0 48 48\""                      \
        " aria-hidden=\"true\"><circle cx=\"24\" cy=\"24\" r=\"22\"/><path"   \
        " d=\"M24 13v14M24 34v.5\"/></svg>\n"


const ngx_str_t  ngx_http_carrierpay_template_confirm = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[confirm_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    "<h1>[[confirm_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_ALERT("")
    NGX_HTTP_CARRIERPAY_DECLINED
    NGX_HTTP_CARRIERPAY_BUY
    NGX_HTTP_CARRIERPAY_BILL
    "<form method=\"post\" action=\"{{base}}{{checkout}}/confirm\">\n"
    "<input type=\"hidden\" name=\"t\" value=\"{{token}}\">\n"
    "<button type=\"submit\"{{#after}} data-after=\"{{after}}\"{{/after}}"
        "{{#alert}} aria-describedby=\"alert\"{{/alert}}>"
    NGX_HTTP_CARRIERPAY_PAY
    "{{#declined}}<p class=\"more\"><a href=\"{{base}}{{checkout}}?n=other\">"
        "[[declined_other]]</a></p>\n"
    "{{/declined}}"
    NGX_HTTP_CARRIERPAY_CANCEL
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_identify = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[identify_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    "<h1>[[identify_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_DECLINED
    NGX_HTTP_CARRIERPAY_UNLESS_ALERT(NGX_HTTP_CARRIERPAY_BUY)
    NGX_HTTP_CARRIERPAY_ALERT(NGX_HTTP_CARRIERPAY_LATER)
    NGX_HTTP_CARRIERPAY_NUMBER
    "<p class=\"small\">{{#free}}[[number_free]] {{/free}}[[number_price]]</p>"
        "\n"
    NGX_HTTP_CARRIERPAY_IF_ALERT(NGX_HTTP_CARRIERPAY_BUY)
    "{{#mo}}<form method=\"post\" action=\"{{base}}{{checkout}}/mo\">\n"
    NGX_HTTP_CARRIERPAY_FORM
    "<input type=\"hidden\" name=\"country\" value=\"{{mo}}\">\n"
    "<button type=\"submit\" class=\"quiet\">[[mo_instead]]</button>\n"
    "</form>\n"
    "{{/mo}}<h2>[[mobile_title]]</h2>\n"
    "<p class=\"small\">{{reason}} [[mobile_text]]</p>\n"
    "<p><a class=\"button quiet\" href=\"{{again}}\" target=\"_top\">"
        "[[mobile_again]]</a></p>\n"
    NGX_HTTP_CARRIERPAY_CANCEL
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_pin = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[pin_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    "<h1>[[pin_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_NOTE
    NGX_HTTP_CARRIERPAY_ALERT(NGX_HTTP_CARRIERPAY_TRIES)
    "<p>[[pin_text]] <a href=\"{{base}}{{checkout}}?n=other\">[[pin_other]]"
        "</a></p>\n"
    NGX_HTTP_CARRIERPAY_UNLESS_ALERT(NGX_HTTP_CARRIERPAY_BUY
                                     NGX_HTTP_CARRIERPAY_BILL)
    "{{^dead}}<form method=\"post\" action=\"{{base}}{{checkout}}/pin\">"
        "\n"
    "<input type=\"hidden\" name=\"t\" value=\"{{token}}\">\n"
    "<label for=\"pin\">[[pin_label]]</label>\n"
    "<input class=\"pin\" id=\"pin\" name=\"pin\" type=\"text\""
        " inputmode=\"numeric\" autocomplete=\"one-time-code\" required"
        " pattern=\"[\\s\\p{Nd}\\-]{6,16}\" maxlength=\"16\""
        " title=\"[[pin_hint]]\""
        " aria-describedby=\"{{#alert}}alert {{/alert}}pin-hint\"{{#alert}}"
        " aria-invalid=\"true\"{{/alert}} autofocus>\n"
    "<p class=\"small\" id=\"pin-hint\">[[pin_hint]]</p>\n"
    "<button type=\"submit\">"
    NGX_HTTP_CARRIERPAY_PAY
    "{{/dead}}"
    NGX_HTTP_CARRIERPAY_IF_ALERT(NGX_HTTP_CARRIERPAY_BUY
                                 NGX_HTTP_CARRIERPAY_BILL)
    "{{#resend}}<form method=\"post\" action=\"{{base}}{{checkout}}/resend\">"
        "\n"
    "<input type=\"hidden\" name=\"t\" value=\"{{token}}\">\n"
    "<button type=\"submit\" class=\"quiet\"{{#wait}} data-wait=\""
        "{{wait_seconds}}\" aria-describedby=\"wait\"{{/wait}}>[[pin_resend]]"
        "</button>\n"
    "{{#wait}}<p class=\"small\" id=\"wait\">[[pin_wait]]</p>\n"
    "{{/wait}}</form>\n"
    "{{/resend}}{{^resend}}<p class=\"small\">[[pin_no_resend]]</p>\n"
    "{{/resend}}"
    NGX_HTTP_CARRIERPAY_CANCEL
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_sms_code = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[mo_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    "<h1>[[mo_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_BUY
    "<p>[[mo_text]]</p>\n"
    "<p class=\"send\">[[mo_send]]</p>\n"
    "<p><a class=\"button\" href=\"{{mo_url}}\">[[mo_open]]</a></p>\n"
    "<p class=\"small\" role=\"status\">[[mo_wait]]</p>\n"
    "<p class=\"small\">[[mo_free]]</p>\n"
    "<p class=\"more\"><a href=\"{{base}}{{checkout}}?n=other\">[[mo_number]]"
        "</a></p>\n"
    NGX_HTTP_CARRIERPAY_CANCEL
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_barred = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[barred_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    NGX_HTTP_CARRIERPAY_SIGN_BAD
    "<h1>[[barred_title]]</h1>\n"
    "<p>{{reason}}</p>\n"
    NGX_HTTP_CARRIERPAY_BUY
    "<dl>\n"
    "{{#operator}}<div><dt>[[barred_operator]]</dt><dd>{{operator}}</dd></div>"
        "\n"
    "{{/operator}}{{#host}}<div><dt>[[barred_host]]</dt><dd>{{host}}</dd>"
        "</div>\n"
    "{{/host}}{{#line}}<div><dt>[[line]]</dt><dd>{{line}}</dd></div>\n"
    "{{/line}}</dl>\n"
    "<p class=\"small\">[[barred_free]]</p>\n"
    "<h2>[[barred_instead]]</h2>\n"
    "<p>{{advice}}</p>\n"
    NGX_HTTP_CARRIERPAY_NUMBER
    "<p class=\"more\"><a href=\"{{again}}\" target=\"_top\">[[barred_again]]"
        "</a></p>\n"
    NGX_HTTP_CARRIERPAY_CANCEL
    NGX_HTTP_CARRIERPAY_BACK("return")
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_wait = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("{{heading}}")
    NGX_HTTP_CARRIERPAY_SHOP
    NGX_HTTP_CARRIERPAY_SIGN_WAIT
    "<h1>{{heading}}</h1>\n"
    "<p>{{reason}}</p>\n"
    NGX_HTTP_CARRIERPAY_BUY
    NGX_HTTP_CARRIERPAY_BILL
    NGX_HTTP_CARRIERPAY_REFERENCE
    "<p>{{advice}}{{#texted}} [[wait_text]]{{/texted}}</p>\n"
    NGX_HTTP_CARRIERPAY_BACK("return")
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_reserved = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("{{heading}}")
    NGX_HTTP_CARRIERPAY_SHOP
    NGX_HTTP_CARRIERPAY_SIGN_WAIT
    "<h1>{{heading}}</h1>\n"
    "<p>{{reason}}</p>\n"
    NGX_HTTP_CARRIERPAY_BUY
    NGX_HTTP_CARRIERPAY_REFERENCE
    NGX_HTTP_CARRIERPAY_RETURN
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_receipt = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[receipt_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    NGX_HTTP_CARRIERPAY_SIGN_GOOD
    "<h1>[[receipt_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_NOTE
    "{{#mailed}}<p class=\"note\" role=\"status\">[[mail_sent_to]]</p>\n"
    "{{/mailed}}"
    NGX_HTTP_CARRIERPAY_IF_ALERT(NGX_HTTP_CARRIERPAY_MAIL)
    NGX_HTTP_CARRIERPAY_BUY
    "<dl>\n"
    "{{#operator}}<div><dt>[[paid_by]]</dt><dd>[[bill]]</dd></div>\n"
    "{{/operator}}{{#line}}<div><dt>[[line]]</dt><dd>{{line}}</dd></div>\n"
    "{{/line}}{{#tax}}<div><dt>[[tax]]</dt><dd>[[tax_price]]</dd></div>\n"
    "{{/tax}}{{#refunded}}<div><dt>[[refunded]]</dt><dd>[[refunded_price]]"
        "</dd></div>\n"
    "{{/refunded}}{{#date}}<div><dt>[[date]]</dt><dd>{{date}}</dd></div>\n"
    "{{/date}}{{#order}}<div><dt>[[order]]</dt><dd class=\"code\">{{order}}"
        "</dd></div>\n"
    "{{/order}}<div><dt>[[reference]]</dt><dd class=\"code\">{{reference}}"
        "</dd></div>\n"
    "</dl>\n"
    NGX_HTTP_CARRIERPAY_RETURN
    "{{#return}}{{^alert}}{{^note}}{{^mailed}}<p class=\"small\""
        " data-return=\"{{return}}\" hidden>[[return_soon]]</p>\n"
    "{{/mailed}}{{/note}}{{/alert}}{{/return}}"
    NGX_HTTP_CARRIERPAY_UNLESS_ALERT(NGX_HTTP_CARRIERPAY_MAIL)
    "<p class=\"more\"><a href=\"{{base}}{{checkout}}/stop\">"
        "[[stop_link]]</a></p>\n"
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_stop = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[stop_title]]")
    NGX_HTTP_CARRIERPAY_SHOP
    "<h1>[[stop_title]]</h1>\n"
    "<p>[[stop_text]]</p>\n"
    "{{#line}}<dl><div><dt>[[line]]</dt><dd>{{line}}</dd></div></dl>\n"
    "{{/line}}<form method=\"post\" action=\"{{base}}{{checkout}}/stop\">\n"
    NGX_HTTP_CARRIERPAY_FORM
    "<button type=\"submit\">[[stop_send]]</button>\n"
    "</form>\n"
    "<p class=\"more\"><a href=\"{{base}}{{checkout}}\">[[stop_back]]</a></p>"
        "\n"
    NGX_HTTP_CARRIERPAY_FOOT);


const ngx_str_t  ngx_http_carrierpay_template_message = ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("{{heading}}")
    "{{#merchant}}"
    NGX_HTTP_CARRIERPAY_SHOP
    "{{/merchant}}"
    NGX_HTTP_CARRIERPAY_SIGN_CLASS
    "<h1>{{heading}}</h1>\n"
    "{{#reason}}<p>{{reason}}</p>\n"
    "{{/reason}}{{#advice}}<p>{{advice}}</p>\n"
    "{{/advice}}{{#reference}}<dl>\n"
    "<div><dt>[[reference]]</dt><dd class=\"code\">{{reference}}</dd></div>\n"
    "</dl>\n"
    "{{/reference}}{{#again}}<p><a class=\"button\" href=\"{{again}}\""
        " target=\"_top\">[[again]]</a></p>\n"
    "{{/again}}"
    NGX_HTTP_CARRIERPAY_RETURN
    NGX_HTTP_CARRIERPAY_FOOT);
