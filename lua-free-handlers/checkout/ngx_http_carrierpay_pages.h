
/*
 * The shopper's pages: templates, languages, the stylesheet.
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
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_template.h"


typedef enum {
    NGX_HTTP_CARRIERPAY_PAGE_CONFIRM = 0,   /* one tap pays */
    NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY,      /* whose line is it? */
    NGX_HTTP_CARRIERPAY_PAGE_BARRED,        /* this line may not pay */
    NGX_HTTP_CARRIERPAY_PAGE_RECEIPT,
    NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,       /* all that is not a success */
    NGX_HTTP_CARRIERPAY_PAGE_MAX
} ngx_http_carrierpay_page_e;


/* in the order of the names in ngx_http_carrierpay_pages.c */

typedef enum {
    NGX_HTTP_CARRIERPAY_VALUE_BASE = 0,     /* path of the location */
    NGX_HTTP_CARRIERPAY_VALUE_STYLE,        /* name of the stylesheet */
    NGX_HTTP_CARRIERPAY_VALUE_CHECKOUT,     /* cs_… */
    NGX_HTTP_CARRIERPAY_VALUE_TEST,         /* set: no money moves */
    NGX_HTTP_CARRIERPAY_VALUE_MERCHANT,
    NGX_HTTP_CARRIERPAY_VALUE_DESCRIPTION,
    NGX_HTTP_CARRIERPAY_VALUE_AMOUNT,
    NGX_HTTP_CARRIERPAY_VALUE_CURRENCY,
    NGX_HTTP_CARRIERPAY_VALUE_OPERATOR,
    NGX_HTTP_CARRIERPAY_VALUE_HOST,         /* of an MVNO: whose network */
    NGX_HTTP_CARRIERPAY_VALUE_LINE,         /* the masked number */
    NGX_HTTP_CARRIERPAY_VALUE_TOKEN,        /* confirms, once */
    NGX_HTTP_CARRIERPAY_VALUE_REFERENCE,    /* pay_… */
    NGX_HTTP_CARRIERPAY_VALUE_RETURN,       /* the shop, told the outcome */
    NGX_HTTP_CARRIERPAY_VALUE_AGAIN,        /* a further try */
    NGX_HTTP_CARRIERPAY_VALUE_NUMBER,       /* as it was typed */
    NGX_HTTP_CARRIERPAY_VALUE_ALERT,        /* what is wrong with it */
    NGX_HTTP_CARRIERPAY_VALUE_MOOD,         /* a class of the stylesheet */
    NGX_HTTP_CARRIERPAY_VALUE_HEADING,
    NGX_HTTP_CARRIERPAY_VALUE_REASON,
    NGX_HTTP_CARRIERPAY_VALUE_ADVICE,
    NGX_HTTP_CARRIERPAY_VALUE_MAX
} ngx_http_carrierpay_value_e;


/* templates of one language */

typedef ngx_carrierpay_template_t
    ngx_http_carrierpay_templates_t[NGX_HTTP_CARRIERPAY_PAGE_MAX];


typedef struct {
    ngx_http_carrierpay_templates_t  *languages;  /* as in the table of
                                                     languages */
    ngx_str_t                         style;      /* name, with the hash of
                                                     the text */
} ngx_http_carrierpay_pages_t;


/* What all pages are made of; sources of this folder. */

extern const ngx_str_t  ngx_http_carrierpay_templates[];
extern const ngx_str_t  ngx_http_carrierpay_style;


/* Compiles all pages; NGX_ERROR after an [emerg] line. */
ngx_int_t ngx_http_carrierpay_pages_init(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages);

/* The language that the request prefers; English when it does not say. */
const ngx_carrierpay_language_t *ngx_http_carrierpay_pages_language(
    ngx_http_request_t *r);

/*
 * Sends a page with these values, one for each of ngx_http_carrierpay_value_e;
 * base and style are set here.
 */
ngx_int_t ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang,
    ngx_http_carrierpay_page_e page, ngx_uint_t status, ngx_str_t *values);

/* Sends the stylesheet. */
ngx_int_t ngx_http_carrierpay_pages_style(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_PAGES_H_INCLUDED_ */
