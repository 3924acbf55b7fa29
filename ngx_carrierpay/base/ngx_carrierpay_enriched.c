
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_enriched.h"
#include "ngx_carrierpay_text.h"


/*
 * The largest number of digits of a Unix time, which is good until the year
 * 5138.
 */
#define NGX_CARRIERPAY_ENRICHED_TIME_MAX   11


static ngx_carrierpay_enriched_e ngx_carrierpay_enriched_unwrap(
    const ngx_carrierpay_enriched_format_t *f, ngx_str_t *text);
static ngx_uint_t ngx_carrierpay_enriched_cut(ngx_str_t *text, ngx_uint_t n);
static ngx_carrierpay_enriched_e ngx_carrierpay_enriched_decode(
    const ngx_carrierpay_enriched_format_t *f, ngx_str_t *text, u_char *room);
static ngx_int_t ngx_carrierpay_enriched_bytes(
    ngx_carrierpay_encoding_e encoding, const ngx_str_t *text,
    ngx_str_t *bytes);
static const ngx_carrierpay_enriched_key_t *ngx_carrierpay_enriched_key(
    const ngx_carrierpay_enriched_format_t *f, ngx_str_t *text);
static ngx_int_t ngx_carrierpay_enriched_open(ngx_carrierpay_cipher_e cipher,
    const ngx_carrierpay_enriched_key_t *key, const ngx_str_t *bytes,
    ngx_str_t *plain);
static ngx_int_t ngx_carrierpay_enriched_time(ngx_str_t *text, time_t *time);
static ngx_uint_t ngx_carrierpay_enriched_nobody(const ngx_str_t *text);


/*
 * What gateways write when they do not know the number, or must not tell it.
 */

static const ngx_str_t  ngx_carrierpay_enriched_nobodies[] = {
    ngx_string("0"),
    ngx_string("unknown"),
    ngx_string("anonymous"),
    ngx_null_string
};


ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_read(const ngx_carrierpay_enriched_format_t *f,
    const ngx_str_t *value, const ngx_carrierpay_numbering_t *numbering,
    time_t now, ngx_carrierpay_end_user_t *end_user)
{
    u_char                     room[NGX_CARRIERPAY_ENRICHED_MAX];
    time_t                     written;
    ngx_str_t                  text;
    ngx_carrierpay_enriched_e  result;

    end_user->msisdn.len = 0;
    end_user->acr_len = 0;
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

    /*
     * An old value without a number is no worse than a new one, so this comes
     * before the check of the time.
     */

    if (ngx_carrierpay_enriched_nobody(&text)) {
        return NGX_CARRIERPAY_ENRICHED_NOBODY;
    }

    if (written < now - f->window
        || written > now + NGX_CARRIERPAY_ENRICHED_AHEAD)
    {
        return NGX_CARRIERPAY_ENRICHED_STALE;
    }

    return ngx_carrierpay_end_user_read(f->form, &text, numbering, end_user)
           == NGX_OK ? NGX_CARRIERPAY_ENRICHED_OK
                     : NGX_CARRIERPAY_ENRICHED_MALFORMED;
}


/* Removes the list and the frame around a value, and checks its length. */

static ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_unwrap(const ngx_carrierpay_enriched_format_t *f,
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

    if (!ngx_carrierpay_text_begins(text, &f->frame)) {
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


/*
 * Cuts one field out of a list, without the blanks around it.  Returns 0 if
 * the list has no such field.
 */

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


/*
 * Decodes and decrypts a text.  The plain text may be placed in room, which
 * has NGX_CARRIERPAY_ENRICHED_MAX bytes.
 */

static ngx_carrierpay_enriched_e
ngx_carrierpay_enriched_decode(const ngx_carrierpay_enriched_format_t *f,
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


/* Gateways differ in the case of hex digits and in the alphabet of base64. */

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

    return ngx_carrierpay_text_hex_parse(&lower, bytes);
}


/*
 * Returns the key that the text names, and cuts its id off; or else the newest
 * key.
 */

static const ngx_carrierpay_enriched_key_t *
ngx_carrierpay_enriched_key(const ngx_carrierpay_enriched_format_t *f,
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
        return ngx_carrierpay_gcm_open(plain, key->loaded, bytes);

    case NGX_CARRIERPAY_CIPHER_CBC:
        return ngx_carrierpay_cbc_open(plain, key->bytes.data, bytes);

    default: /* NGX_CARRIERPAY_CIPHER_RSA */
        return ngx_carrierpay_rsa_open(plain, key->loaded, bytes);
    }
}


/* Cuts ";1753000000" off the end of a text. */

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
