
#ifndef _NGX_CARRIERPAY_ENRICHED_FORM_H_INCLUDED_
#define _NGX_CARRIERPAY_ENRICHED_FORM_H_INCLUDED_


/*
 * The innermost part of an enriched header: a number in one of the forms in
 * which gateways write it, or an anonymous customer reference (ACR).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_enriched_format.h"
#include "ngx_carrierpay_msisdn.h"


/* A reference in the service's own form: "acr:" and the operator's token. */

#define NGX_CARRIERPAY_ACR_MAX                                                \
    (sizeof("acr:") - 1 + NGX_CARRIERPAY_ENRICHED_MAX)


/* The end user: a number, or a reference (acr_len != 0, msisdn.len == 0). */

typedef struct {
    ngx_carrierpay_msisdn_t     msisdn;
    size_t                      acr_len;
    u_char                      acr[NGX_CARRIERPAY_ACR_MAX];
} ngx_carrierpay_enriched_end_user_t;


/*
 * Reads a text of the form.  A number must be the operator's own by its
 * numbering, or another mobile number of the country, which a customer may
 * have ported to the operator.  NGX_OK: end_user is set.  NGX_DECLINED: the
 * text is neither; end_user is empty.
 */
ngx_int_t ngx_carrierpay_enriched_form_read(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_enriched_end_user_t *end_user);


#endif /* _NGX_CARRIERPAY_ENRICHED_FORM_H_INCLUDED_ */
