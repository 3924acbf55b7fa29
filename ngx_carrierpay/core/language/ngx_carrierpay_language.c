
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_language.h"


static ngx_int_t ngx_carrierpay_language_check_one(
    const ngx_carrierpay_language_t *lang, ngx_log_t *log);
static ngx_int_t ngx_carrierpay_phrase_compare(const ngx_str_t *name,
    const u_char *key, size_t len);
static ngx_uint_t ngx_carrierpay_language_named(
    const ngx_carrierpay_language_t *lang, u_char *p, u_char *last);
static ngx_uint_t ngx_carrierpay_language_quality(u_char *p, u_char *last);


extern const ngx_carrierpay_language_t  ngx_carrierpay_language_en;
extern const ngx_carrierpay_language_t  ngx_carrierpay_language_fr;


const ngx_carrierpay_language_t *const  ngx_carrierpay_languages[] = {
    &ngx_carrierpay_language_en,
    &ngx_carrierpay_language_fr,
    NULL
};


const ngx_carrierpay_language_t *
ngx_carrierpay_language_find(const ngx_str_t *tag)
{
    ngx_uint_t                        i;
    const ngx_carrierpay_language_t  *lang;

    for (i = 0; ngx_carrierpay_languages[i]; i++) {
        lang = ngx_carrierpay_languages[i];

        if (lang->tag.len == tag->len
            && ngx_memcmp(lang->tag.data, tag->data, tag->len) == 0)
        {
            return lang;
        }
    }

    return NULL;
}


const ngx_carrierpay_language_t *
ngx_carrierpay_language_default(void)
{
    return ngx_carrierpay_languages[0];
}


const ngx_carrierpay_language_t *
ngx_carrierpay_language_accept(const ngx_str_t *header)
{
    u_char                           *p, *end, *last;
    ngx_uint_t                        i, quality, best;
    const ngx_carrierpay_language_t  *found;

    best = 0;
    found = ngx_carrierpay_language_default();
    last = header->data + header->len;

    for (p = header->data; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        while (p < end && *p == ' ') {
            p++;
        }

        quality = ngx_carrierpay_language_quality(p, end);

        for (i = 0; quality > best && ngx_carrierpay_languages[i]; i++) {

            if (ngx_carrierpay_language_named(ngx_carrierpay_languages[i], p,
                                              end))
            {
                best = quality;
                found = ngx_carrierpay_languages[i];
            }
        }
    }

    return found;
}


/* "fr", "fr-CM", "FR;q=0.9" */

static ngx_uint_t
ngx_carrierpay_language_named(const ngx_carrierpay_language_t *lang,
    u_char *p, u_char *last)
{
    size_t  len;

    len = lang->tag.len;

    if ((size_t) (last - p) < len
        || ngx_strncasecmp(p, lang->tag.data, len) != 0)
    {
        return 0;
    }

    return (size_t) (last - p) == len || p[len] == '-' || p[len] == ';'
           || p[len] == ' ';
}


/* of one entry, in thousandths */

static ngx_uint_t
ngx_carrierpay_language_quality(u_char *p, u_char *last)
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


const ngx_str_t *
ngx_carrierpay_language_text(const ngx_carrierpay_language_t *lang,
    const char *name, const ngx_str_t *suffix)
{
    u_char            key[NGX_CARRIERPAY_PHRASE_NAME_MAX], *p;
    const ngx_str_t  *text;

    static const ngx_str_t  none = ngx_null_string;

    text = NULL;

    if (suffix) {
        p = ngx_snprintf(key, sizeof(key), "%s%V", name, suffix);
        text = ngx_carrierpay_language_phrase(lang, key, p - key);
    }

    if (text == NULL) {
        text = ngx_carrierpay_language_phrase(lang, (u_char *) name,
                                              ngx_strlen(name));
    }

    return text ? text : &none;
}


const ngx_str_t *
ngx_carrierpay_language_phrase(const ngx_carrierpay_language_t *lang,
    const u_char *name, size_t len)
{
    ngx_int_t   rc;
    ngx_uint_t  low, high, middle;

    low = 0;
    high = lang->nphrases;

    while (low < high) {
        middle = (low + high) / 2;

        rc = ngx_carrierpay_phrase_compare(&lang->phrases[middle].name, name,
                                           len);
        if (rc == 0) {
            return &lang->phrases[middle].text;
        }

        if (rc < 0) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_carrierpay_phrase_compare(const ngx_str_t *name, const u_char *key,
    size_t len)
{
    ngx_int_t  rc;

    rc = ngx_memcmp(name->data, key, ngx_min(name->len, len));

    return rc ? rc : (ngx_int_t) name->len - (ngx_int_t) len;
}


ngx_int_t
ngx_carrierpay_language_check(ngx_log_t *log)
{
    ngx_uint_t  i;

    for (i = 0; ngx_carrierpay_languages[i]; i++) {
        if (ngx_carrierpay_language_check_one(ngx_carrierpay_languages[i], log)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_language_check_one(const ngx_carrierpay_language_t *lang,
    ngx_log_t *log)
{
    ngx_uint_t                        i;
    const ngx_str_t                  *name;
    const ngx_carrierpay_phrase_t    *before;
    const ngx_carrierpay_language_t  *first;

    first = ngx_carrierpay_language_default();

    for (i = 1; i < lang->nphrases; i++) {
        before = &lang->phrases[i - 1];
        name = &lang->phrases[i].name;

        if (ngx_carrierpay_phrase_compare(&before->name, name->data, name->len)
            >= 0)
        {
            ngx_log_error(NGX_LOG_EMERG, log, 0,
                          "phrase \"%V\" in language \"%V\" is out of order",
                          name, &lang->tag);
            return NGX_ERROR;
        }
    }

    for (i = 0; i < ngx_max(first->nphrases, lang->nphrases); i++) {

        if (i == first->nphrases || i == lang->nphrases
            || ngx_carrierpay_phrase_compare(&first->phrases[i].name,
                                             lang->phrases[i].name.data,
                                             lang->phrases[i].name.len)
               != 0)
        {
            ngx_log_error(NGX_LOG_EMERG, log, 0,
                          "languages \"%V\" and \"%V\" differ at phrase"
                          " \"%V\"", &first->tag, &lang->tag,
                          i < lang->nphrases ? &lang->phrases[i].name
                                             : &first->phrases[i].name);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
