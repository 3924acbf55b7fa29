
#ifndef _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_
#define _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_


/*
 * What an SMS from a phone wants: its first word.
 *
 * Letters are compared without case, those of Latin-1 included; blanks and
 * punctuation around words say nothing ("Stop!", "« oui » 4821").  "STOP ALL"
 * and "STOP TOUT" are one word with two.
 *
 * Some words are known always, for a shopper must not depend on what an
 * operator of the service has thought of:
 *
 *      stop       STOP ARRET UNSUBSCRIBE END QUIT CANCEL
 *      stop_all   STOPALL
 *      answer     YES OUI
 *      help       HELP AIDE
 *      info       INFO
 *
 * Nothing is allocated.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_KEYWORD_MAX  64      /* bytes */


typedef enum {
    NGX_CARRIERPAY_KEYWORD_STOP = 0,        /* the sender of the last SMS */
    NGX_CARRIERPAY_KEYWORD_STOP_ALL,
    NGX_CARRIERPAY_KEYWORD_ANSWER,          /* a code follows */
    NGX_CARRIERPAY_KEYWORD_HELP,
    NGX_CARRIERPAY_KEYWORD_INFO
} ngx_carrierpay_keyword_e;


typedef struct {
    ngx_str_t                  word;        /* UTF-8, small letters */
    ngx_carrierpay_keyword_e   action;
} ngx_carrierpay_keyword_t;


/*
 * The action of a text by its first word, in the list or known always, and
 * in *rest what follows without blanks and punctuation at its ends.
 *
 * NGX_OK; NGX_DECLINED: no keyword, and *rest is all of the text, trimmed in
 * the same way.  A text that is not UTF-8 has none, and an empty rest.
 */
ngx_int_t ngx_carrierpay_keyword_match(const ngx_carrierpay_keyword_t *list,
    ngx_uint_t n, const ngx_str_t *text, ngx_carrierpay_keyword_e *action,
    ngx_str_t *rest);

/*
 * For a new word, which is written in small letters where it stands: NGX_OK;
 * NGX_DECLINED: not one word of at most NGX_CARRIERPAY_KEYWORD_MAX bytes.
 */
ngx_int_t ngx_carrierpay_keyword_word(ngx_str_t *word);

/* By its name, "stop_all": NGX_OK or NGX_DECLINED. */
ngx_int_t ngx_carrierpay_keyword_action(const ngx_str_t *name,
    ngx_carrierpay_keyword_e *action);


#endif /* _NGX_CARRIERPAY_KEYWORD_H_INCLUDED_ */
