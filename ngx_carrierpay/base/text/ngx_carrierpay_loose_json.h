
#ifndef _NGX_CARRIERPAY_LOOSE_JSON_H_INCLUDED_
#define _NGX_CARRIERPAY_LOOSE_JSON_H_INCLUDED_


/*
 * Loose JSON: what programs write that put texts and numbers into JSON without
 * a look at them.
 *
 * A JSON document is read as a whole or not at all, so one text that was cut
 * in the midst of an emoji would take all others in the document with it.
 * Here the strings and numbers of a document are made such that each reader
 * takes them, and only what is wrong is lost.
 *
 * Specification: RFC 8259.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* The most bytes that so many bytes of loose JSON take. */

#define ngx_carrierpay_loose_json_size(len)  ((len) * 3)


/*
 * Writes loose JSON as JSON and returns the position after it.
 *
 *   zeros, lone surrogates, bytes that are no UTF-8    U+FFFD
 *   other controls that are not escaped                a blank
 *   a backslash that begins no escape                  a backslash
 *   a number, of any size                              a string
 *
 * All else is copied, so JSON keeps its meaning, but for the zeros and that
 * its numbers are text; and what is malformed as a document stays so.
 */
u_char *ngx_carrierpay_loose_json(u_char *dst, const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_LOOSE_JSON_H_INCLUDED_ */
