
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_carrierpay_egress_request.h"


static ngx_int_t ngx_carrierpay_egress_headers(
    ngx_carrierpay_egress_call_t *call, ngx_http_request_t *sr);


static ngx_str_t  ngx_carrierpay_egress_post = ngx_string("POST");


ngx_int_t
ngx_carrierpay_egress_request(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr)
{
    ngx_buf_t                *b;
    ngx_http_request_body_t  *rb;

    if (ngx_carrierpay_egress_headers(call, sr) != NGX_OK) {
        return NGX_ERROR;
    }

    rb = ngx_pcalloc(sr->pool, sizeof(ngx_http_request_body_t));
    if (rb == NULL) {
        return NGX_ERROR;
    }

    sr->request_body = rb;

    if (call->method != NGX_HTTP_POST) {
        return NGX_OK;
    }

    /* the number guards against resending, the name is sent */

    sr->method = NGX_HTTP_POST;
    sr->method_name = ngx_carrierpay_egress_post;

    sr->headers_in.content_length_n = call->body.len;

    if (call->body.len == 0) {
        return NGX_OK;
    }

    b = ngx_calloc_buf(sr->pool);
    rb->bufs = ngx_alloc_chain_link(sr->pool);

    if (b == NULL || rb->bufs == NULL) {
        return NGX_ERROR;
    }

    b->pos = call->body.data;
    b->last = call->body.data + call->body.len;
    b->start = b->pos;
    b->end = b->last;
    b->memory = 1;
    b->last_buf = 1;

    rb->bufs->buf = b;
    rb->bufs->next = NULL;
    rb->buf = b;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_egress_headers(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr)
{
    ngx_uint_t        i;
    ngx_keyval_t     *kv;
    ngx_table_elt_t  *h;

    ngx_memzero(&sr->headers_in, sizeof(ngx_http_headers_in_t));

    sr->headers_in.content_length_n = -1;
    sr->headers_in.keep_alive_n = -1;

    if (ngx_list_init(&sr->headers_in.headers, sr->pool,
                      call->headers.nelts + 1, sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    kv = call->headers.elts;

    for (i = 0; i < call->headers.nelts; i++) {
        h = ngx_list_push(&sr->headers_in.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(h, sizeof(ngx_table_elt_t));

        h->hash = 1;
        h->key = kv[i].key;
        h->value = kv[i].value;

        h->lowcase_key = ngx_pnalloc(sr->pool, h->key.len);
        if (h->lowcase_key == NULL) {
            return NGX_ERROR;
        }

        ngx_strlow(h->lowcase_key, h->key.data, h->key.len);
    }

    return NGX_OK;
}
