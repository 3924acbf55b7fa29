
#include "unit.h"
#include <ngx_carrierpay_flat_json.h>


static ngx_carrierpay_flat_json_t  json;


#define assert_flat(literal, members)                                         \
    assert_int_equal(ngx_carrierpay_flat_json_read(&json, text(literal)),     \
                     NGX_OK);                                                 \
    assert_int_equal(json.n, members)

#define assert_unusual(literal)                                               \
    assert_int_equal(ngx_carrierpay_flat_json_read(&json, text(literal)),     \
                     NGX_DECLINED)


static void
assert_integer(const char *name, int64_t n)
{
    ngx_carrierpay_flat_json_member_t  *m;

    m = ngx_carrierpay_flat_json_find(&json, (u_char *) name, strlen(name));
    assert_non_null(m);
    assert_int_equal(m->type, NGX_CARRIERPAY_FLAT_JSON_INTEGER);
    assert_true(m->integer == n);
}


static void
test_flat(void **state)
{
    (void) state;

    assert_flat("{}", 0);
    assert_flat(" {\n} \r\n\t", 0);

    assert_flat("{\"amount\":499,\"currency\" : \"EUR\",\r\n"
                " \"a\":true,\"b\":false ,\"c\":null,\"\":\"\"}", 6);

    assert_str(&json.members[0].name, "amount");
    assert_integer("amount", 499);

    assert_str(&json.members[1].name, "currency");
    assert_int_equal(json.members[1].type, NGX_CARRIERPAY_FLAT_JSON_STRING);
    assert_str(&json.members[1].string, "EUR");

    assert_int_equal(json.members[2].type, NGX_CARRIERPAY_FLAT_JSON_BOOLEAN);
    assert_int_equal(json.members[2].integer, 1);
    assert_int_equal(json.members[3].type, NGX_CARRIERPAY_FLAT_JSON_BOOLEAN);
    assert_int_equal(json.members[3].integer, 0);
    assert_int_equal(json.members[4].type, NGX_CARRIERPAY_FLAT_JSON_NULL);

    assert_str(&json.members[5].name, "");
    assert_str(&json.members[5].string, "");

    assert_null(ngx_carrierpay_flat_json_find(&json, (u_char *) "curr", 4));
    assert_null(ngx_carrierpay_flat_json_find(&json, (u_char *) "d", 1));

    assert_flat("{\"a\":\" !#[]{}:,/~\"}", 1);
    assert_str(&json.members[0].string, " !#[]{}:,/~");
}


static void
test_integers(void **state)
{
    (void) state;

    assert_flat("{\"a\":0,\"b\":-0,\"c\":-1,\"d\":999999999999999999,"
                "\"e\":-999999999999999999}", 5);
    assert_integer("a", 0);
    assert_integer("b", 0);
    assert_integer("c", -1);
    assert_integer("d", 999999999999999999);
    assert_integer("e", -999999999999999999);

    assert_unusual("{\"a\":1000000000000000000}");
    assert_unusual("{\"a\":01}");
    assert_unusual("{\"a\":-01}");
    assert_unusual("{\"a\":-}");
    assert_unusual("{\"a\":+1}");
    assert_unusual("{\"a\":1.0}");
    assert_unusual("{\"a\":1e2}");
    assert_unusual("{\"a\":0x1}");
    assert_unusual("{\"a\":.5}");
}


static void
test_unusual(void **state)
{
    (void) state;

    assert_unusual("{\"a\":\"caf\xc3\xa9\"}");
    assert_unusual("{\"caf\xc3\xa9\":1}");
    assert_unusual("{\"a\":\"\\n\"}");
    assert_unusual("{\"a\\u0062\":1}");
    assert_unusual("{\"a\":\"b\nc\"}");
    assert_unusual("{\"a\":\"b\177\"}");
    assert_unusual("{\"a\":\"\0\"}");
    assert_unusual("{\"a\":[]}");
    assert_unusual("{\"a\":{}}");
    assert_unusual("{\"a\":1,\"a\":1}");
    assert_unusual("[]");
    assert_unusual("\"a\"");
    assert_unusual("1");

    /* this many members are read, and one more is not */

#define EIGHT(x)                                                              \
    "\"" x "1\":1,\"" x "2\":1,\"" x "3\":1,\"" x "4\":1,"                    \
    "\"" x "5\":1,\"" x "6\":1,\"" x "7\":1,\"" x "8\":1"

    assert_flat("{" EIGHT("a") "," EIGHT("b") "}", 16);
    assert_unusual("{" EIGHT("a") "," EIGHT("b") ",\"c\":1}");
}


static void
test_malformed(void **state)
{
    size_t      len;
    ngx_str_t  *str;

    (void) state;

    assert_unusual("");
    assert_unusual(" ");
    assert_unusual("{\"a\":1}x");
    assert_unusual("{\"a\":1}\0");
    assert_unusual("{\"a\":1,}");
    assert_unusual("{,}");
    assert_unusual("{\"a\"}");
    assert_unusual("{\"a\" 1}");
    assert_unusual("{\"a\":}");
    assert_unusual("{\"a\":1 \"b\":2}");
    assert_unusual("{\"a\":truer}");
    assert_unusual("{\"a\":True}");
    assert_unusual("{\"a\":nul}");
    assert_unusual("{'a':1}");
    assert_unusual("{a:1}");
    assert_unusual("\xef\xbb\xbf{}");

    /* every beginning of a text is none */

    for (len = 0; len < sizeof("{\"ab\": \"c\", \"d\":-12,\"e\":true }") - 1;
         len++)
    {
        str = unit_str("{\"ab\": \"c\", \"d\":-12,\"e\":true }", len);
        assert_int_equal(ngx_carrierpay_flat_json_read(&json, str),
                         NGX_DECLINED);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_unusual),
        cmocka_unit_test(test_malformed)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
