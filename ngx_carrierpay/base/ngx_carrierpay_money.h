
#ifndef _NGX_CARRIERPAY_MONEY_H_INCLUDED_
#define _NGX_CARRIERPAY_MONEY_H_INCLUDED_


/*
 * Money: currencies and the printing of amounts.
 *
 * An amount is an int64_t of minor units of its currency: 499 of EUR is 4.99,
 * and 500 of XAF is 500.  There is no floating point anywhere.  Money is
 * added, divided and rounded in sql/ alone.
 *
 * Specification: ISO 4217, list one, with the amendments up to the euro in
 * Bulgaria (2026).  The table has each currency and fund that the list gives a
 * number of decimals, and therefore no metals, no baskets and no test codes.
 * The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* The limits of one payment, in minor units of any currency. */

#define NGX_CARRIERPAY_AMOUNT_MIN  1
#define NGX_CARRIERPAY_AMOUNT_MAX  999999999999LL

#define ngx_carrierpay_amount_valid(amount)                                   \
    ((amount) >= NGX_CARRIERPAY_AMOUNT_MIN                                    \
     && (amount) <= NGX_CARRIERPAY_AMOUNT_MAX)


/*
 * Room enough for any int64_t in any currency and locale, without a final
 * zero.
 */

#define NGX_CARRIERPAY_MONEY_LEN                                              \
    (sizeof("-9,223,372,036,854,775,808") - 1 + 6 * 2)


/* The same with the sign of the currency. */

#define NGX_CARRIERPAY_PRICE_LEN                                              \
    (NGX_CARRIERPAY_MONEY_LEN + sizeof("\xc2\xa0" "FCFA") - 1)


typedef struct {
    u_char      code[4];        /* "EUR", with a final zero */
    u_char      exponent;       /* digits after the decimal point: 0 to 4 */
} ngx_carrierpay_currency_t;


typedef enum {
    NGX_CARRIERPAY_LOCALE_EN = 0,   /* 1,234.50 */
    NGX_CARRIERPAY_LOCALE_FR        /* 1 234,50 with U+202F between groups */
} ngx_carrierpay_locale_e;


/*
 * Returns the entry of a currency by its code of three capital letters, or
 * NULL if there is none.  The entry is constant: it may be kept, and compared
 * by its address.
 */
const ngx_carrierpay_currency_t *ngx_carrierpay_currency_find(
    const u_char *code, size_t len);

/*
 * Returns the locale of a language tag ("fr", "fr-CM").  What is not French is
 * English.
 */
ngx_carrierpay_locale_e ngx_carrierpay_locale_find(const u_char *tag,
    size_t len);

/*
 * Write an amount, at most NGX_CARRIERPAY_MONEY_LEN bytes, and return the
 * position after it.  The currency itself is not written.  The first function
 * writes for machines ("4.99", "1234", "-0.05") and the second one for people
 * ("1,234.50"; the narrow no-break space of French is UTF-8).
 */
u_char *ngx_carrierpay_money_print(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency);
u_char *ngx_carrierpay_money_print_locale(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency, ngx_carrierpay_locale_e locale);


/*
 * Writes a price for people, an amount with the sign of its currency, and
 * returns the position after it, at most NGX_CARRIERPAY_PRICE_LEN bytes away:
 * "€4.99", "FCFA 1,500", "4,99 €", "1 500 FCFA", with no-break spaces.  All
 * prices that shoppers read have this spelling.
 */
u_char *ngx_carrierpay_money_print_price(u_char *buf, int64_t amount,
    const ngx_carrierpay_currency_t *currency, ngx_carrierpay_locale_e locale);

/*
 * Sets the sign of a currency, which is its code if it has no other, and what
 * stands between sign and amount: a no-break space, or nothing.  For a page
 * that has the two in elements of their own.
 */
void ngx_carrierpay_money_sign(const ngx_carrierpay_currency_t *currency,
    ngx_carrierpay_locale_e locale, ngx_str_t *sign, ngx_str_t *gap);


#endif /* _NGX_CARRIERPAY_MONEY_H_INCLUDED_ */
