
/*
 * Answers: JSON, problems (RFC 9457), redirects and pages.
 *
 * Every answer carries X-Request-Id, the client's own when it is well formed,
 * else nginx's $request_id; and Cache-Control: no-store.  All bytes given are
 * copied.  What is returned is for ngx_http_finalize_request(), as from any
 * content handler.
 */


#ifndef _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* nginx has no name for 422 */
#define NGX_HTTP_CARRIERPAY_UNPROCESSABLE  422


/*
 * detail is a sentence without its full stop; with a param, what is said of
 * it: "must be a string".
 */
typedef struct {
    ngx_uint_t       status;
    const char      *code;
    ngx_str_t        detail;
    ngx_str_t        param;          /* len 0: none */
    ngx_uint_t       retry_after;    /* s; 0: none */
} ngx_http_carrierpay_problem_t;


/* Adds the variable $carrierpay_request_id; for a preconfiguration. */
ngx_int_t ngx_http_carrierpay_reply_variables(ngx_conf_t *cf);

/* Adds a header to the answer; the name and value are not copied. */
ngx_int_t ngx_http_carrierpay_reply_header(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);

ngx_int_t ngx_http_carrierpay_reply_json(ngx_http_request_t *r,
    ngx_uint_t status, ngx_str_t *json);
ngx_int_t ngx_http_carrierpay_reply_problem(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem);

/* The same for a problem without a parameter. */
ngx_int_t ngx_http_carrierpay_reply_error(ngx_http_request_t *r,
    ngx_uint_t status, const char *code, const char *detail);

/* 303 See Other. */
ngx_int_t ngx_http_carrierpay_reply_redirect(ngx_http_request_t *r,
    ngx_str_t *url);

/* A body of any type, "text/html"; charset is utf-8 or NULL. */
ngx_int_t ngx_http_carrierpay_reply_text(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, const char *charset,
    ngx_str_t *text);

/* The same, to be kept by caches as this value of Cache-Control says. */
ngx_int_t ngx_http_carrierpay_reply_cached(ngx_http_request_t *r,
    const char *type, ngx_str_t *control, ngx_str_t *text);


/*
 * The value of a request header, by its name in small letters: NGX_OK when
 * there is exactly one, NGX_DECLINED when there is none, NGX_BUSY when there
 * are several.
 */
ngx_int_t ngx_http_carrierpay_header_in(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_REPLY_H_INCLUDED_ */
