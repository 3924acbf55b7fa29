
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_http_carrierpay_pages.h"
#include "ngx_http_carrierpay_reply.h"


#define NGX_HTTP_CARRIERPAY_STYLE_HASH  8    /* bytes in the name */


static ngx_int_t ngx_http_carrierpay_pages_compile(ngx_conf_t *cf,
    const ngx_http_carrierpay_language_t *lang, ngx_uint_t page,
    ngx_carrierpay_template_t *t);
static ngx_int_t ngx_http_carrierpay_pages_expand(ngx_conf_t *cf,
    const ngx_http_carrierpay_language_t *lang, const ngx_str_t *source,
    ngx_str_t *html);
static u_char *ngx_http_carrierpay_pages_copy(
    const ngx_http_carrierpay_language_t *lang, const ngx_str_t *source,
    u_char *dst, size_t *size, ngx_str_t *missing);
static ngx_int_t ngx_http_carrierpay_pages_same(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_pages_style_name(ngx_conf_t *cf,
    ngx_str_t *name);
static const ngx_str_t *ngx_http_carrierpay_pages_find(
    const ngx_http_carrierpay_language_t *lang, const u_char *name,
    size_t len);
static ngx_uint_t ngx_http_carrierpay_pages_quality(u_char *p, u_char *last);
static ngx_int_t ngx_http_carrierpay_pages_headers(ngx_http_request_t *r);


/* the first one is for who prefers none of them */

static const ngx_http_carrierpay_language_t
    ngx_http_carrierpay_languages[NGX_HTTP_CARRIERPAY_LANGUAGES] =
{
    { ngx_string("en"), NGX_CARRIERPAY_LOCALE_EN,
      ngx_http_carrierpay_text_en },
    { ngx_string("fr"), NGX_CARRIERPAY_LOCALE_FR,
      ngx_http_carrierpay_text_fr }
};


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
    ngx_uint_t  i, j;

    if (ngx_http_carrierpay_pages_same(cf) != NGX_OK
        || ngx_http_carrierpay_pages_style_name(cf, &pages->style) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_HTTP_CARRIERPAY_LANGUAGES; i++) {
        for (j = 0; j < NGX_HTTP_CARRIERPAY_PAGE_MAX; j++) {
            if (ngx_http_carrierpay_pages_compile(cf,
                                         &ngx_http_carrierpay_languages[i], j,
                                         &pages->templates[i][j])
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
    const ngx_http_carrierpay_language_t *lang, ngx_uint_t page,
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
    const ngx_http_carrierpay_language_t *lang, const ngx_str_t *source,
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
ngx_http_carrierpay_pages_copy(const ngx_http_carrierpay_language_t *lang,
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
            text = ngx_http_carrierpay_pages_find(lang, open + 2,
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


/* a text asked for while pages are served must exist in every language */

static ngx_int_t
ngx_http_carrierpay_pages_same(ngx_conf_t *cf)
{
    ngx_uint_t                            i;
    const ngx_http_carrierpay_text_t     *t;
    const ngx_http_carrierpay_language_t *lang;

    for (i = 1; i < NGX_HTTP_CARRIERPAY_LANGUAGES; i++) {

        lang = &ngx_http_carrierpay_languages[i];

        for (t = ngx_http_carrierpay_languages[0].texts; t->name.len; t++) {
            if (ngx_http_carrierpay_pages_find(lang, t->name.data, t->name.len)
                == NULL)
            {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "no text \"%V\" in language \"%V\"", &t->name,
                              &lang->tag);
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
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


static const ngx_str_t *
ngx_http_carrierpay_pages_find(const ngx_http_carrierpay_language_t *lang,
    const u_char *name, size_t len)
{
    const ngx_http_carrierpay_text_t  *t;

    for (t = lang->texts; t->name.len; t++) {
        if (t->name.len == len && ngx_memcmp(t->name.data, name, len) == 0) {
            return &t->text;
        }
    }

    return NULL;
}


const ngx_str_t *
ngx_http_carrierpay_pages_text(const ngx_http_carrierpay_language_t *lang,
    const char *name, const ngx_str_t *suffix)
{
    u_char            key[64], *p;
    const ngx_str_t  *text;

    static const ngx_str_t  none = ngx_null_string;

    text = NULL;

    if (suffix) {
        p = ngx_snprintf(key, sizeof(key), "%s%V", name, suffix);
        text = ngx_http_carrierpay_pages_find(lang, key, p - key);
    }

    /* what has no text of its own is told in general */

    if (text == NULL) {
        text = ngx_http_carrierpay_pages_find(lang, (u_char *) name,
                                              ngx_strlen(name));
    }

    return text ? text : &none;
}


/* "fr-CM,fr;q=0.9,en;q=0.8"; among equals the first one wins */

const ngx_http_carrierpay_language_t *
ngx_http_carrierpay_pages_language(ngx_http_request_t *r)
{
    u_char                               *p, *end, *last;
    ngx_str_t                             value;
    ngx_uint_t                            i, quality, best;
    const ngx_http_carrierpay_language_t *lang, *found;

    found = &ngx_http_carrierpay_languages[0];

    if (ngx_http_carrierpay_header_in(r, "accept-language", &value) != NGX_OK)
    {
        return found;
    }

    best = 0;
    last = value.data + value.len;

    for (p = value.data; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        while (p < end && *p == ' ') {
            p++;
        }

        quality = ngx_http_carrierpay_pages_quality(p, end);

        for (i = 0; i < NGX_HTTP_CARRIERPAY_LANGUAGES; i++) {
            lang = &ngx_http_carrierpay_languages[i];

            if (quality > best
                && (size_t) (end - p) >= lang->tag.len
                && ngx_strncasecmp(p, lang->tag.data, lang->tag.len) == 0
                && ((size_t) (end - p) == lang->tag.len
                    || p[lang->tag.len] == '-' || p[lang->tag.len] == ';'
                    || p[lang->tag.len] == ' '))
            {
                best = quality;
                found = lang;
            }
        }
    }

    return found;
}


/* of one entry, in thousandths */

static ngx_uint_t
ngx_http_carrierpay_pages_quality(u_char *p, u_char *last)
{
    ngx_int_t  n;

    p = ngx_strnstr(p, "q=", last - p);

    if (p == NULL) {
        return 1000;
    }

    p += sizeof("q=") - 1;

    while (last > p && last[-1] == ' ') {
        last--;
    }

    n = ngx_atofp(p, last - p, 3);

    return (n < 0 || n > 1000) ? 0 : (ngx_uint_t) n;
}


ngx_int_t
ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_http_carrierpay_language_t *lang,
    ngx_http_carrierpay_page_e page, ngx_uint_t status, ngx_str_t *values)
{
    ngx_str_t                   html;
    ngx_carrierpay_template_t  *t;
    ngx_http_core_loc_conf_t   *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    values[NGX_HTTP_CARRIERPAY_VALUE_BASE] = clcf->name;
    values[NGX_HTTP_CARRIERPAY_VALUE_STYLE] = pages->style;

    t = &pages->templates[lang - ngx_http_carrierpay_languages][page];

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
