
/*
 * Languages: what shoppers read on pages, in SMS and in mails.
 *
 * A language is one file, ngx_carrierpay_language_TAG.c, and one line in the
 * table of ngx_carrierpay_language.c.  The file gives the text of each phrase
 * (ngx_carrierpay_phrase.h) with ngx_carrierpay_text() and ends with the
 * language's struct, whose rows are made from the list of phrases: a phrase
 * without a text is an undeclared variable, and a text without a phrase is an
 * unused one, so neither compiles.
 *
 * A text is a template (base/template).  A text that a page's template names
 * as [[name]] is HTML; every other one is plain text.  The texts of SMS
 * ("sms_...") keep to the GSM 7-bit default alphabet of 3GPP TS 23.038, since
 * one other character would make the whole message UCS-2 and more than twice
 * as long: no "ê", "ç", "œ" or "’", and no no-break space.  Amounts bring a
 * no-break space of their own, which core/message_text replaces.  The values
 * of SMS and mails are merchant, amount, currency, description, operator,
 * reference, code, support and stop_url.
 *
 * Everything is constant; nothing is allocated here.
 */


#ifndef _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_
#define _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_phrase.h"


/* The text of a phrase, in the file of a language. */

#define ngx_carrierpay_text(phrase, text)                                     \
    static const ngx_str_t  ngx_carrierpay_text_##phrase = ngx_string(text)

/* The row of a phrase in the struct of a language, for the list. */

#define ngx_carrierpay_text_row(phrase, name)                                 \
    [NGX_CARRIERPAY_PHRASE_##phrase] = &ngx_carrierpay_text_##phrase,


typedef struct {
    ngx_str_t                 tag;       /* ISO 639-1, small letters: "fr" */
    ngx_carrierpay_locale_e   locale;
    const ngx_str_t          *texts[NGX_CARRIERPAY_PHRASE_MAX];
} ngx_carrierpay_language_t;


/*
 * All languages, and NULL after the last one.  The first one is the default
 * for readers who prefer none of them.
 */
extern const ngx_carrierpay_language_t *const  ngx_carrierpay_languages[];


/*
 * Returns the language of a tag of two small letters, or NULL if there is
 * none.
 */
const ngx_carrierpay_language_t *ngx_carrierpay_language_find(
    const ngx_str_t *tag);

/* Returns the default language. */
const ngx_carrierpay_language_t *ngx_carrierpay_language_default(void);

/*
 * Returns the language that the value of an Accept-Language header (RFC 9110,
 * section 12.5.4) prefers, for example "fr-CM,fr;q=0.9,en;q=0.8".  Of several
 * with the same quality the first one is taken, and the default language if
 * the header accepts none.
 */
const ngx_carrierpay_language_t *ngx_carrierpay_language_accept(
    const ngx_str_t *header);

/*
 * Returns the text of a phrase in a language.  The result is never NULL; the
 * text of NGX_CARRIERPAY_PHRASE_NONE is empty.
 */
const ngx_str_t *ngx_carrierpay_language_text(
    const ngx_carrierpay_language_t *lang, ngx_carrierpay_phrase_e phrase);


#endif /* _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_ */
