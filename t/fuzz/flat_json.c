
/*
 * The input is JSON.  What the flat reader takes, jansson takes, too, with the
 * same members; and what jansson takes and is plain, the flat reader takes,
 * too, once it is written plainly.
 */


#include "fuzz.h"
#include <jansson.h>
#include <ngx_carrierpay_flat_json.h>


#define PLAIN  1000000000000000000      /* the first integer that is not */


static int fuzz_same(ngx_carrierpay_flat_json_t *flat, json_t *object);
static int fuzz_same_value(ngx_carrierpay_flat_json_member_t *m,
    json_t *value);
static int fuzz_plain(json_t *object);
static int fuzz_plain_text(const char *text, size_t len);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t                      *object;
    ngx_int_t                    rc;
    ngx_str_t                    text, plain;
    ngx_carrierpay_flat_json_t   flat;

    text = fuzz_rest(data, size);

    rc = ngx_carrierpay_flat_json_read(&flat, &text);

    object = json_loadb((char *) text.data, text.len,
                        JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL, NULL);

    fuzz_claim(rc == NGX_OK || rc == NGX_DECLINED);
    fuzz_claim(rc == NGX_DECLINED || fuzz_same(&flat, object));

    if (object && fuzz_plain(object)) {
        plain.data = (u_char *) json_dumps(object, JSON_COMPACT);
        fuzz_claim(plain.data);
        plain.len = strlen((char *) plain.data);

        fuzz_claim(ngx_carrierpay_flat_json_read(&flat, &plain) == NGX_OK);
        fuzz_claim(fuzz_same(&flat, object));

        free(plain.data);
    }

    json_decref(object);
    free(text.data);

    return 0;
}


/* The members are the same, in the same order. */

static int
fuzz_same(ngx_carrierpay_flat_json_t *flat, json_t *object)
{
    json_t                             *value;
    ngx_uint_t                          i;
    const char                         *key;
    ngx_carrierpay_flat_json_member_t  *m;

    if (!json_is_object(object) || flat->n != json_object_size(object)) {
        return 0;
    }

    i = 0;

    json_object_foreach(object, key, value) {
        m = &flat->members[i++];

        if (m->name.len != strlen(key)
            || memcmp(m->name.data, key, m->name.len) != 0
            || !fuzz_same_value(m, value))
        {
            return 0;
        }
    }

    return 1;
}


static int
fuzz_same_value(ngx_carrierpay_flat_json_member_t *m, json_t *value)
{
    switch (m->type) {

    case NGX_CARRIERPAY_FLAT_JSON_NULL:
        return json_is_null(value);

    case NGX_CARRIERPAY_FLAT_JSON_BOOLEAN:
        return json_is_boolean(value) && m->integer == json_is_true(value);

    case NGX_CARRIERPAY_FLAT_JSON_INTEGER:
        return json_is_integer(value)
               && m->integer == json_integer_value(value);

    case NGX_CARRIERPAY_FLAT_JSON_STRING:
        return json_is_string(value)
               && m->string.len == json_string_length(value)
               && memcmp(m->string.data, json_string_value(value),
                         m->string.len) == 0;

    default:
        return 0;
    }
}


static int
fuzz_plain(json_t *object)
{
    json_t      *value;
    const char  *key;

    if (!json_is_object(object)
        || json_object_size(object) > NGX_CARRIERPAY_FLAT_JSON_MAX)
    {
        return 0;
    }

    json_object_foreach(object, key, value) {

        if (!fuzz_plain_text(key, strlen(key))
            || json_is_object(value) || json_is_array(value)
            || json_is_real(value)
            || (json_is_integer(value)
                && (json_integer_value(value) >= PLAIN
                    || json_integer_value(value) <= -PLAIN))
            || (json_is_string(value)
                && !fuzz_plain_text(json_string_value(value),
                                    json_string_length(value))))
        {
            return 0;
        }
    }

    return 1;
}


static int
fuzz_plain_text(const char *text, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (text[i] < ' ' || text[i] > '~' || text[i] == '"'
            || text[i] == '\\')
        {
            return 0;
        }
    }

    return 1;
}
