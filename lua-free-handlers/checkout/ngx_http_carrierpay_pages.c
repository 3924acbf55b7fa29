
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_http_carrierpay_pages.h"
#include "ngx_http_carrierpay_reply.h"


#define NGX_HTTP_CARRIERPAY_STYLE_HASH  8    /* bytes in the name */


static ngx_int_t ngx_http_carrierpay_pages_compile(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, ngx_uint_t page,
    ngx_carrierpay_template_t *t);
static ngx_int_t ngx_http_carrierpay_pages_expand(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, const ngx_str_t *source,
    ngx_str_t *html);
static u_char *ngx_http_carrierpay_pages_copy(
    const ngx_carrierpay_language_t *lang, const ngx_str_t *source,
    u_char *dst, size_t *size, ngx_str_t *missing);
static ngx_int_t ngx_http_carrierpay_pages_style_name(ngx_conf_t *cf,
    ngx_str_t *name);
static ngx_int_t ngx_http_carrierpay_pages_headers(ngx_http_request_t *r);


/* none is raw: whatever comes from a merchant or a shopper is text */

static const ngx_carrierpay_template_name_t
    ngx_http_carrierpay_value_names[NGX_HTTP_CARRIERPAY_VALUE_MAX] =
{
    { ngx_string("base"), 0 },
    { ngx_string("style"), 0 },
    { ngx_string("checkout"), 0 },
    { ngx_string("test"), 0 },
    { ngx_string("merchant"), 0 },
    { ngx_string("description"), 0 },
    { ngx_string("amount"), 0 },
    { ngx_string("currency"), 0 },
    { ngx_string("operator"), 0 },
    { ngx_string("host"), 0 },
    { ngx_string("line"), 0 },
    { ngx_string("token"), 0 },
    { ngx_string("reference"), 0 },
    { ngx_string("return"), 0 },
    { ngx_string("again"), 0 },
    { ngx_string("number"), 0 },
    { ngx_string("alert"), 0 },
    { ngx_string("mood"), 0 },
    { ngx_string("heading"), 0 },
    { ngx_string("reason"), 0 },
    { ngx_string("advice"), 0 }
};


/* what goes with every page */

static struct {
    const char  *name;
    ngx_str_t    value;
} ngx_http_carrierpay_page_headers[] = {

    { "Content-Security-Policy",
      ngx_string("default-src 'none'; style-src 'self'; form-action 'self';"
                 " frame-ancestors 'none'; base-uri 'none'") },
    { "X-Content-Type-Options", ngx_string("nosniff") },
    { "X-Frame-Options", ngx_string("DENY") },
    { "Referrer-Policy", ngx_string("no-referrer") },
    { NULL, ngx_null_string }
};


ngx_int_t
ngx_http_carrierpay_pages_init(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages)
{
    ngx_uint_t  i, j, n;

    for (n = 0; ngx_carrierpay_languages[n]; n++) { /* void */ }

    pages->languages = ngx_palloc(cf->pool,
                                  n * sizeof(ngx_http_carrierpay_templates_t));

    if (pages->languages == NULL
        || ngx_http_carrierpay_pages_style_name(cf, &pages->style) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        for (j = 0; j < NGX_HTTP_CARRIERPAY_PAGE_MAX; j++) {
            if (ngx_http_carrierpay_pages_compile(cf,
                                                  ngx_carrierpay_languages[i],
                                                  j, &pages->languages[i][j])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_pages_compile(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, ngx_uint_t page,
    ngx_carrierpay_template_t *t)
{
    ngx_str_t                        html;
    ngx_uint_t                       pass;
    ngx_carrierpay_template_error_t  err;

    if (ngx_http_carrierpay_pages_expand(cf, lang,
                                         &ngx_http_carrierpay_templates[page],
                                         &html)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    t->escape = NGX_CARRIERPAY_TEMPLATE_HTML;
    t->ops = NULL;

    for (pass = 0; pass < 2; pass++) {

        if (ngx_carrierpay_template_compile(t, &html,
                                            ngx_http_carrierpay_value_names,
                                            NGX_HTTP_CARRIERPAY_VALUE_MAX,
                                            &err)
            != NGX_OK)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "page %ui in \"%V\", line %ui: %s",
                          page, &lang->tag, err.line, err.text);
            return NGX_ERROR;
        }

        if (pass == 0) {
            t->ops = ngx_palloc(cf->pool, t->nops
                                       * sizeof(ngx_carrierpay_template_op_t));
            if (t->ops == NULL) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_pages_expand(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, const ngx_str_t *source,
    ngx_str_t *html)
{
    size_t     size;
    ngx_str_t  missing;

    ngx_str_null(&missing);

    (void) ngx_http_carrierpay_pages_copy(lang, source, NULL, &size, &missing);

    if (missing.len) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "no text \"%V\" in language \"%V\"", &missing,
                      &lang->tag);
        return NGX_ERROR;
    }

    html->len = size;
    html->data = ngx_pnalloc(cf->pool, size);
    if (html->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_http_carrierpay_pages_copy(lang, source, html->data, &size,
                                          &missing);

    return NGX_OK;
}


/* puts the texts in place of [[names]]; with dst NULL only the size is told */

static u_char *
ngx_http_carrierpay_pages_copy(const ngx_carrierpay_language_t *lang,
    const ngx_str_t *source, u_char *dst, size_t *size, ngx_str_t *missing)
{
    u_char           *p, *last, *open, *close;
    ngx_str_t         piece[2];
    ngx_uint_t        i;
    const ngx_str_t  *text;

    *size = 0;
    last = source->data + source->len;

    for (p = source->data; p < last; p = close + 2) {

        open = ngx_strnstr(p, "[[", last - p);
        close = open ? ngx_strnstr(open, "]]", last - open) : NULL;

        if (close == NULL) {
            open = last;
            close = last;
        }

        piece[0].data = p;
        piece[0].len = open - p;
        ngx_str_null(&piece[1]);

        if (open != last) {
            text = ngx_carrierpay_language_phrase(lang, open + 2,
                                                  close - open - 2);
            if (text) {
                piece[1] = *text;

            } else {
                missing->data = open + 2;
                missing->len = close - open - 2;
            }
        }

        for (i = 0; i < 2; i++) {
            *size += piece[i].len;

            if (dst && piece[i].len) {
                dst = ngx_cpymem(dst, piece[i].data, piece[i].len);
            }
        }
    }

    return dst;
}


static ngx_int_t
ngx_http_carrierpay_pages_style_name(ngx_conf_t *cf, ngx_str_t *name)
{
    u_char  *p, hash[NGX_CARRIERPAY_SHA256_LEN];

    ngx_carrierpay_sha256(hash, ngx_http_carrierpay_style.data,
                          ngx_http_carrierpay_style.len);

    name->len = sizeof("style..css") - 1
                + NGX_CARRIERPAY_HEX_LEN(NGX_HTTP_CARRIERPAY_STYLE_HASH);
    name->data = ngx_pnalloc(cf->pool, name->len);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(name->data, "style.", sizeof("style.") - 1);
    p = ngx_carrierpay_hex_encode(p, hash, NGX_HTTP_CARRIERPAY_STYLE_HASH);
    ngx_memcpy(p, ".css", sizeof(".css") - 1);

    return NGX_OK;
}


const ngx_carrierpay_language_t *
ngx_http_carrierpay_pages_language(ngx_http_request_t *r)
{
    ngx_str_t  value;

    if (ngx_http_carrierpay_header_in(r, "accept-language", &value) != NGX_OK)
    {
        return ngx_carrierpay_language_default();
    }

    return ngx_carrierpay_language_accept(&value);
}


ngx_int_t
ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang,
    ngx_http_carrierpay_page_e page, ngx_uint_t status, ngx_str_t *values)
{
    ngx_str_t                   html;
    ngx_uint_t                  i;
    ngx_carrierpay_template_t  *t;
    ngx_http_core_loc_conf_t   *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    values[NGX_HTTP_CARRIERPAY_VALUE_BASE] = clcf->name;
    values[NGX_HTTP_CARRIERPAY_VALUE_STYLE] = pages->style;

    for (i = 0; ngx_carrierpay_languages[i] != lang; i++) { /* void */ }

    t = &pages->languages[i][page];

    html.len = ngx_carrierpay_template_size(t, values);
    html.data = ngx_pnalloc(r->pool, html.len);
    if (html.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_template_write(html.data, t, values);

    if (ngx_http_carrierpay_reply_header(r, "Content-Language",
                                         (ngx_str_t *) &lang->tag)
        != NGX_OK
        || ngx_http_carrierpay_pages_headers(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_text(r, status, "text/html", "utf-8",
                                          &html);
}


static ngx_int_t
ngx_http_carrierpay_pages_headers(ngx_http_request_t *r)
{
    ngx_uint_t  i;

    for (i = 0; ngx_http_carrierpay_page_headers[i].name; i++) {
        if (ngx_http_carrierpay_reply_header(r,
                                   ngx_http_carrierpay_page_headers[i].name,
                                   &ngx_http_carrierpay_page_headers[i].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_pages_style(ngx_http_request_t *r)
{
    ngx_str_t  control = ngx_string("public, max-age=31536000, immutable");
    ngx_str_t  css = ngx_http_carrierpay_style;

    if (ngx_http_carrierpay_pages_headers(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_cached(r, "text/css", &control, &css);
}
