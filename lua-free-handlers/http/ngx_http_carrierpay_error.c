
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_hide.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_reply.h"


typedef struct {
    ngx_uint_t   status;
    const char  *code;
    const char  *detail;
} ngx_http_carrierpay_error_t;


static ngx_int_t ngx_http_carrierpay_error_filter(ngx_http_request_t *r);


/* The last rows stand for all other statuses: first 4xx, then 5xx. */

static ngx_http_carrierpay_error_t  ngx_http_carrierpay_errors[] = {
    { 403, "forbidden", "The request is not allowed from here" },
    { 404, "not_found", "There is nothing at this path" },
    { 405, "method_not_allowed", "The path does not take this method" },
    { 413, "body_too_large", "The body is larger than allowed" },
    { 415, "unsupported_media_type", "The body must not be encoded" },
    { 429, "rate_limited", "Too many requests; try again later" },
    { 501, "not_implemented", "The Transfer-Encoding is not known here" },
    { 503, "service_unavailable", "The service cannot answer now" },
    { 499, "bad_request", "The request is not valid HTTP" },
    { 599, "internal_error", "The request could not be answered" }
};


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


ngx_int_t
ngx_http_carrierpay_error(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_location_t  *location;

    location = ngx_http_carrierpay_location_find(r);

    return location && location->error
           ? location->error(r, status)
           : ngx_http_carrierpay_error_problem(r, status);
}


ngx_int_t
ngx_http_carrierpay_error_problem(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_error_t  *error;

    error = ngx_http_carrierpay_errors;

    while (error->status != status
           && error->status != status / 100 * 100 + 99)
    {
        error++;
    }

    return ngx_http_carrierpay_reply_error(r, status, error->code,
                                           error->detail);
}


/*
 * err_status is set in nginx's own pages only.  Our answer has been sent to
 * its end when the filter returns; with header_only nginx does not send the
 * body of its page behind it.
 */

static ngx_int_t
ngx_http_carrierpay_error_filter(ngx_http_request_t *r)
{
    ngx_int_t                        rc;
    ngx_uint_t                       status;
    ngx_http_carrierpay_location_t  *location;

    status = r->err_status;

    if (r != r->main || status < NGX_HTTP_BAD_REQUEST) {
        return ngx_http_next_header_filter(r);
    }

    location = ngx_http_carrierpay_location_choose(r);

    if (location == NULL || location->error == NULL) {
        return ngx_http_next_header_filter(r);
    }

    if (ngx_http_carrierpay_hide(r) != NGX_OK) {
        return NGX_ERROR;
    }

    r->err_status = 0;

    rc = location->error(r, status);

    r->header_only = 1;

    return rc;
}


void
ngx_http_carrierpay_error_init(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_carrierpay_error_filter;
}
