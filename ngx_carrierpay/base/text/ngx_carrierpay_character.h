
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
