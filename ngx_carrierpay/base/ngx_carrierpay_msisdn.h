
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
 * The numbers of one operator, from its "numbering" directive, and what it
 * tells of the country's plan.  Owned by the configuration; the lengths and
 * prefixes are those of the national number, without country code and trunk
 * prefix.
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
 * What a number is by a numbering.  Of the prefixes, fixed ones included, the
 * longest decides.  Lengths are those of mobile numbers: fixed lines may be
 * shorter or longer.
 *
 * Customers keep their number when they change their operator, so a number
 * with a prefix of somebody else may be this operator's.  Once the fixed
 * lines of the country are known, all its other numbers of the right length
 * are taken for mobile; until then, only those of the prefixes are.
 */

typedef enum {
    NGX_CARRIERPAY_NUMBER_NONE = 0,      /* not of this plan */
    NGX_CARRIERPAY_NUMBER_OWN,           /* by prefix this operator's */
    NGX_CARRIERPAY_NUMBER_MOBILE,        /* a mobile line of the country */
    NGX_CARRIERPAY_NUMBER_FIXED
} ngx_carrierpay_number_e;


/*
 * For the configuration check: returns NULL when the numbering makes sense,
 * else what is wrong with it, as words for an error message.
 */
const char *ngx_carrierpay_numbering_check(
    const ngx_carrierpay_numbering_t *numbering);

ngx_carrierpay_number_e ngx_carrierpay_numbering_kind(
    const ngx_carrierpay_numbering_t *numbering,
    const ngx_carrierpay_msisdn_t *msisdn);

/*
 * Reads a number that somebody typed, in one of the forms
 *     +33612345678   33612345678   0033612345678   0612345678 (trunk 0)
 * where the last is without trunk prefix when the numbering has none.  Many
 * write +33 (0)6..., so a trunk prefix may also follow the country code where
 * it cannot be the begin of the number itself.
 * Digits with at most one leading plus, nothing else: no blanks, commas,
 * control bytes or other scripts.  Where digits can be read as two numbers,
 * a mobile one goes before a fixed one; of mobile ones the national goes
 * first, of fixed ones, whose lengths are not known, the international.
 *
 * NGX_OK        out holds a number of the numbering's country;
 * NGX_DECLINED  not a number, or of kind NONE; out is undefined.
 */
ngx_int_t ngx_carrierpay_msisdn_parse(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering, ngx_carrierpay_msisdn_t *out);

/*
 * Joins a country code and a national number.  NGX_OK; NGX_DECLINED: not
 * digits, or too many or too few for E.164.  Whether it is a number of the
 * plan is for ngx_carrierpay_numbering_kind() to say.
 */
ngx_int_t ngx_carrierpay_msisdn_join(const ngx_str_t *cc, const u_char *p,
    size_t len, ngx_carrierpay_msisdn_t *out);

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
