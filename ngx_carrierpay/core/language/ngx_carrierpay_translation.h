
/*
 * A translation: the texts of all phrases in one language.
 *
 * The file of a language gives the text of each phrase of the list
 * (ngx_carrierpay_phrase.h) with ngx_carrierpay_text() and ends with the
 * language's struct, whose rows are made from that list.  A phrase without a
 * text is then an undeclared variable, and a text without a phrase an unused
 * one, so neither compiles.
 *
 * A text is a template (base/template).  A text that a page's template names
 * as [[name]] is HTML; every other one is plain text.  The texts of SMS
 * ("sms_...") keep to the GSM 7-bit default alphabet of 3GPP TS 23.038, since
 * one other character would make the whole message UCS-2 and more than twice
 * as long: no "ê", "ç", "œ" or "’", and no no-break space.  The no-break
 * spaces of amounts are replaced by core/message_text.  The values of SMS and
 * mails are merchant, amount, currency, description, operator, reference,
 * code, support, stop_url and monthly.
 */


#ifndef _NGX_CARRIERPAY_TRANSLATION_H_INCLUDED_
#define _NGX_CARRIERPAY_TRANSLATION_H_INCLUDED_


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


#endif /* _NGX_CARRIERPAY_TRANSLATION_H_INCLUDED_ */
