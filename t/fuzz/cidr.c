
/*
 * The input is a network or an address, as text.  The C library must agree on
 * addresses.
 */


#include "fuzz.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <ngx_carrierpay_cidr.h>


static void fuzz_network(const ngx_carrierpay_cidr_t *cidr);
static void fuzz_address(const ngx_str_t *text,
    const ngx_carrierpay_addr_t *addr);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_str_t              text;
    ngx_carrierpay_addr_t  addr;
    ngx_carrierpay_cidr_t  cidr;

    text = fuzz_rest(data, size);

    if (ngx_carrierpay_cidr_parse(&text, &cidr) == NGX_OK) {
        fuzz_network(&cidr);
    }

    if (ngx_carrierpay_addr_parse(&text, &addr) == NGX_OK) {
        fuzz_address(&text, &addr);
    }

    free(text.data);

    return 0;
}


/*
 * The first and the last address are in the network, and those around it are
 * not.
 */

static void
fuzz_network(const ngx_carrierpay_cidr_t *cidr)
{
    size_t                 i, bits;
    ngx_carrierpay_addr_t  addr;
    ngx_carrierpay_cidr_t  half;

    bits = cidr->addr.family == AF_INET ? 32 : 128;
    fuzz_claim(cidr->addr.family == AF_INET || cidr->addr.family == AF_INET6);
    fuzz_claim(cidr->prefix <= bits);
    fuzz_claim(ngx_carrierpay_cidr_match(cidr, &cidr->addr));
    fuzz_claim(ngx_carrierpay_cidr_overlap(cidr, cidr));

    addr = cidr->addr;

    for (i = cidr->prefix; i < bits; i++) {
        fuzz_claim((addr.bytes[i / 8] & 0x80 >> i % 8) == 0);
        addr.bytes[i / 8] |= 0x80 >> i % 8;
    }

    fuzz_claim(ngx_carrierpay_cidr_match(cidr, &addr));

    if (cidr->prefix) {
        i = cidr->prefix - 1;
        addr.bytes[i / 8] ^= 0x80 >> i % 8;
        fuzz_claim(!ngx_carrierpay_cidr_match(cidr, &addr));
    }

    if (cidr->prefix < bits) {
        half = *cidr;
        half.prefix++;
        fuzz_claim(ngx_carrierpay_cidr_overlap(cidr, &half));
        fuzz_claim(ngx_carrierpay_cidr_overlap(&half, cidr));
    }
}


static void
fuzz_address(const ngx_str_t *text, const ngx_carrierpay_addr_t *addr)
{
    char     string[NGX_CARRIERPAY_ADDR_TEXT_MAX + 1];
    size_t   len;
    uint8_t  bytes[16], *expected;

    fuzz_claim(text->len <= NGX_CARRIERPAY_ADDR_TEXT_MAX);
    fuzz_claim(memchr(text->data, 0, text->len) == NULL);
    fuzz_claim(ngx_carrierpay_addr_class_name(
                   ngx_carrierpay_addr_class(addr)));

    memcpy(string, text->data, text->len);
    string[text->len] = '\0';

    expected = bytes;
    len = addr->family == AF_INET ? 4 : 16;

    if (inet_pton(AF_INET, string, bytes) == 1) {
        fuzz_claim(addr->family == AF_INET);

    } else {
        fuzz_claim(inet_pton(AF_INET6, string, bytes) == 1);

        /* An IPv4 address inside an IPv6 one is treated as an IPv4 address. */

        expected += addr->family == AF_INET ? 12 : 0;
    }

    fuzz_claim(memcmp(addr->bytes, expected, len) == 0);
}
