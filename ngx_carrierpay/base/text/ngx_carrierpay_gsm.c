
/*
 * The parts of a text are counted by walking through it: a pair of units that
 * does not fit into a part goes to the next one as a whole and leaves a unit
 * unused.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_gsm.h>
#include <ngx_carrierpay_text.h>


#define NGX_CARRIERPAY_GSM_SEPTETS       160
#define NGX_CARRIERPAY_GSM_SEPTETS_PART  153
#define NGX_CARRIERPAY_GSM_UNITS         70
#define NGX_CARRIERPAY_GSM_UNITS_PART    67


typedef struct {
    ngx_uint_t   part;       /* room of a part, in units */
    ngx_uint_t   used;       /* units in the last part */
    ngx_uint_t   parts;
    ngx_uint_t   units;      /* units of the whole text */
} ngx_carrierpay_gsm_count_t;


static uint32_t ngx_carrierpay_gsm_next(u_char **p);
static ngx_uint_t ngx_carrierpay_gsm_septets(uint32_t c);
static void ngx_carrierpay_gsm_add(ngx_carrierpay_gsm_count_t *count,
    ngx_uint_t n);


/* The characters of the default alphabet beyond ASCII. */

static const uint16_t  ngx_carrierpay_gsm_alphabet[] = {
    0x00a1, 0x00a3, 0x00a4, 0x00a5, 0x00a7, 0x00bf,
    0x00c4, 0x00c5, 0x00c6, 0x00c7, 0x00c9, 0x00d1, 0x00d6, 0x00d8,
    0x00dc, 0x00df, 0x00e0, 0x00e4, 0x00e5, 0x00e6, 0x00e8, 0x00e9,
    0x00ec, 0x00f1, 0x00f2, 0x00f6, 0x00f8, 0x00f9, 0x00fc,
    0x0393, 0x0394, 0x0398, 0x039b, 0x039e, 0x03a0, 0x03a3, 0x03a6,
    0x03a8, 0x03a9,
    0
};


ngx_int_t
ngx_carrierpay_gsm_measure(const ngx_str_t *text, ngx_carrierpay_gsm_t *gsm)
{
    u_char                      *p, *last;
    uint32_t                     c;
    ngx_uint_t                   n, max;
    ngx_carrierpay_gsm_count_t   septets, units, *count;

    if (!ngx_carrierpay_text_utf8_valid(text->data, text->len)) {
        return NGX_DECLINED;
    }

    ngx_memzero(&septets, sizeof(ngx_carrierpay_gsm_count_t));
    ngx_memzero(&units, sizeof(ngx_carrierpay_gsm_count_t));

    septets.part = NGX_CARRIERPAY_GSM_SEPTETS_PART;
    units.part = NGX_CARRIERPAY_GSM_UNITS_PART;

    gsm->alphabet = NGX_CARRIERPAY_GSM_7BIT;

    p = text->data;
    last = p + text->len;

    while (p < last) {
        c = ngx_carrierpay_gsm_next(&p);
        n = ngx_carrierpay_gsm_septets(c);

        if (n == 0) {
            gsm->alphabet = NGX_CARRIERPAY_GSM_UCS2;
        }

        ngx_carrierpay_gsm_add(&septets, n);
        ngx_carrierpay_gsm_add(&units, (c > 0xffff) ? 2 : 1);
    }

    if (gsm->alphabet == NGX_CARRIERPAY_GSM_7BIT) {
        count = &septets;
        max = NGX_CARRIERPAY_GSM_SEPTETS;

    } else {
        count = &units;
        max = NGX_CARRIERPAY_GSM_UNITS;
    }

    gsm->units = count->units;
    gsm->parts = (count->units <= max) ? 1 : count->parts;

    return NGX_OK;
}


/* Returns the next character of a valid UTF-8 text. */

static uint32_t
ngx_carrierpay_gsm_next(u_char **p)
{
    uint32_t    c;
    ngx_uint_t  n;

    c = *(*p)++;

    if (c < 0x80) {
        return c;
    }

    if (c < 0xe0) {
        c &= 0x1f;
        n = 1;

    } else if (c < 0xf0) {
        c &= 0x0f;
        n = 2;

    } else {
        c &= 0x07;
        n = 3;
    }

    while (n--) {
        c = c << 6 | (*(*p)++ & 0x3f);
    }

    return c;
}


/*
 * Returns the septets of a character: 1, or 2 if it is in the extension table,
 * or 0 if the alphabet does not have it.
 */

static ngx_uint_t
ngx_carrierpay_gsm_septets(uint32_t c)
{
    const uint16_t  *a;

    switch (c) {

    case '\f':
    case '[':
    case '\\':
    case ']':
    case '^':
    case '{':
    case '|':
    case '}':
    case '~':
    case 0x20ac:
        return 2;

    case '\n':
    case '\r':
        return 1;

    case '`':
    case 0x7f:
        return 0;
    }

    if (c < 0x80) {
        return c >= ' ';
    }

    for (a = ngx_carrierpay_gsm_alphabet; *a; a++) {
        if (*a == c) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_carrierpay_gsm_add(ngx_carrierpay_gsm_count_t *count, ngx_uint_t n)
{
    count->units += n;

    if (count->parts == 0 || count->used + n > count->part) {
        count->parts++;
        count->used = 0;
    }

    count->used += n;
}
