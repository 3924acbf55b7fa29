
#include "unit.h"
#include <ngx_carrierpay_charset.h>


static ngx_int_t
convert(const char *name, ngx_str_t *bytes, ngx_str_t *result)
{
    u_char                    *end;
    ngx_int_t                  rc;
    ngx_carrierpay_charset_e   charset;

    assert_int_equal(ngx_carrierpay_charset_find(string(name), &charset),
                     NGX_OK);

    result->data = room(ngx_carrierpay_charset_size(bytes->len));

    rc = ngx_carrierpay_charset_convert(charset, bytes, result->data, &end);

    if (rc == NGX_OK) {
        result->len = end - result->data;
    }

    return rc;
}


#define assert_text(name, bytes, expected)                                    \
    assert_int_equal(convert(name, text(bytes), &result), NGX_OK);            \
    assert_str(&result, expected)

#define assert_no_text(name, bytes)                                           \
    assert_int_equal(convert(name, text(bytes), &result), NGX_DECLINED)


static void
test_names(void **state)
{
    ngx_str_t                 result;
    ngx_carrierpay_charset_e  charset;

    (void) state;

    assert_text("UTF-8", "STOP", "STOP");
    assert_text("utf8", "STOP", "STOP");
    assert_text("us-ascii", "STOP", "STOP");
    assert_text("ISO-8859-1", "STOP", "STOP");
    assert_text("ISO_8859-15", "STOP", "STOP");
    assert_text("Windows-1252", "STOP", "STOP");
    assert_text("UCS-2", "\0S\0T", "ST");
    assert_text("ISO-10646-UCS-2", "\0S\0T", "ST");

    assert_int_equal(ngx_carrierpay_charset_find(text("koi8-r"), &charset),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_charset_find(text("utf"), &charset),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_charset_find(text("utf-80"), &charset),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_charset_find(text("utf8\0"), &charset),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_charset_find(text(""), &charset),
                     NGX_DECLINED);
}


static void
test_bytes(void **state)
{
    ngx_str_t  result;

    (void) state;

    assert_text("iso-8859-1", "ARR\xcaT", "ARR\xc3\x8aT");
    assert_text("iso-8859-1", "\xa4\x80", "\xc2\xa4\xc2\x80");
    assert_text("iso-8859-15", "\xa4\xbd\xe9", "\xe2\x82\xac\xc5\x93\xc3\xa9");
    assert_text("windows-1252", "\x80\x92\x9f\xe9",
                "\xe2\x82\xac\xe2\x80\x99\xc5\xb8\xc3\xa9");
    assert_text("us-ascii", "ab\0\0", "ab");
    assert_no_text("us-ascii", "a\0" "b");
    assert_no_text("us-ascii", "\xe9");
}


static void
test_utf8(void **state)
{
    ngx_str_t  result;

    (void) state;

    assert_text("utf-8", "", "");
    assert_text("utf-8", "\xef\xbb\xbfSTOP\xc3\xa9\0", "STOP\xc3\xa9");
    assert_no_text("utf-8", "\0S\0T\0O\0P");
    assert_no_text("utf-8", "STOP\xff");
    assert_no_text("utf-8", "\xed\xa0\x80");
}


static void
test_utf16(void **state)
{
    ngx_str_t  result;

    (void) state;

    assert_text("utf-16be", "", "");
    assert_text("utf-16be", "\0S\0T\0O\0P", "STOP");
    assert_text("utf-16be", "\xfe\xff\0S", "S");
    assert_text("utf-16le", "S\0T\0", "ST");
    assert_text("utf-16le", "\xff\xfeS\0", "S");
    assert_text("utf-16", "\xff\xfeS\0T\0", "ST");
    assert_text("utf-16", "\xfe\xff\0S\0T", "ST");
    assert_text("utf-16", "\0S\0T", "ST");
    assert_text("utf-16be", "\x20\xac\0\xe9\xd8\x3d\xde\x00\0\0",
                "\xe2\x82\xac\xc3\xa9\xf0\x9f\x98\x80");
    assert_text("utf-16le", "P\0\0\0", "P");
    assert_no_text("utf-16be", "\0\0\0S");

    assert_no_text("utf-16be", "\0S\0");
    assert_no_text("utf-16be", "\xd8\x3d");
    assert_no_text("utf-16be", "\xd8\x3d\0S");
    assert_no_text("utf-16be", "\xde\x00\0S");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_utf16)
    };

    return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
