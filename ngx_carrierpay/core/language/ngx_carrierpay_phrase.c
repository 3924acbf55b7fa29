
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_phrase.h"


static ngx_carrierpay_phrase_e ngx_carrierpay_phrase_find(const char *family,
    const ngx_str_t *word);


#define ngx_carrierpay_phrase_name(phrase, name)                              \
    [NGX_CARRIERPAY_PHRASE_##phrase] = ngx_string(name),

static const ngx_str_t  ngx_carrierpay_phrase_names[] = {
    NGX_CARRIERPAY_PHRASES(ngx_carrierpay_phrase_name)
};


ngx_carrierpay_phrase_e
ngx_carrierpay_phrase_parse(const ngx_str_t *name)
{
    return ngx_carrierpay_phrase_find("", name);
}


ngx_carrierpay_phrase_e
ngx_carrierpay_phrase_variant(const char *family, const ngx_str_t *word,
    ngx_carrierpay_phrase_e other)
{
    ngx_carrierpay_phrase_e  phrase;

    if (word->len == 0) {
        return other;
    }

    phrase = ngx_carrierpay_phrase_find(family, word);

    return phrase == NGX_CARRIERPAY_PHRASE_NONE ? other : phrase;
}


static ngx_carrierpay_phrase_e
ngx_carrierpay_phrase_find(const char *family, const ngx_str_t *word)
{
    size_t            len;
    ngx_uint_t        i;
    const ngx_str_t  *name;

    len = ngx_strlen(family);

    for (i = NGX_CARRIERPAY_PHRASE_NONE + 1; i < NGX_CARRIERPAY_PHRASE_MAX;
         i++)
    {
        name = &ngx_carrierpay_phrase_names[i];

        if (name->len == len + word->len
            && ngx_memcmp(name->data, family, len) == 0
            && ngx_memcmp(name->data + len, word->data, word->len) == 0)
        {
            return i;
        }
    }

    return NGX_CARRIERPAY_PHRASE_NONE;
}
