
#include "unit.h"
#include <ngx_carrierpay_end_user.h>


#define REFERENCE  "acr:dG9rZW4/+w=="


static ngx_str_t *
index_key(void)
{
    return hex("000102030405060708090a0b0c0d0e0f"
               "101112131415161718191a1b1c1d1e1f");
}


static ngx_str_t *
reference(size_t token)
{
    ngx_str_t  *end_user;

    end_user = unit_str(room(4 + token), 4 + token);
    memset(end_user->data, 'x', end_user->len);
    memcpy(end_user->data, "acr:", 4);

    return end_user;
}


static void
test_acr(void **state)
{
    (void) state;

    assert_true(ngx_carrierpay_end_user_acr(text(REFERENCE)));
    assert_true(ngx_carrierpay_end_user_acr(text("acr:")));
    assert_false(ngx_carrierpay_end_user_acr(text("33612345678")));
    assert_false(ngx_carrierpay_end_user_acr(text("acr")));
    assert_false(ngx_carrierpay_end_user_acr(text("ACR:dG9rZW4")));
    assert_false(ngx_carrierpay_end_user_acr(text("")));
}


static void
test_check(void **state)
{
    (void) state;

#define assert_line(end_user)                                                 \
    assert_int_equal(ngx_carrierpay_end_user_check(end_user), NGX_OK)
#define assert_no_line(end_user)                                              \
    assert_int_equal(ngx_carrierpay_end_user_check(end_user), NGX_DECLINED)

    assert_line(text("33612345678"));
    assert_line(text(REFERENCE));
    assert_line(text("acr:!~"));
    assert_line(reference(NGX_CARRIERPAY_ENRICHED_MAX));

    assert_no_line(reference(NGX_CARRIERPAY_ENRICHED_MAX + 1));
    assert_no_line(text(""));
    assert_no_line(text("acr:"));
    assert_no_line(text("acr:a b"));
    assert_no_line(text("acr:a\n"));
    assert_no_line(text("acr:\0"));
    assert_no_line(text("acr:\x7f"));
    assert_no_line(text("acr:caf\xc3\xa9"));
    assert_no_line(text("+33612345678"));
    assert_no_line(text("tel:33612345678"));
}


static void
test_mask(void **state)
{
    u_char  *buf, *end;

    (void) state;

    buf = room(NGX_CARRIERPAY_END_USER_MASK_LEN);

#define assert_mask(end_user, expected)                                       \
    end = ngx_carrierpay_end_user_mask(buf, end_user);                        \
    assert_bytes(buf, end, expected)

    assert_mask(text("33612345678"), "+33******78");
    assert_mask(text("237612345678"), "+237******78");
    assert_mask(text("acr:dG9rZW49w"), "acr:******9w");
    assert_mask(text("acr:dG9rZW49"), "acr:******49");
    assert_mask(text("acr:dG9rZW4"), "acr:******");
    assert_mask(reference(NGX_CARRIERPAY_ENRICHED_MAX), "acr:******xx");
    assert_mask(text("neither"), "");
}


/*
 * The values were made with another implementation.  The index of a number
 * does not depend on the operator, and that of a reference does.
 */

static void
test_index(void **state)
{
    u_char  *index;

    (void) state;

    index = room(NGX_CARRIERPAY_SHA256_LEN);

#define assert_index(operator, end_user, digits)                              \
    ngx_carrierpay_end_user_index(index, index_key(), text(operator),         \
                                  text(end_user));                            \
    assert_hex(index, NGX_CARRIERPAY_SHA256_LEN, digits)

    assert_index("orange_fr", "33612345678",
        "890cf1bf22faa44f21b698252bdf3004"
        "7d3537cc70cd318a6386d23c4485747a");
    assert_index("sfr", "33612345678",
        "890cf1bf22faa44f21b698252bdf3004"
        "7d3537cc70cd318a6386d23c4485747a");
    assert_index("orange_fr", REFERENCE,
        "675c3c9287d77d6b1ae8587ada367efa"
        "e2fad3fa7609907859f1d1f84e9039ad");
    assert_index("sfr", REFERENCE,
        "8d4e448ed263038c5f11972974829108"
        "33b13a62a11971da3a4b7685f3761c38");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_acr),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_index)
    };

    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
