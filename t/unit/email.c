
#include "unit.h"
#include <ngx_carrierpay_email.h>


#define assert_email(literal)                                                 \
    assert_true(ngx_carrierpay_email_valid(text(literal)))
#define assert_no_email(literal)                                              \
    assert_false(ngx_carrierpay_email_valid(text(literal)))


static ngx_str_t *
repeated(const char *before, char c, size_t n, const char *after)
{
    char  line[512], many[512];

    memset(many, c, n);
    many[n] = '\0';

    snprintf(line, sizeof(line), "%s%s%s", before, many, after);

    return string(line);
}


static void
test_addresses(void **state)
{
    ngx_str_t  domain;

    (void) state;

    assert_email("a@b.c");
    assert_email("anna.b+receipts@shop.example.com");
    assert_email("ANNA@EXAMPLE.COM");
    assert_email("o'brien@example.com");
    assert_email("{a|b}!#$%&*+-/=?^_`~@example.com");
    assert_email("1@2.example");
    assert_email("post@xn--mnchen-3ya.example");
    assert_email("a@1.2.3.4x");

    ngx_carrierpay_email_domain(text("anna@shop.example.com"), &domain);
    assert_str(&domain, "shop.example.com");
}


static void
test_form(void **state)
{
    (void) state;

    assert_no_email("");
    assert_no_email("@");
    assert_no_email("a");
    assert_no_email("a@");
    assert_no_email("@b.c");
    assert_no_email("a@b");
    assert_no_email("a@b@c.d");
    assert_no_email("a@.b.c");
    assert_no_email("a@b..c");
    assert_no_email("a@b.c.");
    assert_no_email(".a@b.c");
    assert_no_email("a.@b.c");
    assert_no_email("a..b@c.d");
    assert_no_email("a@-b.c");
    assert_no_email("a@b-.c");
    assert_no_email("a@b_c.d");
    assert_no_email("a@127.0.0.1");
    assert_no_email("a@[127.0.0.1]");
    assert_no_email("a@[IPv6:::1]");
    assert_no_email("\"a b\"@c.d");
    assert_no_email("a(x)@b.c");
    assert_no_email("Anna <a@b.c>");
    assert_no_email("ann\xc3\xa9@b.c");
    assert_no_email("a@m\xc3\xbcnchen.example");
}


static void
test_injection(void **state)
{
    (void) state;

    assert_no_email("a@b.c\r\nBcc: d@e.f");
    assert_no_email("a@b.c\n");
    assert_no_email("a\r@b.c");
    assert_no_email("a@b.c ");
    assert_no_email(" a@b.c");
    assert_no_email("a@b.c>");
    assert_no_email("<a@b.c");
    assert_no_email("a@b.c> SIZE=1");
    assert_no_email("a@b.c,d@e.f");
    assert_no_email("a@b.c;d@e.f");
    assert_no_email("a\0@b.c");
    assert_no_email("a@b.c\0");
    assert_no_email("a@b\0.c");
    assert_no_email("a\t@b.c");
    assert_no_email("a\x7f@b.c");
    assert_no_email("a:b@c.d");
    assert_no_email("a\\@b.c");
}


static void
test_lengths(void **state)
{
    (void) state;

    assert_true(ngx_carrierpay_email_valid(
                    repeated("", 'a', 64, "@example.com")));
    assert_false(ngx_carrierpay_email_valid(
                     repeated("", 'a', 65, "@example.com")));

    assert_true(ngx_carrierpay_email_valid(
                    repeated("a@", 'b', 63, ".example")));
    assert_false(ngx_carrierpay_email_valid(
                     repeated("a@", 'b', 64, ".example")));

    /* 254 and 255 bytes, in labels of the greatest length. */

#define LABEL "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."

    assert_true(ngx_carrierpay_email_valid(
                    repeated("a@" LABEL LABEL LABEL LABEL, 'c', 32, "")));
    assert_false(ngx_carrierpay_email_valid(
                     repeated("a@" LABEL LABEL LABEL LABEL, 'c', 33, "")));
}


/*
 * A second opinion that shares no loop with the code under test: what no valid
 * address may contain.
 */

static void
test_random(void **state)
{
    size_t      i, len;
    u_char      line[24];
    ngx_str_t  *email;
    ngx_uint_t  n, ats, valid;

    static const char  common[] = "aZ9.-@@.\r\n <>\"\\,;:()[]\x80+x";

    (void) state;

    srandom(1);
    valid = 0;

    for (n = 0; n < 300000; n++) {
        len = random() % sizeof(line);

        for (i = 0; i < len; i++) {
            line[i] = random() % 8 ? common[random() % (n % 2 ? 6 : 25)]
                                   : random() % 256;
        }

        email = &(ngx_str_t) { len, line };

        if (!ngx_carrierpay_email_valid(email)) {
            continue;
        }

        valid++;

        ats = 0;

        for (i = 0; i < len; i++) {
            ats += line[i] == '@';
            assert_true(line[i] > ' ' && line[i] < 0x7f);
            assert_null(memchr("<>\"\\,;:()[]", line[i], 11));
        }

        assert_int_equal(ats, 1);
    }

    assert_true(valid > 100);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_injection),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
