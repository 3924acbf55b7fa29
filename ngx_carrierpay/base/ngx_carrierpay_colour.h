
#ifndef _NGX_CARRIERPAY_COLOUR_H_INCLUDED_
#define _NGX_CARRIERPAY_COLOUR_H_INCLUDED_


/*
 * Colours, and whether text on them is readable.
 *
 * A colour is 0xRRGGBB of sRGB.  There is no floating point: the linear values
 * of the 256 steps are a table.
 *
 * Specification: WCAG 2.2, "relative luminance" and "contrast ratio".  The
 * functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_COLOUR_LEN    (sizeof("rrggbb") - 1)

/*
 * The two colours of text.  The dark one is so close to black that on any
 * background one of the two has a contrast of at least 4.5, which WCAG asks
 * for.
 */

#define NGX_CARRIERPAY_COLOUR_WHITE  0xffffff
#define NGX_CARRIERPAY_COLOUR_DARK   0x050505


/*
 * Parses six hexadecimal digits in small letters.  Returns NGX_OK, or
 * NGX_DECLINED if the text is something else.
 */
ngx_int_t ngx_carrierpay_colour_parse(const u_char *p, size_t len,
    uint32_t *colour);

/*
 * Returns the relative luminance in millionths: 0 of black, 1000000 of white.
 */
ngx_uint_t ngx_carrierpay_colour_luminance(uint32_t colour);

/*
 * Returns the contrast ratio of two colours in thousandths: 1000 if they are
 * equal, 21000 of black and white.
 */
ngx_uint_t ngx_carrierpay_colour_contrast(uint32_t a, uint32_t b);

/*
 * Returns NGX_CARRIERPAY_COLOUR_WHITE or NGX_CARRIERPAY_COLOUR_DARK, whichever
 * has the better contrast to the colour.
 */
uint32_t ngx_carrierpay_colour_on(uint32_t colour);


#endif /* _NGX_CARRIERPAY_COLOUR_H_INCLUDED_ */
