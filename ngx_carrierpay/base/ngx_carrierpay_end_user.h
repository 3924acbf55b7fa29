
#ifndef _NGX_CARRIERPAY_END_USER_H_INCLUDED_
#define _NGX_CARRIERPAY_END_USER_H_INCLUDED_


/*
 * The end user, whose phone bill pays, as one text.  It is sealed, indexed and
 * handed to dialects in this form.
 *
 *     33612345678     a number, in E.164 digits
 *     acr:dG9rZW4     an anonymous customer reference (ACR), by which an
 *                     operator names its customer without telling the number
 *
 * Either one is personal data: logs and pages show the masked form only.  A
 * reference has a meaning only for the operator that has made it.
 *
 * The functions are pure and allocate nothing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_enriched_format.h"
#include "ngx_carrierpay_msisdn.h"


/* A reference in the service's own form: "acr:" and the operator's token. */

#define NGX_CARRIERPAY_ACR_MAX                                                \
    (sizeof("acr:") - 1 + NGX_CARRIERPAY_ENRICHED_MAX)

#define NGX_CARRIERPAY_END_USER_MAX  NGX_CARRIERPAY_ACR_MAX

#define NGX_CARRIERPAY_END_USER_MASK_LEN                                      \
    ngx_max(NGX_CARRIERPAY_MSISDN_MASK_LEN, sizeof("acr:******9w") - 1)


/* A number, or a reference (acr_len != 0, msisdn.len == 0). */

typedef struct {
    ngx_carrierpay_msisdn_t     msisdn;
    size_t                      acr_len;
    u_char                      acr[NGX_CARRIERPAY_ACR_MAX];
} ngx_carrierpay_end_user_t;


/*
 * Reads a text in which an operator's gateway has written an end user, in one
 * of the forms of an enriched header.  A number must be the operator's own by
 * its numbering, or another mobile number of the country, which a customer may
 * have ported to the operator.  NGX_OK: end_user is set.  NGX_DECLINED: the
 * text is not of the form; end_user is empty.
 */
ngx_int_t ngx_carrierpay_end_user_read(ngx_carrierpay_form_e form,
    const ngx_str_t *text, const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_end_user_t *end_user);

/* Returns 1 if the end user is a reference, and 0 if it is a number. */
ngx_uint_t ngx_carrierpay_end_user_acr(const ngx_str_t *end_user);

/*
 * Checks that the text is an end user: digits as ngx_carrierpay_msisdn_load()
 * reads them, or "acr:" and 1 to NGX_CARRIERPAY_ENRICHED_MAX visible
 * characters of ASCII.  Returns NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_carrierpay_end_user_check(const ngx_str_t *end_user);

/*
 * Writes the masked form, "+33******78" or "acr:******9w", of at most
 * NGX_CARRIERPAY_END_USER_MASK_LEN bytes, and returns the position after it.
 * The last two characters of a reference shorter than eight are masked, too.
 */
u_char *ngx_carrierpay_end_user_mask(u_char *buf, const ngx_str_t *end_user);

/*
 * Writes the blind index by which an end user is found: a keyed hash of the
 * text.  The hash of a reference also covers the operator's name, since two
 * operators may make the same reference.  The index of a number stays the same
 * when the number is ported to another operator.
 */
void ngx_carrierpay_end_user_index(u_char index[NGX_CARRIERPAY_SHA256_LEN],
    const ngx_str_t *key, const ngx_str_t *operator,
    const ngx_str_t *end_user);


#endif /* _NGX_CARRIERPAY_END_USER_H_INCLUDED_ */
