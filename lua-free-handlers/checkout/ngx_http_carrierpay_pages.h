
/*
 * The shopper's pages: templates in each language, and how they are sent.
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
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_template.h"
#include "ngx_http_carrierpay_assets.h"


typedef enum {
    NGX_HTTP_CARRIERPAY_PAGE_CONFIRM = 0,   /* one tap pays */
    NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY,      /* whose line is it? */
    NGX_HTTP_CARRIERPAY_PAGE_PIN,           /* the code of an SMS pays */
    NGX_HTTP_CARRIERPAY_PAGE_MO,            /* he sends an SMS */
    NGX_HTTP_CARRIERPAY_PAGE_BARRED,        /* this line may not pay */
    NGX_HTTP_CARRIERPAY_PAGE_WAIT,          /* for operator or handset */
    NGX_HTTP_CARRIERPAY_PAGE_RECEIPT,
    NGX_HTTP_CARRIERPAY_PAGE_STOP,          /* block purchases? */
    NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,       /* all other outcomes */
    NGX_HTTP_CARRIERPAY_PAGE_MAX
} ngx_http_carrierpay_page_e;


/* in the order of the names in ngx_http_carrierpay_pages.c */

typedef enum {
    NGX_HTTP_CARRIERPAY_VALUE_BASE = 0,     /* path of the location */
    NGX_HTTP_CARRIERPAY_VALUE_STYLE,        /* names of assets */
    NGX_HTTP_CARRIERPAY_VALUE_SCRIPT,
    NGX_HTTP_CARRIERPAY_VALUE_COLOUR,       /* six hex digits; or empty */
    NGX_HTTP_CARRIERPAY_VALUE_LOGO,         /* a data: URI; or empty */
    NGX_HTTP_CARRIERPAY_VALUE_STATE,        /* of the page, for the script */
    NGX_HTTP_CARRIERPAY_VALUE_LIVE,         /* where the script looks again */
    NGX_HTTP_CARRIERPAY_VALUE_CHECKOUT,     /* cs_… */
    NGX_HTTP_CARRIERPAY_VALUE_TEST,         /* set: no money moves */
    NGX_HTTP_CARRIERPAY_VALUE_MERCHANT,
    NGX_HTTP_CARRIERPAY_VALUE_SUPPORT,      /* whom to ask, */
    NGX_HTTP_CARRIERPAY_VALUE_SUPPORT_URL,  /* and a link; or empty */
    NGX_HTTP_CARRIERPAY_VALUE_TERMS,
    NGX_HTTP_CARRIERPAY_VALUE_DESCRIPTION,
    NGX_HTTP_CARRIERPAY_VALUE_AMOUNT,
    NGX_HTTP_CARRIERPAY_VALUE_CURRENCY,
    NGX_HTTP_CARRIERPAY_VALUE_GAP,          /* a space that does not break */
    NGX_HTTP_CARRIERPAY_VALUE_OPERATOR,     /* by the name that he knows */
    NGX_HTTP_CARRIERPAY_VALUE_HOST,         /* of an MVNO: whose network */
    NGX_HTTP_CARRIERPAY_VALUE_LINE,         /* the masked number */
    NGX_HTTP_CARRIERPAY_VALUE_TOKEN,        /* of a form, once */
    NGX_HTTP_CARRIERPAY_VALUE_REFERENCE,    /* pay_… */
    NGX_HTTP_CARRIERPAY_VALUE_RETURN,       /* the shop, told the outcome */
    NGX_HTTP_CARRIERPAY_VALUE_AGAIN,        /* a further try */
    NGX_HTTP_CARRIERPAY_VALUE_COUNTRIES,    /* options, in HTML */
    NGX_HTTP_CARRIERPAY_VALUE_GUESS,        /* whose customer he may be */
    NGX_HTTP_CARRIERPAY_VALUE_NUMBER,       /* as it was typed */
    NGX_HTTP_CARRIERPAY_VALUE_MAIL,         /* set: there is a server for it */
    NGX_HTTP_CARRIERPAY_VALUE_EMAIL,        /* as it was typed */
    NGX_HTTP_CARRIERPAY_VALUE_ALERT,        /* what is wrong */
    NGX_HTTP_CARRIERPAY_VALUE_NOTE,         /* what has happened */
    NGX_HTTP_CARRIERPAY_VALUE_LEFT,         /* tries, if more than one */
    NGX_HTTP_CARRIERPAY_VALUE_LAST,         /* set: one try */
    NGX_HTTP_CARRIERPAY_VALUE_RESEND,       /* set: a code may be asked for */
    NGX_HTTP_CARRIERPAY_VALUE_WAIT,         /* until then, in words */
    NGX_HTTP_CARRIERPAY_VALUE_WAIT_SECONDS, /* and in seconds */
    NGX_HTTP_CARRIERPAY_VALUE_MO,           /* country; or empty: no SMS */
    NGX_HTTP_CARRIERPAY_VALUE_MO_TEXT,      /* what it says, */
    NGX_HTTP_CARRIERPAY_VALUE_MO_NUMBER,    /* where it goes, */
    NGX_HTTP_CARRIERPAY_VALUE_MO_URL,       /* and the link that makes it */
    NGX_HTTP_CARRIERPAY_VALUE_MOOD,         /* a class of the stylesheet */
    NGX_HTTP_CARRIERPAY_VALUE_HEADING,
    NGX_HTTP_CARRIERPAY_VALUE_REASON,
    NGX_HTTP_CARRIERPAY_VALUE_ADVICE,
    NGX_HTTP_CARRIERPAY_VALUE_MAX
} ngx_http_carrierpay_value_e;


/* a page in a language; the hash is of its source, for consents */

typedef struct {
    ngx_carrierpay_template_t        template;
    u_char                           hash[NGX_CARRIERPAY_SHA256_LEN];
} ngx_http_carrierpay_page_t;


/* the pages of one language */

typedef ngx_http_carrierpay_page_t
    ngx_http_carrierpay_book_t[NGX_HTTP_CARRIERPAY_PAGE_MAX];


typedef struct {
    ngx_http_carrierpay_book_t      *books;     /* in the order of the table
                                                   of languages */
    ngx_http_carrierpay_assets_t     assets;
    ngx_str_t                        policy;    /* Content-Security-Policy, up
                                                   to who may frame a page */
    ngx_str_t                        unframed;  /* and of one that nobody
                                                   may */
} ngx_http_carrierpay_pages_t;


/* the pages' HTML, a source of this folder */

extern const ngx_str_t  ngx_http_carrierpay_templates[];


/*
 * Compiles all pages.  Forms may lead to `plain` (the plain listener's URL),
 * besides our own origin.  NGX_ERROR after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_pages_init(ngx_conf_t *cf,
    ngx_http_carrierpay_pages_t *pages, ngx_str_t *plain);

/* The language that the request prefers; English when it does not say. */
const ngx_carrierpay_language_t *ngx_http_carrierpay_pages_language(
    ngx_http_request_t *r);

/* The hash of a page's source; it lies in the configuration. */
void ngx_http_carrierpay_pages_hash(ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_str_t *hash);

/*
 * Are these origins, separated by blanks, fit for a header?  Nobody may frame
 * a page of other ones.
 */
ngx_uint_t ngx_http_carrierpay_pages_framed(const ngx_str_t *frames);

/*
 * Sends a page with these values, one for each of ngx_http_carrierpay_value_e;
 * base, style and script are set here.  frames: who may show it in a frame;
 * or empty.
 */
ngx_int_t ngx_http_carrierpay_pages_send(ngx_http_request_t *r,
    ngx_http_carrierpay_pages_t *pages,
    const ngx_carrierpay_language_t *lang, ngx_http_carrierpay_page_e page,
    ngx_uint_t status, const ngx_str_t *frames, ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_PAGES_H_INCLUDED_ */
