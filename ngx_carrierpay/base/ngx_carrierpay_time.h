
#ifndef _NGX_CARRIERPAY_TIME_H_INCLUDED_
#define _NGX_CARRIERPAY_TIME_H_INCLUDED_


/*
 * The time of day as the database, Redis and the tokens know it.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Returns the milliseconds since the Unix epoch.  The value comes from the
 * time that nginx caches for each turn of its event loop, so the call costs
 * nothing and everything done in one turn has the same time.  The clock of
 * the machine may be set back: two calls may return a smaller value later.
 *
 * The function is inline, so that the rooms of base need no object of nginx.
 */

static ngx_inline int64_t
ngx_carrierpay_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + tp->msec;
}


#endif /* _NGX_CARRIERPAY_TIME_H_INCLUDED_ */
