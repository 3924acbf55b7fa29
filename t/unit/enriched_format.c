
#include "unit.h"
#include <ngx_carrierpay_enriched_format.h>


/* Parses the words of a format; it has no keys, frame and window. */

static ngx_carrierpay_enriched_format_t *
format(const char *words)
{
    ngx_carrierpay_enriched_format_t  *f;

    f = memset(room(sizeof(ngx_carrierpay_enriched_format_t)), 0,
               sizeof(ngx_carrierpay_enriched_format_t));
    assert_null(ngx_carrierpay_enriched_format_parse(string(words), f));

    return f;
}


static void
test_format(void **state)
{
    ngx_carrierpay_enriched_format_t  *f, untouched;

    (void) state;

#define assert_format(words, c, n, e, x, m)                                   \
    f = format(words);                                                        \
    assert_int_equal(f->cookie, c);                                           \
    assert_int_equal(f->field, n);                                            \
    assert_int_equal(f->encoding, NGX_CARRIERPAY_ENCODING_##e);               \
    assert_int_equal(f->cipher, NGX_CARRIERPAY_CIPHER_##x);                   \
    assert_int_equal(f->form, NGX_CARRIERPAY_FORM_##m)

    assert_format("e164", 0, 0, NONE, NONE, E164);
    assert_format("national", 0, 0, NONE, NONE, NATIONAL);
    assert_format("00", 0, 0, NONE, NONE, 00);
    assert_format("acr", 0, 0, NONE, NONE, ACR);
    assert_format("hex", 0, 0, HEX, NONE, E164);
    assert_format("base64,national", 0, 0, BASE64, NONE, NATIONAL);
    assert_format("cookie", 1, 0, NONE, NONE, E164);
    assert_format("field-3,00", 0, 3, NONE, NONE, 00);
    assert_format("field-99", 0, 99, NONE, NONE, E164);
    assert_format("aes-256-gcm", 0, 0, BASE64, GCM, E164);
    assert_format("hex,aes-256-cbc,00", 0, 0, HEX, CBC, 00);
    assert_format("rsa-oaep,acr", 0, 0, BASE64, RSA, ACR);
    assert_format("cookie,field-2,hex,aes-256-gcm,national", 1, 2, HEX, GCM,
                  NATIONAL);

    memset(&untouched, 0x5a, sizeof(untouched));
    f = &untouched;

#define assert_no_format(words)                                               \
    assert_non_null(ngx_carrierpay_enriched_format_parse(text(words), f));    \
    assert_int_equal(f->cookie, (ngx_uint_t) 0x5a5a5a5a5a5a5a5a)

    assert_no_format("");
    assert_no_format(",");
    assert_no_format("e164,");
    assert_no_format(",e164");
    assert_no_format("E164");
    assert_no_format("e164 ");
    assert_no_format("e165");
    assert_no_format("aes-128-gcm");
    assert_no_format("e164,national");
    assert_no_format("hex,base64");
    assert_no_format("hex,hex");
    assert_no_format("cookie,cookie");
    assert_no_format("e164,hex");
    assert_no_format("aes-256-gcm,hex");
    assert_no_format("hex,cookie");
    assert_no_format("field-2,cookie");
    assert_no_format("field-");
    assert_no_format("field-0");
    assert_no_format("field-01");
    assert_no_format("field-100");
    assert_no_format("field-99999999999999999999");
    assert_no_format("field-1x");
    assert_no_format("field-1,field-2");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_format)
    };

    return cmocka_run_group_tests_name("enriched_format", tests, NULL, NULL);
}
