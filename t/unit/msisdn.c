
#include "unit.h"
#include <ngx_carrierpay_msisdn.h>


static ngx_str_t  fr_prefixes[] = { ngx_string("6"), ngx_string("7") };
static ngx_str_t  cm_prefixes[] = { ngx_string("6") };
static ngx_str_t  us_prefixes[] = { ngx_string("212"), ngx_string("33"),
                                    ngx_string("2015550199") };

static ngx_str_t  be_prefixes[] = { ngx_string("46"), ngx_string("47") };
static ngx_str_t  be_fixed[] = { ngx_string("2"), ngx_string("4") };
static ngx_str_t  ci_prefixes[] = { ngx_string("07") };
static ngx_str_t  ci_fixed[] = { ngx_string("2") };
static ngx_str_t  lu_prefixes[] = { ngx_string("621") };
static ngx_str_t  lu_fixed[] = { ngx_string("2"), ngx_string("3") };
static ngx_str_t  hu_prefixes[] = { ngx_string("30") };
static ngx_str_t  ru_fixed[] = { ngx_string("81") };

static ngx_carrierpay_numbering_t  fr =
    { ngx_string("33"), 9, 9, ngx_string("0"), fr_prefixes, 2, NULL, 0 };
static ngx_carrierpay_numbering_t  cm =
    { ngx_string("237"), 9, 9, ngx_null_string, cm_prefixes, 1, NULL, 0 };
static ngx_carrierpay_numbering_t  us =
    { ngx_string("1"), 10, 10, ngx_string("1"), us_prefixes, 3, NULL, 0 };
static ngx_carrierpay_numbering_t  any =
    { ngx_string("44"), 7, 10, ngx_null_string, NULL, 0, NULL, 0 };
static ngx_carrierpay_numbering_t  longest =
    { ngx_string("423"), 2, 12, ngx_null_string, NULL, 0, NULL, 0 };
static ngx_carrierpay_numbering_t  be =
    { ngx_string("32"), 9, 9, ngx_string("0"), be_prefixes, 2, be_fixed, 2 };
static ngx_carrierpay_numbering_t  ci =
    { ngx_string("225"), 10, 10, ngx_null_string, ci_prefixes, 1,
      ci_fixed, 1 };
static ngx_carrierpay_numbering_t  lu =
    { ngx_string("352"), 9, 9, ngx_null_string, lu_prefixes, 1, lu_fixed, 2 };
static ngx_carrierpay_numbering_t  ru =
    { ngx_string("7"), 8, 10, ngx_string("8"), NULL, 0, ru_fixed, 1 };
static ngx_carrierpay_numbering_t  hu =
    { ngx_string("36"), 9, 9, ngx_string("06"), hu_prefixes, 1, NULL, 0 };


static ngx_int_t
parse(ngx_str_t *str, ngx_carrierpay_numbering_t *numbering)
{
    ngx_carrierpay_msisdn_t  msisdn;

    return ngx_carrierpay_msisdn_parse(str, numbering,
                                       NGX_CARRIERPAY_MSISDN_ANY, &msisdn);
}


#define assert_form(literal, numbering, form, rc)                             \
    assert_int_equal(ngx_carrierpay_msisdn_parse(text(literal), numbering,    \
                                      NGX_CARRIERPAY_MSISDN_##form, &msisdn), \
                     rc)

#define assert_number(literal, numbering, expected)                           \
    assert_form(literal, numbering, ANY, NGX_OK);                             \
    assert_bytes(msisdn.digits, msisdn.digits + msisdn.len, expected)

#define assert_no_number(literal, numbering)                                  \
    assert_int_equal(parse(text(literal), numbering), NGX_DECLINED)


static void
test_forms(void **state)
{
    ngx_carrierpay_msisdn_t  msisdn;

    (void) state;

    assert_number("+33612345678", &fr, "33612345678");
    assert_number("33612345678", &fr, "33612345678");
    assert_number("0033612345678", &fr, "33612345678");
    assert_number("0612345678", &fr, "33612345678");
    assert_number("0712345678", &fr, "33712345678");

    assert_number("+237671234567", &cm, "237671234567");
    assert_number("671234567", &cm, "237671234567");
    assert_number("00237671234567", &cm, "237671234567");

    /* As in "+33 (0)6 12 34 56 78". */

    assert_number("+330612345678", &fr, "33612345678");
    assert_number("00330612345678", &fr, "33612345678");
    assert_number("330612345678", &fr, "33612345678");

    /* The trunk prefix may be missing. */

    assert_number("612345678", &fr, "33612345678");
    assert_number("2125550100", &us, "12125550100");
    assert_number("301234567", &hu, "36301234567");
    assert_number("470123456", &be, "32470123456");
    assert_no_number("42123456", &be);
    assert_no_number("21234", &be);

    assert_number("06301234567", &hu, "36301234567");
    assert_number("0036301234567", &hu, "36301234567");

    /*
     * A national number may begin with 0 if the country has no trunk prefix.
     */

    assert_number("0712345678", &ci, "2250712345678");
    assert_number("2250712345678", &ci, "2250712345678");
    assert_number("002250712345678", &ci, "2250712345678");

    assert_number("12125550100", &us, "12125550100");
    assert_number("+12125550100", &us, "12125550100");
    assert_number("+13355501000", &us, "13355501000");
    assert_number("+12015550199", &us, "12015550199");

    assert_number("447400123456", &any, "447400123456");
    assert_number("+441234567", &any, "441234567");
    assert_number("+423123456789012", &longest, "423123456789012");
    assert_number("+42312", &longest, "42312");
}


static void
test_countries(void **state)
{
    ngx_carrierpay_msisdn_t  msisdn;

    (void) state;

    /* A caller that does not know the country does not take national forms. */

    assert_form("0612345678", &fr, DIGITS, NGX_DECLINED);
    assert_form("612345678", &fr, DIGITS, NGX_DECLINED);
    assert_form("671234567", &cm, DIGITS, NGX_DECLINED);
    assert_form("33612345678", &fr, DIGITS, NGX_OK);
    assert_form("330612345678", &fr, DIGITS, NGX_OK);
    assert_form("+33612345678", &fr, DIGITS, NGX_OK);
    assert_form("0033612345678", &fr, DIGITS, NGX_OK);

    /* To one that knows of another country, only the plus tells of this. */

    assert_form("33612345678", &fr, INTERNATIONAL, NGX_DECLINED);
    assert_form("0612345678", &fr, INTERNATIONAL, NGX_DECLINED);
    assert_form("671234567", &cm, INTERNATIONAL, NGX_DECLINED);
    assert_form("+33612345678", &fr, INTERNATIONAL, NGX_OK);
    assert_form("0033612345678", &fr, INTERNATIONAL, NGX_OK);
}


static void
test_refused(void **state)
{
    (void) state;

    assert_no_number("", &fr);
    assert_no_number("+", &fr);
    assert_no_number("0", &fr);
    assert_no_number("00", &fr);
    assert_no_number("33", &fr);
    assert_no_number("+33", &fr);
    assert_no_number("unknown", &fr);
    assert_no_number("anonymous", &fr);

    /*
     * A number of another country, of another operator, or of another length.
     */

    assert_no_number("+237671234567", &fr);
    assert_no_number("0037671234567", &fr);
    assert_no_number("33512345678", &fr);
    assert_no_number("0512345678", &fr);
    assert_no_number("3361234567", &fr);
    assert_no_number("336123456789", &fr);
    assert_no_number("061234567", &fr);
    assert_no_number("06123456789", &fr);
    assert_no_number("13455501000", &us);
    assert_no_number("12015550198", &us);
    assert_no_number("+4231234567890123", &longest);

    /* Not every country has a trunk prefix, nor the same one. */

    assert_no_number("0671234567", &cm);
    assert_no_number("00671234567", &cm);
    assert_no_number("0301234567", &hu);
    assert_no_number("1621123456", &lu);

    /* Two prefixes in a row. */

    assert_no_number("++33612345678", &fr);
    assert_no_number("+0033612345678", &fr);
    assert_no_number("00+33612345678", &fr);
    assert_no_number("0+33612345678", &fr);
    assert_no_number("+3300612345678", &fr);
    assert_no_number("+33330612345678", &fr);
    assert_no_number("+237 0671234567", &cm);
    assert_no_number("+2370671234567", &cm);
    assert_no_number("+0612345678", &fr);
    assert_no_number("00612345678", &fr);
    assert_no_number("00033612345678", &fr);
}


static void
test_hostile(void **state)
{
    u_char     *p;
    ngx_str_t   huge;

    (void) state;

    assert_no_number(" 33612345678", &fr);
    assert_no_number("33612345678 ", &fr);
    assert_no_number("33612345678\0", &fr);
    assert_no_number("3361234567\0", &fr);
    assert_no_number("33612345678\n", &fr);
    assert_no_number("33612345678,33612345679", &fr);
    assert_no_number("33612345678, 33612345678", &fr);
    assert_no_number("06 12 34 56 78", &fr);
    assert_no_number("06.12.34.56.78", &fr);
    assert_no_number("336-1234567", &fr);
    assert_no_number("tel:+33612345678", &fr);
    assert_no_number("0x612345678", &fr);
    assert_no_number("3361234567\xb8", &fr);
    assert_no_number("+33\xd9\xa6" "1234567", &fr);         /* Arabic 6 */
    assert_no_number("\xef\xbc\x8b" "33612345678", &fr);    /* wide plus */

    for (p = (u_char *) "\t\r\x01\x7f\x80\xff'\"%;/:"; *p; p++) {
        huge = *text("33612345678");
        huge.data[5] = *p;
        assert_int_equal(parse(&huge, &fr), NGX_DECLINED);
    }

    for (huge.len = 16; huge.len < 100; huge.len++) {
        huge.data = memset(room(huge.len), '3', huge.len);
        assert_int_equal(parse(&huge, &fr), NGX_DECLINED);
        assert_int_equal(parse(&huge, &longest), NGX_DECLINED);
    }

    /*
     * A numbering that the check refuses does not lead beyond 15 digits
     * either.
     */

    any.len_max = 99;
    assert_no_number("4412345678901234", &any);
    any.len_max = 10;
}


static void
test_kinds(void **state)
{
    ngx_carrierpay_msisdn_t  msisdn;

    (void) state;

#define assert_kind(literal, numbering, kind)                                 \
    assert_int_equal(ngx_carrierpay_msisdn_load(text(literal), &msisdn),      \
                     NGX_OK);                                                 \
    assert_int_equal(ngx_carrierpay_numbering_kind(numbering, &msisdn),       \
                     NGX_CARRIERPAY_NUMBER_##kind)

    /* If no fixed lines are given, the prefixes decide. */

    assert_kind("33612345678", &fr, OWN);
    assert_kind("33112345678", &fr, NONE);
    assert_kind("3361234567", &fr, NONE);
    assert_kind("32461234567", &fr, NONE);
    assert_kind("441234567", &any, OWN);
    assert_kind("44123456", &any, NONE);

    /*
     * If fixed lines are given, numbers of other operators may have been
     * ported.
     */

    assert_kind("32461234567", &be, OWN);
    assert_kind("32901234567", &be, MOBILE);
    assert_kind("3290123456", &be, NONE);
    assert_kind("32090123456", &be, NONE);

    /*
     * The longest prefix decides, and fixed lines have lengths of their own.
     */

    assert_kind("3242123456", &be, FIXED);
    assert_kind("3221234567", &be, FIXED);
    assert_kind("3246123456", &be, NONE);

    assert_number("042123456", &be, "3242123456");
    assert_number("+3221234567", &be, "3221234567");
    assert_number("0901234567", &be, "32901234567");

    /*
     * Of two readings, a mobile one goes first, then the one that is better
     * known.
     */

    assert_number("352621123456", &lu, "352621123456");
    assert_number("3522112345", &lu, "3522112345");
    assert_number("2112345", &lu, "3522112345");
    assert_number("35262112345", &lu, "35235262112345");
    assert_number("+35235262112345", &lu, "35235262112345");
    assert_number("621123456", &lu, "352621123456");

    /* A trunk prefix after the country code, or a part of the number. */

    assert_number("+78123456789", &ru, "78123456789");
    assert_number("+789123456789", &ru, "79123456789");
    assert_number("2252345678", &ci, "2252345678");
}


static void
test_join(void **state)
{
    ngx_str_t                *national;
    ngx_carrierpay_msisdn_t   msisdn;

    (void) state;

#define assert_join(literal, rc)                                              \
    national = text(literal);                                                 \
    assert_int_equal(ngx_carrierpay_msisdn_join(&fr.cc, national->data,       \
                                                national->len, &msisdn), rc)

    assert_join("612345678", NGX_OK);
    assert_bytes(msisdn.digits, msisdn.digits + msisdn.len, "33612345678");
    assert_join("6123456789012", NGX_OK);
    assert_int_equal(msisdn.len, NGX_CARRIERPAY_MSISDN_MAX);

    assert_join("61234567890123", NGX_DECLINED);
    assert_join("61", NGX_DECLINED);
    assert_join("", NGX_DECLINED);
    assert_join("6 2345678", NGX_DECLINED);
    assert_join("61234\00078", NGX_DECLINED);
}


static void
test_load(void **state)
{
    ngx_carrierpay_msisdn_t  msisdn;

    (void) state;

    assert_int_equal(ngx_carrierpay_msisdn_load(text("33612345678"), &msisdn),
                     NGX_OK);
    assert_bytes(msisdn.digits, msisdn.digits + msisdn.len, "33612345678");

#define assert_not_loaded(literal)                                            \
    assert_int_equal(ngx_carrierpay_msisdn_load(text(literal), &msisdn),      \
                     NGX_DECLINED)

    assert_not_loaded("");
    assert_not_loaded("+33612345678");
    assert_not_loaded("0612345678");
    assert_not_loaded("1234");
    assert_not_loaded("1234567890123456");
    assert_not_loaded("3361234567x");
    assert_not_loaded("33612345\0" "78");
}


static void
test_mask(void **state)
{
    u_char                   *buf, *end;
    ngx_carrierpay_msisdn_t   msisdn;

    (void) state;

#define assert_mask(number, expected)                                         \
    assert_int_equal(ngx_carrierpay_msisdn_load(text(number), &msisdn),       \
                     NGX_OK);                                                 \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_msisdn_mask(buf, &msisdn);                           \
    assert_bytes(buf, end, expected);                                         \
    assert_true(end - buf <= (ssize_t) NGX_CARRIERPAY_MSISDN_MASK_LEN)

    assert_mask("33612345678", "+33******78");
    assert_mask("237671234567", "+237******67");
    assert_mask("12125550123", "+1******23");
    assert_mask("79161234567", "+7******67");
    assert_mask("352621123456", "+352******56");
    assert_mask("393331234567", "+39******67");
    assert_mask("447400123456", "+44******56");
    assert_mask("423123456789012", "+423******12");
    assert_mask("212612345678", "+212******78");
    assert_mask("20101234567", "+20******67");
    assert_mask("886912345678", "+886******78");
    assert_mask("8613812345678", "+86******78");

    /*
     * The last two digits of a short number stay only if four others are
     * hidden.
     */

    assert_mask("423123456", "+423******56");
    assert_mask("42312345", "+423******");
    assert_mask("33612", "+33******");
    assert_mask("42312", "+423******");
}


static void
test_pairs(void **state)
{
    u_char                   *buf, *end;
    ngx_carrierpay_msisdn_t   msisdn;

    (void) state;

#define assert_pairs(number, expected)                                        \
    assert_int_equal(ngx_carrierpay_msisdn_load(text(number), &msisdn),       \
                     NGX_OK);                                                 \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_msisdn_pairs(buf, &msisdn);                          \
    assert_bytes(buf, end, expected);                                         \
    assert_true(end - buf <= (ssize_t) NGX_CARRIERPAY_MSISDN_PAIRS_LEN)

    assert_pairs("33612345678", "+33 6 12 34 56 78");
    assert_pairs("237671234567", "+237 6 71 23 45 67");
    assert_pairs("12125550123", "+1 21 25 55 01 23");
    assert_pairs("423123456789012", "+423 12 34 56 78 90 12");
    assert_pairs("123456789012345", "+1 23 45 67 89 01 23 45");
    assert_pairs("42312", "+423 12");
}


static void
test_check(void **state)
{
    ngx_str_t                   prefix;
    ngx_carrierpay_numbering_t  numbering;

    (void) state;

    assert_null(ngx_carrierpay_numbering_check(&fr));
    assert_null(ngx_carrierpay_numbering_check(&cm));
    assert_null(ngx_carrierpay_numbering_check(&us));
    assert_null(ngx_carrierpay_numbering_check(&any));
    assert_null(ngx_carrierpay_numbering_check(&longest));

#define assert_wrong(field, bad)                                              \
    numbering = fr;                                                           \
    numbering.field = bad;                                                    \
    assert_non_null(ngx_carrierpay_numbering_check(&numbering))

    assert_wrong(cc, *text(""));
    assert_wrong(cc, *text("0"));
    assert_wrong(cc, *text("+33"));
    assert_wrong(cc, *text("3345"));
    assert_wrong(len_min, 10);
    assert_wrong(len_max, 8);
    assert_wrong(len_max, 14);
    assert_wrong(len_min, 2);

    prefix = *text("");
    assert_wrong(prefixes, &prefix);
    prefix = *text("6x");
    assert_wrong(prefixes, &prefix);
    prefix = *text("6123456789");
    assert_wrong(prefixes, &prefix);

    prefix = *text("612345678");
    numbering.nprefixes = 1;
    assert_null(ngx_carrierpay_numbering_check(&numbering));

    assert_null(ngx_carrierpay_numbering_check(&be));
    assert_null(ngx_carrierpay_numbering_check(&ci));
    assert_null(ngx_carrierpay_numbering_check(&lu));
    assert_null(ngx_carrierpay_numbering_check(&hu));

    assert_wrong(trunk, *text("x"));
    assert_wrong(trunk, *text("0123"));
    assert_wrong(trunk, *text("00"));

    numbering = be;
    numbering.fixed = &prefix;
    numbering.nfixed = 1;
    prefix = *text("");
    assert_non_null(ngx_carrierpay_numbering_check(&numbering));
    prefix = *text("2a");
    assert_non_null(ngx_carrierpay_numbering_check(&numbering));
    prefix = *text("47");
    assert_non_null(ngx_carrierpay_numbering_check(&numbering));
    prefix = *text("471");
    assert_null(ngx_carrierpay_numbering_check(&numbering));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_countries),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_check)
    };

    return cmocka_run_group_tests_name("msisdn", tests, NULL, NULL);
}
