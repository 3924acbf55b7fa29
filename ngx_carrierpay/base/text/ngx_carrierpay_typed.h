
#ifndef _NGX_CARRIERPAY_TYPED_H_INCLUDED_
#define _NGX_CARRIERPAY_TYPED_H_INCLUDED_


/*
 * Typed text: what people type or paste into a form, or send by SMS.
 *
 * Address books, web pages and word processors put no-break spaces, dashes and
 * marks of direction between digits, and keyboards have digits of their own
 * script.  Folding turns all of that into ASCII, and leaves every other
 * character as it is, so that a function that reads the text afterwards need
 * not know of it, and refuses what it does not know.
 *
 * The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Writes the folded text and returns the position after it.  It is never
 * longer than the source, and dst may be src.
 *
 *   decimal digits of any script       0 to 9
 *   full-width forms of ASCII          their character of ASCII
 *   spaces, tabs, ends of lines        a blank
 *   dashes                             a hyphen
 *   invisible characters               nothing
 *
 * Bytes that are no UTF-8 are copied.
 */
u_char *ngx_carrierpay_typed_fold(u_char *dst, const u_char *src, size_t len);

/*
 * Folds a text in place, and cuts the blanks off both its ends: what is typed
 * as one word, for example an e-mail address.
 */
void ngx_carrierpay_typed_word(ngx_str_t *text);

/*
 * Folds digits in place, and removes what people put between groups of them:
 * blanks, hyphens, dots, slashes and brackets.  A plus and all else stay.
 */
void ngx_carrierpay_typed_digits(ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_TYPED_H_INCLUDED_ */
