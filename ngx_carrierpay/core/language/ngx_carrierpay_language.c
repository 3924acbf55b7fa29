
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_language.h"


static ngx_uint_t ngx_carrierpay_language_named(
    const ngx_carrierpay_language_t *lang, u_char *p, u_char *last);
static ngx_uint_t ngx_carrierpay_language_quality(u_char *p, u_char *last);


/* A row is a language; the first one is the default. */

#define NGX_CARRIERPAY_LANGUAGES(language)                                    \
    language(en)                                                              \
    language(fr)


#define ngx_carrierpay_language_extern(tag)                                   \
    extern const ngx_carrierpay_language_t  ngx_carrierpay_language_##tag;

#define ngx_carrierpay_language_row(tag)                                      \
    &ngx_carrierpay_language_##tag,


NGX_CARRIERPAY_LANGUAGES(ngx_carrierpay_language_extern)


const ngx_carrierpay_language_t *const  ngx_carrierpay_languages[] = {
    NGX_CARRIERPAY_LANGUAGES(ngx_carrierpay_language_row)
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


/*
 * Tells whether an entry of the header, "fr", "fr-CM" or "FR;q=0.9", names
 * the language.
 */

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


/*
 * Returns the quality of an entry in thousandths, which is 1000 if it states
 * none.
 */

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
    ngx_carrierpay_phrase_e phrase)
{
    static const ngx_str_t  none = ngx_null_string;

    return phrase == NGX_CARRIERPAY_PHRASE_NONE ? &none : lang->texts[phrase];
}
