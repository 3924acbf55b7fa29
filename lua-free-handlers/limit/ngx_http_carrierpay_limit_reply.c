
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_limit_conf.h"
#include "ngx_http_carrierpay_limit_reply.h"
#include "ngx_http_carrierpay_limit_rule.h"
#include "ngx_http_carrierpay_reply.h"


static u_char *ngx_http_carrierpay_limit_reply_state(u_char *p,
    ngx_carrierpay_limit_item_t *item, ngx_str_t *name);
static ngx_uint_t ngx_http_carrierpay_limit_reply_error_page(
    ngx_http_request_t *r);


ngx_int_t
ngx_http_carrierpay_limit_reply_headers(ngx_http_request_t *r,
    ngx_carrierpay_limit_item_t *items, ngx_uint_t n)
{
    u_char                            *p, *q;
    size_t                             len;
    ngx_str_t                          policy, state;
    ngx_uint_t                         i;
    ngx_carrierpay_limit_item_t       *item;
    ngx_http_carrierpay_limit_rule_t  *rule;

    len = 0;

    for (i = 0; i < n; i++) {
        item = &items[i];
        rule = ngx_http_carrierpay_limit_rule_of(item);
        len += sizeof(", ;r=;t=") - 1 + rule->policy.len + 2 * NGX_INT64_LEN;
    }

    policy.data = p = ngx_pnalloc(r->pool, 2 * len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    state.data = q = p + len;

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->rc == NGX_DECLINED || item->limit->dry_run) {
            continue;
        }

        if (p != policy.data) {
            p = ngx_cpymem(p, ", ", 2);
            q = ngx_cpymem(q, ", ", 2);
        }

        rule = ngx_http_carrierpay_limit_rule_of(item);
        p = ngx_cpymem(p, rule->policy.data, rule->policy.len);

        q = ngx_http_carrierpay_limit_reply_state(q, item, &rule->state);
    }

    policy.len = p - policy.data;
    state.len = q - state.data;

    if (policy.len == 0) {
        return NGX_OK;
    }

    if (ngx_http_carrierpay_reply_header(r, "RateLimit-Policy", &policy)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_header(r, "RateLimit", &state);
}


/* every answer with a limit has it, so ngx_sprintf() would be too slow */

static u_char *
ngx_http_carrierpay_limit_reply_state(u_char *p,
    ngx_carrierpay_limit_item_t *item, ngx_str_t *name)
{
    int64_t  left;

    left = ngx_max(ngx_carrierpay_limit_remaining(item), 0);

    p = ngx_cpymem(p, name->data, name->len);
    p = ngx_carrierpay_text_int(p, left);
    p = ngx_cpymem(p, ";t=", 3);

    return ngx_carrierpay_text_int(p, ngx_http_carrierpay_limit_reply_seconds(
                                          left ? item->ahead
                                               : ngx_carrierpay_limit_retry(
                                                     item)));
}


ngx_int_t
ngx_http_carrierpay_limit_reply_refuse(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_int_t  rc;
    ngx_str_t  value;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", retry) - value.data;

    if (ngx_http_carrierpay_reply_header(r, "Retry-After", &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_limit_reply_error_page(r)
           ? NGX_HTTP_TOO_MANY_REQUESTS
           : ngx_http_carrierpay_error(r, NGX_HTTP_TOO_MANY_REQUESTS);
}


static ngx_uint_t
ngx_http_carrierpay_limit_reply_error_page(ngx_http_request_t *r)
{
    ngx_uint_t                 i;
    ngx_http_err_page_t       *page;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->error_pages == NULL) {
        return 0;
    }

    page = clcf->error_pages->elts;

    for (i = 0; i < clcf->error_pages->nelts; i++) {
        if (page[i].status == NGX_HTTP_TOO_MANY_REQUESTS) {
            return 1;
        }
    }

    return 0;
}
