
#ifndef _NGX_CARRIERPAY_END_USER_H_INCLUDED_
#define _NGX_CARRIERPAY_END_USER_H_INCLUDED_


/*
 * The line that pays, as text: what is sealed, indexed and handed to
 * dialects.
 *
 *     33612345678     a number, in E.164 digits
 *     acr:dG9rZW4     the operator's reference to its customer, where the
 *                     number is not told
 *
 * Either is personal data; people see the masked form.  A reference means
 * something to the operator that made it, and to nobody else.
 *
 * Pure, and allocates nothing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_enriched.h"
#include "ngx_carrierpay_msisdn.h"


#define NGX_CARRIERPAY_END_USER_MAX  NGX_CARRIERPAY_ACR_MAX

#define NGX_CARRIERPAY_END_USER_MASK_LEN                                      \
    ngx_max(NGX_CARRIERPAY_MSISDN_MASK_LEN, sizeof("acr:******9w") - 1)


/* Is it a reference?  Else it is a number. */
ngx_uint_t ngx_carrierpay_end_user_acr(const ngx_str_t *end_user);

/*
 * Is it a line at all?  Digits as ngx_carrierpay_msisdn_load() takes them, or
 * "acr:" and 1 to NGX_CARRIERPAY_ENRICHED_MAX visible ASCII characters.
 * NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_carrierpay_end_user_check(const ngx_str_t *end_user);

/*
 * Writes "+33******78", or "acr:******9w", and returns the position after it:
 * at most NGX_CARRIERPAY_END_USER_MASK_LEN bytes.  The last two characters of
 * a reference of less than eight stay in the dark.
 */
u_char *ngx_carrierpay_end_user_mask(u_char *buf, const ngx_str_t *end_user);

/*
 * The blind index by which a line is found: a keyed hash of its text, and of
 * its operator's name for a reference, since two operators may make the
 * same.  A number stays itself when it changes the operator.
 */
void ngx_carrierpay_end_user_index(u_char index[NGX_CARRIERPAY_SHA256_LEN],
    const ngx_str_t *key, const ngx_str_t *operator,
    const ngx_str_t *end_user);


#endif /* _NGX_CARRIERPAY_END_USER_H_INCLUDED_ */
