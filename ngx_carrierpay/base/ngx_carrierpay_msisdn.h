
#ifndef _NGX_CARRIERPAY_MSISDN_H_INCLUDED_
#define _NGX_CARRIERPAY_MSISDN_H_INCLUDED_


/*
 * The number of a subscriber.
 *
 * Inside the service an MSISDN is the digits of its E.164 form without plus
 * ("33612345678"): so it is sealed, indexed and handed to dialects.  It is
 * personal data: it never appears in a log, a label or a URL; people see
 * the masked form.
 *
 * Specification: ITU-T E.164 (at most 15 digits, country codes of 1 to 3
 * digits, none begins with 0).
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_MSISDN_MIN       5       /* digits */
#define NGX_CARRIERPAY_MSISDN_MAX       15

#define NGX_CARRIERPAY_MSISDN_MASK_LEN  (sizeof("+237******78") - 1)


typedef struct {
    u_char       digits[NGX_CARRIERPAY_MSISDN_MAX];    /* no final zero */
    u_char       len;
} ngx_carrierpay_msisdn_t;


/*
 * The numbers of one operator, from its "numbering" directive.  Owned by the
 * configuration; the lengths and prefixes are those of the national number,
 * without country code and trunk 0.
 */

typedef struct {
    ngx_str_t    cc;            /* country code: "33" */
    ngx_uint_t   len_min;
    ngx_uint_t   len_max;
    ngx_str_t    trunk;         /* dialled before it at home: "0"; or empty */
    ngx_str_t   *prefixes;      /* one of them must match; */
    ngx_uint_t   nprefixes;     /* 0: any number of the country */
    ngx_str_t   *fixed;         /* of the country's fixed lines: never one */
    ngx_uint_t   nfixed;        /* to bill, but known for what they are */
} ngx_carrierpay_numbering_t;


/*
 * For the configuration check: returns NULL when the numbering makes sense,
 * else what is wrong with it, as words for an error message.
 */
const char *ngx_carrierpay_numbering_check(
    const ngx_carrierpay_numbering_t *numbering);

/*
 * Reads a number from outside (a header, a form) in one of the forms
 *     +33612345678   33612345678   0033612345678   0612345678 (trunk 0)
 * and writes it to out.  Digits with at most one leading plus, nothing else:
 * no blanks, commas, control bytes or other scripts.  The country and the
 * national number must be of the numbering.
 *
 * NGX_OK        out holds the number;
 * NGX_DECLINED  not a number, or not one of this numbering; out is undefined.
 */
ngx_int_t ngx_carrierpay_msisdn_parse(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out);

/*
 * Reads back our own form, bare digits (what was sealed), of any country.
 * NGX_OK or NGX_DECLINED as above.
 */
ngx_int_t ngx_carrierpay_msisdn_load(const ngx_str_t *digits,
    ngx_carrierpay_msisdn_t *out);

/*
 * Writes "+33******78" (country code, six stars whatever the length, the
 * last two digits) and returns the position after it: at most
 * NGX_CARRIERPAY_MSISDN_MASK_LEN bytes.  A number so short that the two
 * digits would leave less than four in the dark ends with the stars.
 */
u_char *ngx_carrierpay_msisdn_mask(u_char *buf,
    const ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_MSISDN_H_INCLUDED_ */
