
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_json_answer.h"


static ngx_carrierpay_flat_json_member_t *ngx_carrierpay_json_answer_flat(
    ngx_carrierpay_json_answer_t *a, const char *name,
    ngx_carrierpay_flat_json_e type);


ngx_int_t
ngx_carrierpay_json_answer_read(ngx_carrierpay_json_answer_t *a,
    const ngx_str_t *text)
{
    a->json = NULL;

    if (ngx_carrierpay_flat_json_read(&a->flat, text) == NGX_OK) {
        return NGX_OK;
    }

    a->json = json_loadb((char *) text->data, text->len,
                         JSON_REJECT_DUPLICATES, NULL);

    return a->json ? NGX_OK : NGX_DECLINED;
}


void
ngx_carrierpay_json_answer_free(ngx_carrierpay_json_answer_t *a)
{
    json_decref(a->json);
}


ngx_int_t
ngx_carrierpay_json_answer_text(ngx_carrierpay_json_answer_t *a,
    const char *name, ngx_str_t *text)
{
    json_t                             *value;
    ngx_carrierpay_flat_json_member_t  *m;

    if (a->json == NULL) {
        m = ngx_carrierpay_json_answer_flat(a, name,
                                            NGX_CARRIERPAY_FLAT_JSON_STRING);
        if (m == NULL) {
            return NGX_DECLINED;
        }

        *text = m->string;

        return NGX_OK;
    }

    value = json_object_get(a->json, name);

    if (!json_is_string(value)) {
        return NGX_DECLINED;
    }

    text->data = (u_char *) json_string_value(value);
    text->len = json_string_length(value);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_json_answer_integer(ngx_carrierpay_json_answer_t *a,
    const char *name, int64_t *n)
{
    json_t                             *value;
    ngx_carrierpay_flat_json_member_t  *m;

    if (a->json == NULL) {
        m = ngx_carrierpay_json_answer_flat(a, name,
                                            NGX_CARRIERPAY_FLAT_JSON_INTEGER);
        if (m == NULL) {
            return NGX_DECLINED;
        }

        *n = m->integer;

        return NGX_OK;
    }

    value = json_object_get(a->json, name);

    if (!json_is_integer(value)) {
        return NGX_DECLINED;
    }

    *n = json_integer_value(value);

    return NGX_OK;
}


static ngx_carrierpay_flat_json_member_t *
ngx_carrierpay_json_answer_flat(ngx_carrierpay_json_answer_t *a,
    const char *name, ngx_carrierpay_flat_json_e type)
{
    ngx_carrierpay_flat_json_member_t  *m;

    m = ngx_carrierpay_flat_json_find(&a->flat, (const u_char *) name,
                                      ngx_strlen(name));

    return m && m->type == type ? m : NULL;
}
