
#include "unit.h"
#include <ngx_carrierpay_character.h>
#include <ngx_carrierpay_loose_json.h>


#define LOST  "\xef\xbf\xbd"

#define assert_json(literal, expected)                                        \
    str = text(literal);                                                      \
    dst = room(ngx_carrierpay_loose_json_size(str->len));                     \
    end = ngx_carrierpay_loose_json(dst, str);                                \
    assert_bytes(dst, end, expected)

#define assert_same(literal)  assert_json(literal, literal)


static void
test_same(void **state)
{
    u_char     *dst, *end;
    ngx_str_t  *str;

    (void) state;

    assert_same("");
    assert_same("{\"a\":[true,false,null, \"1e999\"]}\r\n");
    assert_same("\"caf\xc3\xa9 \xf0\x9f\x8e\xb5\"");
    assert_same("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"");
    assert_same("\"\\u0001\\ufffd\"");

    /* no JSON, and none is made of it */

    assert_same("[\xff]");
    assert_same("{\"a\":\"b");
}


static void
test_strings(void **state)
{
    u_char     *dst, *end;
    ngx_str_t  *str;

    (void) state;

    assert_json("\"a\\ud83d\"", "\"a" LOST "\"");
    assert_json("\"\\uDE00a\"", "\"" LOST "a\"");
    assert_json("\"\\ud83d\\ud83d\\ude00\"", "\"" LOST "\\ud83d\\ude00\"");
    assert_json("\"\\ud83d\\n\"", "\"" LOST "\\n\"");
    assert_json("\"\\ud83d", "\"" LOST);
    assert_json("\"\xed\xa0\xbd\"", "\"" LOST LOST LOST "\"");
    assert_json("\"\xf0\x9f\x8e\"", "\"" LOST LOST LOST "\"");
    assert_json("\"\xff\"", "\"" LOST "\"");
    assert_json("\"\\u0000\"", "\"" LOST "\"");
    assert_json("\"\0\"", "\"" LOST "\"");
    assert_json("\"a\nb\tc\"", "\"a b c\"");
    assert_json("\"j\\'ai\"", "\"j\\\\'ai\"");
    assert_json("\"\\u12\"", "\"\\\\u12\"");
    assert_json("\"\\u12g4\"", "\"\\\\u12g4\"");
    assert_json("\"\\", "\"\\\\");
    assert_json("\"\\\0\"", "\"\\\\" LOST "\"");
}


static void
test_numbers(void **state)
{
    u_char     *dst, *end;
    ngx_str_t  *str;

    (void) state;

    assert_json("7", "\"7\"");
    assert_json("[99999999999999999999,1e999]",
                "[\"99999999999999999999\",\"1e999\"]");
    assert_json("{\"a\":-1.5E+3 }", "{\"a\":\"-1.5E+3\" }");
    assert_json("[0033]", "[\"0033\"]");
}


static void
test_lost(void **state)
{
    (void) state;

    assert_false(ngx_carrierpay_character_lost(text("")));
    assert_false(ngx_carrierpay_character_lost(text("a\xef\xbf\xbc")));
    assert_true(ngx_carrierpay_character_lost(text("a" LOST)));
    assert_true(ngx_carrierpay_character_lost(text(LOST "a")));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lost)
    };

    return cmocka_run_group_tests_name("loose_json", tests, NULL, NULL);
}
