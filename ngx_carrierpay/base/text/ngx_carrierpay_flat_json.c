
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_flat_json.h>


/* A number of so many digits is always one of 64 bits. */
#define NGX_CARRIERPAY_FLAT_JSON_DIGITS  18


/*
 * Each function returns the position after what it has read, or NULL: that is
 * unusual, or at the end of the text.
 */

static u_char *ngx_carrierpay_flat_json_object(
    ngx_carrierpay_flat_json_t *json, u_char *p, u_char *last);
static u_char *ngx_carrierpay_flat_json_member(
    ngx_carrierpay_flat_json_t *json, u_char *p, u_char *last);
static u_char *ngx_carrierpay_flat_json_value(
    ngx_carrierpay_flat_json_member_t *m, u_char *p, u_char *last);
static u_char *ngx_carrierpay_flat_json_string(ngx_str_t *string, u_char *p,
    u_char *last);
static u_char *ngx_carrierpay_flat_json_integer(int64_t *integer, u_char *p,
    u_char *last);
static u_char *ngx_carrierpay_flat_json_word(u_char *p, u_char *last,
    const char *word);
static u_char *ngx_carrierpay_flat_json_skip(u_char *p, u_char *last);


ngx_int_t
ngx_carrierpay_flat_json_read(ngx_carrierpay_flat_json_t *json,
    const ngx_str_t *text)
{
    u_char  *p, *last;

    json->n = 0;

    last = text->data + text->len;

    p = ngx_carrierpay_flat_json_skip(text->data, last);
    p = ngx_carrierpay_flat_json_object(json, p, last);

    if (p == NULL || ngx_carrierpay_flat_json_skip(p, last) != last) {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


ngx_carrierpay_flat_json_member_t *
ngx_carrierpay_flat_json_find(ngx_carrierpay_flat_json_t *json,
    const u_char *name, size_t len)
{
    ngx_uint_t                          i;
    ngx_carrierpay_flat_json_member_t  *m;

    for (i = 0; i < json->n; i++) {
        m = &json->members[i];

        if (m->name.len == len && ngx_memcmp(m->name.data, name, len) == 0) {
            return m;
        }
    }

    return NULL;
}


static u_char *
ngx_carrierpay_flat_json_object(ngx_carrierpay_flat_json_t *json, u_char *p,
    u_char *last)
{
    if (p == last || *p != '{') {
        return NULL;
    }

    p = ngx_carrierpay_flat_json_skip(p + 1, last);

    if (p < last && *p == '}') {
        return p + 1;
    }

    for ( ;; ) {
        p = ngx_carrierpay_flat_json_member(json, p, last);

        if (p == NULL) {
            return NULL;
        }

        p = ngx_carrierpay_flat_json_skip(p, last);

        if (p == last) {
            return NULL;
        }

        if (*p == '}') {
            return p + 1;
        }

        if (*p != ',') {
            return NULL;
        }

        p = ngx_carrierpay_flat_json_skip(p + 1, last);
    }
}


static u_char *
ngx_carrierpay_flat_json_member(ngx_carrierpay_flat_json_t *json, u_char *p,
    u_char *last)
{
    ngx_carrierpay_flat_json_member_t  *m;

    if (json->n == NGX_CARRIERPAY_FLAT_JSON_MAX) {
        return NULL;
    }

    m = &json->members[json->n];

    p = ngx_carrierpay_flat_json_string(&m->name, p, last);

    if (p == NULL
        || ngx_carrierpay_flat_json_find(json, m->name.data, m->name.len))
    {
        return NULL;
    }

    p = ngx_carrierpay_flat_json_skip(p, last);

    if (p == last || *p != ':') {
        return NULL;
    }

    p = ngx_carrierpay_flat_json_skip(p + 1, last);

    json->n++;

    return ngx_carrierpay_flat_json_value(m, p, last);
}


static u_char *
ngx_carrierpay_flat_json_value(ngx_carrierpay_flat_json_member_t *m,
    u_char *p, u_char *last)
{
    if (p == last) {
        return NULL;
    }

    switch (*p) {

    case '"':
        m->type = NGX_CARRIERPAY_FLAT_JSON_STRING;
        return ngx_carrierpay_flat_json_string(&m->string, p, last);

    case 't':
        m->type = NGX_CARRIERPAY_FLAT_JSON_BOOLEAN;
        m->integer = 1;
        return ngx_carrierpay_flat_json_word(p, last, "true");

    case 'f':
        m->type = NGX_CARRIERPAY_FLAT_JSON_BOOLEAN;
        m->integer = 0;
        return ngx_carrierpay_flat_json_word(p, last, "false");

    case 'n':
        m->type = NGX_CARRIERPAY_FLAT_JSON_NULL;
        return ngx_carrierpay_flat_json_word(p, last, "null");

    default:
        m->type = NGX_CARRIERPAY_FLAT_JSON_INTEGER;
        return ngx_carrierpay_flat_json_integer(&m->integer, p, last);
    }
}


static u_char *
ngx_carrierpay_flat_json_string(ngx_str_t *string, u_char *p, u_char *last)
{
    if (p == last || *p != '"') {
        return NULL;
    }

    string->data = ++p;

    while (p < last && *p >= ' ' && *p <= '~' && *p != '\\') {

        if (*p == '"') {
            string->len = p - string->data;
            return p + 1;
        }

        p++;
    }

    return NULL;
}


/* What follows the digits, a fraction for example, is seen by the caller. */

static u_char *
ngx_carrierpay_flat_json_integer(int64_t *integer, u_char *p, u_char *last)
{
    int64_t      n;
    u_char      *digits;
    ngx_uint_t   minus;

    minus = (*p == '-');
    digits = p + minus;

    n = 0;

    for (p = digits; p < last && *p >= '0' && *p <= '9'; p++) {

        if (p - digits == NGX_CARRIERPAY_FLAT_JSON_DIGITS) {
            return NULL;
        }

        n = n * 10 + (*p - '0');
    }

    if (p == digits || (*digits == '0' && p - digits > 1)) {
        return NULL;
    }

    *integer = minus ? -n : n;

    return p;
}


static u_char *
ngx_carrierpay_flat_json_word(u_char *p, u_char *last, const char *word)
{
    size_t  len;

    len = ngx_strlen(word);

    if ((size_t) (last - p) < len || ngx_memcmp(p, word, len) != 0) {
        return NULL;
    }

    return p + len;
}


/* Returns the position after white space. */

static u_char *
ngx_carrierpay_flat_json_skip(u_char *p, u_char *last)
{
    while (p < last
           && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
    {
        p++;
    }

    return p;
}
