
#ifndef _NGX_CARRIERPAY_TIME_H_INCLUDED_
#define _NGX_CARRIERPAY_TIME_H_INCLUDED_


/*
 * Instants: milliseconds since the Unix epoch, and their text.
 *
 * The text is ISO 8601 in the profile of RFC 3339, always in UTC and with
 * milliseconds: "2026-11-21T12:00:00.000Z".
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TIME_LEN  (sizeof("2026-11-21T12:00:00.000Z") - 1)
#define NGX_CARRIERPAY_TIME_SHOWN_LEN  (sizeof("2026-11-21 12:00 UTC") - 1)
#define NGX_CARRIERPAY_TIME_MAX  253402300799999LL      /* end of 9999 */


/*
 * Returns the milliseconds since the Unix epoch.  The value comes from the
 * time that nginx caches for each turn of its event loop, so the call costs
 * nothing and everything that is done in one turn has the same time.  The
 * machine's clock may be set back, and then a later call returns a smaller
 * value.
 *
 * The function is inline, so that base needs no object of nginx.
 */

static ngx_inline int64_t
ngx_carrierpay_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + tp->msec;
}


/*
 * Writes the text of an instant, NGX_CARRIERPAY_TIME_LEN bytes, and returns
 * the position after it.  Callers pass 0 to NGX_CARRIERPAY_TIME_MAX; a value
 * outside is a mistake of the caller and is written as the nearer limit.
 */
u_char *ngx_carrierpay_time_print(u_char *dst, int64_t ms);

/*
 * The same for people, NGX_CARRIERPAY_TIME_SHOWN_LEN bytes:
 * "2026-11-21 12:00 UTC".
 */
u_char *ngx_carrierpay_time_print_shown(u_char *dst, int64_t ms);

/*
 * Parses exactly what the first function writes: days that exist, of the years
 * 1970 to 9999, and no leap second.  NGX_OK, or NGX_DECLINED and *ms is not
 * touched.
 */
ngx_int_t ngx_carrierpay_time_parse(const ngx_str_t *text, int64_t *ms);


#endif /* _NGX_CARRIERPAY_TIME_H_INCLUDED_ */
