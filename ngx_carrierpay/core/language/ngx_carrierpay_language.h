
/*
 * Languages: what shoppers read on pages, in SMS and in mails.
 *
 * A language is one file, ngx_carrierpay_language_TAG.c, and one row of the
 * list in ngx_carrierpay_language.c.  See ngx_carrierpay_translation.h.
 *
 * Everything is constant; nothing is allocated here.
 */


#ifndef _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_
#define _NGX_CARRIERPAY_LANGUAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_phrase.h"
#include "ngx_carrierpay_translation.h"


/*
 * All languages, and NULL after the last one.  The first one is the default
 * for readers who prefer none of them.
 */
extern const ngx_carrierpay_language_t *const  ngx_carrierpay_languages[];


/*
 * Returns the language of a tag, or NULL if there is none.  Wherever a tag is
 * read, it is read here: a language tag (RFC 5646: "fr", "FR", "fr-CM") or the
 * name of a locale ("fr_FR.UTF-8"), of which the language part counts.
 */
const ngx_carrierpay_language_t *ngx_carrierpay_language_find(
    const ngx_str_t *tag);

/* Returns the default language. */
const ngx_carrierpay_language_t *ngx_carrierpay_language_default(void);

/*
 * Returns the language that the value of an Accept-Language header (RFC 9110,
 * section 12.5.4) prefers, for example "fr-CM,fr;q=0.9,en;q=0.8".  Of several
 * with the same quality the first one is taken, and the default language for
 * "*" or if the header accepts none.
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
