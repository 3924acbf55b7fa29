
#ifndef _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_
#define _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_


/*
 * Header enrichment: reading the value of a header or cookie into which an
 * operator's gateway has written whose request it is.  The functions are pure
 * and allocate nothing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_enriched_format.h"
#include "ngx_carrierpay_msisdn.h"


/* s that the time of a value may be ahead of ours, since clocks differ */

#define NGX_CARRIERPAY_ENRICHED_AHEAD  5


typedef enum {
    NGX_CARRIERPAY_ENRICHED_OK = 0,
    NGX_CARRIERPAY_ENRICHED_NOBODY,      /* empty, "unknown", "0" */
    NGX_CARRIERPAY_ENRICHED_MALFORMED,   /* not of the format or numbering */
    NGX_CARRIERPAY_ENRICHED_FORGED,      /* no such key, or not authentic */
    NGX_CARRIERPAY_ENRICHED_STALE        /* authentic, outside the window */
} ngx_carrierpay_enriched_e;


/*
 * Reads the value of a header, or of a cookie.  Control bytes, commas (with
 * which a proxy before nginx joins two headers) and absurd lengths are
 * MALFORMED.  An unknown key, a wrong MAC, a wrong padding and an impossible
 * ciphertext are all FORGED, so that the answer does not tell which it was.
 * A number must be the operator's own by its numbering, or another mobile
 * number of the country, which a customer may have ported to the operator.
 * A time outside the window, or more than NGX_CARRIERPAY_ENRICHED_AHEAD
 * seconds ahead of now, is STALE.  The end user is set when the result is OK,
 * and empty otherwise.
 */
ngx_carrierpay_enriched_e ngx_carrierpay_enriched_read(
    const ngx_carrierpay_enriched_format_t *f, const ngx_str_t *value,
    const ngx_carrierpay_numbering_t *numbering, time_t now,
    ngx_carrierpay_end_user_t *end_user);


#endif /* _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_ */
