
#ifndef _NGX_CARRIERPAY_MSISDN_H_INCLUDED_
#define _NGX_CARRIERPAY_MSISDN_H_INCLUDED_


/*
 * The number of a subscriber (MSISDN).
 *
 * Inside the service a number is the digits of its E.164 form without a plus
 * ("33612345678").  It is sealed, indexed and handed to dialects in this form.
 * It is personal data and never appears in a log, a label or a URL; people see
 * the masked form.
 *
 * Specification: ITU-T E.164 (at most 15 digits; country codes of 1 to 3
 * digits, of which none begins with 0).  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_MSISDN_MIN       5       /* digits */
#define NGX_CARRIERPAY_MSISDN_MAX       15

#define NGX_CARRIERPAY_MSISDN_MASK_LEN  (sizeof("+237******78") - 1)

/* a plus, the digits, and a space before each pair at the most */

#define NGX_CARRIERPAY_MSISDN_PAIRS_LEN                                       \
    (1 + NGX_CARRIERPAY_MSISDN_MAX + (NGX_CARRIERPAY_MSISDN_MAX + 1) / 2)


typedef struct {
    u_char       digits[NGX_CARRIERPAY_MSISDN_MAX];    /* no final zero */
    u_char       len;
} ngx_carrierpay_msisdn_t;


/*
 * The numbers of one operator, from its "numbering" directive, and what the
 * directive tells of the country's numbering plan.  The configuration owns it.
 * Lengths and prefixes are those of national numbers, without the country code
 * and the trunk prefix.
 */

typedef struct {
    ngx_str_t    cc;            /* country code: "33" */
    ngx_uint_t   len_min;
    ngx_uint_t   len_max;
    ngx_str_t    trunk;         /* dialled first at home: "0"; or "" */
    ngx_str_t   *prefixes;      /* one must match */
    ngx_uint_t   nprefixes;     /* 0: any number of the country */
    ngx_str_t   *fixed;         /* the country's fixed lines, */
    ngx_uint_t   nfixed;        /* which cannot be billed */
} ngx_carrierpay_numbering_t;


/*
 * What a number is by a numbering.  The longest of the prefixes decides, those
 * of fixed lines included.  Lengths are those of mobile numbers: numbers of
 * fixed lines may be shorter or longer.
 *
 * Customers keep their number when they change their operator, so a number
 * with another operator's prefix may be one of this operator.  If the
 * numbering gives the prefixes of the country's fixed lines, all other numbers
 * of the right length are taken for mobile ones; otherwise only the numbers
 * with one of its prefixes are.
 */

typedef enum {
    NGX_CARRIERPAY_NUMBER_NONE = 0,      /* not of this plan */
    NGX_CARRIERPAY_NUMBER_OWN,           /* this operator's, by its prefix */
    NGX_CARRIERPAY_NUMBER_MOBILE,        /* a mobile line of the country */
    NGX_CARRIERPAY_NUMBER_FIXED
} ngx_carrierpay_number_e;


/* The forms in which a number is written, each with those after it. */

typedef enum {
    NGX_CARRIERPAY_MSISDN_ANY = 0,       /* 0612345678 or 612345678 */
    NGX_CARRIERPAY_MSISDN_DIGITS,        /* 33612345678 */
    NGX_CARRIERPAY_MSISDN_INTERNATIONAL  /* +33612345678 or 0033612345678 */
} ngx_carrierpay_msisdn_form_e;


/*
 * Checks a numbering for the configuration.  Returns NULL if it makes sense,
 * or else what is wrong with it, as words for an error message.
 */
const char *ngx_carrierpay_numbering_check(
    const ngx_carrierpay_numbering_t *numbering);

ngx_carrierpay_number_e ngx_carrierpay_numbering_kind(
    const ngx_carrierpay_numbering_t *numbering,
    const ngx_carrierpay_msisdn_t *msisdn);

/*
 * Parses a number in a form that the caller allows:
 *
 *     +33612345678   0033612345678   in each
 *     33612345678                    unless it must be INTERNATIONAL
 *     0612345678 (trunk 0)           if it may be ANY: a national number, with
 *     612345678                      its trunk prefix or without it
 *
 * Without a plus the same digits may be numbers of two countries.  So ANY is
 * for a caller who knows of which country the number is.
 *
 * Many people write +33 (0)6..., so a trunk prefix may also follow the country
 * code where it cannot be the start of the number itself.  The text is digits
 * with at most one leading plus and nothing else; base/typed folds what people
 * put between them.
 *
 * Digits may be readable as two numbers of the country.  Then a mobile number
 * goes before a fixed one; of two mobile ones the national form goes first,
 * and of two fixed ones, whose lengths are not known, the international form.
 *
 * NGX_OK: out is a number of the numbering's country.  NGX_DECLINED: the text
 * is not a number, or is of the kind NONE; out is undefined.
 */
ngx_int_t ngx_carrierpay_msisdn_parse(const ngx_str_t *text,
    const ngx_carrierpay_numbering_t *numbering,
    ngx_carrierpay_msisdn_form_e form, ngx_carrierpay_msisdn_t *out);

/*
 * Joins a country code and a national number.  NGX_OK; NGX_DECLINED: there are
 * other characters than digits, or too many or too few digits for E.164.
 * Whether it is a number of the plan is for ngx_carrierpay_numbering_kind() to
 * tell.
 */
ngx_int_t ngx_carrierpay_msisdn_join(const ngx_str_t *cc, const u_char *p,
    size_t len, ngx_carrierpay_msisdn_t *out);

/*
 * Parses the service's own form, bare digits of any country, for example after
 * unsealing.  Returns NGX_OK or NGX_DECLINED, as the function above.
 */
ngx_int_t ngx_carrierpay_msisdn_load(const ngx_str_t *digits,
    ngx_carrierpay_msisdn_t *out);

/*
 * Writes the masked form, "+33******78" (the country code, six stars whatever
 * the length, the last two digits), of at most NGX_CARRIERPAY_MSISDN_MASK_LEN
 * bytes, and returns the position after it.  If fewer than four digits would
 * be masked, the last two are left out.
 */
u_char *ngx_carrierpay_msisdn_mask(u_char *buf,
    const ngx_carrierpay_msisdn_t *msisdn);

/*
 * Writes the number in full, in pairs of digits as they are read aloud: "+33 6
 * 12 34 56 78".  At most NGX_CARRIERPAY_MSISDN_PAIRS_LEN bytes; returns the
 * position after them.
 */
u_char *ngx_carrierpay_msisdn_pairs(u_char *buf,
    const ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_MSISDN_H_INCLUDED_ */
