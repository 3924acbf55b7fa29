
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_line.h>


#define NGX_CARRIERPAY_LINE_SEPARATOR       0x2028
#define NGX_CARRIERPAY_PARAGRAPH_SEPARATOR  0x2029
#define NGX_CARRIERPAY_LINE_EMBEDDING       0x202a  /* LRE, RLE, PDF, */
#define NGX_CARRIERPAY_LINE_OVERRIDE        0x202e  /* LRO, RLO */
#define NGX_CARRIERPAY_LINE_ISOLATE         0x2066  /* LRI, RLI, FSI */
#define NGX_CARRIERPAY_LINE_ISOLATE_END     0x2069  /* PDI */
#define NGX_CARRIERPAY_LINE_BLANK           0x2800  /* a letter of no dots */


const char *
ngx_carrierpay_line_check(const ngx_str_t *text)
{
    uint32_t       c;
    ngx_uint_t     visible, isolates;
    const u_char  *p, *last;

    p = text->data;
    last = p + text->len;
    visible = 0;
    isolates = 0;

    while (p < last) {
        c = ngx_carrierpay_character_read(&p, last);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            return "must not have control characters";
        }

        if (c == NGX_CARRIERPAY_LINE_SEPARATOR
            || c == NGX_CARRIERPAY_PARAGRAPH_SEPARATOR)
        {
            return "must be one line";
        }

        if (c >= NGX_CARRIERPAY_LINE_EMBEDDING
            && c <= NGX_CARRIERPAY_LINE_OVERRIDE)
        {
            return "must not change the direction of text";
        }

        if (c == NGX_CARRIERPAY_LINE_ISOLATE_END) {

            if (isolates == 0) {
                return "must not change the direction of text";
            }

            isolates--;

        } else if (c >= NGX_CARRIERPAY_LINE_ISOLATE
                   && c < NGX_CARRIERPAY_LINE_ISOLATE_END)
        {
            isolates++;

        } else if (c != NGX_CARRIERPAY_LINE_BLANK
                   && !ngx_carrierpay_character_space(c)
                   && !ngx_carrierpay_character_invisible(c))
        {
            visible = 1;
        }
    }

    if (isolates) {
        return "must not change the direction of text";
    }

    return visible ? NULL : "must have a visible character";
}
