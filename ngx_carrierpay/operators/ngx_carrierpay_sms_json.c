
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_loose_json.h>
#include "ngx_carrierpay_sms_json.h"


#define NGX_CARRIERPAY_SMS_JSON_TEXT_MAX  4096


ngx_int_t
ngx_carrierpay_sms_json_read(ngx_pool_t *pool, const ngx_str_t *text,
    json_t **json)
{
    u_char  *p, *last;

    p = ngx_pnalloc(pool, ngx_carrierpay_loose_json_size(text->len) + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_loose_json(p, text);

    *json = json_loadb((char *) p, last - p, 0, NULL);

    return *json ? NGX_OK : NGX_DECLINED;
}


json_t *
ngx_carrierpay_sms_json_path(json_t *json, const ngx_str_t *path)
{
    char       name[64];
    u_char    *p, *dot, *last;
    ngx_int_t  n;

    last = path->data + path->len;

    for (p = path->data; json && p <= last; p = dot + 1) {
        dot = ngx_strlchr(p, last, '.');
        if (dot == NULL) {
            dot = last;
        }

        if (json_is_array(json)) {
            n = ngx_atoi(p, dot - p);
            json = (n == NGX_ERROR) ? NULL : json_array_get(json, n);
            continue;
        }

        if ((size_t) (dot - p) >= sizeof(name)) {
            return NULL;
        }

        (void) ngx_cpystrn((u_char *) name, p, dot - p + 1);
        json = json_object_get(json, name);
    }

    return json;
}


ngx_int_t
ngx_carrierpay_sms_json_text(ngx_pool_t *pool, const json_t *value,
    ngx_str_t *text)
{
    size_t  size;

    size = json_string_length(value);

    if (!json_is_string(value) || size > NGX_CARRIERPAY_SMS_JSON_TEXT_MAX) {
        return NGX_DECLINED;
    }

    text->data = ngx_pnalloc(pool, size + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = size;
    ngx_memcpy(text->data, json_string_value(value), size);

    return NGX_OK;
}
