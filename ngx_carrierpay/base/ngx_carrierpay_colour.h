
#ifndef _NGX_CARRIERPAY_COLOUR_H_INCLUDED_
#define _NGX_CARRIERPAY_COLOUR_H_INCLUDED_


/*
 * Colours, and whether text on them can be read: WCAG 2.2, "relative
 * luminance" and "contrast ratio".
 *
 * A colour is 0xRRGGBB of sRGB.  There is no floating point: the linear
 * values of the 256 steps are a table.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_COLOUR_LEN    (sizeof("rrggbb") - 1)

/*
 * What is written on a colour.  The dark one is so near to black that on any
 * colour one of the two has a contrast of 4.5 or more.
 */

#define NGX_CARRIERPAY_COLOUR_WHITE  0xffffff
#define NGX_CARRIERPAY_COLOUR_DARK   0x050505


/* Six hex digits, small letters: NGX_OK, or NGX_DECLINED. */
ngx_int_t ngx_carrierpay_colour_parse(const u_char *p, size_t len,
    uint32_t *colour);

/* in millionths: 0 of black, 1000000 of white */
ngx_uint_t ngx_carrierpay_colour_luminance(uint32_t colour);

/* in thousandths: 1000 of equal ones, 21000 of black and white */
ngx_uint_t ngx_carrierpay_colour_contrast(uint32_t a, uint32_t b);

/* WHITE or DARK, whichever has the better contrast to it */
uint32_t ngx_carrierpay_colour_on(uint32_t colour);


#endif /* _NGX_CARRIERPAY_COLOUR_H_INCLUDED_ */
