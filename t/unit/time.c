
#include "unit.h"
#include <ngx_carrierpay_time.h>


/* The cached time is all of nginx that base/time needs. */

volatile ngx_time_t  *ngx_cached_time;


static void
test_now(void **state)
{
    ngx_time_t  cached;

    (void) state;

    memset(&cached, 0, sizeof(cached));
    cached.sec = 1795262400;
    cached.msec = 7;
    ngx_cached_time = &cached;

    assert_true(ngx_carrierpay_now() == 1795262400007LL);
}


#define assert_time(ms, expected)                                             \
    buf = room(NGX_CARRIERPAY_TIME_LEN);                                      \
    end = ngx_carrierpay_time_print(buf, ms);                                 \
    assert_bytes(buf, end, expected);                                         \
    assert_int_equal(ngx_carrierpay_time_parse(text(expected), &n),           \
                     NGX_OK);                                                 \
    assert_true(n == (ms))


static void
test_time(void **state)
{
    u_char   *buf, *end;
    int64_t   n;

    (void) state;

    assert_time(0LL, "1970-01-01T00:00:00.000Z");
    assert_time(1LL, "1970-01-01T00:00:00.001Z");
    assert_time(86399999LL, "1970-01-01T23:59:59.999Z");
    assert_time(86400000LL, "1970-01-02T00:00:00.000Z");
    assert_time(951782400000LL, "2000-02-29T00:00:00.000Z");
    assert_time(951868800000LL, "2000-03-01T00:00:00.000Z");
    assert_time(1735689600000LL, "2025-01-01T00:00:00.000Z");
    assert_time(1795262400000LL, "2026-11-21T12:00:00.000Z");
    assert_time(4107542399999LL, "2100-02-28T23:59:59.999Z");
    assert_time(4107542400000LL, "2100-03-01T00:00:00.000Z");
    assert_time(NGX_CARRIERPAY_TIME_MAX, "9999-12-31T23:59:59.999Z");

    buf = room(NGX_CARRIERPAY_TIME_SHOWN_LEN);
    end = ngx_carrierpay_time_print_shown(buf, 1795262459999LL);
    assert_bytes(buf, end, "2026-11-21 12:00 UTC");

    /* Values beyond both limits. */

    buf = room(NGX_CARRIERPAY_TIME_LEN);
    end = ngx_carrierpay_time_print(buf, -1);
    assert_bytes(buf, end, "1970-01-01T00:00:00.000Z");
    end = ngx_carrierpay_time_print(buf, INT64_MIN);
    assert_bytes(buf, end, "1970-01-01T00:00:00.000Z");
    end = ngx_carrierpay_time_print(buf, INT64_MAX);
    assert_bytes(buf, end, "9999-12-31T23:59:59.999Z");
}


/* Each day of six centuries, and then every 61st day, compared with libc. */

static void
test_time_every_day(void **state)
{
    char        expected[NGX_CARRIERPAY_TIME_LEN + 1];
    u_char      buf[NGX_CARRIERPAY_TIME_LEN];
    time_t      sec;
    int64_t     day, ms, n;
    ngx_str_t   str;
    struct tm   tm;

    (void) state;

    str.data = buf;
    str.len = sizeof(buf);

    for (day = 0; day < 2932896; day += (day < 220000) ? 1 : 61) {
        sec = day * 86400 + day % 86400;
        ms = sec * 1000LL + day % 1000;

        assert_non_null(gmtime_r(&sec, &tm));
        assert_int_equal(strftime(expected, sizeof(expected),
                                  "%Y-%m-%dT%H:%M:%S.", &tm), 20);
        expected[20] = (char) ('0' + day / 100 % 10);
        expected[21] = (char) ('0' + day / 10 % 10);
        expected[22] = (char) ('0' + day % 10);
        expected[23] = 'Z';

        (void) ngx_carrierpay_time_print(buf, ms);
        assert_memory_equal(buf, expected, sizeof(buf));

        assert_int_equal(ngx_carrierpay_time_parse(&str, &n), NGX_OK);
        assert_true(n == ms);
    }
}


static void
test_time_refused(void **state)
{
    size_t      i;
    int64_t     n;
    ngx_str_t  *str;

    (void) state;

#define assert_no_time(str)                                                   \
    n = 42;                                                                   \
    assert_int_equal(ngx_carrierpay_time_parse(str, &n), NGX_DECLINED);       \
    assert_int_equal(n, 42)

    assert_no_time(text(""));
    assert_no_time(text("2026-11-21"));
    assert_no_time(text("2026-11-21T12:00:00Z"));
    assert_no_time(text("2026-11-21T12:00:00.000+"));
    assert_no_time(text("2026-11-21T12:00:00.000z"));
    assert_no_time(text("2026-11-21 12:00:00.000Z"));
    assert_no_time(text("2026-11-21T12:00:00.0000Z"));
    assert_no_time(text("2026-11-21T12:00:00,000Z"));
    assert_no_time(text("2026-02-29T12:00:00.000Z"));
    assert_no_time(text("2100-02-29T12:00:00.000Z"));
    assert_no_time(text("2026-02-30T12:00:00.000Z"));
    assert_no_time(text("2026-04-31T12:00:00.000Z"));
    assert_no_time(text("2026-00-21T12:00:00.000Z"));
    assert_no_time(text("2026-13-21T12:00:00.000Z"));
    assert_no_time(text("2026-99-21T12:00:00.000Z"));
    assert_no_time(text("2026-11-00T12:00:00.000Z"));
    assert_no_time(text("2026-11-21T24:00:00.000Z"));
    assert_no_time(text("2026-11-21T12:60:00.000Z"));
    assert_no_time(text("2016-12-31T23:59:60.000Z"));
    assert_no_time(text("1969-12-31T23:59:59.999Z"));
    assert_no_time(text("0000-01-01T00:00:00.000Z"));
    assert_no_time(text("-026-11-21T12:00:00.000Z"));

    for (i = 0; i < NGX_CARRIERPAY_TIME_LEN; i++) {
        str = text("2026-11-21T12:00:00.000Z");
        str->data[i] = ' ';
        assert_no_time(str);
        str->data[i] = '\0';
        assert_no_time(str);
        str->data[i] = 0xb1;
        assert_no_time(str);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_now),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_time_every_day),
        cmocka_unit_test(test_time_refused)
    };

    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
