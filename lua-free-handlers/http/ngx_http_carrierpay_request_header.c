
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_request_header.h"


ngx_int_t
ngx_http_carrierpay_request_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    size_t            len;
    ngx_int_t         rc;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    rc = NGX_DECLINED;
    len = ngx_strlen(name);

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len != len
                || ngx_strncmp(h[i].lowcase_key, name, len) != 0)
            {
                continue;
            }

            if (rc == NGX_OK) {
                return NGX_BUSY;
            }

            rc = NGX_OK;
            *value = h[i].value;
        }
    }

    return rc;
}
