
#include "unit.h"
#include <ngx_carrierpay_url.h>


static void
assert_uri(ngx_carrierpay_url_t *url, const char *expected)
{
    char  uri[NGX_CARRIERPAY_URL_MAX + 1];

    (void) snprintf(uri, sizeof(uri), "%.*s%.*s", (int) url->path.len,
                    url->path.data, (int) url->query.len, url->query.data);
    assert_string_equal(uri, expected);
}


static void
test_parts(void **state)
{
    ngx_carrierpay_url_t  url;

    (void) state;

#define assert_url(literal, is_tls, name, at, auth, rest)                     \
    assert_null(ngx_carrierpay_url_parse(text(literal), &url));               \
    assert_int_equal(url.tls, is_tls);                                        \
    assert_str(&url.host, name);                                              \
    assert_int_equal(url.port, at);                                           \
    assert_str(&url.authority, auth);                                         \
    assert_uri(&url, rest)

    assert_url("https://shop.example.com/hook", 1, "shop.example.com", 443,
               "shop.example.com", "/hook");
    assert_int_equal(url.literal, 0);

    assert_url("http://127.0.0.1:8090/", 0, "127.0.0.1", 8090,
               "127.0.0.1:8090", "/");
    assert_int_equal(url.literal, 1);
    assert_int_equal(url.addr.family, AF_INET);
    assert_hex(url.addr.bytes, 4, "7f000001");

    assert_url("https://[2001:DB8::1]:8443/a?b=c", 1, "2001:DB8::1", 8443,
               "[2001:DB8::1]:8443", "/a?b=c");
    assert_int_equal(url.literal, 1);
    assert_int_equal(url.addr.family, AF_INET6);

    assert_url("https://[::ffff:10.0.0.1]/", 1, "::ffff:10.0.0.1", 443,
               "[::ffff:10.0.0.1]", "/");
    assert_int_equal(url.addr.family, AF_INET);

    assert_url("http://localhost", 0, "localhost", 80, "localhost", "/");
    assert_url("https://Shop.Example.COM", 1, "Shop.Example.COM", 443,
               "Shop.Example.COM", "/");
    assert_url("https://a.b:1/", 1, "a.b", 1, "a.b:1", "/");
    assert_url("https://a.b:65535/", 1, "a.b", 65535, "a.b:65535", "/");
    assert_url("https://xn--bcher-kva.example/%C3%A9?x[]=1&y='*!$,;:@/?", 1,
               "xn--bcher-kva.example", 443, "xn--bcher-kva.example",
               "/%C3%A9?x[]=1&y='*!$,;:@/?");
    assert_url("https://h/~%7e%41", 1, "h", 443, "h", "/~%7e%41");
    assert_url("https://h//a/../b?", 1, "h", 443, "h", "//a/../b?");
    assert_url("https://1a.2b/", 1, "1a.2b", 443, "1a.2b", "/");
    assert_url("https://1.2.3.example/", 1, "1.2.3.example", 443,
               "1.2.3.example", "/");
    assert_url("https://0xcafe.example/", 1, "0xcafe.example", 443,
               "0xcafe.example", "/");

    assert_url("HTTPS://Shop.Example/done", 1, "Shop.Example", 443,
               "Shop.Example", "/done");
    assert_url("hTTp://a/", 0, "a", 80, "a", "/");
    assert_url("https://shop.example?order=12", 1, "shop.example", 443,
               "shop.example", "/?order=12");
    assert_url("https://a:8443?/b", 1, "a", 8443, "a:8443", "/?/b");
    assert_url("https://a?", 1, "a", 443, "a", "/?");
    assert_url("https://a:/b", 1, "a", 443, "a", "/b");
    assert_url("http://[::1]:", 0, "::1", 80, "[::1]", "/");
}


static void
assert_refused(ngx_str_t *str, const char *word)
{
    const char            *failed;
    ngx_carrierpay_url_t   url;

    failed = ngx_carrierpay_url_parse(str, &url);

    if (failed == NULL || strstr(failed, word) == NULL) {
        fail_msg("\"%.*s\": %s", (int) str->len, str->data,
                 failed ? failed : "accepted");
    }
}


static void
test_scheme(void **state)
{
    (void) state;

    assert_refused(text(""), "https://");
    assert_refused(text("http"), "https://");
    assert_refused(text("http:/"), "https://");
    assert_refused(text("https:/a"), "https://");
    assert_refused(text("//a/"), "https://");
    assert_refused(text("/a"), "https://");
    assert_refused(text("a.example"), "https://");
    assert_refused(text("ftp://a/"), "https://");
    assert_refused(text("file:///etc/passwd"), "https://");
    assert_refused(text("javascript:alert(1)//"), "https://");
    assert_refused(text("HTTPX://a/"), "https://");
    assert_refused(text("https:a"), "https://");
}


static void
test_characters(void **state)
{
    u_char      c;
    ngx_uint_t  i;
    ngx_str_t  *str;

    (void) state;

    assert_refused(text("https://a/#top"), "fragment");
    assert_refused(text("https://a#/"), "fragment");

    for (i = 0; i < 256; i++) {
        c = (u_char) i;

        if (c <= ' ' || c > '~' || memchr("\"<>\\^`{|}", c, 9)) {
            str = text("https://a/b?c");
            str->data[11] = c;
            assert_refused(str, "must not have");
            str = text("https://a.b/");
            str->data[9] = c;
            assert_refused(str, "must not have");
        }
    }

    assert_refused(text("https://a/%"), "%");
    assert_refused(text("https://a/%4"), "%");
    assert_refused(text("https://a/%4g"), "%");
    assert_refused(text("https://a/%g4"), "%");
    assert_refused(text("https://a/?q=%zz"), "%");

    assert_refused(text("https://a?%"), "%");
    assert_refused(text("https://?b"), "host");
}


static void
test_user_info(void **state)
{
    (void) state;

    assert_refused(text("https://user@a/"), "user info");
    assert_refused(text("https://user:pass@a/"), "user info");
    assert_refused(text("https://a.example:443@127.0.0.1/"), "user info");
    assert_refused(text("https://@a/"), "user info");
    assert_refused(text("https://[::1]@a/"), "user info");
}


static void
test_host(void **state)
{
    (void) state;

    assert_refused(text("https://"), "host");
    assert_refused(text("http://"), "host");
    assert_refused(text("https:///"), "host");
    assert_refused(text("https://:443/"), "host");
    assert_refused(text("https://./"), "host");
    assert_refused(text("https://a./"), "host");
    assert_refused(text("https://.a/"), "host");
    assert_refused(text("https://a..b/"), "host");
    assert_refused(text("https://-a/"), "host");
    assert_refused(text("https://a-/"), "host");
    assert_refused(text("https://a.-b/"), "host");
    assert_refused(text("https://a_b/"), "host");
    assert_refused(text("https://a%2eb/"), "host");
    assert_refused(text("https://a*b/"), "host");
    assert_refused(text("https://a,b/"), "host");
}


/* Texts that resolvers and browsers take for an address, such as 127.0.0.1. */

static void
test_host_numbers(void **state)
{
    (void) state;

    assert_refused(text("http://2130706433/"), "host");
    assert_refused(text("http://127.1/"), "host");
    assert_refused(text("http://127.0.1/"), "host");
    assert_refused(text("http://0x7f000001/"), "host");
    assert_refused(text("http://0x7f.0.0.1/"), "host");
    assert_refused(text("http://127.0.0.0x1/"), "host");
    assert_refused(text("http://0177.0.0.1/"), "host");
    assert_refused(text("http://127.0.0.01/"), "host");
    assert_refused(text("http://0/"), "host");
    assert_refused(text("http://0x/"), "host");
    assert_refused(text("http://0X7F/"), "host");
    assert_refused(text("http://a.0x/"), "host");
    assert_refused(text("http://1.2.3.4.5/"), "host");
    assert_refused(text("http://256.0.0.1/"), "host");
    assert_refused(text("http://127.0.0.1./"), "host");

    assert_refused(text("http://[/"), "host");
    assert_refused(text("http://[]/"), "host");
    assert_refused(text("http://[::1/"), "host");
    assert_refused(text("http://::1/"), "host");
    assert_refused(text("http://[127.0.0.1]/"), "host");
    assert_refused(text("http://[::1%25lo]/"), "host");
    assert_refused(text("http://[v1.a]/"), "host");
    assert_refused(text("http://[[::1]]/"), "host");
    assert_refused(text("http://[::1]x/"), "port");
}


/* A label has at most 63 bytes, and a name at most 253. */

static void
test_host_length(void **state)
{
    ngx_str_t             *str;
    ngx_carrierpay_url_t   url;

    (void) state;

    str = unit_str("", 0);
    str->len = 8 + 253;
    str->data = memset(room(str->len), 'a', str->len);
    memcpy(str->data, "https://", 8);
    assert_refused(str, "host");

    str->data[8 + 63] = str->data[8 + 127] = str->data[8 + 191] = '.';
    assert_null(ngx_carrierpay_url_parse(str, &url));

    str->data[8 + 191] = 'a';
    str->data[8 + 192] = '.';
    assert_refused(str, "host");

    str->len++;
    str->data = memset(room(str->len), 'a', str->len);
    memcpy(str->data, "https://", 8);
    str->data[8 + 63] = str->data[8 + 127] = str->data[8 + 191] = '.';
    assert_refused(str, "host");
}


static void
test_port(void **state)
{
    (void) state;

    assert_refused(text("https://a:0/"), "port");
    assert_refused(text("https://a:080/"), "port");
    assert_refused(text("https://a:65536/"), "port");
    assert_refused(text("https://a:99999/"), "port");
    assert_refused(text("https://a:100000/"), "port");
    assert_refused(text("https://a:4294967376/"), "port");
    assert_refused(text("https://a:-1/"), "port");
    assert_refused(text("https://a:+80/"), "port");
    assert_refused(text("https://a:80x/"), "port");
    assert_refused(text("https://a:80:80/"), "port");
    assert_refused(text("https://[::1]::/"), "port");
}


static void
test_length(void **state)
{
    ngx_str_t             *str;
    ngx_carrierpay_url_t   url;

    (void) state;

    str = unit_str("", 0);
    str->len = NGX_CARRIERPAY_URL_MAX;
    str->data = memset(room(str->len), 'a', str->len);
    memcpy(str->data, "https://a/", 10);
    assert_null(ngx_carrierpay_url_parse(str, &url));

    str->len++;
    str->data = memset(room(str->len), 'a', str->len);
    memcpy(str->data, "https://a/", 10);
    assert_refused(str, "longer");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_scheme),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_user_info),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_host_numbers),
        cmocka_unit_test(test_host_length),
        cmocka_unit_test(test_port),
        cmocka_unit_test(test_length)
    };

    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
