
#include "unit.h"
#include <ngx_carrierpay_base64.h>


/* The examples of RFC 4648, section 10. */

static void
test_base64(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str, data;

    (void) state;

#define assert_base64(plain, encoded)                                         \
    str = text(plain);                                                        \
    buf = room(NGX_CARRIERPAY_BASE64_LEN(str->len));                          \
    end = ngx_carrierpay_base64_encode(buf, str->data, str->len);             \
    assert_bytes(buf, end, encoded);                                          \
    assert_int_equal(end - buf, NGX_CARRIERPAY_BASE64_LEN(str->len));         \
    data.data = room(NGX_CARRIERPAY_BASE64_ROOM(sizeof(encoded) - 1));        \
    assert_int_equal(ngx_carrierpay_base64_decode(&data, text(encoded)),      \
                     NGX_OK);                                                 \
    assert_str(&data, plain)

    assert_base64("", "");
    assert_base64("f", "Zg==");
    assert_base64("fo", "Zm8=");
    assert_base64("foo", "Zm9v");
    assert_base64("foob", "Zm9vYg==");
    assert_base64("fooba", "Zm9vYmE=");
    assert_base64("foobar", "Zm9vYmFy");
    assert_base64("\xfb\xff\xbf", "+/+/");
    assert_base64("\0\0\0\0", "AAAAAA==");

#define assert_not_base64(encoded)                                            \
    data.data = room(NGX_CARRIERPAY_BASE64_ROOM(sizeof(encoded) - 1));        \
    assert_int_equal(ngx_carrierpay_base64_decode(&data, text(encoded)),      \
                     NGX_DECLINED)

    assert_not_base64("Zg");
    assert_not_base64("Zg=");
    assert_not_base64("Zm8");
    assert_not_base64("Zg===");
    assert_not_base64("=");
    assert_not_base64("====");
    assert_not_base64("A===");
    assert_not_base64("Zg==Zg==");
    assert_not_base64("Zm9vZ=g=");
    assert_not_base64("Zh==");
    assert_not_base64("Zm9=");
    assert_not_base64("-_-_");
    assert_not_base64("Zm9v\n");
    assert_not_base64("Zm 9v===");
    assert_not_base64("Zm\0v");
    assert_not_base64("Zm\xc3v");
}


static void
test_base64url(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str, data;

    (void) state;

#define assert_base64url(plain, encoded)                                      \
    str = text(plain);                                                        \
    buf = room(NGX_CARRIERPAY_BASE64URL_LEN(str->len));                       \
    end = ngx_carrierpay_base64url_encode(buf, str->data, str->len);          \
    assert_bytes(buf, end, encoded);                                          \
    assert_int_equal(end - buf, NGX_CARRIERPAY_BASE64URL_LEN(str->len));      \
    data.data = room(NGX_CARRIERPAY_BASE64_ROOM(sizeof(encoded) - 1));        \
    assert_int_equal(ngx_carrierpay_base64url_decode(&data, text(encoded)),   \
                     NGX_OK);                                                 \
    assert_str(&data, plain)

    assert_base64url("", "");
    assert_base64url("f", "Zg");
    assert_base64url("fo", "Zm8");
    assert_base64url("foo", "Zm9v");
    assert_base64url("foob", "Zm9vYg");
    assert_base64url("\xfb\xff\xbf", "-_-_");
    assert_base64url("\xff", "_w");
    assert_base64url("0123456789abcdef", "MDEyMzQ1Njc4OWFiY2RlZg");
    assert_base64url("0123456789abcdef0123456789abcdef",
                     "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY");

#define assert_not_base64url(encoded)                                         \
    data.data = room(NGX_CARRIERPAY_BASE64_ROOM(sizeof(encoded) - 1));        \
    assert_int_equal(ngx_carrierpay_base64url_decode(&data, text(encoded)),   \
                     NGX_DECLINED)

    assert_not_base64url("Z");
    assert_not_base64url("Zm9vY");
    assert_not_base64url("Zg==");
    assert_not_base64url("Zh");
    assert_not_base64url("Zm9");
    assert_not_base64url("+/+/");
    assert_not_base64url("MDEyMzQ1Njc4OWFiY2RlZh");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_base64url)
    };

    return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
