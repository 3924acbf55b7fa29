
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_request_id.h"


#define NGX_HTTP_CARRIERPAY_REQUEST_ID_MAX  128


static ngx_int_t ngx_http_carrierpay_request_id_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_uint_t ngx_http_carrierpay_request_id_valid(ngx_str_t *id);


static ngx_str_t  ngx_http_carrierpay_request_id_name =
    ngx_string("carrierpay_request_id");


ngx_int_t
ngx_http_carrierpay_request_id_add_variable(ngx_conf_t *cf)
{
    ngx_int_t             index;
    ngx_str_t             name = ngx_string("request_id");
    ngx_http_variable_t  *var;

    index = ngx_http_get_variable_index(cf, &name);
    if (index == NGX_ERROR) {
        return NGX_ERROR;
    }

    var = ngx_http_add_variable(cf, &ngx_http_carrierpay_request_id_name, 0);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_carrierpay_request_id_variable;
    var->data = (uintptr_t) index;

    /* nginx evaluates an indexed variable once, so answer and log agree */

    index = ngx_http_get_variable_index(cf,
                                        &ngx_http_carrierpay_request_id_name);

    return (index == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_request_id_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                   id;
    ngx_http_variable_value_t  *vv;

    if (ngx_http_carrierpay_request_header(r, "x-request-id", &id) == NGX_OK
        && ngx_http_carrierpay_request_id_valid(&id))
    {
        v->data = id.data;
        v->len = id.len;

    } else {
        vv = ngx_http_get_indexed_variable(r, (ngx_uint_t) data);
        if (vv == NULL || vv->not_found) {
            return NGX_ERROR;
        }

        v->data = vv->data;
        v->len = vv->len;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_carrierpay_request_id_valid(ngx_str_t *id)
{
    u_char  c;
    size_t  i;

    if (id->len == 0 || id->len > NGX_HTTP_CARRIERPAY_REQUEST_ID_MAX) {
        return 0;
    }

    for (i = 0; i < id->len; i++) {
        c = id->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
        {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_http_carrierpay_request_id(ngx_http_request_t *r, ngx_str_t *id)
{
    ngx_uint_t                  key;
    ngx_str_t                  *name;
    ngx_http_variable_value_t  *vv;

    name = &ngx_http_carrierpay_request_id_name;
    key = ngx_hash_key(name->data, name->len);

    vv = ngx_http_get_variable(r, name, key);

    if (vv == NULL || vv->not_found) {
        return NGX_ERROR;
    }

    id->data = vv->data;
    id->len = vv->len;

    return NGX_OK;
}
