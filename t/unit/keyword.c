
#include "unit.h"
#include <ngx_carrierpay_keyword.h>


static const ngx_carrierpay_keyword_t  list[] = {
    { ngx_string("\xc3\xa9t\xc3\xa9"), NGX_CARRIERPAY_KEYWORD_INFO },
    { ngx_string("jeu1"), NGX_CARRIERPAY_KEYWORD_ANSWER },
    { ngx_string("si\xc3\xb1"), NGX_CARRIERPAY_KEYWORD_ANSWER }
};


#define assert_match(literal, wanted, follows)                                \
    action = 99;                                                              \
    assert_int_equal(ngx_carrierpay_keyword_match(list, 3, text(literal),     \
                                                  &action, &rest), NGX_OK);   \
    assert_int_equal(action, NGX_CARRIERPAY_KEYWORD_##wanted);                \
    assert_bytes(rest.data, rest.data + rest.len, follows)

#define assert_none(literal, follows)                                         \
    assert_int_equal(ngx_carrierpay_keyword_match(list, 3, text(literal),     \
                                                  &action, &rest),            \
                     NGX_DECLINED);                                           \
    assert_bytes(rest.data, rest.data + rest.len, follows)


static void
test_always(void **state)
{
    ngx_str_t                 rest;
    ngx_carrierpay_keyword_e  action;

    (void) state;

    assert_match("STOP", STOP, "");
    assert_match("ARRET", STOP, "");
    assert_match("ARR\xc3\x8aT", STOP, "");
    assert_match("UNSUBSCRIBE", STOP, "");
    assert_match("END", STOP, "");
    assert_match("QUIT", STOP, "");
    assert_match("CANCEL", STOP, "");
    assert_match("STOPALL", STOP_ALL, "");
    assert_match("YES", ANSWER, "");
    assert_match("OUI", ANSWER, "");
    assert_match("PAY", PAY, "");
    assert_match("PAYER", PAY, "");
    assert_match("Paye", PAY, "");
    assert_match("paie", PAY, "");
    assert_match("HELP", HELP, "");
    assert_match("AIDE", HELP, "");
    assert_match("INFO", INFO, "");

    assert_int_equal(ngx_carrierpay_keyword_match(NULL, 0, text("oui 1"),
                                                  &action, &rest), NGX_OK);
}


static void
test_forms(void **state)
{
    ngx_str_t                 rest;
    ngx_carrierpay_keyword_e  action;

    (void) state;

    assert_match("stop", STOP, "");
    assert_match("sToP", STOP, "");
    assert_match("  Stop!!  ", STOP, "");
    assert_match("\"STOP\".", STOP, "");
    assert_match("STOP\xef\xbf\xbd", STOP, "");
    assert_match("\xef\xbf\xbdSTOP", STOP, "");
    assert_match("\n\tstop\r\n", STOP, "");
    assert_match("\xef\xbb\xbfstop", STOP, "");
    assert_match("STOP\xf0\x9f\x98\x80", STOP, "");
    assert_match("\xe2\x9d\xa4\xef\xb8\x8f stop", STOP, "");
    assert_match("\xc2\xab\xc2\xa0oui\xc2\xa0\xc2\xbb 4821", ANSWER, "4821");
    assert_match("\xe2\x80\x9coui\xe2\x80\x9d: 4821.", ANSWER, "4821");
    assert_match("oui,4821", ANSWER, "4821");
    assert_match("YES 12 34", ANSWER, "12 34");
    assert_match("stop it, please!", STOP, "it, please");
    assert_match("AIDE \xc3\xa9t\xc3\xa9?", HELP, "\xc3\xa9t\xc3\xa9");

    assert_match("STOP ALL", STOP_ALL, "");
    assert_match("stop  tout", STOP_ALL, "");
    assert_match("Arr\xc3\xaat. Tous!", STOP_ALL, "");
    assert_match("stop-all now", STOP_ALL, "now");
    assert_match("stop allo", STOP, "allo");
    assert_match("help all", HELP, "all");
    assert_match("stopall all", STOP_ALL, "all");

    assert_none("", "");
    assert_none(" ... ", "");
    assert_none("stopp", "stopp");
    assert_none("please stop", "please stop");
    assert_none(" 4821! ", "4821");
    assert_none("stop\xc3\xa9", "stop\xc3\xa9");
    assert_none("stop\xff", "");
    assert_none("\xe2", "");
    assert_none("\xf0\x9f\x98\x80", "");
    assert_none("\xe5\xae\x89", "\xe5\xae\x89");
    assert_none("\xef\xbc\x91", "\xef\xbc\x91");
}


static void
test_list(void **state)
{
    ngx_str_t                 rest;
    ngx_carrierpay_keyword_e  action;

    (void) state;

    assert_match("\xc3\x89T\xc3\x89", INFO, "");
    assert_match("\xc3\xa9t\xc3\x89 1", INFO, "1");
    assert_match("JEU1 77", ANSWER, "77");
    assert_match("SI\xc3\x91", ANSWER, "");
    assert_none("jeu", "jeu");
    assert_none("\xc3\x97", "\xc3\x97");
}


static void
test_word(void **state)
{
    ngx_str_t  *word;

    (void) state;

    word = text("\xc3\x89T\xc3\x89" "2\xc3\x9f\xc3\x97");
    assert_int_equal(ngx_carrierpay_keyword_word(word), NGX_OK);
    assert_bytes(word->data, word->data + word->len,
                 "\xc3\xa9t\xc3\xa9" "2\xc3\x9f\xc3\x97");

    assert_int_equal(ngx_carrierpay_keyword_word(text("")), NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_word(text("a b")), NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_word(text("a!")), NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_word(text(" a")), NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_word(text("\xe9")), NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_word(
                 text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                      "aaaaaaaaaaaaa")), NGX_DECLINED);
}


static void
test_action(void **state)
{
    ngx_carrierpay_keyword_e  action;

    (void) state;

    assert_int_equal(ngx_carrierpay_keyword_action(text("stop_all"), &action),
                     NGX_OK);
    assert_int_equal(action, NGX_CARRIERPAY_KEYWORD_STOP_ALL);
    assert_int_equal(ngx_carrierpay_keyword_action(text("info"), &action),
                     NGX_OK);
    assert_int_equal(action, NGX_CARRIERPAY_KEYWORD_INFO);
    assert_int_equal(ngx_carrierpay_keyword_action(text("STOP"), &action),
                     NGX_DECLINED);
    assert_int_equal(ngx_carrierpay_keyword_action(text(""), &action),
                     NGX_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_always),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_word),
        cmocka_unit_test(test_action)
    };

    return cmocka_run_group_tests_name("keyword", tests, NULL, NULL);
}
