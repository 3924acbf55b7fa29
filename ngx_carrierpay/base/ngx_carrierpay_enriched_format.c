
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_enriched_format.h"
#include "ngx_carrierpay_text.h"


#define NGX_CARRIERPAY_ENRICHED_FORMAT_FIELDS  99


/* The kinds of words of a format, in the order in which they may stand. */

typedef enum {
    NGX_CARRIERPAY_PLACE_COOKIE = 0,
    NGX_CARRIERPAY_PLACE_FIELD,
    NGX_CARRIERPAY_PLACE_ENCODING,
    NGX_CARRIERPAY_PLACE_CIPHER,
    NGX_CARRIERPAY_PLACE_FORM,
    NGX_CARRIERPAY_PLACE_MAX
} ngx_carrierpay_enriched_format_place_e;


typedef struct {
    ngx_str_t                               name;
    ngx_carrierpay_enriched_format_place_e  place;
    ngx_uint_t                              value;
} ngx_carrierpay_enriched_format_word_t;


static const ngx_carrierpay_enriched_format_word_t *
    ngx_carrierpay_enriched_format_word(const ngx_str_t *word);
static ngx_uint_t ngx_carrierpay_enriched_format_number(const ngx_str_t *word);


static const ngx_carrierpay_enriched_format_word_t
    ngx_carrierpay_enriched_format_words[] =
{
    { ngx_string("cookie"), NGX_CARRIERPAY_PLACE_COOKIE, 1 },

    { ngx_string("hex"), NGX_CARRIERPAY_PLACE_ENCODING,
      NGX_CARRIERPAY_ENCODING_HEX },
    { ngx_string("base64"), NGX_CARRIERPAY_PLACE_ENCODING,
      NGX_CARRIERPAY_ENCODING_BASE64 },

    { ngx_string("aes-256-gcm"), NGX_CARRIERPAY_PLACE_CIPHER,
      NGX_CARRIERPAY_CIPHER_GCM },
    { ngx_string("aes-256-cbc"), NGX_CARRIERPAY_PLACE_CIPHER,
      NGX_CARRIERPAY_CIPHER_CBC },
    { ngx_string("rsa-oaep"), NGX_CARRIERPAY_PLACE_CIPHER,
      NGX_CARRIERPAY_CIPHER_RSA },

    { ngx_string("e164"), NGX_CARRIERPAY_PLACE_FORM,
      NGX_CARRIERPAY_FORM_E164 },
    { ngx_string("national"), NGX_CARRIERPAY_PLACE_FORM,
      NGX_CARRIERPAY_FORM_NATIONAL },
    { ngx_string("00"), NGX_CARRIERPAY_PLACE_FORM, NGX_CARRIERPAY_FORM_00 },
    { ngx_string("acr"), NGX_CARRIERPAY_PLACE_FORM, NGX_CARRIERPAY_FORM_ACR },

    { ngx_null_string, NGX_CARRIERPAY_PLACE_COOKIE, 0 }
};


static const ngx_str_t
    ngx_carrierpay_enriched_format_field = ngx_string("field-");


const char *
ngx_carrierpay_enriched_format_parse(const ngx_str_t *text,
    ngx_carrierpay_enriched_format_t *f)
{
    u_char                                       *p, *last;
    ngx_str_t                                     word;
    ngx_uint_t                                    values[
                                                    NGX_CARRIERPAY_PLACE_MAX];
    ngx_carrierpay_enriched_format_place_e        place, next;
    const ngx_carrierpay_enriched_format_word_t  *known;

    ngx_memzero(values, sizeof(values));
    next = NGX_CARRIERPAY_PLACE_COOKIE;
    last = text->data + text->len;

    for (p = text->data; /* void */ ; p++) {
        word.data = p;

        while (p < last && *p != ',') {
            p++;
        }

        word.len = p - word.data;

        if (ngx_carrierpay_text_begins(&word,
                                       &ngx_carrierpay_enriched_format_field))
        {
            place = NGX_CARRIERPAY_PLACE_FIELD;
            values[place] = ngx_carrierpay_enriched_format_number(&word);

            if (values[place] == 0) {
                return "field is not field-1 to field-99";
            }

        } else {
            known = ngx_carrierpay_enriched_format_word(&word);

            if (known == NULL) {
                return "unknown word";
            }

            place = known->place;
            values[place] = known->value;
        }

        if (place < next) {
            return "a word twice, or words in another order than "
                   "cookie, field, encoding, cipher, form";
        }

        next = place + 1;

        if (p == last) {
            break;
        }
    }

    f->cookie = values[NGX_CARRIERPAY_PLACE_COOKIE];
    f->field = values[NGX_CARRIERPAY_PLACE_FIELD];
    f->encoding = values[NGX_CARRIERPAY_PLACE_ENCODING];
    f->cipher = values[NGX_CARRIERPAY_PLACE_CIPHER];
    f->form = values[NGX_CARRIERPAY_PLACE_FORM];

    if (f->cipher && !f->encoding) {
        f->encoding = NGX_CARRIERPAY_ENCODING_BASE64;
    }

    return NULL;
}


static const ngx_carrierpay_enriched_format_word_t *
ngx_carrierpay_enriched_format_word(const ngx_str_t *word)
{
    const ngx_carrierpay_enriched_format_word_t  *known;

    for (known = ngx_carrierpay_enriched_format_words; known->name.len;
         known++)
    {
        if (word->len == known->name.len
            && ngx_memcmp(word->data, known->name.data, word->len) == 0)
        {
            return known;
        }
    }

    return NULL;
}


/*
 * Returns the number in "field-7", or 0 if it is out of range or not a number.
 */

static ngx_uint_t
ngx_carrierpay_enriched_format_number(const ngx_str_t *word)
{
    u_char      *p;
    ngx_uint_t   n;

    n = 0;

    for (p = word->data + ngx_carrierpay_enriched_format_field.len;
         p < word->data + word->len;
         p++)
    {
        if (*p < '0' || *p > '9') {
            return 0;
        }

        n = n * 10 + (*p - '0');

        if (n == 0 || n > NGX_CARRIERPAY_ENRICHED_FORMAT_FIELDS) {
            return 0;
        }
    }

    return n;
}
