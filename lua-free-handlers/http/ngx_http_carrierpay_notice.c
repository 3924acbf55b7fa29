
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_language.h"
#include "ngx_http_carrierpay_notice.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_language.h"


#define NGX_HTTP_CARRIERPAY_NOTICE_STYLE                                      \
    "body{margin:0 auto;max-width:28rem;padding:2rem 1.5rem;"                 \
    "font:1.0625rem/1.5 system-ui,sans-serif}"                                \
    "h1{font-size:1.5rem;line-height:1.25}"                                   \
    "button{width:100%;min-height:3rem;font:inherit;font-weight:600}"

/* A page that is rendered ahead of its visit waits for the visit. */

#define NGX_HTTP_CARRIERPAY_NOTICE_SCRIPT                                     \
    "(function(){"                                                            \
    "var d=document;"                                                         \
    "function go(){d.forms[0].submit()}"                                      \
    "if(d.prerendering){d.addEventListener(\"prerenderingchange\",go)}"       \
    "else{go()}"                                                              \
    "})()"


typedef struct {
    ngx_uint_t                status;
    ngx_carrierpay_phrase_e   title;
    ngx_carrierpay_phrase_e   text;
} ngx_http_carrierpay_notice_t;


static ngx_int_t ngx_http_carrierpay_notice_send(ngx_http_request_t *r,
    ngx_http_carrierpay_notice_t *notice, ngx_uint_t status, ngx_uint_t form);
static ngx_int_t ngx_http_carrierpay_notice_html(ngx_http_request_t *r,
    ngx_http_carrierpay_notice_t *notice,
    const ngx_carrierpay_language_t *lang, ngx_uint_t form, ngx_str_t *html);
static u_char *ngx_http_carrierpay_notice_hash(u_char *p, const char *text);


static ngx_http_carrierpay_notice_t  ngx_http_carrierpay_notice_opens = {
    NGX_HTTP_OK, NGX_CARRIERPAY_PHRASE_OPEN_TITLE,
    NGX_CARRIERPAY_PHRASE_OPEN_TEXT
};


/* The last rows stand for all other statuses: first 4xx, then 5xx. */

static ngx_http_carrierpay_notice_t  ngx_http_carrierpay_notices[] = {
    { 403, NGX_CARRIERPAY_PHRASE_REFUSED_TITLE,
      NGX_CARRIERPAY_PHRASE_REFUSED_TEXT },
    { 404, NGX_CARRIERPAY_PHRASE_MISSING_TITLE,
      NGX_CARRIERPAY_PHRASE_MISSING_TEXT },
    { 429, NGX_CARRIERPAY_PHRASE_LIMITED_TITLE,
      NGX_CARRIERPAY_PHRASE_LIMITED_TEXT },
    { 499, NGX_CARRIERPAY_PHRASE_REJECTED_TITLE,
      NGX_CARRIERPAY_PHRASE_REJECTED_TEXT },
    { 599, NGX_CARRIERPAY_PHRASE_UNAVAILABLE_TITLE,
      NGX_CARRIERPAY_PHRASE_UNAVAILABLE_TEXT }
};


static ngx_str_t  ngx_http_carrierpay_notice_deny = ngx_string("DENY");


ngx_int_t
ngx_http_carrierpay_notice_open(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_notice_send(r,
                                           &ngx_http_carrierpay_notice_opens,
                                           NGX_HTTP_OK, 1);
}


ngx_int_t
ngx_http_carrierpay_notice_error(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_notice_t  *notice;

    notice = ngx_http_carrierpay_notices;

    while (notice->status != status
           && notice->status != status / 100 * 100 + 99)
    {
        notice++;
    }

    return ngx_http_carrierpay_notice_send(r, notice, status, 0);
}


static ngx_int_t
ngx_http_carrierpay_notice_send(ngx_http_request_t *r,
    ngx_http_carrierpay_notice_t *notice, ngx_uint_t status, ngx_uint_t form)
{
    u_char                           *p;
    u_char                            text[512];
    ngx_str_t                         html, policy;
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_http_carrierpay_request_language(r);

    p = ngx_sprintf(text, "default-src 'none'; base-uri 'none';"
                    " frame-ancestors 'none'; style-src ");
    p = ngx_http_carrierpay_notice_hash(p, NGX_HTTP_CARRIERPAY_NOTICE_STYLE);
    p = ngx_sprintf(p, "; script-src ");
    p = ngx_http_carrierpay_notice_hash(p, NGX_HTTP_CARRIERPAY_NOTICE_SCRIPT);

    policy.len = p - text;
    policy.data = ngx_pnalloc(r->pool, policy.len);
    if (policy.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(policy.data, text, policy.len);

    if (ngx_http_carrierpay_notice_html(r, notice, lang, form, &html) != NGX_OK
        || ngx_http_carrierpay_reply_header(r, "X-Frame-Options",
                                            &ngx_http_carrierpay_notice_deny)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_page(r, status, &lang->tag, &policy,
                                          &html);
}


/* A form without an action posts to the URL of its page. */

static ngx_int_t
ngx_http_carrierpay_notice_html(ngx_http_request_t *r,
    ngx_http_carrierpay_notice_t *notice,
    const ngx_carrierpay_language_t *lang, ngx_uint_t form, ngx_str_t *html)
{
    u_char           *p, *last;
    size_t            size;
    const ngx_str_t  *title, *text, *button;

    title = ngx_carrierpay_language_text(lang, notice->title);
    text = ngx_carrierpay_language_text(lang, notice->text);
    button = ngx_carrierpay_language_text(lang,
                                          NGX_CARRIERPAY_PHRASE_OPEN_SEND);

    size = 2048 + 2 * title->len + text->len + button->len;

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    html->data = p;
    last = p + size;

    p = ngx_slprintf(p, last,
                     "<!doctype html>\n<html lang=\"%V\">\n<head>\n"
                     "<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width,"
                     " initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<meta name=\"robots\" content=\"noindex\">\n"
                     "<title>%V</title>\n"
                     "<style>%s</style>\n"
                     "</head>\n<body>\n<main>\n<h1>%V</h1>\n<p>%V</p>\n",
                     &lang->tag, title, NGX_HTTP_CARRIERPAY_NOTICE_STYLE,
                     title, text);

    if (form) {
        p = ngx_slprintf(p, last,
                         "<form method=\"post\"><button type=\"submit\">%V"
                         "</button></form>\n</main>\n"
                         "<script>%s</script>\n</body>\n</html>\n",
                         button, NGX_HTTP_CARRIERPAY_NOTICE_SCRIPT);

    } else {
        p = ngx_slprintf(p, last, "</main>\n</body>\n</html>\n");
    }

    html->len = p - html->data;

    return NGX_OK;
}


/* What a policy calls a style or a script that stands in the page. */

static u_char *
ngx_http_carrierpay_notice_hash(u_char *p, const char *text)
{
    u_char  hash[NGX_CARRIERPAY_SHA256_LEN];

    ngx_carrierpay_sha256(hash, (u_char *) text, ngx_strlen(text));

    p = ngx_sprintf(p, "'sha256-");
    p = ngx_carrierpay_base64_encode(p, hash, sizeof(hash));
    *p++ = '\'';

    return p;
}
