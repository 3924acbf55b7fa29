
/*
 * The lines of the input are a country code, a trunk prefix, a prefix of
 * mobile numbers, one of fixed lines, and two digits of lengths; a typed
 * number follows.
 */


#include "fuzz.h"
#include <ngx_carrierpay_msisdn.h>


static void fuzz_typed(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering);
static void fuzz_mask(const ngx_carrierpay_msisdn_t *msisdn);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                         loaded;
    ngx_str_t                   lengths, mobile, fixed, text;
    ngx_carrierpay_msisdn_t     msisdn;
    ngx_carrierpay_numbering_t  numbering;

    numbering.cc = fuzz_line(&data, &size);
    numbering.trunk = fuzz_line(&data, &size);
    mobile = fuzz_line(&data, &size);
    fixed = fuzz_line(&data, &size);
    lengths = fuzz_line(&data, &size);
    text = fuzz_rest(data, size);

    numbering.prefixes = &mobile;
    numbering.nprefixes = mobile.len != 0;
    numbering.fixed = &fixed;
    numbering.nfixed = fixed.len != 0;
    numbering.len_min = lengths.len > 0 ? lengths.data[0] & 0xf : 9;
    numbering.len_max = lengths.len > 1 ? lengths.data[1] & 0xf : 9;

    loaded = ngx_carrierpay_msisdn_load(&text, &msisdn) == NGX_OK;

    if (loaded) {
        fuzz_claim(msisdn.len == text.len);
        fuzz_mask(&msisdn);
    }

    if (ngx_carrierpay_numbering_check(&numbering) == NULL) {
        fuzz_typed(&text, &numbering);

        if (loaded
            && ngx_carrierpay_numbering_kind(&numbering, &msisdn)
               != NGX_CARRIERPAY_NUMBER_NONE)
        {
            fuzz_claim(msisdn.len > numbering.cc.len);
            fuzz_claim(memcmp(msisdn.digits, numbering.cc.data,
                              numbering.cc.len) == 0);
        }
    }

    free(numbering.cc.data);
    free(numbering.trunk.data);
    free(mobile.data);
    free(fixed.data);
    free(lengths.data);
    free(text.data);

    return 0;
}


/*
 * A number that was read is read again from its own form and from a typed one.
 */

static void
fuzz_typed(const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering)
{
    u_char                   digits[NGX_CARRIERPAY_MSISDN_MAX + 1];
    ngx_str_t                again;
    ngx_carrierpay_msisdn_t  msisdn, other;

    if (ngx_carrierpay_msisdn_parse(text, numbering,
                                    NGX_CARRIERPAY_MSISDN_ANY, &msisdn)
        != NGX_OK)
    {
        return;
    }

    fuzz_claim(ngx_carrierpay_numbering_kind(numbering, &msisdn)
               != NGX_CARRIERPAY_NUMBER_NONE);

    again.data = msisdn.digits;
    again.len = msisdn.len;

    fuzz_claim(ngx_carrierpay_msisdn_load(&again, &other) == NGX_OK);
    fuzz_claim(memcmp(other.digits, msisdn.digits, msisdn.len) == 0);

    digits[0] = '+';
    memcpy(digits + 1, msisdn.digits, msisdn.len);
    again.data = digits;
    again.len = msisdn.len + 1;

    fuzz_claim(ngx_carrierpay_msisdn_parse(&again, numbering,
                                           NGX_CARRIERPAY_MSISDN_INTERNATIONAL,
                                           &other)
               == NGX_OK);
    fuzz_claim(other.len == msisdn.len
               && memcmp(other.digits, msisdn.digits, msisdn.len) == 0);

    fuzz_mask(&msisdn);
}


/* At least four digits are masked, or all after the country code. */

static void
fuzz_mask(const ngx_carrierpay_msisdn_t *msisdn)
{
    u_char    *buf, *end, *p;
    ngx_int_t  shown;

    buf = malloc(NGX_CARRIERPAY_MSISDN_MASK_LEN);
    fuzz_claim(buf);

    end = ngx_carrierpay_msisdn_mask(buf, msisdn);
    fuzz_claim(end <= buf + NGX_CARRIERPAY_MSISDN_MASK_LEN);

    shown = 0;

    for (p = buf; p < end; p++) {
        shown += *p >= '0' && *p <= '9';
    }

    fuzz_claim(shown <= 3 || msisdn->len - shown >= 4);

    free(buf);
}
