
#include "unit.h"
#include <ngx_carrierpay_money.h>


/* List one of ISO 4217 as published, by the number of decimals. */

static const char  decimals_0[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

static const char  decimals_2[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD "
    "BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP "
    "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
    "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
    "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD "
    "USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

static const char  decimals_3[] = "BHD IQD JOD KWD LYD OMR TND";

static const char  decimals_4[] = "CLF UYW";

static const char  without[] =
    "XAU XAG XPT XPD XDR XSU XUA XTS XX" "X XBA HRK ANG CUC BGN ZWL SLL "
    "AAA ZZZ eur EuR EU  123 \1\2\3";


static const ngx_carrierpay_currency_t *
currency(const char *code)
{
    return ngx_carrierpay_currency_find((const u_char *) code, 3);
}


static ngx_uint_t
check_all(const char *codes, ngx_uint_t exponent)
{
    ngx_uint_t                        n;
    const ngx_carrierpay_currency_t  *found;

    for (n = 0; /* void */ ; n++) {
        found = currency(codes + n * 4);

        assert_non_null(found);
        assert_memory_equal(found->code, codes + n * 4, 3);
        assert_int_equal(found->code[3], '\0');
        assert_int_equal(found->exponent, exponent);

        if (codes[n * 4 + 3] == '\0') {
            return n + 1;
        }
    }
}


static void
test_currencies(void **state)
{
    ngx_uint_t  n;
    char        code[4];

    (void) state;

    n = check_all(decimals_0, 0) + check_all(decimals_2, 2)
        + check_all(decimals_3, 3) + check_all(decimals_4, 4);

    assert_int_equal(n, 164);

    /* There are no other currencies. */

    code[3] = '\0';

    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++) {
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++) {
                n -= currency(code) != NULL;
            }
        }
    }

    assert_int_equal(n, 0);
}


static void
test_no_currency(void **state)
{
    const char  *code;

    (void) state;

    for (code = without; code < without + sizeof(without) - 1; code += 4) {
        assert_null(currency(code));
    }

    assert_null(ngx_carrierpay_currency_find(room(0), 0));
    assert_null(ngx_carrierpay_currency_find((u_char *) "EU", 2));
    assert_null(ngx_carrierpay_currency_find((u_char *) "EURO", 4));
    assert_ptr_equal(currency("EUR"), currency("EUR"));
}


static void
test_amounts(void **state)
{
    (void) state;

    assert_false(ngx_carrierpay_amount_valid(-1));
    assert_false(ngx_carrierpay_amount_valid(0));
    assert_true(ngx_carrierpay_amount_valid(1));
    assert_true(ngx_carrierpay_amount_valid(999999999999LL));
    assert_false(ngx_carrierpay_amount_valid(1000000000000LL));
    assert_false(ngx_carrierpay_amount_valid(INT64_MIN));
}


#define assert_prints(amount, code, expected)                                 \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_money_print(buf, amount, currency(code));            \
    assert_bytes(buf, end, expected)


static void
test_print(void **state)
{
    u_char  *buf, *end;

    (void) state;

    assert_prints(499, "EUR", "4.99");
    assert_prints(500, "XAF", "500");
    assert_prints(1, "TND", "0.001");
    assert_prints(12345, "TND", "12.345");
    assert_prints(1, "CLF", "0.0001");
    assert_prints(0, "EUR", "0.00");
    assert_prints(0, "XOF", "0");
    assert_prints(5, "EUR", "0.05");
    assert_prints(99, "EUR", "0.99");
    assert_prints(100, "EUR", "1.00");
    assert_prints(-5, "EUR", "-0.05");
    assert_prints(-123456, "EUR", "-1234.56");
    assert_prints(NGX_CARRIERPAY_AMOUNT_MAX, "EUR", "9999999999.99");
    assert_prints(INT64_MAX, "JPY", "9223372036854775807");
    assert_prints(INT64_MIN, "JPY", "-9223372036854775808");
    assert_prints(INT64_MIN, "EUR", "-92233720368547758.08");
    assert_prints(INT64_MIN, "UYW", "-922337203685477.5808");
}


#define assert_prints_in(locale, amount, code, expected)                      \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_money_print_locale(buf, amount, currency(code),      \
                                            NGX_CARRIERPAY_LOCALE_##locale);  \
    assert_bytes(buf, end, expected);                                         \
    assert_true(end - buf <= (ssize_t) NGX_CARRIERPAY_MONEY_LEN)

#define S  "\xe2\x80\xaf"


static void
test_print_locale(void **state)
{
    u_char  *buf, *end;

    (void) state;

    assert_prints_in(EN, 499, "EUR", "4.99");
    assert_prints_in(FR, 499, "EUR", "4,99");
    assert_prints_in(EN, 99999, "EUR", "999.99");
    assert_prints_in(EN, 100000, "EUR", "1,000.00");
    assert_prints_in(FR, 100000, "EUR", "1" S "000,00");
    assert_prints_in(EN, -123456789, "EUR", "-1,234,567.89");
    assert_prints_in(FR, 1500, "XAF", "1" S "500");
    assert_prints_in(EN, 1500, "XAF", "1,500");
    assert_prints_in(FR, 500, "XAF", "500");
    assert_prints_in(FR, 1234567, "TND", "1" S "234,567");
    assert_prints_in(EN, 0, "EUR", "0.00");
    assert_prints_in(FR, 1, "EUR", "0,01");
    assert_prints_in(EN, INT64_MIN, "JPY", "-9,223,372,036,854,775,808");
    assert_prints_in(FR, INT64_MIN, "JPY", "-9" S "223" S "372" S "036" S
                                           "854" S "775" S "808");
    assert_prints_in(FR, INT64_MIN, "EUR", "-92" S "233" S "720" S "368" S
                                           "547" S "758,08");
}


static ngx_carrierpay_locale_e
locale(const char *tag)
{
    ngx_str_t  *str;

    str = string(tag);

    return ngx_carrierpay_locale_find(str->data, str->len);
}


static void
test_locale(void **state)
{
    (void) state;

    assert_int_equal(locale("fr"), NGX_CARRIERPAY_LOCALE_FR);
    assert_int_equal(locale("FR"), NGX_CARRIERPAY_LOCALE_FR);
    assert_int_equal(locale("fr-CM"), NGX_CARRIERPAY_LOCALE_FR);
    assert_int_equal(locale("fr_FR"), NGX_CARRIERPAY_LOCALE_FR);
    assert_int_equal(locale("en"), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale("frp"), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale("fi"), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale("hr"), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale("f"), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale(""), NGX_CARRIERPAY_LOCALE_EN);
    assert_int_equal(locale("de"), NGX_CARRIERPAY_LOCALE_EN);
}


static void
test_price(void **state)
{
    u_char  *buf, *end;

    (void) state;

#define assert_price(amount, code, locale, expected)                          \
    buf = room(NGX_CARRIERPAY_PRICE_LEN);                                     \
    end = ngx_carrierpay_money_print_price(buf, amount, currency(code),       \
                                           NGX_CARRIERPAY_LOCALE_##locale);   \
    assert_bytes(buf, end, expected)

    assert_price(499, "EUR", EN, "\xe2\x82\xac" "4.99");
    assert_price(499, "EUR", FR, "4,99\xc2\xa0\xe2\x82\xac");
    assert_price(150000, "XAF", EN, "FCFA\xc2\xa0" "150,000");
    assert_price(1500, "XOF", FR, "1\xe2\x80\xaf" "500\xc2\xa0" "FCFA");
    assert_price(499, "GBP", EN, "\xc2\xa3" "4.99");
    assert_price(499, "USD", EN, "USD\xc2\xa0" "4.99");
    assert_price(INT64_MIN, "XAF", FR,
                 "-9\xe2\x80\xaf" "223\xe2\x80\xaf" "372\xe2\x80\xaf"
                 "036\xe2\x80\xaf" "854\xe2\x80\xaf" "775\xe2\x80\xaf"
                 "808\xc2\xa0" "FCFA");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_currencies),
        cmocka_unit_test(test_no_currency),
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_locale),
        cmocka_unit_test(test_price),
        cmocka_unit_test(test_locale)
    };

    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
