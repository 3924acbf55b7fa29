
#include "unit.h"
#include <ngx_carrierpay_hex.h>


static void
test_hex(void **state)
{
    u_char     *buf, *end;
    ngx_str_t  *str, data;

    (void) state;

    str = text("\x00\x7f\x80\xff");
    buf = room(NGX_CARRIERPAY_HEX_LEN(4));
    end = ngx_carrierpay_hex_encode(buf, str->data, str->len);
    assert_bytes(buf, end, "007f80ff");

    data.data = room(4);
    assert_int_equal(ngx_carrierpay_hex_decode(&data, text("007f80ff")),
                     NGX_OK);
    assert_str(&data, "\x00\x7f\x80\xff");

    assert_int_equal(ngx_carrierpay_hex_decode(&data, text("09afa0f9")),
                     NGX_OK);
    assert_str(&data, "\x09\xaf\xa0\xf9");

    assert_int_equal(ngx_carrierpay_hex_decode(&data, text("")), NGX_OK);
    assert_int_equal(data.len, 0);

#define assert_not_hex(encoded)                                               \
    assert_int_equal(ngx_carrierpay_hex_decode(&data, text(encoded)),         \
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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_hex)
    };

    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
