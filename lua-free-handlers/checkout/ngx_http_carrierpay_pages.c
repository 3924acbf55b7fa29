
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_contact.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_pages.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_templates.h"


#define NGX_HTTP_CARRIERPAY_POLICY                                            \
    "default-src 'none'; style-src 'self'; img-src data:; script-src 'self';" \
    " connect-src 'self'; base-uri 'none'; form-action 'self' "

#define NGX_HTTP_CARRIERPAY_FRAMES  "; frame-ancestors "


static ngx_int_t ngx_http_carrierpay_pages_provider(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_carrierpay_conf_t *conf);
static ngx_int_t ngx_http_carrierpay_pages_policy(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_str_t *plain);
static ngx_int_t ngx_http_carrierpay_pages_compile(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, ngx_uint_t page,
    ngx_http_carrierpay_page_t *compiled);
static ngx_int_t ngx_http_carrierpay_pages_expand(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, const ngx_str_t *source,
    ngx_str_t *html);
static u_char *ngx_http_carrierpay_pages_copy(
    const ngx_carrierpay_language_t *lang, const ngx_str_t *source,
    u_char *dst, size_t *size, ngx_str_t *missing);
static ngx_uint_t ngx_http_carrierpay_pages_number(
    const ngx_carrierpay_language_t *lang);
static ngx_int_t ngx_http_carrierpay_pages_reply(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_uint_t status,
    const ngx_str_t *frames, ngx_str_t *html);


/* by ngx_http_carrierpay_page_e; see ngx_http_carrierpay_page_list.h */

#define ngx_http_carrierpay_page_template(name, template, state, status,      \
    heading, reason, advice, fill)                                            \
    &ngx_http_carrierpay_template_##template,

static const ngx_str_t  *ngx_http_carrierpay_page_templates[] = {
    NULL,
    NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_page_template)
};


#define ngx_http_carrierpay_value_name(name, text, html)                      \
    { ngx_string(text), html },

static const ngx_carrierpay_template_name_t
    ngx_http_carrierpay_value_names[] =
{
    NGX_HTTP_CARRIERPAY_VALUES(ngx_http_carrierpay_value_name)
};


static ngx_str_t  ngx_http_carrierpay_deny = ngx_string("DENY");


ngx_int_t
ngx_http_carrierpay_pages_init(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_carrierpay_conf_t *conf)
{
    ngx_uint_t  i, j, n;

    for (n = 0; ngx_carrierpay_languages[n]; n++) { /* void */ }

    pages->sets = ngx_palloc(cf->pool,
                             n * sizeof(ngx_http_carrierpay_page_set_t));
    pages->countries = ngx_palloc(cf->pool, n * sizeof(ngx_array_t));

    if (pages->sets == NULL || pages->countries == NULL
        || ngx_http_carrierpay_assets_init(cf, &pages->assets) != NGX_OK
        || ngx_http_carrierpay_pages_provider(cf, pages, conf) != NGX_OK
        || ngx_http_carrierpay_pages_policy(cf, pages, &conf->checkout_url)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        if (ngx_http_carrierpay_countries_init(cf, &conf->operators,
                                               ngx_carrierpay_languages[i],
                                               &pages->countries[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        for (j = 1; j < NGX_HTTP_CARRIERPAY_PAGE_MAX; j++) {
            if (ngx_http_carrierpay_pages_compile(cf,
                                                  ngx_carrierpay_languages[i],
                                                  j, &pages->sets[i][j])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


/* What shoppers are told of the provider, with whom they deal, too. */

static ngx_int_t
ngx_http_carrierpay_pages_provider(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_carrierpay_conf_t *conf)
{
    pages->provider = conf->provider;
    pages->help = conf->support;
    pages->privacy = conf->privacy;

    return ngx_http_carrierpay_contact_url(cf->pool, &pages->help,
                                           &pages->help_url);
}


/* The answer to a form may redirect the browser to the plain listener. */

static ngx_int_t
ngx_http_carrierpay_pages_policy(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_str_t *plain)
{
    u_char     *p, *last, *end;
    ngx_str_t   origin, *policy;

    last = plain->data + plain->len;
    p = ngx_strnstr(plain->data, "://", plain->len);
    end = p ? ngx_strlchr(p + 3, last, '/') : NULL;

    origin.data = plain->data;
    origin.len = (end ? end : last) - plain->data;

    policy = &pages->policy;

    policy->len = sizeof(NGX_HTTP_CARRIERPAY_POLICY) - 1 + origin.len
                  + sizeof(NGX_HTTP_CARRIERPAY_FRAMES) - 1;

    policy->data = ngx_pnalloc(cf->pool, policy->len + sizeof("'none'") - 1);
    if (policy->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(policy->data, "%s%V%s", NGX_HTTP_CARRIERPAY_POLICY,
                    &origin, NGX_HTTP_CARRIERPAY_FRAMES);
    ngx_memcpy(p, "'none'", sizeof("'none'") - 1);

    pages->unframed.data = policy->data;
    pages->unframed.len = policy->len + sizeof("'none'") - 1;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_pages_compile(ngx_conf_t *cf,
    const ngx_carrierpay_language_t *lang, ngx_uint_t page,
    ngx_http_carrierpay_page_t *compiled)
{
    ngx_str_t                        html;
    ngx_uint_t                       pass;
    ngx_carrierpay_template_t       *t;
    ngx_carrierpay_template_error_t  err;

    if (ngx_http_carrierpay_pages_expand(cf, lang,
                                     ngx_http_carrierpay_page_templates[page],
                                     &html)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_sha256(compiled->hash, html.data, html.len);

    t = &compiled->template;
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


/*
 * Puts the phrases in place of [[names]].  With dst NULL nothing is written,
 * and only the size is set.
 */

static u_char *
ngx_http_carrierpay_pages_copy(const ngx_carrierpay_language_t *lang,
    const ngx_str_t *source, u_char *dst, size_t *size, ngx_str_t *missing)
{
    u_char                   *p, *last, *open, *close;
    ngx_str_t                 piece[2];
    ngx_uint_t                i;
    ngx_carrierpay_phrase_e   phrase;

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
            piece[1].data = open + 2;
            piece[1].len = close - open - 2;

            phrase = ngx_carrierpay_phrase_parse(&piece[1]);

            if (phrase == NGX_CARRIERPAY_PHRASE_NONE) {
                *missing = piece[1];
            }

            piece[1] = *ngx_carrierpay_language_text(lang, phrase);
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


static ngx_uint_t
ngx_http_carrierpay_pages_number(const ngx_carrierpay_language_t *lang)
{
    ngx_uint_t  i;

    for (i = 0; ngx_carrierpay_languages[i] != lang; i++) { /* void */ }

    return i;
}


ngx_array_t *
ngx_http_carrierpay_pages_countries(ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang)
{
    return &pages->countries[ngx_http_carrierpay_pages_number(lang)];
}


void
ngx_http_carrierpay_pages_hash(ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_str_t *hash)
{
    hash->len = NGX_CARRIERPAY_SHA256_LEN;
    hash->data =
           pages->sets[ngx_http_carrierpay_pages_number(lang)][page].hash;
}


/*
 * The origins become part of a header, so no character may end the header or
 * begin another directive.
 */

ngx_uint_t
ngx_http_carrierpay_pages_framed(const ngx_str_t *frames)
{
    size_t  i;
    u_char  c;

    if (frames->len < sizeof("https://") - 1
        || ngx_memcmp(frames->data, "https://", sizeof("https://") - 1) != 0)
    {
        return 0;
    }

    for (i = 0; i < frames->len; i++) {
        c = frames->data[i];

        if (c < ' ' || c > '~' || c == ';' || c == ',' || c == '\''
            || c == '"')
        {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_uint_t status, const ngx_str_t *frames, ngx_str_t *values)
{
    ngx_str_t                   html;
    ngx_carrierpay_template_t  *t;
    ngx_http_core_loc_conf_t   *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_http_carrierpay_value(BASE) = clcf->name;
    ngx_http_carrierpay_value(STYLE) = pages->assets.style;
    ngx_http_carrierpay_value(SCRIPT) = pages->assets.script;
    ngx_http_carrierpay_value(PROVIDER) = pages->provider;
    ngx_http_carrierpay_value(HELP) = pages->help;
    ngx_http_carrierpay_value(HELP_URL) = pages->help_url;
    ngx_http_carrierpay_value(PRIVACY) = pages->privacy;

    t = &pages->sets[ngx_http_carrierpay_pages_number(lang)][page].template;

    html.len = ngx_carrierpay_template_size(t, values);
    html.data = ngx_pnalloc(r->pool, html.len);
    if (html.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_template_write(html.data, t, values);

    return ngx_http_carrierpay_pages_reply(r, pages, lang, status, frames,
                                           &html);
}


/*
 * A browser that does not know frame-ancestors knows X-Frame-Options, which
 * cannot name origins: it is sent when no origin may frame the page.
 */

static ngx_int_t
ngx_http_carrierpay_pages_reply(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_uint_t status,
    const ngx_str_t *frames, ngx_str_t *html)
{
    u_char     *p;
    ngx_str_t   policy;

    policy = pages->unframed;

    if (ngx_http_carrierpay_pages_framed(frames)) {

        policy.len = pages->policy.len + frames->len;
        policy.data = ngx_pnalloc(r->pool, policy.len);
        if (policy.data == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(policy.data, pages->policy.data, pages->policy.len);
        ngx_memcpy(p, frames->data, frames->len);

    } else if (ngx_http_carrierpay_reply_header(r, "X-Frame-Options",
                                                &ngx_http_carrierpay_deny)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_page(r, status, &lang->tag, &policy,
                                          html);
}
