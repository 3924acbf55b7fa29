
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_language.h"


static ngx_uint_t ngx_carrierpay_language_quality(u_char *p, u_char *last);
static void ngx_carrierpay_language_trim(ngx_str_t *text);


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
    size_t                            len;
    ngx_uint_t                        i;
    const ngx_carrierpay_language_t  *lang;

    for (len = 0; len < tag->len; len++) {
        if (ngx_strchr("-_.@", tag->data[len])) {
            break;
        }
    }

    for (i = 0; ngx_carrierpay_languages[i]; i++) {
        lang = ngx_carrierpay_languages[i];

        if (lang->tag.len == len
            && ngx_strncasecmp(lang->tag.data, tag->data, len) == 0)
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
    u_char                           *p, *end, *last, *weight;
    ngx_str_t                         tag;
    ngx_uint_t                        quality, best;
    const ngx_carrierpay_language_t  *lang, *found;

    best = 0;
    found = ngx_carrierpay_language_default();
    last = header->data + header->len;

    for (p = header->data; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        weight = ngx_strlchr(p, end, ';');

        tag.data = p;
        tag.len = (weight ? weight : end) - p;
        ngx_carrierpay_language_trim(&tag);

        quality = weight ? ngx_carrierpay_language_quality(weight + 1, end)
                         : 1000;

        lang = (tag.len == 1 && tag.data[0] == '*')
               ? ngx_carrierpay_language_default()
               : ngx_carrierpay_language_find(&tag);

        if (lang && quality > best) {
            best = quality;
            found = lang;
        }
    }

    return found;
}


/* Returns the quality "q=0.9" in thousandths; what cannot be read is 0. */

static ngx_uint_t
ngx_carrierpay_language_quality(u_char *p, u_char *last)
{
    ngx_int_t  n;
    ngx_str_t  text;

    text.data = p;
    text.len = last - p;
    ngx_carrierpay_language_trim(&text);

    if (text.len < 3 || ngx_strncasecmp(text.data, (u_char *) "q=", 2) != 0) {
        return 0;
    }

    n = ngx_atofp(text.data + 2, text.len - 2, 3);

    return (n < 0 || n > 1000) ? 0 : (ngx_uint_t) n;
}


static void
ngx_carrierpay_language_trim(ngx_str_t *text)
{
    while (text->len && (text->data[0] == ' ' || text->data[0] == '\t')) {
        text->data++;
        text->len--;
    }

    while (text->len && (text->data[text->len - 1] == ' '
                         || text->data[text->len - 1] == '\t'))
    {
        text->len--;
    }
}


const ngx_str_t *
ngx_carrierpay_language_text(const ngx_carrierpay_language_t *lang,
    ngx_carrierpay_phrase_e phrase)
{
    static const ngx_str_t  none = ngx_null_string;

    return phrase == NGX_CARRIERPAY_PHRASE_NONE ? &none : lang->texts[phrase];
}
