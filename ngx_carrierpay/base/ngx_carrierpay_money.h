
#ifndef _NGX_CARRIERPAY_MONEY_H_INCLUDED_
#define _NGX_CARRIERPAY_MONEY_H_INCLUDED_


/*
 * Money: currencies and the printing of amounts.
 *
 * An amount is an int64_t of minor units of its currency: 499 of EUR is
 * 4.99, 500 of XAF is 500.  There is no floating point anywhere.  Adding,
 * splitting and rounding of money happens in sql/ alone.
 *
 * Specification: ISO 4217 list one, amendments up to the euro in Bulgaria
 * (2026): every currency and fund for which it says a number of decimals,
 * hence no metals, no baskets and no test codes.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* what one payment may cost, in minor units, whatever the currency */

#define NGX_CARRIERPAY_AMOUNT_MIN  1
#define NGX_CARRIERPAY_AMOUNT_MAX  999999999999LL

#define ngx_carrierpay_amount_valid(amount)                                   \
    ((amount) >= NGX_CARRIERPAY_AMOUNT_MIN                                    \
     && (amount) <= NGX_CARRIERPAY_AMOUNT_MAX)


/* enough for any int64_t in any currency and locale; no final zero */

#define NGX_CARRIERPAY_MONEY_LEN                                              \
    (sizeof("-9,223,372,036,854,775,808") - 1 + 6 * 2)


typedef struct {
    u_char      code[4];        /* "EUR", with a final zero */
    u_char      exponent;       /* digits after the decimal point: 0 to 4 */
} ngx_carrierpay_currency_t;


typedef enum {
    NGX_CARRIERPAY_LOCALE_EN = 0,   /* 1,234.50 */
    NGX_CARRIERPAY_LOCALE_FR        /* 1 234,50 with U+202F between groups */
} ngx_carrierpay_locale_e;


/*
 * Takes the three capital letters; returns the entry of the constant table,
 * which may be kept and compared by address, or NULL when there is no such
 * currency (other lengths and small letters included).
 */
const ngx_carrierpay_currency_t *ngx_carrierpay_currency_find(
    const u_char *code, size_t len);

/* takes a language tag ("fr", "fr-CM"); what is not French is English */
ngx_carrierpay_locale_e ngx_carrierpay_locale_find(const u_char *tag,
    size_t len);

/*
 * Both write at most NGX_CARRIERPAY_MONEY_LEN bytes to buf and return the
 * position after the last one.  The currency itself is not printed.
 * The first one speaks to machines ("4.99", "1234", "-0.05"), the second
 * one to people ("1,234.50"; the narrow no-break space is UTF-8).
 */
u_char *ngx_carrierpay_money_print(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency);
u_char *ngx_carrierpay_money_print_locale(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency, ngx_carrierpay_locale_e locale);


#endif /* _NGX_CARRIERPAY_MONEY_H_INCLUDED_ */
