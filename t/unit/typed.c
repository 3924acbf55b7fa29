
#include "unit.h"
#include <ngx_carrierpay_typed.h>


#define assert_fold(literal, expected)                                        \
    str = text(literal);                                                      \
    end = ngx_carrierpay_typed_fold(str->data, str->data, str->len);          \
    assert_bytes(str->data, end, expected)

#define assert_word(literal, expected)                                        \
    str = text(literal);                                                      \
    ngx_carrierpay_typed_word(str);                                           \
    assert_str(str, expected)

#define assert_digits(literal, expected)                                      \
    str = text(literal);                                                      \
    ngx_carrierpay_typed_digits(str);                                         \
    assert_str(str, expected)


static void
test_fold(void **state)
{
    u_char     *end;
    ngx_str_t  *str;

    (void) state;

    assert_fold("", "");
    assert_fold("STOP 06", "STOP 06");

    /* digits: Arabic-Indic, Persian, Devanagari, full-width, bold */

    assert_fold("\xd9\xa0\xd9\xa6\xd9\xa9", "069");
    assert_fold("\xdb\xb0\xdb\xb6\xdb\xb9", "069");
    assert_fold("\xe0\xa5\xa6\xe0\xa5\xac\xe0\xa5\xaf", "069");
    assert_fold("\xef\xbc\x8b\xef\xbc\x93\xef\xbc\x93", "+33");
    assert_fold("\xf0\x9d\x9f\x8e\xf0\x9d\x9f\x97", "09");

    /* full-width letters, as Japanese keyboards have them */

    assert_fold("\xef\xbc\xb3\xef\xbc\xb4\xef\xbc\xaf\xef\xbc\xb0", "STOP");

    /* U+00A0 U+202F U+2007 U+3000 U+2028, tab */

    assert_fold("a\xc2\xa0" "b\xe2\x80\xaf" "c\xe2\x80\x87" "d\xe3\x80\x80"
                "e\xe2\x80\xa8" "f\tg", "a b c d e f g");

    /* U+2010 U+2011 U+2013 U+2212 */

    assert_fold("a\xe2\x80\x90" "b\xe2\x80\x91" "c\xe2\x80\x93"
                "d\xe2\x88\x92" "e", "a-b-c-d-e");

    /* U+FEFF U+202A U+202C U+200B U+200E U+2066 U+00AD U+3164 */

    assert_fold("\xef\xbb\xbf\xe2\x80\xaa" "a\xe2\x80\xac\xe2\x80\x8b"
                "b\xe2\x80\x8e\xe2\x81\xa6" "c\xc2\xad\xe3\x85\xa4", "abc");

    /* everything else stays, and so do bytes that are no UTF-8 */

    assert_fold("\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80",
                "\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80");
    assert_fold("1\xff\xe2\x80", "1\xff\xe2\x80");
    assert_fold("\xed\xa0\x80", "\xed\xa0\x80");
    assert_fold("1\0" "2", "1\0" "2");

    /* a superscript is no digit of a number, and a letter is none */

    assert_fold("\xc2\xb2\xe2\x85\xa4O", "\xc2\xb2\xe2\x85\xa4O");
}


static void
test_word(void **state)
{
    ngx_str_t  *str;

    (void) state;

    assert_word("", "");
    assert_word(" \xc2\xa0 ", "");
    assert_word(" a@b.example\n", "a@b.example");
    assert_word("\xe2\x80\x8b" "a@b.example\xc2\xa0", "a@b.example");
    assert_word("a b", "a b");
}


static void
test_digits(void **state)
{
    ngx_str_t  *str;

    (void) state;

    assert_digits("06\xc2\xa0" "99\xe2\x80\xaf" "98", "069998");
    assert_digits("\xe2\x80\xaa+33 6 99\xe2\x80\xac", "+33699");
    assert_digits("06\t99-98.00/31", "0699980031");
    assert_digits("+33 (0)6 [12]", "+33061" "2");
    assert_digits("06,99", "06,99");
    assert_digits("o6", "o6");
    assert_digits("", "");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_word),
        cmocka_unit_test(test_digits)
    };

    return cmocka_run_group_tests_name("typed", tests, NULL, NULL);
}
