
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_time.h"


/*
 * Days are counted from 0000-03-01.  The leap day is then the last one of the
 * year, so that the lengths of the months follow one formula and 400 years
 * repeat one pattern.
 */

#define NGX_CARRIERPAY_TIME_DAYS_1970  719468
#define NGX_CARRIERPAY_TIME_DAYS_400   146097

/* The days before the month that is m months after March. */

#define ngx_carrierpay_time_month_start(m)  ((153 * (m) + 2) / 5)


static u_char *ngx_carrierpay_time_digits(u_char *dst, ngx_uint_t n,
    ngx_uint_t width);
static int64_t ngx_carrierpay_time_days(ngx_uint_t year, ngx_uint_t month,
    ngx_uint_t day);


u_char *
ngx_carrierpay_time_print(u_char *dst, int64_t ms)
{
    ngx_uint_t  days, msec, era, year, month, day;

    ms = ngx_max(ms, 0);
    ms = ngx_min(ms, NGX_CARRIERPAY_TIME_MAX);

    days = ms / 86400000 + NGX_CARRIERPAY_TIME_DAYS_1970;
    msec = ms % 86400000;

    era = days / NGX_CARRIERPAY_TIME_DAYS_400;
    days %= NGX_CARRIERPAY_TIME_DAYS_400;

    /* Without the leap days before this one all years are equally long. */

    year = (days - days / 1460 + days / 36524 - days / 146096) / 365;
    days -= year * 365 + year / 4 - year / 100;
    month = (5 * days + 2) / 153;
    day = days - ngx_carrierpay_time_month_start(month) + 1;

    year += era * 400;

    if (month < 10) {
        month += 3;

    } else {
        month -= 9;
        year++;
    }

    dst = ngx_carrierpay_time_digits(dst, year, 4);
    *dst++ = '-';
    dst = ngx_carrierpay_time_digits(dst, month, 2);
    *dst++ = '-';
    dst = ngx_carrierpay_time_digits(dst, day, 2);
    *dst++ = 'T';
    dst = ngx_carrierpay_time_digits(dst, msec / 3600000, 2);
    *dst++ = ':';
    dst = ngx_carrierpay_time_digits(dst, msec / 60000 % 60, 2);
    *dst++ = ':';
    dst = ngx_carrierpay_time_digits(dst, msec / 1000 % 60, 2);
    *dst++ = '.';
    dst = ngx_carrierpay_time_digits(dst, msec % 1000, 3);
    *dst++ = 'Z';

    return dst;
}


u_char *
ngx_carrierpay_time_print_shown(u_char *dst, int64_t ms)
{
    u_char  text[NGX_CARRIERPAY_TIME_LEN];

    (void) ngx_carrierpay_time_print(text, ms);

    text[sizeof("2026-11-21") - 1] = ' ';

    dst = ngx_cpymem(dst, text, sizeof("2026-11-21 12:00") - 1);

    return ngx_cpymem(dst, " UTC", sizeof(" UTC") - 1);
}


ngx_int_t
ngx_carrierpay_time_parse(const ngx_str_t *text, int64_t *ms)
{
    u_char             c, again[NGX_CARRIERPAY_TIME_LEN];
    int64_t            n;
    ngx_uint_t         i, field, value[7];
    static const char  form[] = "0000-11-22T33:44:55.666Z";

    if (text->len != NGX_CARRIERPAY_TIME_LEN) {
        return NGX_DECLINED;
    }

    ngx_memzero(value, sizeof(value));

    for (i = 0; i < NGX_CARRIERPAY_TIME_LEN; i++) {
        c = text->data[i];

        if (form[i] < '0' || form[i] > '6') {
            continue;
        }

        if (c < '0' || c > '9') {
            return NGX_DECLINED;
        }

        field = form[i] - '0';
        value[field] = value[field] * 10 + (c - '0');
    }

    n = ngx_carrierpay_time_days(value[0], value[1], value[2]);
    n = n * 24 + value[3];
    n = n * 60 + value[4];
    n = n * 60 + value[5];
    n = n * 1000 + value[6];

    /*
     * A day that does not exist, such as the 30th of February, is printed as
     * another one.
     */

    (void) ngx_carrierpay_time_print(again, n);

    if (ngx_memcmp(again, text->data, sizeof(again)) != 0) {
        return NGX_DECLINED;
    }

    *ms = n;

    return NGX_OK;
}


static u_char *
ngx_carrierpay_time_digits(u_char *dst, ngx_uint_t n, ngx_uint_t width)
{
    ngx_uint_t  i;

    for (i = width; i > 0; i--) {
        dst[i - 1] = (u_char) ('0' + n % 10);
        n /= 10;
    }

    return dst + width;
}


/* Returns the days since 1970.  Any month from 0 to 99 gives some day. */

static int64_t
ngx_carrierpay_time_days(ngx_uint_t year, ngx_uint_t month, ngx_uint_t day)
{
    int64_t  y, m;

    y = year;
    m = (int64_t) month - 3;

    if (m < 0) {
        m += 12;
        y--;
    }

    return y * 365 + y / 4 - y / 100 + y / 400
           + ngx_carrierpay_time_month_start(m) + day - 1
           - NGX_CARRIERPAY_TIME_DAYS_1970;
}
