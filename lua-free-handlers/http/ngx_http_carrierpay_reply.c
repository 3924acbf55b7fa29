
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_compat.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_id.h"


/* s; a backend that fails is back within seconds, or in minutes */
#define NGX_HTTP_CARRIERPAY_RETRY_AFTER     2


static ngx_int_t ngx_http_carrierpay_reply_problem_json(
    ngx_http_request_t *r, ngx_http_carrierpay_problem_t *problem,
    ngx_str_t *json);
static ngx_int_t ngx_http_carrierpay_reply_copy(ngx_http_request_t *r,
    ngx_str_t *text, ngx_str_t *copy);
static ngx_int_t ngx_http_carrierpay_reply_send(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_str_t *control, ngx_str_t *text);
static const char *ngx_http_carrierpay_reply_title(ngx_uint_t status);


static ngx_str_t  ngx_http_carrierpay_reply_no_store = ngx_string("no-store");


static struct {
    ngx_uint_t   status;
    const char  *title;
} ngx_http_carrierpay_reply_titles[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 409, "Conflict" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 422, "Unprocessable Content" },
    { 429, "Too Many Requests" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 0, "Error" }
};


/*
 * The headers of every page.  A browser sends the origin of a form as long as
 * the referrer policy is not "no-referrer".  A window that has opened a page
 * of ours does not keep hold of it.
 */

static struct {
    const char  *name;
    ngx_str_t    value;
} ngx_http_carrierpay_reply_page_headers[] = {
    { "X-Content-Type-Options", ngx_string("nosniff") },
    { "Referrer-Policy", ngx_string("same-origin") },
    { "Cross-Origin-Opener-Policy", ngx_string("same-origin") },
    { NULL, ngx_null_string }
};


ngx_int_t
ngx_http_carrierpay_reply_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value = *value;
    ngx_http_carrierpay_compat_header_last(h);

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_reply_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *json)
{
    return ngx_http_carrierpay_reply_text(r, status, "application/json", NULL,
                                          json);
}


ngx_int_t
ngx_http_carrierpay_reply_problem(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t  json, retry;

    if (ngx_http_carrierpay_reply_problem_json(r, problem, &json) != NGX_OK) {
        return NGX_ERROR;
    }

    if (problem->retry_after) {
        retry.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (retry.data == NULL) {
            return NGX_ERROR;
        }

        retry.len = ngx_sprintf(retry.data, "%ui", problem->retry_after)
                    - retry.data;

        if (ngx_http_carrierpay_reply_header(r, "Retry-After", &retry)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_http_carrierpay_reply_text(r, problem->status,
                                          "application/problem+json", NULL,
                                          &json);
}


static ngx_int_t
ngx_http_carrierpay_reply_problem_json(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem, ngx_str_t *json)
{
    u_char      *p, *last;
    size_t       len;
    ngx_str_t    id;
    const char  *title;

    if (ngx_http_carrierpay_request_id(r, &id) != NGX_OK) {
        return NGX_ERROR;
    }

    title = ngx_http_carrierpay_reply_title(problem->status);

    len = sizeof("{\"type\":\"about:blank\",\"title\":\"\",\"status\":,"
                 "\"detail\":\" .\",\"code\":\"\",\"param\":\"\","
                 "\"request_id\":\"\"}") - 1
          + ngx_strlen(title) + NGX_INT_T_LEN + ngx_strlen(problem->code)
          + ngx_carrierpay_text_json_size(problem->detail.data,
                                          problem->detail.len)
          + 2 * ngx_carrierpay_text_json_size(problem->param.data,
                                              problem->param.len)
          + problem->extension.len + id.len;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json->data = p;
    last = p + len;

    p = ngx_slprintf(p, last, "{\"type\":\"about:blank\",\"title\":\"%s\","
                     "\"status\":%ui,\"detail\":\"", title, problem->status);

    if (problem->param.len) {
        p = ngx_carrierpay_text_json(p, problem->param.data,
                                     problem->param.len);
        *p++ = ' ';
    }

    p = ngx_carrierpay_text_json(p, problem->detail.data, problem->detail.len);
    p = ngx_slprintf(p, last, ".\",\"code\":\"%s\",", problem->code);

    if (problem->param.len) {
        p = ngx_slprintf(p, last, "\"param\":\"");
        p = ngx_carrierpay_text_json(p, problem->param.data,
                                     problem->param.len);
        p = ngx_slprintf(p, last, "\",");
    }

    p = ngx_slprintf(p, last, "%V\"request_id\":\"%V\"}",
                     &problem->extension, &id);

    json->len = p - json->data;

    return NGX_OK;
}


static const char *
ngx_http_carrierpay_reply_title(ngx_uint_t status)
{
    ngx_uint_t  i;

    for (i = 0; ngx_http_carrierpay_reply_titles[i].status; i++) {
        if (ngx_http_carrierpay_reply_titles[i].status == status) {
            break;
        }
    }

    return ngx_http_carrierpay_reply_titles[i].title;
}


ngx_int_t
ngx_http_carrierpay_reply_error(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail)
{
    ngx_http_carrierpay_problem_t  problem;

    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    problem.status = status;
    problem.code = code;
    problem.detail.data = (u_char *) detail;
    problem.detail.len = ngx_strlen(detail);

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        problem.retry_after = NGX_HTTP_CARRIERPAY_RETRY_AFTER;
    }

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


ngx_int_t
ngx_http_carrierpay_reply_redirect(ngx_http_request_t *r, ngx_str_t *url)
{
    ngx_str_t  empty = ngx_null_string, location;

    location.data = ngx_pstrdup(r->pool, url);
    if (location.data == NULL) {
        return NGX_ERROR;
    }

    location.len = url->len;

    /*
     * r->headers_out.location is not set, since nginx would make a path
     * absolute by the request's own scheme and host
     */

    if (ngx_http_carrierpay_reply_header(r, "Location", &location) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_text(r, NGX_HTTP_SEE_OTHER, "text/plain",
                                          NULL, &empty);
}


ngx_int_t
ngx_http_carrierpay_reply_text(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, const char *charset, ngx_str_t *text)
{
    ngx_str_t  copy;

    if (charset) {
        r->headers_out.charset.data = (u_char *) charset;
        r->headers_out.charset.len = ngx_strlen(charset);
    }

    if (ngx_http_carrierpay_reply_copy(r, text, &copy) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_send(r, status, type,
                                          &ngx_http_carrierpay_reply_no_store,
                                          &copy);
}


ngx_int_t
ngx_http_carrierpay_reply_cached(ngx_http_request_t *r, const char *type,
    ngx_str_t *control, ngx_str_t *text)
{
    ngx_str_t  copy;

    if (ngx_http_carrierpay_reply_copy(r, text, &copy) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_send(r, NGX_HTTP_OK, type, control,
                                          &copy);
}


ngx_int_t
ngx_http_carrierpay_reply_page(ngx_http_request_t *r, ngx_uint_t status,
    const ngx_str_t *language, ngx_str_t *policy, ngx_str_t *html)
{
    ngx_uint_t  i;

    if (ngx_http_carrierpay_reply_header(r, "Content-Security-Policy", policy)
        != NGX_OK
        || ngx_http_carrierpay_reply_header(r, "Content-Language",
                                            (ngx_str_t *) language)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; ngx_http_carrierpay_reply_page_headers[i].name; i++) {
        if (ngx_http_carrierpay_reply_header(r,
                             ngx_http_carrierpay_reply_page_headers[i].name,
                             &ngx_http_carrierpay_reply_page_headers[i].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ngx_str_set(&r->headers_out.charset, "utf-8");

    return ngx_http_carrierpay_reply_send(r, status, "text/html",
                                          &ngx_http_carrierpay_reply_no_store,
                                          html);
}


static ngx_int_t
ngx_http_carrierpay_reply_copy(ngx_http_request_t *r, ngx_str_t *text,
    ngx_str_t *copy)
{
    copy->len = text->len;
    copy->data = ngx_pnalloc(r->pool, text->len);
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    if (text->len) {
        ngx_memcpy(copy->data, text->data, text->len);
    }

    return NGX_OK;
}


/* The text is sent from where it is, and must last as long as the request. */

static ngx_int_t
ngx_http_carrierpay_reply_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_str_t *control, ngx_str_t *text)
{
    ngx_int_t    rc;
    ngx_str_t    id;
    ngx_buf_t   *b;
    ngx_chain_t  out;

    if (ngx_http_carrierpay_request_id(r, &id) != NGX_OK
        || ngx_http_carrierpay_reply_header(r, "X-Request-Id", &id) != NGX_OK
        || ngx_http_carrierpay_reply_header(r, "Cache-Control", control)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = text->data;
    b->last = text->data + text->len;
    b->memory = (text->len != 0);         /* an empty buf is special */
    b->last_buf = (r == r->main);
    b->last_in_chain = 1;

    /* a request has had its effect, so no If-Match can make it a 412 */

    r->disable_not_modified = 1;

    r->headers_out.status = status;
    r->headers_out.content_length_n = text->len;
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return (rc == NGX_AGAIN) ? NGX_OK : rc;
    }

    out.buf = b;
    out.next = NULL;

    rc = ngx_http_output_filter(r, &out);

    /* nginx sends the rest when the request is finalized */

    return (rc == NGX_AGAIN) ? NGX_OK : rc;
}
