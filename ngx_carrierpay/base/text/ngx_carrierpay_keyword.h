
#ifndef _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_
#define _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_


/*
 * Keywords: the first word of an SMS from a phone says what its sender wants.
 *
 * Letters are compared without case, those of Latin-1 included.  Blanks and
 * punctuation around words have no meaning ("Stop!", "« oui » 4821").  "STOP
 * ALL" and "STOP TOUT" are one keyword of two words.
 *
 * Some keywords are always known, so that a shopper does not depend on the
 * configuration:
 *
 *      stop       STOP ARRET UNSUBSCRIBE END QUIT CANCEL
 *      stop_all   STOPALL
 *      answer     YES OUI
 *      pay        PAY PAYER PAYE PAIE
 *      help       HELP AIDE
 *      info       INFO
 *
 * Nothing is allocated.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_KEYWORD_MAX  64      /* bytes */


typedef enum {
    NGX_CARRIERPAY_KEYWORD_STOP = 0,        /* purchases of one merchant */
    NGX_CARRIERPAY_KEYWORD_STOP_ALL,
    NGX_CARRIERPAY_KEYWORD_ANSWER,          /* the code of a page follows */
    NGX_CARRIERPAY_KEYWORD_PAY,             /* that of an SMS with a price */
    NGX_CARRIERPAY_KEYWORD_HELP,
    NGX_CARRIERPAY_KEYWORD_INFO
} ngx_carrierpay_keyword_e;


typedef struct {
    ngx_str_t                  word;        /* UTF-8, small letters */
    ngx_carrierpay_keyword_e   action;
} ngx_carrierpay_keyword_t;


/*
 * Finds the action of a text by its first word, in the list or among the
 * keywords that are always known, and sets *rest to what follows, trimmed of
 * blanks and punctuation.
 *
 * NGX_OK: *action is set.  NGX_DECLINED: the text has no keyword, and *rest is
 * the whole text, trimmed in the same way.  A text that is not UTF-8 has no
 * keyword and an empty rest.
 */
ngx_int_t ngx_carrierpay_keyword_match(const ngx_carrierpay_keyword_t *list,
    ngx_uint_t n, const ngx_str_t *text, ngx_carrierpay_keyword_e *action,
    ngx_str_t *rest);

/*
 * Checks a new keyword of the configuration, and changes it to small letters
 * in place.  NGX_OK; NGX_DECLINED: it is not one word of at most
 * NGX_CARRIERPAY_KEYWORD_MAX bytes.
 */
ngx_int_t ngx_carrierpay_keyword_word(ngx_str_t *word);

/*
 * Parses the name of an action, for example "stop_all".  Returns NGX_OK or
 * NGX_DECLINED.
 */
ngx_int_t ngx_carrierpay_keyword_action(const ngx_str_t *name,
    ngx_carrierpay_keyword_e *action);


#endif /* _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_ */
