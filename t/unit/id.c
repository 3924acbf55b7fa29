
#include "unit.h"
#include <ngx_carrierpay_id.h>


#define NOON  1795262400000LL       /* 2026-11-21T12:00:00Z */


static void
test_layout(void **state)
{
    ngx_carrierpay_id_gen_t  gen;

    (void) state;

    ngx_carrierpay_id_init(&gen, 5, 0);

    assert_int_equal(ngx_carrierpay_id_next(&gen, NOON),
                     ((NOON - 1735689600000LL) << 22) | (5 << 12) | 0);
    assert_int_equal(ngx_carrierpay_id_next(&gen, NOON),
                     ((NOON - 1735689600000LL) << 22) | (5 << 12) | 1 << 5);
    assert_int_equal(ngx_carrierpay_id_next(&gen, NOON + 1),
                     ((NOON - 1735689600000LL + 1) << 22) | (5 << 12) | 0);

    ngx_carrierpay_id_init(&gen, NGX_CARRIERPAY_ID_WORKERS - 1, 3);

    assert_int_equal(ngx_carrierpay_id_next(&gen, NOON) >> 12 & 1023, 1023);
    assert_int_equal(ngx_carrierpay_id_cell(ngx_carrierpay_id_next(&gen,
                                                                   NOON)), 3);
    assert_int_equal(ngx_carrierpay_id_next(&gen, NOON) & 4095, 2 << 5 | 3);
    assert_int_equal(ngx_carrierpay_id_time(ngx_carrierpay_id_next(&gen,
                                                                   NOON + 9)),
                     NOON + 9);

    /* The last millisecond that there is. */

    ngx_carrierpay_id_init(&gen, NGX_CARRIERPAY_ID_WORKERS - 1,
                           NGX_CARRIERPAY_ID_CELLS - 1);

    assert_int_equal(ngx_carrierpay_id_next(&gen,
                                            NGX_CARRIERPAY_ID_EPOCH
                                            + (1LL << 41) - 1),
                     INT64_MAX - (127 << 5));
}


/* Takes n ids of worker 3 at now_ms, each of which is greater than *last. */

static void
take(ngx_carrierpay_id_gen_t *gen, int64_t now_ms, ngx_uint_t n, int64_t *last)
{
    int64_t  id;

    while (n--) {
        id = ngx_carrierpay_id_next(gen, now_ms);
        assert_true(id > *last);
        assert_int_equal(id >> 12 & 1023, 3);
        *last = id;
    }
}


static void
test_clock(void **state)
{
    int64_t                  last;
    ngx_uint_t               i;
    ngx_carrierpay_id_gen_t  gen;

    (void) state;

    last = 0;
    ngx_carrierpay_id_init(&gen, 3, 0);

    /* 128 ids fit into a millisecond, and the next one is borrowed. */

    take(&gen, NOON, 128, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON);
    take(&gen, NOON, 1, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON + 1);
    take(&gen, NOON, 3 * 128, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON + 4);

    /* The clock reaches the borrowed time, and then leaves it behind. */

    take(&gen, NOON + 2, 10, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON + 4);
    take(&gen, NOON + 4, 10, &last);
    take(&gen, NOON + 5, 1, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON + 5);
    assert_int_equal(last & 4095, 0);

    /* The clock steps back by an hour, to 1970, and further. */

    take(&gen, NOON - 3600000, 200, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON + 6);
    take(&gen, 0, 10, &last);
    take(&gen, -1, 10, &last);

    /* The clock steps back and forth. */

    for (i = 0; i < 100000; i++) {
        take(&gen, NOON + (int64_t) (i * 7919 % 50) - 20, 1, &last);
    }

    /* The clock has never been right. */

    last = 0;
    ngx_carrierpay_id_init(&gen, 3, 0);
    take(&gen, 0, 5000, &last);
    take(&gen, NOON, 1, &last);
    assert_int_equal(ngx_carrierpay_id_time(last), NOON);
}


static void
test_ahead(void **state)
{
    int64_t                  last;
    ngx_carrierpay_id_gen_t  gen;

    (void) state;

    last = 0;
    ngx_carrierpay_id_init(&gen, 3, 0);
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON));

    take(&gen, NOON, 1, &last);
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON));
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON - 5000));
    assert_true(ngx_carrierpay_id_ahead(&gen, NOON - 5001));
    assert_true(ngx_carrierpay_id_ahead(&gen, NOON - 86400000));
    assert_true(ngx_carrierpay_id_ahead(&gen, 0));

    /* Ids that are borrowed count like a step of the clock. */

    take(&gen, NOON, 128 * 5000, &last);
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON));
    take(&gen, NOON, 128, &last);
    assert_true(ngx_carrierpay_id_ahead(&gen, NOON));
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON + 1));

    /* With another number ids follow the clock again. */

    ngx_carrierpay_id_init(&gen, 4, 0);
    assert_false(ngx_carrierpay_id_ahead(&gen, NOON - 86400000));
    assert_int_equal(ngx_carrierpay_id_time(
                         ngx_carrierpay_id_next(&gen, NOON - 86400000)),
                     NOON - 86400000);
}


static void
test_print(void **state)
{
    u_char  *buf, *end;

    (void) state;

    buf = room(NGX_CARRIERPAY_ID_LEN);

#define assert_id(prefix, id, expected)                                       \
    end = ngx_carrierpay_id_print(buf, prefix, id);                           \
    assert_bytes(buf, end, expected)

    assert_id("pay_", 0, "pay_0000000000000");
    assert_id("pay_", 1, "pay_0000000000001");
    assert_id("sub_", 31, "sub_000000000000z");
    assert_id("mer_", 32, "mer_0000000000010");
    assert_id("pay_", 249866433331220487LL, "pay_06xxm6a000m07");
    assert_id("pay_", INT64_MAX, "pay_7zzzzzzzzzzzz");

    buf = room(sizeof("evt_06xxm6a000m07_2") - 1);
    end = ngx_carrierpay_id_print_event(buf, 249866433331220487LL, 2);
    assert_bytes(buf, end, "evt_06xxm6a000m07_2");

    buf = room(NGX_CARRIERPAY_EVENT_ID_LEN);
    end = ngx_carrierpay_id_print_event(buf, INT64_MAX, 32767);
    assert_bytes(buf, end, "evt_7zzzzzzzzzzzz_32767");
}


#define assert_not_id(prefix, literal)                                        \
    id = 42;                                                                  \
    assert_int_equal(ngx_carrierpay_id_parse(text(literal), prefix, &id),     \
                     NGX_DECLINED);                                           \
    assert_int_equal(id, 42)


static void
test_parse(void **state)
{
    u_char     *buf;
    int64_t     id, n;
    ngx_str_t  *str;

    (void) state;

    str = unit_str("", 0);
    str->data = buf = room(NGX_CARRIERPAY_ID_LEN);
    str->len = NGX_CARRIERPAY_ID_LEN;

    for (n = 1; n > 0; n = (n < INT64_MAX / 3) ? n * 3 + 1 : -1) {
        (void) ngx_carrierpay_id_print(buf, "pay_", n);
        assert_int_equal(ngx_carrierpay_id_parse(str, "pay_", &id), NGX_OK);
        assert_true(id == n);
    }

    assert_int_equal(ngx_carrierpay_id_parse(text("pay_7zzzzzzzzzzzz"), "pay_",
                                             &id), NGX_OK);
    assert_true(id == INT64_MAX);
    assert_int_equal(ngx_carrierpay_id_parse(text("mer_0000000000000"), "mer_",
                                             &id), NGX_OK);
    assert_int_equal(id, 0);

    assert_not_id("pay_", "");
    assert_not_id("pay_", "pay_");
    assert_not_id("pay_", "sub_0000000000001");
    assert_not_id("pay_", "PAY_0000000000001");
    assert_not_id("pay_", "pay-0000000000001");
    assert_not_id("pay_", "pay_000000000001");
    assert_not_id("pay_", "pay_00000000000001");
    assert_not_id("pay_", "pay_000000000000\0");
    assert_not_id("pay_", "pay_000000000000 ");

    /* With more than 63 bits the number would be negative, or cut. */

    assert_not_id("pay_", "pay_8000000000000");
    assert_not_id("pay_", "pay_fzzzzzzzzzzzz");
    assert_not_id("pay_", "pay_zzzzzzzzzzzzz");

    /*
     * Crockford's base32 allows several texts for a number, and this one does
     * not.
     */

    assert_not_id("pay_", "pay_000000000000Z");
    assert_not_id("pay_", "pay_000000000000i");
    assert_not_id("pay_", "pay_000000000000l");
    assert_not_id("pay_", "pay_000000000000o");
    assert_not_id("pay_", "pay_000000000000u");
    assert_not_id("pay_", "pay_000000000000O");
}


static void
test_every_byte(void **state)
{
    int64_t      id;
    u_char      *p;
    ngx_uint_t   c, i, accepted;

    (void) state;

    for (i = 0; i < NGX_CARRIERPAY_ID_DIGITS; i++) {
        accepted = 0;

        for (c = 0; c < 256; c++) {
            p = unit_str("0000000000000", 13)->data;
            p[i] = (u_char) c;
            accepted += ngx_carrierpay_id_parse_digits(p, &id) == NGX_OK;
        }

        assert_int_equal(accepted, i == 0 ? 8 : 32);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_every_byte)
    };

    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
