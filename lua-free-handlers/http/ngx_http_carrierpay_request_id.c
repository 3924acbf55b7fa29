
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_request_id.h"


#define NGX_HTTP_CARRIERPAY_REQUEST_ID_MAX    128
#define NGX_HTTP_CARRIERPAY_REQUEST_ID_BYTES  16


static ngx_int_t ngx_http_carrierpay_request_id_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_uint_t ngx_http_carrierpay_request_id_valid(ngx_str_t *id);
static ngx_int_t ngx_http_carrierpay_request_id_new(ngx_http_request_t *r,
    ngx_str_t *id);


static ngx_str_t  ngx_http_carrierpay_request_id_name =
    ngx_string("carrierpay_request_id");

static ngx_int_t  ngx_http_carrierpay_request_id_index;


ngx_int_t
ngx_http_carrierpay_request_id_add_variable(ngx_conf_t *cf)
{
    ngx_int_t             index;
    ngx_http_variable_t  *var;

    var = ngx_http_add_variable(cf, &ngx_http_carrierpay_request_id_name, 0);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_carrierpay_request_id_variable;
    /* nginx evaluates an indexed variable once, so answer and log agree */

    index = ngx_http_get_variable_index(cf,
                                        &ngx_http_carrierpay_request_id_name);

    if (index == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_request_id_index = index;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_request_id_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t  id;

    if ((ngx_http_carrierpay_request_header(r, "x-request-id", &id) != NGX_OK
         || !ngx_http_carrierpay_request_id_valid(&id))
        && ngx_http_carrierpay_request_id_new(r, &id) != NGX_OK)
    {
        return NGX_ERROR;
    }

    v->data = id.data;
    v->len = id.len;
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


static ngx_int_t
ngx_http_carrierpay_request_id_new(ngx_http_request_t *r, ngx_str_t *id)
{
    u_char  bytes[NGX_HTTP_CARRIERPAY_REQUEST_ID_BYTES];

    id->len = NGX_CARRIERPAY_TEXT_HEX_LEN(sizeof(bytes));
    id->data = ngx_pnalloc(r->pool, id->len);

    if (id->data == NULL
        || ngx_carrierpay_random_bytes(bytes, sizeof(bytes)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_text_hex(id->data, bytes, sizeof(bytes));

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_request_id(ngx_http_request_t *r, ngx_str_t *id)
{
    ngx_http_variable_value_t  *vv;

    vv = ngx_http_get_indexed_variable(r,
                                       ngx_http_carrierpay_request_id_index);

    if (vv == NULL || vv->not_found) {
        return NGX_ERROR;
    }

    id->data = vv->data;
    id->len = vv->len;

    return NGX_OK;
}
