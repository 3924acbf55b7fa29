
#include "unit.h"
#include <ngx_carrierpay_line.h>


#define assert_line(literal)                                                  \
    assert_null(ngx_carrierpay_line_check(text(literal)))

#define assert_no_line(literal, expected)                                     \
    assert_string_equal(ngx_carrierpay_line_check(text(literal)), expected)


static void
test_line(void **state)
{
    (void) state;

    assert_line("coins");
    assert_line(".");
    assert_line("\xc3\xa9t\xc3\xa9 \xe2\x82\xac");

    /* a family of emoji with joiners, a flag of tags, a heart of colour */

    assert_line("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"
                "\xf0\x9f\x91\xa7");
    assert_line("\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2"
                "\xf3\xa0\x81\xbf");
    assert_line("\xe2\x9d\xa4\xef\xb8\x8f");

    /* Arabic, and Persian with a non-joiner and a mark of direction */

    assert_line("\xd8\xb9\xd9\x85\xd9\x84\xd8\xa7\xd8\xaa");
    assert_line("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xe2\x80\x8f");

    /* an isolate that ends */

    assert_line("a \xe2\x81\xa7\xd8\xb9\xe2\x81\xa9 b");
}


static void
test_refused(void **state)
{
    (void) state;

    assert_no_line("", "must have a visible character");
    assert_no_line(" \xc2\xa0\xe3\x80\x80", "must have a visible character");

    /* U+3164 U+2800 U+115F U+200B U+FEFF U+FE0F U+00AD */

    assert_no_line("\xe3\x85\xa4", "must have a visible character");
    assert_no_line("\xe2\xa0\x80", "must have a visible character");
    assert_no_line("\xe1\x85\x9f", "must have a visible character");
    assert_no_line("\xe2\x80\x8b\xef\xbb\xbf",
                   "must have a visible character");
    assert_no_line("\xef\xb8\x8f\xc2\xad", "must have a visible character");

    assert_no_line("a\0", "must not have control characters");
    assert_no_line("a\n", "must not have control characters");
    assert_no_line("a\x7f", "must not have control characters");
    assert_no_line("a\xc2\x85", "must not have control characters");
    assert_no_line("a\xc2\x9b" "31m", "must not have control characters");

    assert_no_line("a\xe2\x80\xa8" "b", "must be one line");
    assert_no_line("a\xe2\x80\xa9" "b", "must be one line");

#define assert_turned(literal)                                                \
    assert_no_line(literal, "must not change the direction of text")

    /* U+202E U+202A U+202B U+202C U+202D, and isolates that do not end */

    assert_turned("coins\xe2\x80\xae 99.0 rof");
    assert_turned("\xe2\x80\xaa" "a\xe2\x80\xac");
    assert_turned("\xe2\x80\xab" "a");
    assert_turned("a\xe2\x80\xac");
    assert_turned("\xe2\x80\xad" "a");
    assert_turned("\xe2\x81\xa7" "a");
    assert_turned("a\xe2\x81\xa9");
    assert_turned("a\xe2\x81\xa9\xe2\x81\xa6");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_refused)
    };

    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
