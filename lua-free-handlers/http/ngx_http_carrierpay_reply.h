
/*
 * Answers: JSON, problems (RFC 9457), redirects and pages.
 *
 * Every answer carries X-Request-Id (ngx_http_carrierpay_request_id.h), and
 * Cache-Control: no-store unless a function says otherwise.  The bytes of the
 * answer are copied unless a function says otherwise.  What the functions
 * return is for ngx_http_finalize_request(), as what any content handler
 * returns.
 */


#ifndef _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* nginx has no name for 422 */
#define NGX_HTTP_CARRIERPAY_UNPROCESSABLE  422


/*
 * detail is a sentence without its full stop; when param is set, the predicate
 * of a sentence about it: "must be a string".
 */
typedef struct {
    ngx_uint_t       status;
    const char      *code;
    ngx_str_t        detail;
    ngx_str_t        param;          /* len 0: none */
    ngx_str_t        extension;      /* JSON of a member of its own, with a
                                        comma behind it; len 0: none */
    ngx_uint_t       retry_after;    /* s; 0: none */
} ngx_http_carrierpay_problem_t;


/*
 * Adds a header to the answer; the name and value are not copied.  NGX_OK or
 * NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_reply_header(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);

/* Answers with this JSON. */
ngx_int_t ngx_http_carrierpay_reply_json(ngx_http_request_t *r,
    ngx_uint_t status, ngx_str_t *json);

/* Answers with the problem, in application/problem+json. */
ngx_int_t ngx_http_carrierpay_reply_problem(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem);

/* The same for a problem without a param; detail is a constant. */
ngx_int_t ngx_http_carrierpay_reply_error(ngx_http_request_t *r,
    ngx_uint_t status, const char *code, const char *detail);

/* Redirects with 303 See Other. */
ngx_int_t ngx_http_carrierpay_reply_redirect(ngx_http_request_t *r,
    ngx_str_t *url);

/* Answers with a body of any type, "text/html"; charset is utf-8 or NULL. */
ngx_int_t ngx_http_carrierpay_reply_text(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, const char *charset,
    ngx_str_t *text);

/* The same with 200, and with this value of Cache-Control. */
ngx_int_t ngx_http_carrierpay_reply_cached(ngx_http_request_t *r,
    const char *type, ngx_str_t *control, ngx_str_t *text);

/*
 * Answers with a page: HTML in this language, for which the browser shall keep
 * to this Content-Security-Policy.  The bytes of the page are not copied, and
 * last as long as the request.
 */
ngx_int_t ngx_http_carrierpay_reply_page(ngx_http_request_t *r,
    ngx_uint_t status, const ngx_str_t *language, ngx_str_t *policy,
    ngx_str_t *html);


#endif /* _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_ */
