
/*
 * Enrichment headers and cookies are removed from every request, whether the
 * operator's gateway has added them or the client has.
 *
 * There are two kinds: those that name an end user, of which all known ones
 * are removed, and the mccmnc_header of an operator, which names the operator
 * that the end user is a customer of.
 */


#ifndef _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_strip_names.h"


/* a gateway adds two or three headers; a request with more is refused */
#define NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX  8


typedef struct {
    ngx_str_t                          name;        /* small letters, "_" as
                                                       it was sent */
    ngx_str_t                          value;
    unsigned                           cookie:1;
    unsigned                           mccmnc:1;    /* else an end user */
} ngx_http_carrierpay_strip_item_t;


/* n counts all that were found, items holds the first of them */

struct ngx_http_carrierpay_strip_found_s {
    ngx_uint_t                         n;
    ngx_http_carrierpay_strip_item_t   items[
                                         NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX];
};


/*
 * Removes the headers and cookies with one of the names from the request.
 * *found is what was removed, in the request's pool; it is NULL, and the
 * request is unchanged, when there was none.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_strip(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_names_t *names,
    ngx_http_carrierpay_strip_found_t **found);


#endif /* _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_ */
