
#include "unit.h"
#include "gateway.h"
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_base64.h>


#define KEY_A  "603deb1015ca71be2b73aef0857d7781"                             \
               "1f352c073b6108d72d9810a30914dff4"
#define KEY_B  "603deb1015ca71be2b73aef0857d7781"                             \
               "1f352c073b6108d72d9810a30914dff5"


/* The examples of FIPS 180-4. */

static void
test_sha256(void **state)
{
    u_char     *out;
    ngx_str_t  *str;

    (void) state;

    out = room(NGX_CARRIERPAY_SHA256_LEN);

#define assert_sha256(literal, digest)                                        \
    str = text(literal);                                                      \
    ngx_carrierpay_sha256(out, str->data, str->len);                          \
    assert_hex(out, NGX_CARRIERPAY_SHA256_LEN, digest)

    assert_sha256("", "e3b0c44298fc1c149afbf4c8996fb924"
                      "27ae41e4649b934ca495991b7852b855");
    assert_sha256("abc", "ba7816bf8f01cfea414140de5dae2223"
                         "b00361a396177a9cb410ff61f20015ad");
    assert_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                  "248d6a61d20638b8e5c026930c3e6039"
                  "a33ce45964ff2167f6ecedd419db06c1");
}


static ngx_str_t *
repeat(u_char c, size_t n)
{
    ngx_str_t  *str;

    str = unit_str("", 0);
    str->data = memset(room(n), c, n);
    str->len = n;

    return str;
}


/* The examples of RFC 4231, except case 5, which is about truncation. */

static void
test_hmac(void **state)
{
    u_char     *out;
    ngx_str_t  *str;

    (void) state;

    out = room(NGX_CARRIERPAY_SHA256_LEN);

#define assert_hmac(key, message, digest)                                     \
    str = message;                                                            \
    ngx_carrierpay_hmac_sha256(out, key, str->data, str->len);                \
    assert_hex(out, NGX_CARRIERPAY_SHA256_LEN, digest)

    assert_hmac(repeat(0x0b, 20), text("Hi There"),
                "b0344c61d8db38535ca8afceaf0bf12b"
                "881dc200c9833da726e9376c2e32cff7");
    assert_hmac(text("Jefe"), text("what do ya want for nothing?"),
                "5bdcc146bf60754e6a042426089575c7"
                "5a003f089d2739839dec58b964ec3843");
    assert_hmac(repeat(0xaa, 20), repeat(0xdd, 50),
                "773ea91e36800e46854db8ebd09181a7"
                "2959098b3ef8c122d9635514ced565fe");
    assert_hmac(hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                repeat(0xcd, 50),
                "82558a389a443c0ea4cc819899f2083a"
                "85f0faa3e578f8077a2e3ff46729665b");
    assert_hmac(repeat(0xaa, 131),
                text("Test Using Larger Than Block-Size Key - "
                     "Hash Key First"),
                "60e431591ee0b67f0d8a26aacbf5b77f"
                "8e0bc6213728c5140546040f0ee37f54");
    assert_hmac(repeat(0xaa, 131),
                text("This is a test using a larger than block-size key and "
                     "a larger than block-size data. The key needs to be "
                     "hashed before being used by the HMAC algorithm."),
                "9b09ffa71b942fcb27635fbcd5b0e944"
                "bfdc63644f0713938a7f51535c3a35e2");
}


static void
test_hmac_pieces(void **state)
{
    u_char      *out, *whole;
    ngx_str_t    pieces[4], *key;

    (void) state;

    key = repeat(7, NGX_CARRIERPAY_KEY_LEN);
    out = room(NGX_CARRIERPAY_SHA256_LEN);
    whole = room(NGX_CARRIERPAY_SHA256_LEN);

    pieces[0] = *text("pay_0");
    ngx_str_null(&pieces[1]);
    pieces[2] = *text(".");
    pieces[3] = *text("{}");

    ngx_carrierpay_hmac_sha256_pieces(out, key, pieces, 4);
    ngx_carrierpay_hmac_sha256(whole, key, (u_char *) "pay_0.{}", 8);
    assert_memory_equal(out, whole, NGX_CARRIERPAY_SHA256_LEN);

    ngx_carrierpay_hmac_sha256_pieces(out, key, NULL, 0);
    ngx_carrierpay_hmac_sha256(whole, key, NULL, 0);
    assert_memory_equal(out, whole, NGX_CARRIERPAY_SHA256_LEN);

    /*
     * A key as long as a block is used as it is, and a longer one is hashed.
     */

    ngx_carrierpay_hmac_sha256(out, repeat(7, 64), NULL, 0);
    ngx_carrierpay_hmac_sha256(whole, repeat(7, 65), NULL, 0);
    assert_memory_not_equal(out, whole, NGX_CARRIERPAY_SHA256_LEN);
}


/* The reference vector of Standard Webhooks 1.0. */

static void
test_standard_webhooks(void **state)
{
    u_char      mac[NGX_CARRIERPAY_SHA256_LEN], *out, *end;
    ngx_str_t   key, *secret, pieces[5];

    (void) state;

    secret = text("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    key.data = room(24);
    assert_int_equal(ngx_carrierpay_base64_decode(&key, secret), NGX_OK);
    assert_int_equal(key.len, 24);

    pieces[0] = *text("msg_p5jXN8AQM9LWM0D4loKWxJek");
    pieces[1] = *text(".");
    pieces[2] = *text("1614265330");
    pieces[3] = *text(".");
    pieces[4] = *text("{\"test\": 2432232314}");

    ngx_carrierpay_hmac_sha256_pieces(mac, &key, pieces, 5);

    out = room(NGX_CARRIERPAY_BASE64_LEN(sizeof(mac)));
    end = ngx_carrierpay_base64_encode(out, mac, sizeof(mac));
    assert_bytes(out, end, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}


static ngx_str_t *
room_for(ngx_str_t *sealed)
{
    ngx_str_t  *str;

    str = unit_str("", 0);

    if (sealed->len > NGX_CARRIERPAY_SEAL_LEN) {
        str->data = room(sealed->len - NGX_CARRIERPAY_SEAL_LEN);
    }

    return str;
}


/*
 * A key of AES-256-GCM is loaded once and then used for many values, sealed
 * and opened in turn, as the service does.
 */

static ngx_carrierpay_gcm_t *
gcm(const char *digits)
{
    size_t  i;

    static struct {
        const char            *digits;
        ngx_carrierpay_gcm_t  *key;
    } loaded[8];

    for (i = 0; loaded[i].digits; i++) {
        if (strcmp(loaded[i].digits, digits) == 0) {
            return loaded[i].key;
        }
    }

    assert_true(i < 7);

    loaded[i].digits = digits;
    loaded[i].key = ngx_carrierpay_gcm_load(hex(digits)->data);
    assert_non_null(loaded[i].key);

    return loaded[i].key;
}


/*
 * Cases 13, 14 and 16 of the GCM specification, behind a key's id and a nonce.
 */

static void
test_gcm_vectors(void **state)
{
    ngx_str_t  *out, *sealed;

    (void) state;

#define assert_unseals(key, aad, value, digits)                               \
    sealed = hex(value);                                                      \
    out = room_for(sealed);                                                   \
    assert_int_equal(ngx_carrierpay_unseal(out, gcm(key), sealed,             \
                                           hex(aad)),                         \
                     NGX_OK);                                                 \
    assert_hex(out->data, out->len, digits)

#define ZERO_KEY  "00000000000000000000000000000000"                          \
                  "00000000000000000000000000000000"

    assert_unseals(ZERO_KEY, "",
                   "01" "000000000000000000000000"
                   "530f8afbc74536b9a963b4f1c4cb738b",
                   "");

    assert_unseals(ZERO_KEY, "",
                   "01" "000000000000000000000000"
                   "cea7403d4d606b6e074ec5d3baf39d18"
                   "d0d1c8a799996bf0265b98b5d48ab919",
                   "00000000000000000000000000000000");

    assert_unseals("feffe9928665731c6d6a8f9467308308"
                   "feffe9928665731c6d6a8f9467308308",
                   "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                   "ff" "cafebabefacedbaddecaf888"
                   "522dc1f099567d07f47f37a32a84427d"
                   "643a8cdcbfe5c0c97598a2bd2555d1aa"
                   "8cb08e48590dbb3da7b08b1056828838"
                   "c5f61e6393ba7a0abcc9f662"
                   "76fc6ece0f4e1768cddf8853bb2d551b",
                   "d9313225f88406e5a55909c5aff5269a"
                   "86a7a9531534f7da2e4c303d8a318a72"
                   "1c3c0c95956809532fcf0e2449a6b525"
                   "b16aedf5aa0de657ba637b39");
}


static ngx_str_t *
seal(const char *key, ngx_str_t *value, ngx_str_t *aad)
{
    ngx_str_t  *sealed;

    sealed = unit_str("", 0);
    sealed->len = value->len + NGX_CARRIERPAY_SEAL_LEN;
    sealed->data = room(sealed->len);

    assert_int_equal(ngx_carrierpay_seal(sealed->data, 7, gcm(key), value,
                                         aad),
                     NGX_OK);
    assert_int_equal(ngx_carrierpay_sealed_key_id(sealed), 7);

    return sealed;
}


static void
test_seal(void **state)
{
    size_t      i;
    ngx_str_t  *sealed, *again, *out;

    (void) state;

    sealed = seal(KEY_A, text("33612345678"), text("msisdn"));
    assert_int_equal(sealed->len, 40);

    out = room_for(sealed);
    assert_int_equal(ngx_carrierpay_unseal(out, gcm(KEY_A), sealed,
                                           text("msisdn")),
                     NGX_OK);
    assert_str(out, "33612345678");

    /* A value that is sealed twice does not look the same. */

    again = seal(KEY_A, text("33612345678"), text("msisdn"));
    assert_memory_not_equal(sealed->data + 1, again->data + 1, 12);
    assert_memory_not_equal(sealed->data + 13, again->data + 13, 11);

    /* A text of any length can be sealed, including an empty one. */

    for (i = 0; i < 100; i++) {
        sealed = seal(KEY_B, repeat('x', i), text("webhook"));
        out = room_for(sealed);
        assert_int_equal(ngx_carrierpay_unseal(out, gcm(KEY_B), sealed,
                                               text("webhook")),
                         NGX_OK);
        assert_int_equal(out->len, i);
        assert_memory_equal(out->data, repeat('x', i)->data, i);

        /* A value that is refused leaves nothing in the key. */

        sealed->data[sealed->len - 1] ^= 1;
        assert_int_equal(ngx_carrierpay_unseal(out, gcm(KEY_B), sealed,
                                               text("webhook")),
                         NGX_DECLINED);
    }
}


static void
test_unseal_refused(void **state)
{
    size_t      i;
    ngx_str_t  *sealed, *out;

    (void) state;

    sealed = seal(KEY_A, text("33612345678"), text("msisdn"));
    out = room_for(sealed);

#define assert_sealed(key, aad)                                               \
    out->len = 99;                                                            \
    assert_int_equal(ngx_carrierpay_unseal(out, gcm(key), sealed, aad),       \
                     NGX_DECLINED)

    assert_sealed(KEY_B, text("msisdn"));
    assert_sealed(KEY_A, text("webhook"));
    assert_sealed(KEY_A, text(""));

    /* Nothing of the text is left behind. */

    assert_int_equal(out->len, 0);
    assert_memory_equal(out->data, "\0\0\0\0\0\0\0\0\0\0\0", 11);

    /*
     * Any bit may be changed, except those of the key's id, which chooses the
     * key.
     */

    for (i = 8; i < sealed->len * 8; i++) {
        sealed->data[i / 8] ^= 1 << i % 8;
        assert_sealed(KEY_A, text("msisdn"));
        sealed->data[i / 8] ^= 1 << i % 8;
    }

    /* Any shorter value is refused. */

    for (i = 0; i < 40; i++) {
        sealed->len = i;
        assert_sealed(KEY_A, text("msisdn"));
    }
}


static ngx_str_t *
base64(const char *encoded)
{
    ngx_str_t  *str;

    str = unit_str("", 0);
    str->data = room(NGX_CARRIERPAY_BASE64_ROOM(strlen(encoded)));
    assert_int_equal(ngx_carrierpay_base64_decode(str, string(encoded)),
                     NGX_OK);

    /* There is no byte after the end of the value. */

    return unit_str(str->data, str->len);
}


/*
 * Values that a gateway has encrypted; the longest of them needs no more room.
 */

static ngx_str_t  opened;


static ngx_int_t
gcm_open(const char *key, ngx_str_t *value)
{
    opened.data = room(value->len);

    return ngx_carrierpay_gcm_open(&opened, gcm(key), value);
}


static ngx_int_t
cbc_open(const char *key, ngx_str_t *value)
{
    opened.data = room(value->len);

    return ngx_carrierpay_cbc_open(&opened, hex(key)->data, value);
}


/* A value is refused with any bit changed, and at any shorter length. */

static void
assert_authentic(ngx_int_t (*open)(const char *, ngx_str_t *),
    const char *key, const char *encoded)
{
    size_t      i, len;
    ngx_str_t  *value;

    value = base64(encoded);

    for (i = 0; i < value->len * 8; i++) {
        value->data[i / 8] ^= 1 << i % 8;
        assert_int_equal(open(key, value), NGX_DECLINED);
        value->data[i / 8] ^= 1 << i % 8;
    }

    len = value->len;

    for (i = 0; i < len; i++) {
        value = unit_str(value->data, i);
        assert_int_equal(open(key, value), NGX_DECLINED);
        value = base64(encoded);
    }
}


static void
test_gcm_open(void **state)
{
    (void) state;

    assert_int_equal(gcm_open(GCM_KEY, base64(GCM_NUMBER)), NGX_OK);
    assert_str(&opened, "33612345678");
    assert_int_equal(gcm_open(GCM_KEY, base64(GCM_EMPTY)), NGX_OK);
    assert_int_equal(opened.len, 0);

    /*
     * Case 14 of the GCM specification, which has no additional data either.
     */

    assert_int_equal(gcm_open(ZERO_KEY,
                              hex("000000000000000000000000"
                                  "cea7403d4d606b6e074ec5d3baf39d18"
                                  "d0d1c8a799996bf0265b98b5d48ab919")),
                     NGX_OK);
    assert_hex(opened.data, opened.len, "00000000000000000000000000000000");

    assert_int_equal(gcm_open(KEY_B, base64(GCM_NUMBER)), NGX_DECLINED);
    assert_int_equal(opened.len, 0);
    assert_memory_equal(opened.data, "\0\0\0\0\0\0\0\0\0\0\0", 11);

    assert_authentic(gcm_open, GCM_KEY, GCM_NUMBER);
}


static void
test_cbc_open(void **state)
{
    (void) state;

    assert_int_equal(cbc_open(CBC_KEY, base64(CBC_NUMBER)), NGX_OK);
    assert_str(&opened, "33612345678");
    assert_int_equal(cbc_open(CBC_KEY, base64(CBC_TIMED)), NGX_OK);
    assert_str(&opened, "33612345678;1753000000");
    assert_int_equal(cbc_open(CBC_KEY, base64(CBC_EMPTY)), NGX_OK);
    assert_int_equal(opened.len, 0);

    /*
     * The first two blocks of NIST SP 800-38A, F.2.5, with a padding of one
     * block.
     */

    assert_int_equal(cbc_open(CBC_KEY,
                              hex("000102030405060708090a0b0c0d0e0f"
                                  "f58c4c04d6e5f1ba779eabfb5f7bfbd6"
                                  "9cfc4e967edb808d679f777bc6702c7d"
                                  NIST_PAD)),
                     NGX_OK);
    assert_hex(opened.data, opened.len, "6bc1bee22e409f96e93d7e117393172a"
                                        "ae2d8a571e03ac9c9eb76fac45af8e51");

    /*
     * The answer is the same for a wrong MAC and a wrong padding, and no text
     * is left.
     */

    assert_int_equal(cbc_open(GCM_KEY GCM_KEY, base64(CBC_NUMBER)),
                     NGX_DECLINED);
    assert_int_equal(cbc_open(CBC_KEY, base64(CBC_PAD)), NGX_DECLINED);
    assert_int_equal(opened.len, 0);
    assert_memory_equal(opened.data, "\0\0\0\0\0\0\0\0\0\0\0", 11);

    assert_authentic(cbc_open, CBC_KEY, CBC_NUMBER);
}


static void
test_rsa_open(void **state)
{
    size_t                 i;
    ngx_str_t             *value, text;
    ngx_carrierpay_rsa_t  *rsa;

    (void) state;

    rsa = ngx_carrierpay_rsa_load(base64(RSA_KEY));
    assert_non_null(rsa);
    ngx_carrierpay_rsa_free(rsa);

    rsa = ngx_carrierpay_rsa_load(base64(RSA_KEY_8));
    assert_non_null(rsa);

    text.data = room(NGX_CARRIERPAY_RSA_MAX);

#define assert_rsa(encoded, expected)                                         \
    assert_int_equal(ngx_carrierpay_rsa_open(&text, rsa, base64(encoded)),    \
                     NGX_OK);                                                 \
    assert_str(&text, expected)

    assert_rsa(RSA_NUMBER, "33612345678");
    assert_rsa(RSA_TIMED, "33612345678;1753000000");
    assert_rsa(RSA_EMPTY, "");

#define assert_no_rsa(value)                                                  \
    assert_int_equal(ngx_carrierpay_rsa_open(&text, rsa, value), NGX_DECLINED)

    assert_no_rsa(base64(RSA_SHA1));
    assert_int_equal(text.len, 0);
    assert_no_rsa(unit_str("", 0));
    assert_no_rsa(repeat(0, 256));
    assert_no_rsa(repeat(0xff, 256));
    assert_no_rsa(repeat(1, 255));
    assert_no_rsa(repeat(1, 257));

    value = base64(RSA_NUMBER);

    for (i = 0; i < value->len * 8; i += 61) {
        value->data[i / 8] ^= 1 << i % 8;
        assert_no_rsa(value);
        value->data[i / 8] ^= 1 << i % 8;
    }

    ngx_carrierpay_rsa_free(rsa);
}


static void
test_rsa_load(void **state)
{
    ngx_str_t  *der;

    (void) state;

    der = base64(RSA_KEY_8);
    der = unit_str(der->data, der->len - 1);

    assert_null(ngx_carrierpay_rsa_load(der));
    assert_null(ngx_carrierpay_rsa_load(unit_str("", 0)));
    assert_null(ngx_carrierpay_rsa_load(text("not a key")));
    assert_null(ngx_carrierpay_rsa_load(repeat(0x30, 1200)));

    der = base64(RSA_KEY_8);
    der->data = memcpy(room(der->len + 1), der->data, der->len);
    der->data[der->len++] = 0;

    assert_null(ngx_carrierpay_rsa_load(der));

    /* An elliptic curve, and a modulus of 1024 bits. */

    assert_null(ngx_carrierpay_rsa_load(base64(EC_KEY)));
    assert_null(ngx_carrierpay_rsa_load(base64(SMALL_RSA_KEY)));
}


static void
test_random(void **state)
{
    u_char  *a, *b;

    (void) state;

    a = room(32);
    b = room(32);

    assert_int_equal(ngx_carrierpay_random(a, 32), NGX_OK);
    assert_int_equal(ngx_carrierpay_random(b, 32), NGX_OK);
    assert_int_equal(ngx_carrierpay_random(b, 0), NGX_OK);
    assert_memory_not_equal(a, b, 32);

    assert_true(ngx_carrierpay_equal(a, a, 32));
    assert_false(ngx_carrierpay_equal(a, b, 32));
    assert_true(ngx_carrierpay_equal(a, b, 0));

    memcpy(b, a, 32);
    b[31] ^= 1;
    assert_false(ngx_carrierpay_equal(a, b, 32));
    assert_true(ngx_carrierpay_equal(a, b, 31));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_hmac_pieces),
        cmocka_unit_test(test_standard_webhooks),
        cmocka_unit_test(test_gcm_vectors),
        cmocka_unit_test(test_seal),
        cmocka_unit_test(test_unseal_refused),
        cmocka_unit_test(test_gcm_open),
        cmocka_unit_test(test_cbc_open),
        cmocka_unit_test(test_rsa_open),
        cmocka_unit_test(test_rsa_load),
        cmocka_unit_test(test_random)
    };

    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
