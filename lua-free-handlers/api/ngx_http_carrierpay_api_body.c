
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_category.h"
#include "ngx_carrierpay_money.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_request_header.h"


ngx_int_t
ngx_http_carrierpay_api_body(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_field_t *fields, void *out, size_t size,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t  rc;

    ngx_memzero(out, size);
    ngx_memzero(problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_api_type(r, problem);

    return rc == NGX_OK ? ngx_http_carrierpay_json_read(r->pool, body, fields,
                                                        out, problem)
                        : rc;
}


ngx_int_t
ngx_http_carrierpay_api_type(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem)
{
    size_t     len;
    ngx_str_t  type;

    len = sizeof("application/json") - 1;

    if (ngx_http_carrierpay_request_header(r, "content-type", &type) == NGX_OK
        && type.len >= len
        && ngx_strncasecmp(type.data, (u_char *) "application/json", len) == 0
        && (type.len == len || ngx_strchr("; \t", type.data[len])))
    {
        return NGX_OK;
    }

    (void) ngx_http_carrierpay_json_refuse(problem, "unsupported_media_type",
                                           NULL, "The body must be"
                                           " application/json");
    problem->status = NGX_HTTP_UNSUPPORTED_MEDIA_TYPE;

    return NGX_DECLINED;
}


const char *
ngx_http_carrierpay_api_currency(ngx_str_t *value)
{
    if (ngx_carrierpay_currency_find(value->data, value->len) == NULL) {
        return "must be an ISO 4217 code in capital letters";
    }

    return NULL;
}


const char *
ngx_http_carrierpay_api_country(ngx_str_t *value)
{
    size_t  i;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] < 'A' || value->data[i] > 'Z') {
            return "must be two capital letters of ISO 3166";
        }
    }

    return NULL;
}


const char *
ngx_http_carrierpay_api_category(ngx_str_t *value)
{
    ngx_carrierpay_category_e  category;

    if (ngx_carrierpay_category_parse(value, &category) != NGX_OK) {
        return "must be digital_content, voice, charity, tickets or"
               " physical_goods";
    }

    *value = *ngx_carrierpay_category_name(category);

    return NULL;
}
