
/*
 * The pages' HTML.  No script, no inline style, nothing from elsewhere: the
 * policy that goes with every page allows none of it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_pages.h"


#define NGX_HTTP_CARRIERPAY_HEAD(title)                                       \
    "<!doctype html>\n"                                                       \
    "<html lang=\"[[lang]]\">\n"                                              \
    "<head>\n"                                                                \
    "<meta charset=\"utf-8\">\n"                                              \
    "<meta name=\"viewport\""                                                 \
        " content=\"width=device-width, initial-scale=1\">\n"                 \
    "<meta name=\"color-scheme\" content=\"light dark\">\n"                   \
    "<meta name=\"robots\" content=\"noindex\">\n"                            \
    "<meta name=\"format-detection\" content=\"telephone=no\">\n"             \
    "<title>" title "</title>\n"                                              \
    "<link rel=\"stylesheet\" href=\"{{base}}{{style}}\">\n"                  \
    "</head>\n"                                                               \
    "<body>\n"                                                                \
    "{{#test}}<p class=\"test\">[[test]]</p>\n{{/test}}"                      \
    "<main>\n"

#define NGX_HTTP_CARRIERPAY_FOOT                                              \
    "</main>\n"                                                               \
    "<footer>[[footer]]</footer>\n"                                           \
    "</body>\n"                                                               \
    "</html>\n"

/* what is bought, where, for how much */

#define NGX_HTTP_CARRIERPAY_PURCHASE                                          \
    "<p class=\"merchant\">{{merchant}}</p>\n"                                \
    "<p class=\"description\">{{description}}</p>\n"                          \
    "<p class=\"price\">{{amount}}&nbsp;<small>{{currency}}</small></p>\n"

/* a number is typed */

#define NGX_HTTP_CARRIERPAY_NUMBER                                            \
    "<form method=\"post\" action=\"{{base}}{{checkout}}/number\">\n"         \
    "<label for=\"number\">[[number_label]]</label>\n"                        \
    "<p class=\"small\" id=\"hint\">[[number_hint]]</p>\n"                    \
    "<input id=\"number\" name=\"number\" type=\"tel\" inputmode=\"tel\""     \
        " autocomplete=\"tel\" required maxlength=\"32\""                     \
        " value=\"{{number}}\""                                               \
        " aria-describedby=\"{{#alert}}alert {{/alert}}hint\""                \
        "{{#alert}} aria-invalid=\"true\"{{/alert}}>\n"                       \
    "<button type=\"submit\" class=\"quiet\">[[number_send]]</button>\n"      \
    "</form>\n"

#define NGX_HTTP_CARRIERPAY_BACK                                              \
    "{{#return}}<p class=\"more\"><a href=\"{{return}}\" rel=\"noreferrer\">" \
        "[[return]]</a></p>\n{{/return}}"


const ngx_str_t  ngx_http_carrierpay_templates[NGX_HTTP_CARRIERPAY_PAGE_MAX] =
{
    /* confirm */

    ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[confirm_title]]")
    "<h1>[[confirm_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_PURCHASE
    "<dl>\n"
    "<div><dt>[[paid_by]]</dt><dd>[[bill]]</dd></div>\n"
    "{{#line}}<div><dt>[[line]]</dt><dd>{{line}}</dd></div>\n{{/line}}"
    "</dl>\n"
    "<form method=\"post\" action=\"{{base}}{{checkout}}/confirm\">\n"
    "<input type=\"hidden\" name=\"t\" value=\"{{token}}\">\n"
    "<button type=\"submit\">[[confirm_pay]]</button>\n"
    "</form>\n"
    "<p class=\"small\">[[confirm_terms]]</p>\n"
    "{{#return}}<p class=\"more\"><a href=\"{{return}}\" rel=\"noreferrer\">"
        "[[cancel]]</a></p>\n{{/return}}"
    NGX_HTTP_CARRIERPAY_FOOT),

    /* identify */

    ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[identify_title]]")
    "<h1>[[identify_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_PURCHASE
    "<p>{{reason}}</p>\n"
    "<h2>[[mobile_title]]</h2>\n"
    "<p>[[mobile_text]]</p>\n"
    "<p><a class=\"button\" href=\"{{again}}\">[[mobile_again]]</a></p>\n"
    "<h2>[[number_title]]</h2>\n"
    "{{#alert}}<p class=\"alert\" role=\"alert\" id=\"alert\">{{alert}}</p>\n"
    "{{/alert}}"
    NGX_HTTP_CARRIERPAY_NUMBER
    NGX_HTTP_CARRIERPAY_BACK
    NGX_HTTP_CARRIERPAY_FOOT),

    /* barred */

    ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[barred_title]]")
    "<svg class=\"sign bad\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/>"
        "<path d=\"M24 13v14M24 34v.5\"/></svg>\n"
    "<h1 role=\"status\">[[barred_title]]</h1>\n"
    "<p>{{reason}}</p>\n"
    "<dl>\n"
    "{{#operator}}<div><dt>[[barred_operator]]</dt><dd>{{operator}}</dd></div>"
        "\n{{/operator}}"
    "{{#host}}<div><dt>[[barred_host]]</dt><dd>{{host}}</dd></div>\n{{/host}}"
    "{{#line}}<div><dt>[[line]]</dt><dd>{{line}}</dd></div>\n{{/line}}"
    "</dl>\n"
    "<p class=\"small\">[[barred_free]]</p>\n"
    "<h2>[[barred_instead]]</h2>\n"
    "<p>{{advice}}</p>\n"
    NGX_HTTP_CARRIERPAY_NUMBER
    "<p class=\"more\"><a href=\"{{again}}\">[[barred_again]]</a></p>\n"
    NGX_HTTP_CARRIERPAY_BACK
    NGX_HTTP_CARRIERPAY_FOOT),

    /* receipt */

    ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("[[receipt_title]]")
    "<svg class=\"sign good\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/>"
        "<path d=\"M14 25l7 7 13-15\"/></svg>\n"
    "<h1 role=\"status\">[[receipt_title]]</h1>\n"
    NGX_HTTP_CARRIERPAY_PURCHASE
    "<dl>\n"
    "{{#operator}}<div><dt>[[paid_by]]</dt><dd>[[bill]]</dd></div>\n"
    "{{/operator}}"
    "<div><dt>[[reference]]</dt><dd class=\"code\">{{reference}}</dd></div>\n"
    "</dl>\n"
    "{{#return}}<p><a class=\"button\" href=\"{{return}}\""
        " rel=\"noreferrer\">[[return]]</a></p>\n"
    "<p class=\"small\">[[return_soon]]</p>\n{{/return}}"
    NGX_HTTP_CARRIERPAY_FOOT),

    /* message */

    ngx_string(
    NGX_HTTP_CARRIERPAY_HEAD("{{heading}}")
    "<svg class=\"sign {{mood}}\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">"
        "<circle cx=\"24\" cy=\"24\" r=\"22\"/>"
        "<path d=\"M24 13v14M24 34v.5\"/></svg>\n"
    "<h1 role=\"status\">{{heading}}</h1>\n"
    "{{#reason}}<p>{{reason}}</p>\n{{/reason}}"
    "{{#advice}}<p>{{advice}}</p>\n{{/advice}}"
    "{{#reference}}<dl>\n"
    "<div><dt>[[reference]]</dt><dd class=\"code\">{{reference}}</dd></div>\n"
    "</dl>\n{{/reference}}"
    "{{#again}}<p><a class=\"button\" href=\"{{again}}\">[[again]]</a></p>\n"
    "{{/again}}"
    NGX_HTTP_CARRIERPAY_BACK
    NGX_HTTP_CARRIERPAY_FOOT)
};


const ngx_str_t  ngx_http_carrierpay_style = ngx_string(
    ":root{color-scheme:light dark;--ink:#14171f;--soft:#565d6d;"
    "--paper:#fff;--back:#eef1f6;--line:#d9deea;--brand:#0b4fd1;"
    "--on:#fff;--good:#0b7a3e;--bad:#b4231a;--test:#fff3cd;"
    "--on-test:#5c4300}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#eceff6;--soft:#a5adbf;"
    "--paper:#191d27;--back:#0e1118;--line:#303748;--brand:#8fb4ff;"
    "--on:#0a1a3d;--good:#5cd693;--bad:#ff9a90;--test:#3a3113;"
    "--on-test:#ffe08a}}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0;min-height:100vh;min-height:100dvh;display:flex;"
    "flex-direction:column;padding:1rem;background:var(--back);"
    "color:var(--ink);font:1rem/1.5 system-ui,-apple-system,\"Segoe UI\","
    "Roboto,\"Noto Sans\",sans-serif;overflow-wrap:anywhere}\n"
    "main,footer,.test{width:100%;max-width:26rem;margin:0 auto}\n"
    "main{margin:auto;padding:1.5rem;background:var(--paper);"
    "border:1px solid var(--line);border-radius:1.25rem;"
    "box-shadow:0 .5rem 2rem rgb(10 20 50/.07)}\n"
    ".test{margin-bottom:1rem;padding:.5rem 1rem;border-radius:.75rem;"
    "background:var(--test);color:var(--on-test);text-align:center;"
    "font-size:.875rem}\n"
    "footer{padding-top:1rem;text-align:center;color:var(--soft);"
    "font-size:.8125rem}\n"
    "h1{margin:0 0 1rem;font-size:1.375rem;line-height:1.25}\n"
    "h2{margin:1.75rem 0 .25rem;font-size:1.0625rem;line-height:1.3}\n"
    "p{margin:0 0 1rem}\n"
    "a{color:var(--brand)}\n"
    ".merchant{margin:0;font-weight:600}\n"
    ".description{margin:0;color:var(--soft)}\n"
    ".price{margin:.75rem 0 1rem;font-size:2.5rem;line-height:1.1;"
    "font-weight:700;letter-spacing:-.02em;"
    "font-variant-numeric:tabular-nums}\n"
    ".price small{font-size:1.75rem;font-weight:600;letter-spacing:0}\n"
    "dl{margin:0 0 1.25rem;border-top:1px solid var(--line)}\n"
    "dl div{display:flex;justify-content:space-between;gap:1rem;"
    "padding:.625rem 0;border-bottom:1px solid var(--line)}\n"
    "dt{flex:none;color:var(--soft)}\n"
    "dd{margin:0;text-align:right;font-weight:500}\n"
    ".code{font:.875rem/1.7 ui-monospace,SFMono-Regular,Menlo,monospace}\n"
    "button,.button{display:flex;align-items:center;justify-content:center;"
    "width:100%;min-height:3.5rem;margin:0;padding:.75rem 1rem;"
    "border:2px solid var(--brand);border-radius:1rem;"
    "background:var(--brand);color:var(--on);font:inherit;"
    "font-size:1.0625rem;font-weight:650;text-align:center;"
    "text-decoration:none;cursor:pointer;touch-action:manipulation}\n"
    "button:active,.button:active{opacity:.85}\n"
    ".quiet{background:transparent;color:var(--brand)}\n"
    "label{display:block;font-weight:500}\n"
    "input{width:100%;min-height:3.25rem;margin:0 0 1rem;padding:.5rem 1rem;"
    "border:1px solid var(--soft);border-radius:.875rem;"
    "background:var(--paper);color:inherit;font:inherit;"
    "font-size:1.125rem}\n"
    "input[type=hidden]{display:none}\n"
    ":focus-visible{outline:3px solid var(--brand);outline-offset:3px}\n"
    ".small,.more{font-size:.875rem;color:var(--soft)}\n"
    ".small{margin:.25rem 0 .75rem}\n"
    "form+.small{margin-top:1rem;text-align:center}\n"
    ".more{margin:1rem 0 0;text-align:center}\n"
    ".more a{display:inline-block;padding:.75rem}\n"
    ".alert{padding:.75rem 1rem;border-left:4px solid var(--bad);"
    "border-radius:.5rem;background:var(--back)}\n"
    ".sign{display:block;width:3.5rem;height:3.5rem;margin:0 0 1rem;"
    "fill:none;stroke:currentColor;stroke-width:3;stroke-linecap:round;"
    "stroke-linejoin:round;color:var(--soft)}\n"
    ".good{color:var(--good)}\n"
    ".bad{color:var(--bad)}\n"
    "@media(prefers-reduced-motion:no-preference){"
    ".wait{animation:wait 1.6s ease-in-out infinite}"
    "@keyframes wait{50%{opacity:.35}}}\n"
    "@media(forced-colors:active){button,.button{border-color:ButtonText}}\n"
);
