
#include "unit.h"
#include <ngx_carrierpay_cidr.h>


static ngx_carrierpay_addr_t
addr(const char *s)
{
    ngx_carrierpay_addr_t  a;

    assert_int_equal(ngx_carrierpay_addr_parse(string(s), &a), NGX_OK);

    return a;
}


static ngx_carrierpay_cidr_t
cidr(const char *s)
{
    ngx_carrierpay_cidr_t  c;

    assert_int_equal(ngx_carrierpay_cidr_parse(string(s), &c), NGX_OK);

    return c;
}


static ngx_uint_t
match(const char *network, const char *address)
{
    ngx_carrierpay_addr_t  a;
    ngx_carrierpay_cidr_t  c;

    a = addr(address);
    c = cidr(network);

    return ngx_carrierpay_cidr_match(&c, &a);
}


static void
test_addr(void **state)
{
    ngx_carrierpay_addr_t  a;

    (void) state;

    a = addr("192.0.2.1");
    assert_int_equal(a.family, AF_INET);
    assert_hex(a.bytes, 16, "c0000201000000000000000000000000");

    a = addr("2001:db8::1");
    assert_int_equal(a.family, AF_INET6);
    assert_hex(a.bytes, 16, "20010db8000000000000000000000001");

    a = addr("::ffff:192.0.2.1");
    assert_int_equal(a.family, AF_INET);
    assert_hex(a.bytes, 16, "c0000201000000000000000000000000");

    a = addr("::FFFF:c000:0201");
    assert_int_equal(a.family, AF_INET);

    a = addr("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255");
    assert_int_equal(a.family, AF_INET6);

#define assert_no_addr(literal)                                               \
    assert_int_equal(ngx_carrierpay_addr_parse(text(literal), &a),            \
                     NGX_DECLINED)

    assert_no_addr("");
    assert_no_addr("1");
    assert_no_addr("127.1");
    assert_no_addr("2130706433");
    assert_no_addr("0x7f.0.0.1");
    assert_no_addr("0177.0.0.1");
    assert_no_addr("127.0.0.01");
    assert_no_addr("127.0.0.256");
    assert_no_addr("127.0.0.1.");
    assert_no_addr("127.0.0.1.1");
    assert_no_addr(" 127.0.0.1");
    assert_no_addr("127.0.0.1 ");
    assert_no_addr("127.0.0.1\0");
    assert_no_addr("127.0.0.1\0.example.com");
    assert_no_addr("127.0.0.1/8");
    assert_no_addr("-1.0.0.1");
    assert_no_addr(":");
    assert_no_addr("[::1]");
    assert_no_addr("::1%lo");
    assert_no_addr("fe80::1%1");
    assert_no_addr("1::2::3");
    assert_no_addr("12345::");
    assert_no_addr("::ffff:127.1");
    assert_no_addr("localhost");
    assert_no_addr("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555");
}


static void
test_sockaddr(void **state)
{
    ngx_carrierpay_addr_t  a, b;

    union {
        struct sockaddr      sa;
        struct sockaddr_in   sin;
        struct sockaddr_in6  sin6;
    } u;

    (void) state;

    memset(&u, 0, sizeof(u));
    u.sin.sin_family = AF_INET;
    u.sin.sin_port = htons(80);
    u.sin.sin_addr.s_addr = htonl(0x7f000002);

    assert_int_equal(ngx_carrierpay_addr_set(&u.sa, &a), NGX_OK);
    b = addr("127.0.0.2");
    assert_memory_equal(&a, &b, sizeof(a));

    /* A listener on [::]:80 sees the same peer in this form. */

    memset(&u, 0, sizeof(u));
    u.sin6.sin6_family = AF_INET6;
    u.sin6.sin6_scope_id = 9;
    assert_int_equal(inet_pton(AF_INET6, "::ffff:127.0.0.2",
                               &u.sin6.sin6_addr), 1);

    assert_int_equal(ngx_carrierpay_addr_set(&u.sa, &a), NGX_OK);
    assert_memory_equal(&a, &b, sizeof(a));

    assert_int_equal(inet_pton(AF_INET6, "2a01:cb00::1",
                               &u.sin6.sin6_addr), 1);

    assert_int_equal(ngx_carrierpay_addr_set(&u.sa, &a), NGX_OK);
    b = addr("2a01:cb00::1");
    assert_memory_equal(&a, &b, sizeof(a));

    u.sa.sa_family = AF_UNIX;
    assert_int_equal(ngx_carrierpay_addr_set(&u.sa, &a), NGX_DECLINED);
}


static void
test_cidr(void **state)
{
    ngx_carrierpay_cidr_t  c;

    (void) state;

    assert_int_equal(cidr("92.184.96.0/19").prefix, 19);
    assert_int_equal(cidr("0.0.0.0/0").prefix, 0);
    assert_int_equal(cidr("127.0.0.2").prefix, 32);
    assert_int_equal(cidr("2a01:cb00::/24").prefix, 24);
    assert_int_equal(cidr("::/0").prefix, 0);
    assert_int_equal(cidr("::1").prefix, 128);
    assert_int_equal(cidr("::1/128").prefix, 128);

#define assert_cidr_rc(literal, rc)                                           \
    assert_int_equal(ngx_carrierpay_cidr_parse(text(literal), &c), rc)

    assert_cidr_rc("", NGX_DECLINED);
    assert_cidr_rc("/", NGX_DECLINED);
    assert_cidr_rc("/8", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/33", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/08", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/00", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/-8", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/+8", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/8 ", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/1:", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/8/8", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/0008", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/4294967304", NGX_DECLINED);
    assert_cidr_rc("10.0.0.0/255.0.0.0", NGX_DECLINED);
    assert_cidr_rc("10/8", NGX_DECLINED);
    assert_cidr_rc("::/129", NGX_DECLINED);
    assert_cidr_rc("::ffff:10.0.0.0/104", NGX_DECLINED);
    assert_cidr_rc("::ffff:10.0.0.1", NGX_DECLINED);

    assert_cidr_rc("10.0.0.1/8", NGX_ERROR);
    assert_cidr_rc("92.184.97.0/19", NGX_ERROR);
    assert_cidr_rc("128.0.0.0/0", NGX_ERROR);
    assert_cidr_rc("2a01:cb80::/24", NGX_ERROR);
    assert_cidr_rc("2a01:cb80::/25", NGX_OK);
    assert_cidr_rc("::1/127", NGX_ERROR);
}


static void
test_match(void **state)
{
    (void) state;

    assert_true(match("92.184.96.0/19", "92.184.96.0"));
    assert_true(match("92.184.96.0/19", "92.184.127.255"));
    assert_false(match("92.184.96.0/19", "92.184.128.0"));
    assert_false(match("92.184.96.0/19", "92.184.95.255"));
    assert_true(match("127.0.0.2/32", "127.0.0.2"));
    assert_true(match("127.0.0.2", "::ffff:127.0.0.2"));
    assert_false(match("127.0.0.2", "127.0.0.3"));
    assert_true(match("128.0.0.0/1", "255.0.0.1"));
    assert_false(match("128.0.0.0/1", "127.255.255.255"));
    assert_true(match("0.0.0.0/0", "1.2.3.4"));
    assert_false(match("0.0.0.0/0", "2001:db8::1"));
    assert_false(match("::/0", "1.2.3.4"));
    assert_true(match("::/0", "2001:db8::1"));
    assert_true(match("2a01:cb00::/24", "2a01:cbff:ffff::1"));
    assert_false(match("2a01:cb00::/24", "2a01:cc00::1"));
    assert_true(match("2001:db8::1/128", "2001:db8::1"));
    assert_false(match("2001:db8::1/128", "2001:db8::2"));
    assert_true(match("2001:db8::/127", "2001:db8::1"));
    assert_false(match("2001:db8::/127", "2001:db8::2"));
}


static void
test_overlap(void **state)
{
    ngx_carrierpay_cidr_t  a, b;

    (void) state;

#define assert_overlap(left, right, expected)                                 \
    a = cidr(left);                                                           \
    b = cidr(right);                                                          \
    assert_int_equal(ngx_carrierpay_cidr_overlap(&a, &b), expected);          \
    assert_int_equal(ngx_carrierpay_cidr_overlap(&b, &a), expected)

    assert_overlap("10.0.0.0/8", "10.1.0.0/16", 1);
    assert_overlap("10.0.0.0/8", "10.0.0.0/8", 1);
    assert_overlap("10.0.0.0/9", "10.128.0.0/9", 0);
    assert_overlap("127.0.0.2", "127.0.0.3", 0);
    assert_overlap("0.0.0.0/0", "192.0.2.1", 1);
    assert_overlap("0.0.0.0/0", "::/0", 0);
    assert_overlap("2a01:cb00::/24", "2a01:cb08::/32", 1);
    assert_overlap("2a01:cb00::/24", "2a02:cb08::/32", 0);
}


#define assert_class(address, kind)                                           \
    a = addr(address);                                                        \
    assert_int_equal(ngx_carrierpay_addr_class(&a),                           \
                     NGX_CARRIERPAY_ADDR_##kind)


static void
test_class_v4(void **state)
{
    ngx_carrierpay_addr_t  a;

    (void) state;

    assert_class("1.1.1.1", PUBLIC);
    assert_class("92.184.96.1", PUBLIC);
    assert_class("9.255.255.255", PUBLIC);
    assert_class("11.0.0.0", PUBLIC);
    assert_class("100.63.255.255", PUBLIC);
    assert_class("100.128.0.0", PUBLIC);
    assert_class("126.255.255.255", PUBLIC);
    assert_class("128.0.0.1", PUBLIC);
    assert_class("169.253.255.255", PUBLIC);
    assert_class("172.15.255.255", PUBLIC);
    assert_class("172.32.0.0", PUBLIC);
    assert_class("192.167.255.255", PUBLIC);
    assert_class("198.17.255.255", PUBLIC);
    assert_class("198.20.0.0", PUBLIC);
    assert_class("223.255.255.255", PUBLIC);

    assert_class("0.0.0.0", UNSPECIFIED);
    assert_class("0.1.2.3", UNSPECIFIED);
    assert_class("127.0.0.1", LOOPBACK);
    assert_class("127.255.255.254", LOOPBACK);
    assert_class("10.0.0.1", PRIVATE);
    assert_class("172.16.0.1", PRIVATE);
    assert_class("172.31.255.255", PRIVATE);
    assert_class("192.168.1.1", PRIVATE);
    assert_class("169.254.1.1", LINK_LOCAL);
    assert_class("100.64.0.1", CGNAT);
    assert_class("100.127.255.255", CGNAT);
    assert_class("224.0.0.1", MULTICAST);
    assert_class("239.255.255.255", MULTICAST);
    assert_class("240.0.0.1", RESERVED);
    assert_class("255.255.255.255", RESERVED);
    assert_class("192.0.2.1", RESERVED);
    assert_class("198.51.100.1", RESERVED);
    assert_class("198.51.100.255", RESERVED);
    assert_class("203.0.113.1", RESERVED);
    assert_class("203.0.113.255", RESERVED);
    assert_class("198.18.0.0", RESERVED);
    assert_class("198.19.255.255", RESERVED);
    assert_class("192.88.99.1", RESERVED);
    assert_class("192.88.99.255", RESERVED);
    assert_class("192.0.0.255", RESERVED);
    assert_class("192.0.2.255", RESERVED);
    assert_class("169.254.169.254", METADATA);
    assert_class("169.254.170.2", METADATA);
    assert_class("100.100.100.200", METADATA);
    assert_class("168.63.129.16", METADATA);
    assert_class("192.0.0.192", METADATA);

    /* The neighbours of the metadata services are none. */

    assert_class("169.254.169.255", LINK_LOCAL);
    assert_class("169.254.170.3", LINK_LOCAL);
    assert_class("100.100.100.201", CGNAT);
    assert_class("168.63.129.17", PUBLIC);
    assert_class("192.0.0.193", RESERVED);
}


static void
test_class_v6(void **state)
{
    ngx_carrierpay_addr_t  a;

    (void) state;

    assert_class("2a01:cb00::1", PUBLIC);
    assert_class("2606:4700:4700::1111", PUBLIC);
    assert_class("::", UNSPECIFIED);
    assert_class("::1", LOOPBACK);
    assert_class("::2", RESERVED);
    assert_class("::7f00:1", RESERVED);
    assert_class("fc00::1", PRIVATE);
    assert_class("fdff::1", PRIVATE);
    assert_class("fec0::1", PRIVATE);
    assert_class("fe80::1", LINK_LOCAL);
    assert_class("febf::1", LINK_LOCAL);
    assert_class("ff02::1", MULTICAST);
    assert_class("ffff::1", MULTICAST);
    assert_class("fd00:ec2::254", METADATA);
    assert_class("fd20:ce::254", METADATA);
    assert_class("fd00:ec2::255", PRIVATE);
    assert_class("fd20:ce::255", PRIVATE);
    assert_class("2001:db8::1", RESERVED);
    assert_class("2001:db8:ffff::1", RESERVED);
    assert_class("2001:db7::1", PUBLIC);
    assert_class("2001:db9::1", PUBLIC);
    assert_class("2001::1", RESERVED);
    assert_class("2001:10::1", RESERVED);
    assert_class("2001:200::1", PUBLIC);
    assert_class("2002:7f00:1::1", RESERVED);
    assert_class("3fff::1", RESERVED);
    assert_class("3fff:fff::1", RESERVED);
    assert_class("3fff:1000::1", PUBLIC);
    assert_class("2000::1", PUBLIC);
    assert_class("1fff::1", RESERVED);
    assert_class("100::1", RESERVED);
    assert_class("4000::1", RESERVED);
}


static void
test_class_inner(void **state)
{
    ngx_carrierpay_addr_t  a;

    (void) state;

    assert_class("::ffff:127.0.0.1", LOOPBACK);
    assert_class("::ffff:10.0.0.1", PRIVATE);
    assert_class("::ffff:169.254.169.254", METADATA);
    assert_class("::ffff:1.1.1.1", PUBLIC);

    assert_class("64:ff9b::127.0.0.1", LOOPBACK);
    assert_class("64:ff9b::10.0.0.1", PRIVATE);
    assert_class("64:ff9b::a9fe:a9fe", METADATA);
    assert_class("64:ff9b::1.1.1.1", PUBLIC);
    assert_class("64:ff9b:1::1.1.1.1", RESERVED);
    assert_class("64:ff9b::1:1.1.1.1", RESERVED);
}


static void
test_class_names(void **state)
{
    (void) state;

    assert_string_equal(
        ngx_carrierpay_addr_class_name(NGX_CARRIERPAY_ADDR_PUBLIC), "public");
    assert_string_equal(
        ngx_carrierpay_addr_class_name(NGX_CARRIERPAY_ADDR_LINK_LOCAL),
        "link-local");
    assert_string_equal(
        ngx_carrierpay_addr_class_name(NGX_CARRIERPAY_ADDR_RESERVED),
        "reserved");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_addr),
        cmocka_unit_test(test_sockaddr),
        cmocka_unit_test(test_cidr),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_class_v4),
        cmocka_unit_test(test_class_v6),
        cmocka_unit_test(test_class_inner),
        cmocka_unit_test(test_class_names)
    };

    return cmocka_run_group_tests_name("cidr", tests, NULL, NULL);
}
