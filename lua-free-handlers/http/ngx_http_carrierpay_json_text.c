
#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_http_carrierpay_json_text.h"


/* the tables need two levels; jansson would allow 2048 */
#define NGX_HTTP_CARRIERPAY_JSON_TEXT_DEPTH  8


static ngx_int_t ngx_http_carrierpay_json_text_flat(ngx_pool_t *pool,
    ngx_str_t *text, ngx_carrierpay_flat_json_t *json);
static ngx_http_carrierpay_json_text_e ngx_http_carrierpay_json_text_parse(
    ngx_pool_t *pool, ngx_str_t *text, json_t **object, json_error_t *err);
static ngx_uint_t ngx_http_carrierpay_json_text_deep(ngx_str_t *text);
static void ngx_http_carrierpay_json_text_cleanup(void *data);
static void ngx_http_carrierpay_json_text_members(json_t *object,
    ngx_carrierpay_flat_json_t *json);
static void ngx_http_carrierpay_json_text_member(json_t *value,
    ngx_carrierpay_flat_json_member_t *m);


ngx_http_carrierpay_json_text_e
ngx_http_carrierpay_json_text_read(ngx_pool_t *pool, ngx_str_t *text,
    ngx_http_carrierpay_json_text_t *json, json_error_t *err)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_json_text_e  kind;

    json->object = NULL;

    rc = ngx_http_carrierpay_json_text_flat(pool, text, &json->members);

    if (rc == NGX_OK) {
        return NGX_HTTP_CARRIERPAY_JSON_TEXT_OBJECT;
    }

    if (rc != NGX_DECLINED) {
        return NGX_HTTP_CARRIERPAY_JSON_TEXT_MEMORY;
    }

    kind = ngx_http_carrierpay_json_text_parse(pool, text, &json->object, err);

    if (kind == NGX_HTTP_CARRIERPAY_JSON_TEXT_OBJECT) {
        ngx_http_carrierpay_json_text_members(json->object, &json->members);
    }

    return kind;
}


/*
 * Reads a text that is flat, in a copy: values are folded in place, and a body
 * is hashed after it was read.
 */

static ngx_int_t
ngx_http_carrierpay_json_text_flat(ngx_pool_t *pool, ngx_str_t *text,
    ngx_carrierpay_flat_json_t *json)
{
    ngx_str_t  copy;

    copy.len = text->len;
    copy.data = ngx_pnalloc(pool, text->len + 1);
    if (copy.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(copy.data, text->data, text->len);

    return ngx_carrierpay_flat_json_read(json, &copy);
}


/* Reads any text; the pool frees the object. */

static ngx_http_carrierpay_json_text_e
ngx_http_carrierpay_json_text_parse(ngx_pool_t *pool, ngx_str_t *text,
    json_t **object, json_error_t *err)
{
    ngx_pool_cleanup_t  *cln;

    if (ngx_http_carrierpay_json_text_deep(text)) {
        return NGX_HTTP_CARRIERPAY_JSON_TEXT_DEEP;
    }

    cln = ngx_pool_cleanup_add(pool, 0);
    if (cln == NULL) {
        return NGX_HTTP_CARRIERPAY_JSON_TEXT_MEMORY;
    }

    /* zero bytes are allowed here, and refused with the name of the member */

    *object = json_loadb((char *) text->data, text->len,
                         JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL, err);

    if (*object == NULL) {
        return NGX_HTTP_CARRIERPAY_JSON_TEXT_MALFORMED;
    }

    cln->handler = ngx_http_carrierpay_json_text_cleanup;
    cln->data = *object;

    return json_is_object(*object) ? NGX_HTTP_CARRIERPAY_JSON_TEXT_OBJECT
                                   : NGX_HTTP_CARRIERPAY_JSON_TEXT_OTHER;
}


static ngx_uint_t
ngx_http_carrierpay_json_text_deep(ngx_str_t *text)
{
    size_t      i;
    ngx_uint_t  depth, quoted;

    depth = 0;
    quoted = 0;

    for (i = 0; i < text->len; i++) {
        switch (text->data[i]) {

        case '\\':
            i++;
            break;

        case '"':
            quoted = !quoted;
            break;

        case '{':
        case '[':
            if (!quoted && ++depth > NGX_HTTP_CARRIERPAY_JSON_TEXT_DEPTH) {
                return 1;
            }

            break;

        case '}':
        case ']':
            if (!quoted && depth) {
                depth--;
            }

            break;
        }
    }

    return 0;
}


static void
ngx_http_carrierpay_json_text_cleanup(void *data)
{
    json_decref(data);
}


/*
 * Members beyond the most that are kept change nothing: a table has fewer
 * fields, so one of those that are kept is unknown.
 */

static void
ngx_http_carrierpay_json_text_members(json_t *object,
    ngx_carrierpay_flat_json_t *json)
{
    json_t                             *value;
    const char                         *key;
    ngx_carrierpay_flat_json_member_t  *m;

    json->n = 0;

    json_object_foreach(object, key, value) {

        if (json->n == NGX_CARRIERPAY_FLAT_JSON_MAX) {
            return;
        }

        m = &json->members[json->n++];

        m->name.data = (u_char *) key;
        m->name.len = ngx_strlen(key);

        ngx_http_carrierpay_json_text_member(value, m);
    }
}


static void
ngx_http_carrierpay_json_text_member(json_t *value,
    ngx_carrierpay_flat_json_member_t *m)
{
    switch (json_typeof(value)) {

    case JSON_NULL:
        m->type = NGX_CARRIERPAY_FLAT_JSON_NULL;
        return;

    case JSON_TRUE:
    case JSON_FALSE:
        m->type = NGX_CARRIERPAY_FLAT_JSON_BOOLEAN;
        m->integer = json_is_true(value) ? 1 : 0;
        return;

    case JSON_INTEGER:
        m->type = NGX_CARRIERPAY_FLAT_JSON_INTEGER;
        m->integer = json_integer_value(value);
        return;

    case JSON_STRING:
        m->type = NGX_CARRIERPAY_FLAT_JSON_STRING;
        m->string.data = (u_char *) json_string_value(value);
        m->string.len = json_string_length(value);
        return;

    default: /* JSON_ARRAY, JSON_OBJECT, JSON_REAL */
        m->type = NGX_CARRIERPAY_FLAT_JSON_OTHER;
        return;
    }
}
