
#include "unit.h"
#include <ngx_carrierpay_colour.h>


static void
test_parse(void **state)
{
    uint32_t  colour;

    (void) state;

#define assert_colour(literal, expected)                                      \
    assert_int_equal(ngx_carrierpay_colour_parse(text(literal)->data,         \
                                                 sizeof(literal) - 1,         \
                                                 &colour),                    \
                     NGX_OK);                                                 \
    assert_int_equal(colour, expected)

#define assert_none(literal)                                                  \
    colour = 1;                                                               \
    assert_int_equal(ngx_carrierpay_colour_parse(text(literal)->data,         \
                                                 sizeof(literal) - 1,         \
                                                 &colour),                    \
                     NGX_DECLINED);                                           \
    assert_int_equal(colour, 1)

    assert_colour("000000", 0);
    assert_colour("ff7900", 0xff7900);
    assert_colour("0123ef", 0x0123ef);

    assert_none("");
    assert_none("fff");
    assert_none("FF7900");
    assert_none("ff790g");
    assert_none("ff790");
    assert_none("ff79000");
    assert_none("#ff790");
}


/* The ratios are those that tools for the check of pages give. */

static void
test_contrast(void **state)
{
    (void) state;

    assert_int_equal(ngx_carrierpay_colour_luminance(0), 0);
    assert_int_equal(ngx_carrierpay_colour_luminance(0xffffff), 1000000);
    assert_int_equal(ngx_carrierpay_colour_luminance(0xff0000), 212600);

    assert_int_equal(ngx_carrierpay_colour_contrast(0, 0xffffff), 21000);
    assert_int_equal(ngx_carrierpay_colour_contrast(0xffffff, 0), 21000);
    assert_int_equal(ngx_carrierpay_colour_contrast(0xabcdef, 0xabcdef),
                     1000);
    assert_in_range(ngx_carrierpay_colour_contrast(0x777777, 0xffffff),
                    4470, 4490);
    assert_in_range(ngx_carrierpay_colour_contrast(0x0000ff, 0xffffff),
                    8580, 8600);
}


static void
test_on(void **state)
{
    uint32_t  colour;

    (void) state;

    assert_int_equal(ngx_carrierpay_colour_on(0), NGX_CARRIERPAY_COLOUR_WHITE);
    assert_int_equal(ngx_carrierpay_colour_on(0x0b4fd1),
                     NGX_CARRIERPAY_COLOUR_WHITE);
    assert_int_equal(ngx_carrierpay_colour_on(0xffffff),
                     NGX_CARRIERPAY_COLOUR_DARK);
    assert_int_equal(ngx_carrierpay_colour_on(0xff7900),
                     NGX_CARRIERPAY_COLOUR_DARK);

    /*
     * Whatever colour a merchant chooses, the text of the button is readable.
     */

    for (colour = 0; colour <= 0xffffff; colour += 37) {
        assert_true(ngx_carrierpay_colour_contrast(colour,
                                             ngx_carrierpay_colour_on(colour))
                    >= 4500);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_on)
    };

    return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
