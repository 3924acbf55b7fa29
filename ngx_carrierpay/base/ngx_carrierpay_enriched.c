
/*
 * What an operator's gateway writes into a header.  See the header.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_enriched.h>
#include <ngx_carrierpay_msisdn.h>
#include <ngx_carrierpay_base64.h>
#include <ngx_carrierpay_hex.h>


#define NGX_CARRIERPAY_ENRICHED_FIELD_MAX  99

/* digits of a time: good until the year 5138 */
#define NGX_CARRIERPAY_ENRICHED_TIME_MAX   11


/* the words of a format, in the order in which they may stand */

typedef enum {
    NGX_CARRIERPAY_PLACE_COOKIE = 0,
    NGX_CARRIERPAY_PLACE_FIELD,
    NGX_CARRIERPAY_PLACE_ENCODING,
    NGX_CARRIERPAY_PLACE_CIPHER,
    NGX_CARRIERPAY_PLACE_FORM
} ngx_carrierpay_enriched_place_e;


typedef struct {
    ngx_str_t                        name;
    ngx_carrierpay_enriched_place_e  place;
    ngx_uint_t                       value;
} ngx_carrierpay_enriched_word_t;


static const ngx_carrierpay_enriched_word_t *ngx_carrierpay_enriched_word(
    const ngx_str_t *word);
static ngx_uint_t ngx_carrierpay_enriched_field_number(const ngx_str_t *word);
static ngx_carrierpay_enriched_e ngx_carrierpay_enriched_unwrap(
    const ngx_carrierpay_enriched_t *f, ngx_str_t *text);
static ngx_uint_t ngx_carrierpay_enriched_cut(ngx_str_t *text, ngx_uint_t n);
static ngx_carrierpay_enriched_e ngx_carrierpay_enriched_decode(
    const ngx_carrierpay_enriched_t *f, ngx_str_t *text, u_char *room);
static ngx_int_t ngx_carrierpay_enriched_bytes(
    ngx_carrierpay_encoding_e encoding, const ngx_str_t *text,
    ngx_str_t *bytes);
static const ngx_carrierpay_enriched_key_t *ngx_carrierpay_enriched_key(
    const ngx_carrierpay_enriched_t *f, ngx_str_t *text);
static ngx_int_t ngx_carrierpay_enriched_open(ngx_carrierpay_cipher_e cipher,
    const ngx_carrierpay_enriched_key_t *key, const ngx_str_t *bytes,
    ngx_str_t *plain);
static ngx_int_t ngx_carrierpay_enriched_time(ngx_str_t *text, time_t *time);
static ngx_int_t ngx_carrierpay_enriched_number(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_enriched_join(const ngx_str_t *text,
    const ngx_str_t *prefix, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn);
static ngx_int_t ngx_carrierpay_enriched_reference(const ngx_str_t *text,
    ngx_carrierpay_enriched_line_t *line);
static ngx_uint_t ngx_carrierpay_enriched_nobody(const ngx_str_t *text);
static ngx_uint_t ngx_carrierpay_enriched_begins(const ngx_str_t *text,
    const ngx_str_t *with);


static const ngx_carrierpay_enriched_word_t
    ngx_carrierpay_enriched_words[] =
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


/* what gateways write when they do not know, or must not tell */

static const ngx_str_t  ngx_carrierpay_enriched_nobodies[] = {
    ngx_string("0"),
    ngx_string("unknown"),
    ngx_string("anonymous"),
    ngx_null_string
};


static const ngx_str_t  ngx_carrierpay_enriched_field = ngx_string("field-");
static const ngx_str_t  ngx_carrierpay_enriched_plus = ngx_string("+");
static const ngx_str_t  ngx_carrierpay_enriched_abroad = ngx_string("00");
static const ngx_str_t  ngx_carrierpay_enriched_acr = ngx_string("acr:");
static const ngx_str_t  ngx_carrierpay_enriched_none = ngx_null_string;


const char *
ngx_carrierpay_enriched_format(const ngx_str_t *text,
    ngx_carrierpay_enriched_t *f)
{
    u_char                                *p, *last;
    ngx_str_t                              word;
    ngx_uint_t                             values[NGX_CARRIERPAY_PLACE_FORM
                                                  + 1];
    ngx_carrierpay_enriched_place_e        place, next;
    const ngx_carrierpay_enriched_word_t  *known;

    ngx_memzero(values, sizeof(values));
    next = NGX_CARRIERPAY_PLACE_COOKIE;
    last = text->data + text->len;

    for (p = text->data; /* void */ ; p++) {
        word.data = p;

        while (p < last && *p != ',') {
            p++;
        }

        word.len = p - word.data;

        if (ngx_carrierpay_enriched_begins(&word,
                                           &ngx_carrierpay_enriched_field))
        {
            place = NGX_CARRIERPAY_PLACE_FIELD;
            values[place] = ngx_carrierpay_enriched_field_number(&word);

            if (values[place] == 0) {
                return "field is not field-1 to field-99";
            }

        } else {
            known = ngx_carrierpay_enriched_word(&word);

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


ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_read(const ngx_carrierpay_enriched_t *f,
    const ngx_str_t *value, const ngx_carrierpay_numbering_t *numbering,
    time_t now, ngx_carrierpay_enriched_line_t *line)
{
    u_char                     room[NGX_CARRIERPAY_ENRICHED_MAX];
    time_t                     written;
    ngx_str_t                  text;
    ngx_int_t                  rc;
    ngx_carrierpay_enriched_e  result;

    line->msisdn.len = 0;
    line->acr_len = 0;
    written = now;
    text = *value;

    result = ngx_carrierpay_enriched_unwrap(f, &text);

    if (result != NGX_CARRIERPAY_ENRICHED_OK) {
        return result;
    }

    result = ngx_carrierpay_enriched_decode(f, &text, room);

    if (result != NGX_CARRIERPAY_ENRICHED_OK) {
        return result;
    }

    if (f->window
        && ngx_carrierpay_enriched_time(&text, &written) != NGX_OK)
    {
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    /* an answer of yesterday is nobody's too, so this comes first */

    if (ngx_carrierpay_enriched_nobody(&text)) {
        return NGX_CARRIERPAY_ENRICHED_NOBODY;
    }

    if (written < now - f->window
        || written > now + NGX_CARRIERPAY_ENRICHED_AHEAD)
    {
        return NGX_CARRIERPAY_ENRICHED_STALE;
    }

    rc = f->form == NGX_CARRIERPAY_FORM_ACR
         ? ngx_carrierpay_enriched_reference(&text, line)
         : ngx_carrierpay_enriched_number(f->form, &text, numbering,
                                          &line->msisdn);

    if (rc != NGX_OK) {
        line->msisdn.len = 0;
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    return NGX_CARRIERPAY_ENRICHED_OK;
}


static const ngx_carrierpay_enriched_word_t *
ngx_carrierpay_enriched_word(const ngx_str_t *word)
{
    const ngx_carrierpay_enriched_word_t  *known;

    for (known = ngx_carrierpay_enriched_words; known->name.len; known++) {
        if (word->len == known->name.len
            && ngx_memcmp(word->data, known->name.data, word->len) == 0)
        {
            return known;
        }
    }

    return NULL;
}


/* the number in "field-7"; 0: it is none */

static ngx_uint_t
ngx_carrierpay_enriched_field_number(const ngx_str_t *word)
{
    u_char      *p;
    ngx_uint_t   n;

    n = 0;

    for (p = word->data + ngx_carrierpay_enriched_field.len;
         p < word->data + word->len;
         p++)
    {
        if (*p < '0' || *p > '9') {
            return 0;
        }

        n = n * 10 + (*p - '0');

        if (n == 0 || n > NGX_CARRIERPAY_ENRICHED_FIELD_MAX) {
            return 0;
        }
    }

    return n;
}


/* the value without what is around it, of a length that makes sense */

static ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_unwrap(const ngx_carrierpay_enriched_t *f,
    ngx_str_t *text)
{
    size_t  i, max;

    if (text->len > NGX_CARRIERPAY_ENRICHED_MAX) {
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    if (ngx_carrierpay_enriched_nobody(text)) {
        return NGX_CARRIERPAY_ENRICHED_NOBODY;
    }

    if (f->field && !ngx_carrierpay_enriched_cut(text, f->field)) {
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    for (i = 0; i < text->len; i++) {
        if (text->data[i] <= ' ' || text->data[i] > '~'
            || text->data[i] == ',')
        {
            return NGX_CARRIERPAY_ENRICHED_MALFORMED;
        }
    }

    if (ngx_carrierpay_enriched_nobody(text)) {
        return NGX_CARRIERPAY_ENRICHED_NOBODY;
    }

    if (!ngx_carrierpay_enriched_begins(text, &f->frame)) {
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    text->data += f->frame.len;
    text->len -= f->frame.len;

    if (ngx_carrierpay_enriched_nobody(text)) {
        return NGX_CARRIERPAY_ENRICHED_NOBODY;
    }

    max = f->cipher || f->form == NGX_CARRIERPAY_FORM_ACR
          ? NGX_CARRIERPAY_ENRICHED_MAX : NGX_CARRIERPAY_ENRICHED_NUMBER_MAX;

    return text->len <= max ? NGX_CARRIERPAY_ENRICHED_OK
                            : NGX_CARRIERPAY_ENRICHED_MALFORMED;
}


/* one field of a list, without the blanks around it; 0: there is none */

static ngx_uint_t
ngx_carrierpay_enriched_cut(ngx_str_t *text, ngx_uint_t n)
{
    u_char  *p, *last, *end;

    last = text->data + text->len;

    for (p = text->data; n > 1; n--) {
        while (p < last && *p != ',') {
            p++;
        }

        if (p == last) {
            return 0;
        }

        p++;
    }

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    for (end = p; end < last && *end != ','; end++) { /* void */ }

    while (end > p && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }

    text->data = p;
    text->len = end - p;

    return 1;
}


/* room: NGX_CARRIERPAY_ENRICHED_MAX bytes, where the plain text may lie */

static ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_decode(const ngx_carrierpay_enriched_t *f,
    ngx_str_t *text, u_char *room)
{
    u_char                                buf[NGX_CARRIERPAY_ENRICHED_MAX];
    ngx_str_t                             bytes;
    const ngx_carrierpay_enriched_key_t  *key;

    if (f->encoding == NGX_CARRIERPAY_ENCODING_NONE) {
        return NGX_CARRIERPAY_ENRICHED_OK;
    }

    key = NULL;

    if (f->cipher) {
        key = ngx_carrierpay_enriched_key(f, text);

        if (key == NULL) {
            return NGX_CARRIERPAY_ENRICHED_FORGED;
        }
    }

    bytes.data = f->cipher ? buf : room;

    if (ngx_carrierpay_enriched_bytes(f->encoding, text, &bytes) != NGX_OK) {
        return NGX_CARRIERPAY_ENRICHED_MALFORMED;
    }

    if (!f->cipher) {
        *text = bytes;
        return NGX_CARRIERPAY_ENRICHED_OK;
    }

    text->data = room;

    return ngx_carrierpay_enriched_open(f->cipher, key, &bytes, text)
           == NGX_OK ? NGX_CARRIERPAY_ENRICHED_OK
                     : NGX_CARRIERPAY_ENRICHED_FORGED;
}


/* gateways differ in the case of hex and in the alphabet of base64 */

static ngx_int_t
ngx_carrierpay_enriched_bytes(ngx_carrierpay_encoding_e encoding,
    const ngx_str_t *text, ngx_str_t *bytes)
{
    size_t     i;
    u_char     small[NGX_CARRIERPAY_ENRICHED_MAX];
    ngx_str_t  lower;

    if (encoding == NGX_CARRIERPAY_ENCODING_BASE64) {
        return ngx_carrierpay_base64_decode(bytes, text) == NGX_OK ? NGX_OK
               : ngx_carrierpay_base64url_decode(bytes, text);
    }

    for (i = 0; i < text->len; i++) {
        small[i] = ngx_tolower(text->data[i]);
    }

    lower.data = small;
    lower.len = text->len;

    return ngx_carrierpay_hex_decode(bytes, &lower);
}


/* the key that the text names, whose id is cut off, or the newest */

static const ngx_carrierpay_enriched_key_t *
ngx_carrierpay_enriched_key(const ngx_carrierpay_enriched_t *f,
    ngx_str_t *text)
{
    size_t      i;
    ngx_uint_t  id, n;

    id = 0;

    for (i = 0; i < text->len && i < 3; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            break;
        }

        id = id * 10 + (text->data[i] - '0');
    }

    if (i == text->len || text->data[i] != ':') {
        return f->nkeys ? f->keys : NULL;
    }

    text->data += i + 1;
    text->len -= i + 1;

    for (n = 0; n < f->nkeys; n++) {
        if (f->keys[n].id == id) {
            return &f->keys[n];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_carrierpay_enriched_open(ngx_carrierpay_cipher_e cipher,
    const ngx_carrierpay_enriched_key_t *key, const ngx_str_t *bytes,
    ngx_str_t *plain)
{
    switch (cipher) {

    case NGX_CARRIERPAY_CIPHER_GCM:
        return ngx_carrierpay_gcm_open(plain, key->bytes.data, bytes);

    case NGX_CARRIERPAY_CIPHER_CBC:
        return ngx_carrierpay_cbc_open(plain, key->bytes.data, bytes);

    default: /* NGX_CARRIERPAY_CIPHER_RSA */
        return ngx_carrierpay_rsa_open(plain, key->pkey, bytes);
    }
}


/* cuts ";1753000000" off the end */

static ngx_int_t
ngx_carrierpay_enriched_time(ngx_str_t *text, time_t *time)
{
    size_t   digits;
    time_t   unit;
    u_char  *p;

    *time = 0;
    unit = 1;

    for (p = text->data + text->len; p > text->data; p--) {
        if (p[-1] < '0' || p[-1] > '9') {
            break;
        }

        if (text->data + text->len - p == NGX_CARRIERPAY_ENRICHED_TIME_MAX) {
            return NGX_DECLINED;
        }

        *time += (p[-1] - '0') * unit;
        unit *= 10;
    }

    digits = text->data + text->len - p;

    if (p == text->data || p[-1] != ';' || digits == 0) {
        return NGX_DECLINED;
    }

    text->len -= digits + 1;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_enriched_number(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_str_t         rest;
    const ngx_str_t  *before;

    if (form == NGX_CARRIERPAY_FORM_NATIONAL) {
        return ngx_carrierpay_enriched_join(text, &numbering->trunk, numbering,
                                            msisdn)
               == NGX_OK ? NGX_OK
               : ngx_carrierpay_enriched_join(text,
                                              &ngx_carrierpay_enriched_none,
                                              numbering, msisdn);
    }

    before = &ngx_carrierpay_enriched_abroad;

    if (form == NGX_CARRIERPAY_FORM_E164) {
        before = &ngx_carrierpay_enriched_plus;

        if (!ngx_carrierpay_enriched_begins(text, before)) {
            before = &ngx_carrierpay_enriched_none;
        }
    }

    if (!ngx_carrierpay_enriched_begins(text, before)) {
        return NGX_DECLINED;
    }

    rest.data = text->data + before->len;
    rest.len = text->len - before->len;

    return ngx_carrierpay_enriched_join(&rest, &numbering->cc, numbering,
                                        msisdn);
}


/* a gateway of mobile lines that names a fixed one is not believed */

static ngx_int_t
ngx_carrierpay_enriched_join(const ngx_str_t *text, const ngx_str_t *prefix,
    const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_t *msisdn)
{
    if (!ngx_carrierpay_enriched_begins(text, prefix)
        || ngx_carrierpay_msisdn_join(&numbering->cc, text->data + prefix->len,
                                      text->len - prefix->len, msisdn)
           != NGX_OK)
    {
        return NGX_DECLINED;
    }

    switch (ngx_carrierpay_numbering_kind(numbering, msisdn)) {

    case NGX_CARRIERPAY_NUMBER_OWN:
    case NGX_CARRIERPAY_NUMBER_MOBILE:
        return NGX_OK;

    default:
        return NGX_DECLINED;
    }
}


/* visible ASCII, and nothing that would need an escape on its way */

static ngx_int_t
ngx_carrierpay_enriched_reference(const ngx_str_t *text,
    ngx_carrierpay_enriched_line_t *line)
{
    u_char  c, *p;
    size_t  i, len, acr;

    p = text->data;
    len = text->len;
    acr = ngx_carrierpay_enriched_acr.len;

    /* some gateways write our prefix themselves */

    if (len >= acr && ngx_tolower(p[0]) == 'a' && ngx_tolower(p[1]) == 'c'
        && ngx_tolower(p[2]) == 'r' && p[3] == ':')
    {
        p += acr;
        len -= acr;
    }

    if (len == 0) {
        return NGX_DECLINED;
    }

    for (i = 0; i < len; i++) {
        c = p[i];

        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == ','
            || c == '<' || c == '>' || c == '&')
        {
            return NGX_DECLINED;
        }
    }

    ngx_memcpy(line->acr, ngx_carrierpay_enriched_acr.data, acr);
    ngx_memcpy(line->acr + acr, p, len);
    line->acr_len = acr + len;

    return NGX_OK;
}


static ngx_uint_t
ngx_carrierpay_enriched_nobody(const ngx_str_t *text)
{
    size_t            i;
    const ngx_str_t  *nobody;

    if (text->len == 0) {
        return 1;
    }

    for (nobody = ngx_carrierpay_enriched_nobodies; nobody->len; nobody++) {
        if (text->len != nobody->len) {
            continue;
        }

        for (i = 0; i < text->len; i++) {
            if (ngx_tolower(text->data[i]) != nobody->data[i]) {
                break;
            }
        }

        if (i == text->len) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_carrierpay_enriched_begins(const ngx_str_t *text, const ngx_str_t *with)
{
    return with->len == 0
           || (with->len <= text->len
               && ngx_memcmp(text->data, with->data, with->len) == 0);
}
