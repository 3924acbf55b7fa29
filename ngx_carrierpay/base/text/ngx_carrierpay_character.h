
#ifndef _NGX_CARRIERPAY_CHARACTER_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARACTER_H_INCLUDED_


/*
 * Characters: the code points of UTF-8, and what kind of character each is.
 *
 * Specification: RFC 3629, and the general categories and the property
 * Default_Ignorable_Code_Point of Unicode 14.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_CHARACTER_MAX   4            /* bytes */

/* What a byte is that is no part of a valid character. */

#define NGX_CARRIERPAY_CHARACTER_NONE  0xffffffff

/* What stands for what cannot be read. */

#define NGX_CARRIERPAY_CHARACTER_REPLACEMENT  0xfffd

/* The halves of a surrogate pair, in which UTF-16 has what is above U+FFFF. */

#define ngx_carrierpay_character_high(c)  ((c) >= 0xd800 && (c) < 0xdc00)
#define ngx_carrierpay_character_low(c)   ((c) >= 0xdc00 && (c) < 0xe000)


/*
 * Reads the character at *p, which is before last, and moves *p behind it.
 * Returns NGX_CARRIERPAY_CHARACTER_NONE, and moves by one byte, if there is no
 * valid character.
 */
uint32_t ngx_carrierpay_character_read(const u_char **p, const u_char *last);

/*
 * Writes a character, at most NGX_CARRIERPAY_CHARACTER_MAX bytes, and returns
 * the position after it.
 */
u_char *ngx_carrierpay_character_write(u_char *dst, uint32_t c);

/*
 * Returns 1 if a part of the text is lost, as U+FFFD in it says, and 0
 * otherwise.
 */
ngx_uint_t ngx_carrierpay_character_lost(const ngx_str_t *text);

/* Returns the value of a decimal digit of any script, or NGX_DECLINED. */

ngx_int_t ngx_carrierpay_character_digit(uint32_t c);

/*
 * Return 1 if the character is of the kind, and 0 otherwise.  Spaces include
 * tabs and the ends of lines and paragraphs.  Invisible characters show
 * nothing of their own, not even a space: the byte order mark, marks of
 * direction, joiners, variation selectors, fillers.
 */
ngx_uint_t ngx_carrierpay_character_space(uint32_t c);
ngx_uint_t ngx_carrierpay_character_dash(uint32_t c);
ngx_uint_t ngx_carrierpay_character_invisible(uint32_t c);


#endif /* _NGX_CARRIERPAY_CHARACTER_H_INCLUDED_ */
