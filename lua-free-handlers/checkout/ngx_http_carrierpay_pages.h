
/*
 * The shopper's pages in each language, and how they are sent.
 *
 * A template is HTML with {{values}} (base/template) and [[phrases]].  While
 * the configuration is read, the phrases of each language are put in and
 * the result is compiled, so that a request only fills in values.  A phrase
 * may hold values, too.
 */


#ifndef _NGX_HTTP_CARRIERPAY_PAGES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_PAGES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_template.h"
#include "ngx_http_carrierpay_assets.h"
#include "ngx_http_carrierpay_page_list.h"


/*
 * A page in one language.  The hash is the SHA-256 of the template with its
 * phrases put in: consents say by it what a shopper has seen.
 */

typedef struct {
    ngx_carrierpay_template_t        template;
    u_char                           hash[NGX_CARRIERPAY_SHA256_LEN];
} ngx_http_carrierpay_page_t;


/* the pages of one language, by ngx_http_carrierpay_page_e */

typedef ngx_http_carrierpay_page_t
    ngx_http_carrierpay_page_set_t[NGX_HTTP_CARRIERPAY_PAGE_MAX];


typedef struct {
    ngx_http_carrierpay_page_set_t  *sets;      /* in the order of the table
                                                   of languages */
    ngx_array_t                     *countries; /* in the same order: each of
                                                   them a list of countries */
    ngx_http_carrierpay_assets_t     assets;
    ngx_str_t                        provider;  /* see the directives */
    ngx_str_t                        help;
    ngx_str_t                        help_url;
    ngx_str_t                        privacy;
    ngx_str_t                        policy;    /* Content-Security-Policy, up
                                                   to the origins that may
                                                   frame a page */
    ngx_str_t                        unframed;  /* of a page that no origin
                                                   may frame */
} ngx_http_carrierpay_pages_t;


/*
 * Compiles all pages.  Forms may lead to our own origin and to that of the
 * plain listener.  A [warn] line names what the configuration does not tell
 * shoppers.  NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_pages_init(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_carrierpay_conf_t *conf);

/* The list of ngx_http_carrierpay_countries_init() in this language. */
ngx_array_t *ngx_http_carrierpay_pages_countries(
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang);

/* The hash of a page; it points into the configuration. */
void ngx_http_carrierpay_pages_hash(ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_str_t *hash);

/*
 * Are these origins, separated by blanks, fit for the header that lets them
 * frame a page?  0: no origin may frame it.
 */
ngx_uint_t ngx_http_carrierpay_pages_framed(const ngx_str_t *frames);

/*
 * Sends a page.  `values` has one entry for each of
 * ngx_http_carrierpay_value_e; those that all pages share are set here.
 * `frames` are the origins that may show the page in a frame; or it is empty.
 * What is returned is for ngx_http_finalize_request().
 */
ngx_int_t ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_uint_t status, const ngx_str_t *frames, ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_PAGES_H_INCLUDED_ */
