
#ifndef _NGX_CARRIERPAY_LINE_H_INCLUDED_
#define _NGX_CARRIERPAY_LINE_H_INCLUDED_


/*
 * A visible line: a text of others that we show to people, within a sentence
 * of ours: a description, the name of a merchant.
 *
 * It has at least one character that can be seen, it does not end the line,
 * and it leaves the direction of what follows it as it was.  Joiners and marks
 * of direction may be in it, for emoji, Persian and Arabic need them.
 *
 * Specification: Unicode Standard Annex 9 (bidirectional text).  The function
 * is pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Checks a text of valid UTF-8.  Returns NULL, or what is wrong with it, as
 * words for an error message: "must not have control characters".
 */
const char *ngx_carrierpay_line_check(const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_LINE_H_INCLUDED_ */
