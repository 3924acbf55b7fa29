
#include "unit.h"
#include <ngx_carrierpay_template.h>


enum { NAME, PRICE, MARKUP, EMPTY, A, NAMES };

static const ngx_carrierpay_template_name_t  names[NAMES] = {
    { ngx_string("name"), 0 },
    { ngx_string("price"), 0 },
    { ngx_string("markup"), 1 },
    { ngx_string("empty"), 0 },
    { ngx_string("a"), 1 }
};

static const ngx_str_t  values[NAMES] = {
    ngx_string("Tom & \"Jerry\""),
    ngx_string("4,99"),
    ngx_string("<b>bold</b>"),
    ngx_null_string,
    ngx_string("<")
};


static ngx_carrierpay_template_e        escape;
static ngx_carrierpay_template_error_t  error;


static ngx_int_t
compile(ngx_carrierpay_template_t *t, ngx_str_t *str)
{
    ngx_int_t   rc;
    ngx_uint_t  nops;

    t->escape = escape;
    t->ops = NULL;

    rc = ngx_carrierpay_template_compile(t, str, names, NAMES, &error);

    if (rc != NGX_OK) {
        return rc;
    }

    nops = t->nops;

    t->ops = (ngx_carrierpay_template_op_t *)
             room(nops * sizeof(ngx_carrierpay_template_op_t));

    assert_int_equal(ngx_carrierpay_template_compile(t, str, names, NAMES,
                                                     &error),
                     NGX_OK);
    assert_int_equal(t->nops, nops);

    return NGX_OK;
}


#define assert_page(literal, expected)                                        \
    assert_int_equal(compile(&t, text(literal)), NGX_OK);                     \
    assert_int_equal(ngx_carrierpay_template_size(&t, values),                \
                     sizeof(expected) - 1);                                   \
    buf = room(sizeof(expected) - 1);                                         \
    end = ngx_carrierpay_template_write(buf, &t, values);                     \
    assert_bytes(buf, end, expected)


static void
test_values(void **state)
{
    u_char                     *buf, *end;
    ngx_carrierpay_template_t   t;

    (void) state;

    assert_page("", "");
    assert_page("no tags", "no tags");
    assert_page("{{price}}", "4,99");
    assert_page("<p>{{name}}</p>", "<p>Tom &amp; &quot;Jerry&quot;</p>");
    assert_page("{{price}}{{price}}", "4,994,99");
    assert_page("{{markup}}", "&lt;b&gt;bold&lt;/b&gt;");
    assert_page("{{&markup}}", "<b>bold</b>");
    assert_page("[{{empty}}]", "[]");
    assert_page("a { b } c } } { {", "a { b } c } } { {");
    assert_page("{", "{");
    assert_page("}}", "}}");
    assert_page("{ {price}}", "{ {price}}");
    assert_page("caf\xc3\xa9 {{price}}\n", "caf\xc3\xa9 4,99\n");
    assert_page("\0{{price}}\0", "\0" "4,99\0");
}


static void
test_sections(void **state)
{
    u_char                     *buf, *end;
    ngx_carrierpay_template_t   t;

    (void) state;

    assert_page("{{#price}}yes{{/price}}", "yes");
    assert_page("{{^price}}no{{/price}}", "");
    assert_page("{{#empty}}yes{{/empty}}", "");
    assert_page("{{^empty}}no{{/empty}}", "no");
    assert_page("{{#price}}{{/price}}", "");
    assert_page("a{{#price}}b{{price}}c{{/price}}d", "ab4,99cd");
    assert_page("a{{#empty}}b{{price}}c{{/empty}}d", "ad");
    assert_page("{{#price}}1{{/price}}{{^price}}2{{/price}}", "1");

    /* A section that is left out takes all sections inside with it. */

    assert_page("{{#price}}<{{#name}}{{^empty}}x{{/empty}}{{/name}}>"
                "{{/price}}", "<x>");
    assert_page("{{#empty}}<{{#name}}{{^empty}}x{{/empty}}{{/name}}>"
                "{{/empty}}", "");
    assert_page("{{#name}}{{#empty}}a{{/empty}}b{{/name}}c", "bc");
    assert_page("{{#name}}{{#name}}a{{/name}}{{/name}}", "a");

    assert_page("{{#name}}{{#name}}{{#name}}{{#name}}"
                "{{#name}}{{#name}}{{#name}}{{#name}}8"
                "{{/name}}{{/name}}{{/name}}{{/name}}"
                "{{/name}}{{/name}}{{/name}}{{/name}}", "8");
}


static void
test_escapes(void **state)
{
    u_char                     *buf, *end;
    ngx_carrierpay_template_t   t;

    (void) state;

    escape = NGX_CARRIERPAY_TEMPLATE_TEXT;
    assert_page("{{name}} {{markup}} {{&markup}}",
                "Tom & \"Jerry\" <b>bold</b> <b>bold</b>");
    assert_page("[{{empty}}]", "[]");

    escape = NGX_CARRIERPAY_TEMPLATE_JSON;
    assert_page("{\"a\":\"{{name}}\",\"b\":{\"c\":\"{{markup}}\"}}",
                "{\"a\":\"Tom & \\\"Jerry\\\"\","
                "\"b\":{\"c\":\"<b>bold</b>\"}}");
    assert_page("{{&markup}}{{empty}}", "<b>bold</b>");

    escape = NGX_CARRIERPAY_TEMPLATE_URI;
    assert_page("to={{price}}&text={{name}}",
                "to=4%2C99&text=Tom%20%26%20%22Jerry%22");
    assert_page("{{&markup}}{{empty}}", "<b>bold</b>");
    assert_page("{{#empty}}a{{/empty}}{{^empty}}+ %{{/empty}}", "+ %");

    escape = NGX_CARRIERPAY_TEMPLATE_HTML;
    assert_page("{{name}}", "Tom &amp; &quot;Jerry&quot;");
}


static void
test_raw_null(void **state)
{
    u_char                     *buf, *end;
    ngx_str_t                   none[NAMES];
    ngx_carrierpay_template_t   t;

    (void) state;

    memset(none, 0, sizeof(none));

    assert_int_equal(compile(&t, text("[{{&markup}}{{name}}]")), NGX_OK);
    assert_int_equal(ngx_carrierpay_template_size(&t, none), 2);
    buf = room(2);
    end = ngx_carrierpay_template_write(buf, &t, none);
    assert_bytes(buf, end, "[]");
}


static void
test_errors(void **state)
{
    ngx_carrierpay_template_t  t;

    (void) state;

#define assert_error(literal, at, words)                                      \
    error.line = 0;                                                           \
    assert_int_equal(compile(&t, text(literal)), NGX_ERROR);                  \
    assert_int_equal(error.line, at);                                         \
    assert_string_equal(error.text, words)

    assert_error("{{nobody}}", 1, "name is unknown");
    assert_error("a\nb\n{{nobody}}\n", 3, "name is unknown");
    assert_error("{{}}", 1, "name is unknown");
    assert_error("{{#}}", 1, "name is unknown");
    assert_error("{{ name }}", 1, "name is unknown");
    assert_error("{{{name}}}", 1, "name is unknown");
    assert_error("{{nam}}", 1, "name is unknown");
    assert_error("{{names}}", 1, "name is unknown");
    assert_error("{{na\nme}}", 1, "name is unknown");
    assert_error("{{!comment}}", 1, "name is unknown");

    assert_error("\n{{name", 2, "tag is not closed");
    assert_error("{{", 1, "tag is not closed");
    assert_error("{{name}", 1, "tag is not closed");
    assert_error("{{}", 1, "tag is not closed");

    assert_error("{{&name}}", 1, "value must not be written raw");

    assert_error("{{/name}}", 1, "no section is open");
    assert_error("{{#name}}\n{{/name}}\n{{/name}}", 3, "no section is open");
    assert_error("{{#name}}{{#price}}\n{{/name}}{{/price}}", 2,
                 "another section must be closed first");
    assert_error("\n{{#name}}\n\n", 2, "section is not closed");
    assert_error("{{#name}}\n{{^price}}\n{{/price}}", 1,
                 "section is not closed");

    assert_error("{{#name}}{{#name}}{{#name}}{{#name}}"
                 "{{#name}}{{#name}}{{#name}}{{#name}}\n{{#name}}", 2,
                 "sections are nested too deep");
}


/* Any text compiles or is refused; the sanitizers watch. */

static void
test_garbage(void **state)
{
    char                        garbage[64];
    size_t                      len;
    u_char                     *buf, *end;
    uint32_t                    seed, round, i, compiled;
    ngx_carrierpay_template_t   t;

    static const char  *pieces[] = {
        "{{a}}", "{{&a}}", "{{#a}}", "{{^a}}", "{{/a}}", "{{/a}}",
        "a\n", "{", "}", "{{", "{{a}"
    };

    (void) state;

    seed = 1;
    compiled = 0;

    for (round = 0; round < 20000; round++) {
        garbage[0] = '\0';

        for (i = 0; i < round % 9; i++) {
            seed = seed * 1103515245 + 12345;
            snprintf(garbage + strlen(garbage), 8, "%s",
                     pieces[(seed >> 16) % 11]);
        }

        if (compile(&t, string(garbage)) == NGX_OK) {
            len = ngx_carrierpay_template_size(&t, values);
            buf = room(len);
            end = ngx_carrierpay_template_write(buf, &t, values);

            assert_int_equal(end - buf, len);
            compiled += t.nops > 1;
        }
    }

    assert_true(compiled > 500);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_raw_null),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_garbage)
    };

    return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
