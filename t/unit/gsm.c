
#include "unit.h"
#include <ngx_carrierpay_gsm.h>


#define assert_length(str, a, u, p)                                           \
    assert_int_equal(ngx_carrierpay_gsm_measure(str, &gsm), NGX_OK);          \
    assert_int_equal(gsm.alphabet, NGX_CARRIERPAY_GSM_##a);                   \
    assert_int_equal(gsm.units, u);                                           \
    assert_int_equal(gsm.parts, p)


/* Returns n times the first text, and then the second one. */

static ngx_str_t *
repeat(ngx_uint_t n, const char *what, const char *rest)
{
    char       *s;
    size_t      len;
    ngx_uint_t  i;

    len = strlen(what);
    s = (char *) room(n * len + strlen(rest) + 1);

    for (i = 0; i < n; i++) {
        memcpy(s + i * len, what, len);
    }

    memcpy(s + n * len, rest, strlen(rest) + 1);

    return string(s);
}


static void
test_alphabet(void **state)
{
    ngx_carrierpay_gsm_t  gsm;

    (void) state;

    /* 3GPP TS 23.038, 6.2.1, row by row; 0x1b is the escape. */

    assert_length(text("@\xc2\xa3$\xc2\xa5\xc3\xa8\xc3\xa9\xc3\xb9\xc3\xac"
                       "\xc3\xb2\xc3\x87\n\xc3\x98\xc3\xb8\r\xc3\x85\xc3\xa5"),
                  7BIT, 16, 1);
    assert_length(text("\xce\x94_\xce\xa6\xce\x93\xce\x9b\xce\xa9\xce\xa0"
                       "\xce\xa8\xce\xa3\xce\x98\xce\x9e\xc3\x86\xc3\xa6"
                       "\xc3\x9f\xc3\x89"), 7BIT, 15, 1);
    assert_length(text(" !\"#\xc2\xa4%&'()*+,-./0123456789:;<=>?"), 7BIT, 32,
                  1);
    assert_length(text("\xc2\xa1" "ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc3\x84\xc3\x96"
                       "\xc3\x91\xc3\x9c\xc2\xa7"), 7BIT, 32, 1);
    assert_length(text("\xc2\xbf" "abcdefghijklmnopqrstuvwxyz\xc3\xa4\xc3\xb6"
                       "\xc3\xb1\xc3\xbc\xc3\xa0"), 7BIT, 32, 1);

    /* 3GPP TS 23.038, 6.2.1.1, the extension table. */

    assert_length(text("\f^{}\\[~]|\xe2\x82\xac"), 7BIT, 20, 1);
}


/* Each character of ASCII and of Latin-1 is in the alphabet, or is not. */

static void
test_others(void **state)
{
    u_char                c[2];
    ngx_str_t             str;
    ngx_uint_t            i, in;
    ngx_carrierpay_gsm_t  gsm;

    (void) state;

    in = 0;

    for (i = 0; i < 256; i++) {
        str.data = c;
        str.len = (i < 0x80) ? 1 : 2;

        c[0] = (i < 0x80) ? i : 0xc0 | i >> 6;
        c[1] = 0x80 | (i & 0x3f);

        assert_int_equal(ngx_carrierpay_gsm_measure(&str, &gsm), NGX_OK);
        in += gsm.alphabet == NGX_CARRIERPAY_GSM_7BIT;
    }

    /*
     * There are 128 without the escape and 10 Greek letters, and 9 in the
     * extension.
     */

    assert_int_equal(in, 126);

    assert_length(text("`"), UCS2, 1, 1);
    assert_length(text("\t"), UCS2, 1, 1);
    assert_length(text("\x1b"), UCS2, 1, 1);
    assert_length(text("\0"), UCS2, 1, 1);
    assert_length(text("\x7f"), UCS2, 1, 1);
    assert_length(text("\xc3\xa7"), UCS2, 1, 1);              /* c cedilla */
    assert_length(text("\xc3\xaa"), UCS2, 1, 1);              /* e hat */
    assert_length(text("\xc5\x93"), UCS2, 1, 1);              /* oe */
    assert_length(text("\xe2\x80\x99"), UCS2, 1, 1);          /* quote */
    assert_length(text("\xef\xbf\xbf"), UCS2, 1, 1);
    assert_length(text("\xf0\x9f\x98\x80"), UCS2, 2, 1);
    assert_length(text("ab\xc3\xa7[]"), UCS2, 5, 1);
}


static void
test_parts(void **state)
{
    ngx_carrierpay_gsm_t  gsm;

    (void) state;

    assert_length(text(""), 7BIT, 0, 1);

    assert_length(repeat(160, "a", ""), 7BIT, 160, 1);
    assert_length(repeat(161, "a", ""), 7BIT, 161, 2);
    assert_length(repeat(306, "a", ""), 7BIT, 306, 2);
    assert_length(repeat(307, "a", ""), 7BIT, 307, 3);
    assert_length(repeat(459, "\xc3\xa9", ""), 7BIT, 459, 3);

    assert_length(repeat(70, "\xc3\xaa", ""), UCS2, 70, 1);
    assert_length(repeat(71, "\xc3\xaa", ""), UCS2, 71, 2);
    assert_length(repeat(134, "\xc3\xaa", ""), UCS2, 134, 2);
    assert_length(repeat(135, "\xc3\xaa", ""), UCS2, 135, 3);

    /* One character at the end makes it another alphabet. */

    assert_length(repeat(159, "a", "\xc3\xaa"), UCS2, 160, 3);
}


static void
test_pairs(void **state)
{
    ngx_carrierpay_gsm_t  gsm;

    (void) state;

    assert_length(repeat(80, "[", ""), 7BIT, 160, 1);

    /* 153 is odd: a part has 76 pairs, and one septet is lost. */

    assert_length(repeat(152, "[", ""), 7BIT, 304, 2);
    assert_length(repeat(153, "[", ""), 7BIT, 306, 3);
    assert_length(repeat(152, "a", "[a"), 7BIT, 155, 1);
    assert_length(repeat(9, "\xe2\x82\xac", ""), 7BIT, 18, 1);

    /* 67 is odd: a part has 33 pairs, and one unit is lost. */

    assert_length(repeat(35, "\xf0\x9f\x98\x80", ""), UCS2, 70, 1);
    assert_length(repeat(66, "\xf0\x9f\x98\x80", ""), UCS2, 132, 2);
    assert_length(repeat(67, "\xf0\x9f\x98\x80", ""), UCS2, 134, 3);

    /* The pairs begin at an even unit, and at an odd one. */

    assert_length(repeat(1, "a", "\xc3\xaa"), UCS2, 2, 1);
    assert_length(repeat(67, "\xf0\x9f\x98\x80", "a"), UCS2, 135, 3);
}


static void
test_invalid(void **state)
{
    ngx_carrierpay_gsm_t  gsm;

    (void) state;

    assert_int_equal(ngx_carrierpay_gsm_measure(text("a\xe9"), &gsm),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_gsm_measure(text("\xc3"), &gsm),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_gsm_measure(text("\xed\xa0\x80"), &gsm),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_gsm_measure(text("\xc0\x80"), &gsm),
                     NGX_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_alphabet),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_invalid)
    };

    return cmocka_run_group_tests_name("gsm", tests, NULL, NULL);
}
