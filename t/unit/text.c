
#define _GNU_SOURCE

#include "unit.h"
#include <time.h>
#include <ngx_carrierpay_text.h>


static ngx_uint_t
utf8(ngx_str_t *str)
{
    return ngx_carrierpay_text_utf8_valid(str->data, str->len);
}


#define assert_utf8(literal)      assert_true(utf8(text(literal)))
#define assert_not_utf8(literal)  assert_false(utf8(text(literal)))


static void
test_utf8(void **state)
{
    (void) state;

    assert_utf8("");
    assert_utf8("plain");
    assert_utf8("\0");
    assert_utf8("\x7f");
    assert_utf8("\xc2\x80");
    assert_utf8("\xdf\xbf");
    assert_utf8("\xe0\xa0\x80");
    assert_utf8("\xed\x9f\xbf");
    assert_utf8("\xee\x80\x80");
    assert_utf8("\xef\xbf\xbf");
    assert_utf8("\xf0\x90\x80\x80");
    assert_utf8("\xf4\x8f\xbf\xbf");
    assert_utf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xb5");

    /* Continuation bytes that are alone, missing or cut off. */

    assert_not_utf8("\x80");
    assert_not_utf8("a\xbf");
    assert_not_utf8("\xc3");
    assert_not_utf8("\xc3(");
    assert_not_utf8("\xe2\x82");
    assert_not_utf8("\xe2\x28\xa1");
    assert_not_utf8("\xf0\x9f\x8e");
    assert_not_utf8("\xf0\x9f\x8e\x2e");
    assert_not_utf8("\xfe");
    assert_not_utf8("\xff\xff");

    /*
     * Forms longer than needed, surrogates, and values beyond the last
     * character.
     */

    assert_not_utf8("\xc0\xaf");
    assert_not_utf8("\xc1\xbf");
    assert_not_utf8("\xe0\x80\xaf");
    assert_not_utf8("\xe0\x9f\xbf");
    assert_not_utf8("\xf0\x80\x80\xaf");
    assert_not_utf8("\xf0\x8f\xbf\xbf");
    assert_not_utf8("\xed\xa0\x80");
    assert_not_utf8("\xed\xbf\xbf");
    assert_not_utf8("\xed\xa0\xbd\xed\xb8\x80");
    assert_not_utf8("\xf4\x90\x80\x80");
    assert_not_utf8("\xf5\x80\x80\x80");
    assert_not_utf8("\xf8\x88\x80\x80\x80");
}


/*
 * The numbers of valid texts of two, three and four bytes are easy to compute.
 */

static void
test_utf8_counts(void **state)
{
    u_char      p[4];
    uint32_t    n, valid;
    ngx_uint_t  i;

    static const u_char  tails[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff };

    (void) state;

    for (n = 0, valid = 0; n < 1 << 16; n++) {
        p[0] = n >> 8;
        p[1] = n;
        valid += ngx_carrierpay_text_utf8_valid(p, 2);
    }

    assert_int_equal(valid, 128 * 128 + 0x800 - 0x80);

    for (n = 0, valid = 0; n < 1 << 24; n++) {
        p[0] = n >> 16;
        p[1] = n >> 8;
        p[2] = n;
        valid += ngx_carrierpay_text_utf8_valid(p, 3);
    }

    assert_int_equal(valid, 128 * 128 * 128 + 2 * 128 * (0x800 - 0x80)
                            + 0x10000 - 0x800 - 0x800);

    /* Two of the tails are continuation bytes, in place of 64. */

    for (n = 0, valid = 0; n < 16 * 256 * 36; n++) {
        i = n % 36;
        p[0] = 0xf0 + n / 36 / 256;
        p[1] = n / 36 % 256;
        p[2] = tails[i / 6];
        p[3] = tails[i % 6];
        valid += ngx_carrierpay_text_utf8_valid(p, 4);
    }

    assert_int_equal(valid, (0x110000 - 0x10000) / 64 / 64 * 2 * 2);
}


static void
test_utf8_length(void **state)
{
    (void) state;

#define assert_length(literal, n)                                             \
    assert_int_equal(ngx_carrierpay_text_utf8_length((u_char *) literal,      \
                                                     sizeof(literal) - 1), n)

    assert_length("", 0);
    assert_length("abc", 3);
    assert_length("caf\xc3\xa9", 4);
    assert_length("\xe2\x82\xac\xf0\x9f\x8e\xb5", 2);
}


#define assert_escapes(what, literal, expected)                               \
    str = text(literal);                                                      \
    assert_int_equal(ngx_carrierpay_text_##what##_size(str->data, str->len),  \
                     sizeof(expected) - 1);                                   \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_text_##what(buf, str->data, str->len);               \
    assert_bytes(buf, end, expected)


static void
test_json(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str;

    (void) state;

    assert_escapes(json, "", "");
    assert_escapes(json, "plain / text", "plain / text");
    assert_escapes(json, "say \"hi\"", "say \\\"hi\\\"");
    assert_escapes(json, "C:\\x", "C:\\\\x");
    assert_escapes(json, "\b\t\n\f\r", "\\b\\t\\n\\f\\r");
    assert_escapes(json, "\0\x01\x0b\x1f", "\\u0000\\u0001\\u000b\\u001f");
    assert_escapes(json, "\x20\x7f", "\x20\x7f");
    assert_escapes(json, "\xc3\xa9\xf0\x9f\x8e\xb5",
                         "\xc3\xa9\xf0\x9f\x8e\xb5");
}


static void
test_html(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str;

    (void) state;

    assert_escapes(html, "", "");
    assert_escapes(html, "plain / text = `x`", "plain / text = `x`");
    assert_escapes(html, "<b a=\"1\" c='2'>&amp;",
                   "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
    assert_escapes(html, "\xc3\xa9<\0>", "\xc3\xa9&lt;\0&gt;");
}


static void
test_uri(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str;

    (void) state;

    assert_escapes(uri, "", "");
    assert_escapes(uri, "AZaz09-._~", "AZaz09-._~");
    assert_escapes(uri, "a b+c&d=e%", "a%20b%2Bc%26d%3De%25");
    assert_escapes(uri, "\xc3\xa9\0\n/", "%C3%A9%00%0A%2F");
}


static void
test_hex(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str, data;

    (void) state;

    str = text("\x00\x7f\x80\xff");
    buf = room(NGX_CARRIERPAY_TEXT_HEX_LEN(4));
    end = ngx_carrierpay_text_hex(buf, str->data, str->len);
    assert_bytes(buf, end, "007f80ff");

    data.data = room(4);
    assert_int_equal(ngx_carrierpay_text_hex_parse(text("007f80ff"), &data),
                     NGX_OK);
    assert_str(&data, "\x00\x7f\x80\xff");

    assert_int_equal(ngx_carrierpay_text_hex_parse(text("09afa0f9"), &data),
                     NGX_OK);
    assert_str(&data, "\x09\xaf\xa0\xf9");

    assert_int_equal(ngx_carrierpay_text_hex_parse(text(""), &data), NGX_OK);
    assert_int_equal(data.len, 0);

#define assert_not_hex(encoded)                                               \
    assert_int_equal(ngx_carrierpay_text_hex_parse(text(encoded), &data),     \
                     NGX_DECLINED)

    assert_not_hex("0");
    assert_not_hex("0g");
    assert_not_hex("FF");
    assert_not_hex("/0");
    assert_not_hex(":0");
    assert_not_hex("`0");
    assert_not_hex("0x00");
    assert_not_hex("00 ");
    assert_not_hex("\0\0");
}


static void
test_int(void **state)
{
    u_char   *buf, *end;
    int64_t   n;

    (void) state;

#define assert_int(value, expected)                                           \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_text_int(buf, value);                                \
    assert_bytes(buf, end, expected);                                         \
    assert_int_equal(ngx_carrierpay_text_int_parse(text(expected), &n),       \
                     NGX_OK);                                                 \
    assert_true(n == (value))

    assert_int(0, "0");
    assert_int(7, "7");
    assert_int(-1, "-1");
    assert_int(10, "10");
    assert_int(499, "499");
    assert_int(-1000, "-1000");
    assert_int(999999999999LL, "999999999999");
    assert_int(INT64_MAX, "9223372036854775807");
    assert_int(INT64_MIN, "-9223372036854775808");
}


static void
test_int_refused(void **state)
{
    int64_t  n;

    (void) state;

#define assert_no_int(literal)                                                \
    n = 42;                                                                   \
    assert_int_equal(ngx_carrierpay_text_int_parse(text(literal), &n),        \
                     NGX_DECLINED);                                           \
    assert_int_equal(n, 42)

    assert_no_int("");
    assert_no_int("-");
    assert_no_int("--1");
    assert_no_int("+1");
    assert_no_int("-0");
    assert_no_int("00");
    assert_no_int("007");
    assert_no_int("-01");
    assert_no_int(" 1");
    assert_no_int("1 ");
    assert_no_int("1\0");
    assert_no_int("1.0");
    assert_no_int("1:");
    assert_no_int("1/");
    assert_no_int("1e3");
    assert_no_int("0x10");
    assert_no_int("1,000");
    assert_no_int("\xd9\xa1");
    assert_no_int("9223372036854775808");
    assert_no_int("-9223372036854775809");
    assert_no_int("9999999999999999999");
    assert_no_int("18446744073709551617");
    assert_no_int("99999999999999999999999999999999999999");
}


static void
test_double(void **state)
{
    int64_t  n;

    (void) state;

#define assert_double(value, literal)                                         \
    assert_int_equal(ngx_carrierpay_text_double_parse(text(literal), &n),     \
                     NGX_OK);                                                 \
    assert_true(n == (value))

    assert_double(0, "0");
    assert_double(-5, "-5");
    assert_double(2, "2.9");
    assert_double(1795325335000000LL, "1795325335000000");
    assert_double(1795000000000000LL, "1.795e+15");
    assert_double(INT64_MIN, "-9223372036854775808");

#define assert_no_double(literal)                                             \
    n = 42;                                                                   \
    assert_int_equal(ngx_carrierpay_text_double_parse(text(literal), &n),     \
                     NGX_DECLINED);                                           \
    assert_int_equal(n, 42)

    assert_no_double("");
    assert_no_double("-");
    assert_no_double(" 1");
    assert_no_double("1 ");
    assert_no_double("1\0");
    assert_no_double("+1");
    assert_no_double("inf");
    assert_no_double("-inf");
    assert_no_double("-nan");
    assert_no_double("1e300");
    assert_no_double("9223372036854775808");
    assert_no_double("0000000000000000000000001");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_double),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_utf8_counts),
        cmocka_unit_test(test_utf8_length),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_uri),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_int),
        cmocka_unit_test(test_int_refused)
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
