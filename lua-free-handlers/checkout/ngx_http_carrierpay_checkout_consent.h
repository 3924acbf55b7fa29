
/*
 * What a shopper has seen when a payment is confirmed: the page, its language,
 * and the browser that it was shown in.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_CONSENT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_CONSENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Fills the consent of this page, in the request's language; a payment that
 * has a language of its own changes it to that one when it is loaded.  The
 * strings point into the request and the configuration.
 */
void ngx_http_carrierpay_checkout_consent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_consent_t *consent);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_CONSENT_H_INCLUDED_ */
