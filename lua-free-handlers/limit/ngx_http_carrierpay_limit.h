
/*
 * Rate limits of requests, and budgets of SMS.
 *
 * Limits whose key is known in PREACCESS (address, a value made of variables,
 * the subscriber on a plain listener that has identified him) are charged
 * there, once a request, before the body is read.  A key that is learnt later
 * is brought here by who learns it.
 *
 * A request that is refused, delayed or waits for Redis is dealt with here:
 * whoever calls goes on only when told so.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef enum {
    NGX_HTTP_CARRIERPAY_LIMIT_VALUE = 0,
    NGX_HTTP_CARRIERPAY_LIMIT_ADDRESS,
    NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
    NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT,
    NGX_HTTP_CARRIERPAY_LIMIT_NUMBER,      /* of SMS alone, these two */
    NGX_HTTP_CARRIERPAY_LIMIT_PREFIX,
    NGX_HTTP_CARRIERPAY_LIMIT_MAX
} ngx_http_carrierpay_limit_key_e;


/*
 * Goes on with a content handler's work; returns what that would.  retry: in
 * so many seconds an SMS may be sent; 0: now, or the key's limits allow it.
 */
typedef ngx_int_t (*ngx_http_carrierpay_limit_pt)(ngx_http_request_t *r,
    ngx_uint_t retry);

/* Sends the answer 429 that suits a location; retry in s. */
typedef ngx_int_t (*ngx_http_carrierpay_limit_page_pt)(ngx_http_request_t *r,
    ngx_uint_t retry);


/* Has the location limits with this key that were not charged yet? */
ngx_uint_t ngx_http_carrierpay_limit_wants(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind);

/*
 * In a content handler: a key has become known.  The bytes are not kept.
 *
 * NGX_DECLINED: nothing stands in the way, go on.  Anything else is to be
 * returned: the request has been answered with 429, or (NGX_AGAIN) the
 * handler goes on with it later, if it may.
 */
ngx_int_t ngx_http_carrierpay_limit_late(ngx_http_request_t *r,
    ngx_http_carrierpay_limit_key_e kind, u_char *data, size_t len,
    ngx_http_carrierpay_limit_pt handler);

/*
 * In a content handler: an SMS is about to be sent to this number (E.164
 * digits) for this merchant.  All budgets of carrierpay_sms_limit are
 * charged, or none; call it once for each SMS.
 *
 * NGX_AGAIN: the handler will be told; else NGX_OK and *retry is set.
 */
ngx_int_t ngx_http_carrierpay_limit_sms(ngx_http_request_t *r,
    ngx_str_t *number, int32_t merchant, ngx_uint_t *retry,
    ngx_http_carrierpay_limit_pt handler);


/* For setters of directives: what answers 429 in this location. */
void ngx_http_carrierpay_limit_page(ngx_conf_t *cf,
    ngx_http_carrierpay_limit_page_pt page);


#endif /* _NGX_HTTP_CARRIERPAY_LIMIT_H_INCLUDED_ */
