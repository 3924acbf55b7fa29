
#include "unit.h"
#include <ngx_carrierpay_token.h>


#define PAYMENT  249866433331220487LL

/* The values were made with another implementation of HMAC and base64url. */

#define TOKEN    "cs_06xxm6a000m07VV4TTeksLsk4YE4oOxdI8A"


static ngx_str_t *
session_key(void)
{
    return hex("000102030405060708090a0b0c0d0e0f"
               "101112131415161718191a1b1c1d1e1f");
}


static void
test_checkout(void **state)
{
    u_char   *buf, *end;
    int64_t   id;

    (void) state;

    buf = room(NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN);
    end = ngx_carrierpay_token_checkout(buf, session_key(), PAYMENT);
    assert_bytes(buf, end, TOKEN);

    assert_int_equal(ngx_carrierpay_token_checkout_verify(text(TOKEN),
                                                          session_key(), &id),
                     NGX_OK);
    assert_true(id == PAYMENT);
}


static void
test_checkout_refused(void **state)
{
    size_t      i;
    int64_t     id;
    ngx_str_t  *token, *key;

    (void) state;

    id = 42;
    key = session_key();

#define assert_refused(token)                                                 \
    assert_int_equal(ngx_carrierpay_token_checkout_verify(token, key, &id),   \
                     NGX_DECLINED);                                           \
    assert_int_equal(id, 42)

    /*
     * Any bit may be changed, and so the payment, the case, and the last
     * character.
     */

    for (i = 0; i < NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN * 8; i++) {
        token = text(TOKEN);
        token->data[i / 8] ^= 1 << i % 8;
        assert_refused(token);
    }

    for (i = 0; i < NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN; i++) {
        assert_refused(unit_str(TOKEN, i));
    }

    assert_refused(text(TOKEN "A"));
    assert_refused(text(TOKEN "\0"));

    key->data[31] ^= 1;
    assert_refused(text(TOKEN));
}


static void
test_write(void **state)
{
    ngx_str_t  *token;

    (void) state;

    token = unit_str("0123456789012345678901", NGX_CARRIERPAY_TOKEN_LEN);

    ngx_carrierpay_token_write(token->data, (u_char *) "0123456789abcdef");

    assert_memory_equal(token->data, "MDEyMzQ1Njc4OWFiY2RlZg",
                        NGX_CARRIERPAY_TOKEN_LEN);
    assert_true(ngx_carrierpay_token_valid(token));
}


static void
test_valid(void **state)
{
    ngx_str_t  *token;

    (void) state;

    assert_true(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2RlZg")));
    assert_false(ngx_carrierpay_token_valid(text("____-----_____________")));
    assert_true(ngx_carrierpay_token_valid(text("____-----____________w")));

    assert_false(ngx_carrierpay_token_valid(text("")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2RlZ")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2RlZgA")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2RlZh")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2Rl g")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2Rl\r\n")));
    assert_false(ngx_carrierpay_token_valid(text("MDEyMzQ1Njc4OWFiY2Rl==")));

    token = unit_str("", 0);
    token->len = 1 << 20;
    token->data = memset(room(token->len), 'A', token->len);
    assert_false(ngx_carrierpay_token_valid(token));
}


/* The second code needs the key, and is another one for each token. */

static void
test_pay_code(void **state)
{
    u_char       first[6], second[6], other[6];
    const char  *token = "MDEyMzQ1Njc4OWFiY2RlZg";

    (void) state;

    ngx_carrierpay_token_code(first, (u_char *) token);
    ngx_carrierpay_token_pay_code(second, text("key"), (u_char *) token);
    assert_memory_not_equal(first, second, 6);

    ngx_carrierpay_token_pay_code(other, text("key"), (u_char *) token);
    assert_memory_equal(second, other, 6);

    ngx_carrierpay_token_pay_code(other, text("kez"), (u_char *) token);
    assert_memory_not_equal(second, other, 6);

    token = "NDEyMzQ1Njc4OWFiY2RlZg";
    ngx_carrierpay_token_pay_code(other, text("key"), (u_char *) token);
    assert_memory_not_equal(second, other, 6);
}


/* Made with another implementation, too; HOUR is 2026-11-21T12:00:00Z. */

#define FORM     "fL_hyEm51xHgs95DIFV0FQ"
#define HOUR     1795262400000LL

static void
test_form(void **state)
{
    u_char     *buf;
    ngx_str_t   key, form;

    (void) state;

    key = *session_key();
    buf = room(NGX_CARRIERPAY_TOKEN_LEN);
    form.data = buf;
    form.len = NGX_CARRIERPAY_TOKEN_LEN;

    ngx_carrierpay_token_form(buf, &key, PAYMENT, text("visitor"), HOUR);
    assert_bytes(buf, buf + NGX_CARRIERPAY_TOKEN_LEN, FORM);

#define form_valid(form, payment, visitor, now)                               \
    ngx_carrierpay_token_form_verify(form, &key, payment, text(visitor), now)

    assert_true(form_valid(&form, PAYMENT, "visitor", HOUR));
    assert_true(form_valid(&form, PAYMENT, "visitor", HOUR + 7199999));
    assert_false(form_valid(&form, PAYMENT, "visitor", HOUR + 7200000));
    assert_true(form_valid(&form, PAYMENT, "visitor", HOUR - 3600000));
    assert_false(form_valid(&form, PAYMENT, "visitor", HOUR - 3600001));

    assert_false(form_valid(&form, PAYMENT + 1, "visitor", HOUR));
    assert_false(form_valid(&form, PAYMENT, "another", HOUR));
    assert_false(form_valid(&form, PAYMENT, "", HOUR));
    assert_false(form_valid(text(""), PAYMENT, "visitor", HOUR));
    assert_false(form_valid(text(FORM "A"), PAYMENT, "visitor", HOUR));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_checkout),
        cmocka_unit_test(test_checkout_refused),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_pay_code),
        cmocka_unit_test(test_form)
    };

    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
