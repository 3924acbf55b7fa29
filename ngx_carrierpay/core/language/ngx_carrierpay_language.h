
/*
 * Languages: what shoppers read, on pages, in SMS and in mails.
 *
 * A language is one file, ngx_carrierpay_language_TAG.c, with one struct, and
 * its line in the table of ngx_carrierpay_language.c.  Its phrases stand in
 * the order of their names, byte by byte, and each language has the same
 * ones; both are checked while the configuration is read.
 *
 * A phrase is a template (base/template).  One that a page's template names
 * as [[name]] is HTML; every other one is plain text.  Those of SMS ("sms_…")
 * keep to the GSM 7-bit default alphabet: no "ê", "ç", "œ" or "’", and no
 * no-break space; nor may an amount bring one, as money_print_locale does.
 * The values of SMS and mails are merchant, amount, currency, description,
 * operator, reference, code, support and stop_url.
 *
 * Nothing is allocated here and nothing changes.
 */


#ifndef _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_
#define _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_money.h"


/* name and suffix together */

#define NGX_CARRIERPAY_PHRASE_NAME_MAX  64


#define ngx_carrierpay_phrase(name, text)                                     \
    { ngx_string(name), ngx_string(text) }


typedef struct {
    ngx_str_t                        name;
    ngx_str_t                        text;
} ngx_carrierpay_phrase_t;


typedef struct {
    ngx_str_t                        tag;          /* "fr" */
    ngx_carrierpay_locale_e          locale;
    const ngx_carrierpay_phrase_t   *phrases;
    ngx_uint_t                       nphrases;
} ngx_carrierpay_language_t;


/* Ends with NULL; the first one is for who prefers none of them. */

extern const ngx_carrierpay_language_t *const  ngx_carrierpay_languages[];


/* By its tag, two small letters; NULL: there is none. */
const ngx_carrierpay_language_t *ngx_carrierpay_language_find(
    const ngx_str_t *tag);

const ngx_carrierpay_language_t *ngx_carrierpay_language_default(void);

/*
 * The one that an Accept-Language header prefers, "fr-CM,fr;q=0.9,en;q=0.8";
 * among equals the first one; the default when it wants none of them.
 */
const ngx_carrierpay_language_t *ngx_carrierpay_language_accept(
    const ngx_str_t *header);

/*
 * The phrase of `name`, or of `name` and `suffix` together when that is set;
 * what has no phrase of its own is told by that of `name` alone.  Never NULL:
 * empty when there is none.
 */
const ngx_str_t *ngx_carrierpay_language_text(
    const ngx_carrierpay_language_t *lang, const char *name,
    const ngx_str_t *suffix);

/* Exactly this phrase; NULL: there is none. */
const ngx_str_t *ngx_carrierpay_language_phrase(
    const ngx_carrierpay_language_t *lang, const u_char *name, size_t len);

/*
 * Are the phrases in order, and the same in each language?  NGX_ERROR after
 * an [emerg] line.
 */
ngx_int_t ngx_carrierpay_language_check(ngx_log_t *log);


#endif /* _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_ */
