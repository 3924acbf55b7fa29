
/*
 * What a shopper agreed to: what the page said, in which language, when, and
 * to which browser.  It is written with the intent to charge and never
 * changed.
 */


#ifndef _NGX_CARRIERPAY_CONSENT_H_INCLUDED_
#define _NGX_CARRIERPAY_CONSENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_payment.h"


#define NGX_CARRIERPAY_CONSENT_AGENT_MAX  256


typedef struct ngx_carrierpay_consent_s  ngx_carrierpay_consent_t;

/*
 * The payment is loaded, and it says in which language its page is: sets
 * locale and page to those, in memory of the configuration.
 */
typedef void (*ngx_carrierpay_consent_pt)(ngx_carrierpay_consent_t *consent,
    const ngx_str_t *locale);


/* Strings with data NULL are unknown. */

struct ngx_carrierpay_consent_s {
    int64_t          shown_at;      /* Unix ms; 0: no page was shown */
    ngx_str_t        locale;        /* "fr" */
    ngx_str_t        page;          /* SHA-256 of its template */
    ngx_str_t        shown;         /* what it said, in JSON */
    ngx_str_t        address;       /* the shopper's */
    ngx_str_t        agent;         /* what the browser calls itself */

    /*
     * For a page that is yet to be shown; NULL for any other.  The handler
     * that will show the page sets them.
     */

    ngx_carrierpay_consent_pt  translate;
    void                      *pages;
    ngx_uint_t                 number;
};


/*
 * Copies into the pool; what is too long of the agent is cut off, between
 * characters.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_consent_copy(ngx_pool_t *pool,
    ngx_carrierpay_consent_t *dst, const ngx_carrierpay_consent_t *src);

/*
 * The page is shown now: sets shown_at, and shown to what the page of this
 * payment says to a customer of this owner.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_consent_show(ngx_carrierpay_consent_t *consent,
    ngx_pool_t *pool, ngx_carrierpay_payment_t *p,
    ngx_carrierpay_carrier_t *carrier, ngx_str_t *end_user);


#endif /* _NGX_CARRIERPAY_CONSENT_H_INCLUDED_ */
