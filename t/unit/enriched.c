
#include "unit.h"
#include "gateway.h"
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_enriched.h>
#include <ngx_carrierpay_base64.h>


#define NOW  1753000000


static ngx_str_t  fr_prefixes[] = { ngx_string("6"), ngx_string("70") };
static ngx_str_t  fr_fixed[] = { ngx_string("1"), ngx_string("4") };

static ngx_carrierpay_numbering_t  fr =
    { ngx_string("33"), 9, 9, ngx_string("0"), fr_prefixes, 2, NULL, 0 };
static ngx_carrierpay_numbering_t  fr_plan =
    { ngx_string("33"), 9, 9, ngx_string("0"), fr_prefixes, 2, fr_fixed, 2 };
static ngx_carrierpay_numbering_t  ci =
    { ngx_string("225"), 10, 10, ngx_null_string, NULL, 0, NULL, 0 };

static ngx_carrierpay_end_user_t  user;


/* Parses the words of a format; it has no keys, frame and window. */

static ngx_carrierpay_enriched_format_t *
format(const char *words)
{
    ngx_carrierpay_enriched_format_t  *f;

    f = memset(room(sizeof(ngx_carrierpay_enriched_format_t)), 0,
               sizeof(ngx_carrierpay_enriched_format_t));
    assert_null(ngx_carrierpay_enriched_format_parse(string(words), f));

    return f;
}


static ngx_carrierpay_enriched_e
read_with(ngx_carrierpay_enriched_format_t *f, ngx_str_t *value,
    ngx_carrierpay_numbering_t *numbering)
{
    memset(&user, 0xa5, sizeof(user));

    return ngx_carrierpay_enriched_read(f, value, numbering, NOW, &user);
}


#define assert_number(words, numbering, literal, expected)                    \
    assert_int_equal(read_with(format(words), text(literal), numbering),      \
                     NGX_CARRIERPAY_ENRICHED_OK);                             \
    assert_bytes(user.msisdn.digits, user.msisdn.digits + user.msisdn.len,    \
                 expected);                                                   \
    assert_int_equal(user.acr_len, 0)

#define assert_acr(words, literal, expected)                                  \
    assert_int_equal(read_with(format(words), text(literal), &fr),            \
                     NGX_CARRIERPAY_ENRICHED_OK);                             \
    assert_bytes(user.acr, user.acr + user.acr_len, expected);                \
    assert_int_equal(user.msisdn.len, 0)

#define assert_refused(f, value, result)                                      \
    assert_int_equal(read_with(f, value, &fr),                                \
                     NGX_CARRIERPAY_ENRICHED_##result);                       \
    assert_int_equal(user.msisdn.len, 0);                                     \
    assert_int_equal(user.acr_len, 0)

#define assert_not(words, literal, result)                                    \
    assert_refused(format(words), text(literal), result)


static void
test_forms(void **state)
{
    (void) state;

    assert_number("e164", &fr, "33612345678", "33612345678");
    assert_number("e164", &fr, "+33612345678", "33612345678");
    assert_number("e164", &ci, "2250712345678", "2250712345678");
    assert_number("00", &fr, "0033612345678", "33612345678");
    assert_number("national", &fr, "0612345678", "33612345678");
    assert_number("national", &fr, "612345678", "33612345678");
    assert_number("national", &ci, "0712345678", "2250712345678");

    /* A value of one form is not of another one. */

    assert_not("e164", "0033612345678", MALFORMED);
    assert_not("e164", "0612345678", MALFORMED);
    assert_not("e164", "612345678", MALFORMED);
    assert_not("e164", "++33612345678", MALFORMED);
    assert_not("e164", "+", MALFORMED);
    assert_not("00", "33612345678", MALFORMED);
    assert_not("00", "+33612345678", MALFORMED);
    assert_not("00", "00612345678", MALFORMED);
    assert_not("00", "00", MALFORMED);
    assert_not("national", "33612345678", MALFORMED);
    assert_not("national", "+33612345678", MALFORMED);
    assert_not("national", "0033612345678", MALFORMED);
    assert_not("national", "00612345678", MALFORMED);

    /* These are not numbers of the numbering. */

    assert_not("e164", "33512345678", MALFORMED);
    assert_not("e164", "33712345678", MALFORMED);
    assert_not("e164", "3361234567", MALFORMED);
    assert_not("e164", "336123456789", MALFORMED);
    assert_not("e164", "4915112345678", MALFORMED);

    /* If the country's fixed lines are known, a ported number is accepted. */

    assert_number("e164", &fr_plan, "33712345678", "33712345678");
    assert_number("national", &fr_plan, "0712345678", "33712345678");

    assert_int_equal(read_with(format("e164"), text("33112345678"), &fr_plan),
                     NGX_CARRIERPAY_ENRICHED_MALFORMED);
    assert_int_equal(read_with(format("e164"), text("4915112345678"),
                               &fr_plan),
                     NGX_CARRIERPAY_ENRICHED_MALFORMED);
}


static void
test_nobody(void **state)
{
    ngx_carrierpay_enriched_format_t  *f;

    (void) state;

    assert_not("e164", "", NOBODY);
    assert_not("e164", "0", NOBODY);
    assert_not("e164", "unknown", NOBODY);
    assert_not("e164", "Unknown", NOBODY);
    assert_not("e164", "ANONYMOUS", NOBODY);
    assert_not("acr", "unknown", NOBODY);
    assert_not("aes-256-gcm", "unknown", NOBODY);
    assert_not("hex", "30", NOBODY);
    assert_not("hex", "756e6b6e6f776e", NOBODY);
    assert_not("field-2", "x, ,y", NOBODY);
    assert_not("field-2", "x,unknown", NOBODY);

    f = format("e164");
    f->frame = *text("tel:");
    assert_refused(f, text("tel:"), NOBODY);
    assert_refused(f, text("tel:unknown"), NOBODY);
    assert_refused(f, text("unknown"), NOBODY);

    assert_not("e164", "00", MALFORMED);
    assert_not("e164", "unknown1", MALFORMED);
    assert_not("e164", "-", MALFORMED);
}


static void
test_around(void **state)
{
    ngx_carrierpay_enriched_format_t  *f;

    (void) state;

    /* Lists of several fields. */

    assert_number("field-1", &fr, "33612345678,3GPP,x", "33612345678");
    assert_number("field-2", &fr, "3GPP, 33612345678 ,x", "33612345678");
    assert_number("field-3", &fr, "3GPP,,\t33612345678", "33612345678");
    assert_number("cookie,field-2,00", &fr, "a,0033612345678", "33612345678");
    assert_not("field-3", "3GPP,33612345678", MALFORMED);
    assert_not("field-2", "33612345678", MALFORMED);
    assert_not("field-2", "3GPP,336 12345678", MALFORMED);

    /* Frames around the value. */

    f = format("e164");
    f->frame = *text("tel:");
    assert_int_equal(read_with(f, text("tel:+33612345678"), &fr),
                     NGX_CARRIERPAY_ENRICHED_OK);
    assert_bytes(user.msisdn.digits, user.msisdn.digits + user.msisdn.len,
                 "33612345678");
    assert_refused(f, text("33612345678"), MALFORMED);
    assert_refused(f, text("TEL:33612345678"), MALFORMED);
    assert_refused(f, text("tel:tel:33612345678"), MALFORMED);
    assert_refused(f, text("te"), MALFORMED);

    f = format("field-2,hex");
    f->frame = *text("MSISDN=");
    assert_int_equal(read_with(f, text("IP=1, MSISDN=3333363132333435363738"),
                               &fr),
                     NGX_CARRIERPAY_ENRICHED_OK);
    assert_bytes(user.msisdn.digits, user.msisdn.digits + user.msisdn.len,
                 "33612345678");
}


static void
test_encodings(void **state)
{
    (void) state;

    assert_number("hex", &fr, "3333363132333435363738", "33612345678");
    assert_number("hex", &fr, "2B3333363132333435363738", "33612345678");
    assert_number("hex", &fr, "2b3333363132333435363738", "33612345678");
    assert_number("hex,national", &fr, "30363132333435363738", "33612345678");
    assert_number("base64", &fr, "MzM2MTIzNDU2Nzg=", "33612345678");
    assert_number("base64", &fr, "MzM2MTIzNDU2Nzg", "33612345678");
    assert_number("base64,00", &fr, "MDAzMzYxMjM0NTY3OA==", "33612345678");

    assert_not("hex", "333336313233343536373", MALFORMED);
    assert_not("hex", "33333631323334353637380", MALFORMED);
    assert_not("hex", "33333631323334353637zz", MALFORMED);
    assert_not("hex", "33612345678", MALFORMED);
    assert_not("hex", "333336313233343536373800", MALFORMED);
    assert_not("hex", "33333631323334353637380a", MALFORMED);
    assert_not("base64", "33612345678", MALFORMED);
    assert_not("base64", "MzM2MTIzNDU2Nzg==", MALFORMED);
    assert_not("base64", "MzM2MTIzNDU2NzgA", MALFORMED);
    assert_not("e164", "3333363132333435363738", MALFORMED);
}


static void
test_hostile(void **state)
{
    u_char     *p;
    size_t      len;
    ngx_str_t  *value;

    (void) state;

    assert_not("e164", "33612345678\0", MALFORMED);
    assert_not("e164", "33612345678\r\nX-MSISDN: 1", MALFORMED);
    assert_not("e164", " 33612345678", MALFORMED);
    assert_not("e164", "33612345678 ", MALFORMED);
    assert_not("e164", "33612345678,33612345678", MALFORMED);
    assert_not("e164", "33612345678, 33612345679", MALFORMED);
    assert_not("e164", "33612345678;1753000000", MALFORMED);
    assert_not("e164", "\xd9\xa3\xd9\xa3" "612345678", MALFORMED);
    assert_not("acr", "tok,en", MALFORMED);
    assert_not("acr", "tok en", MALFORMED);
    assert_not("aes-256-gcm", "a,b", MALFORMED);

    for (p = (u_char *) "\t\x01\x1f\x7f\x80\xff,"; *p; p++) {
        value = text("token-of-somebody");
        value->data[3] = *p;
        assert_refused(format("acr"), value, MALFORMED);
        assert_refused(format("e164"), value, MALFORMED);
        assert_refused(format("field-1"), value, MALFORMED);
    }

    for (len = 1; len < 2000; len += 13) {
        value = unit_str("", 0);
        value->len = len;
        value->data = memset(room(len), '3', len);
        assert_refused(format("e164"), value, MALFORMED);
        assert_refused(format("hex,00"), value, MALFORMED);
        assert_refused(format("base64,national"), value, MALFORMED);
        assert_refused(format("field-2"), value, MALFORMED);

        if (len > NGX_CARRIERPAY_ENRICHED_MAX) {
            assert_refused(format("acr"), value, MALFORMED);
            assert_refused(format("aes-256-gcm"), value, MALFORMED);
        }
    }
}


static void
test_reference(void **state)
{
    ngx_str_t  *value;

    (void) state;

    assert_acr("acr", "dG9rZW4=", "acr:dG9rZW4=");
    assert_acr("acr", "acr:dG9rZW4=", "acr:dG9rZW4=");
    assert_acr("acr", "ACR:dG9rZW4=", "acr:dG9rZW4=");
    assert_acr("acr", "acr", "acr:acr");
    assert_acr("acr", "208001STAT1753000000AbC+/=", "acr:"
               "208001STAT1753000000AbC+/=");
    assert_acr("acr", "a;ncc=20801", "acr:a;ncc=20801");
    assert_acr("hex,acr", "746f6b656e", "acr:token");
    assert_acr("field-2,acr", "x, token", "acr:token");

    assert_not("acr", "acr:", MALFORMED);
    assert_not("acr", "a\"b", MALFORMED);
    assert_not("acr", "a\\b", MALFORMED);
    assert_not("acr", "<a>", MALFORMED);
    assert_not("hex,acr", "74006f", MALFORMED);
    assert_not("hex,acr", "742c6f", MALFORMED);
    assert_not("hex,acr", "74206f", MALFORMED);

    value = unit_str("", 0);
    value->len = NGX_CARRIERPAY_ENRICHED_MAX;
    value->data = memset(room(value->len), 'x', value->len);
    assert_int_equal(read_with(format("acr"), value, &fr),
                     NGX_CARRIERPAY_ENRICHED_OK);
    assert_int_equal(user.acr_len, NGX_CARRIERPAY_ACR_MAX);
}


/* A format with key 2, which is the right one, and the older key 1. */

static ngx_carrierpay_enriched_format_t *
ciphered(const char *words)
{
    ngx_str_t                         *right, der;
    ngx_carrierpay_enriched_format_t  *f;

    f = format(words);

    right = hex(f->cipher == NGX_CARRIERPAY_CIPHER_GCM ? GCM_KEY : CBC_KEY);

    f->nkeys = 2;
    f->keys = (void *) memset(room(2 * sizeof(*f->keys)), 0,
                              2 * sizeof(*f->keys));
    f->keys[0].id = 2;
    f->keys[0].bytes = *right;
    f->keys[1].id = 1;
    f->keys[1].bytes = *unit_str(right->data, right->len);
    f->keys[1].bytes.data[0] ^= 1;
    f->keys[1].bytes.data[right->len - 1] ^= 1;

    if (f->cipher == NGX_CARRIERPAY_CIPHER_GCM) {
        f->keys[0].loaded = ngx_carrierpay_gcm_load(f->keys[0].bytes.data);
        f->keys[1].loaded = ngx_carrierpay_gcm_load(f->keys[1].bytes.data);
        assert_non_null(f->keys[0].loaded);
        assert_non_null(f->keys[1].loaded);
    }

    if (f->cipher == NGX_CARRIERPAY_CIPHER_RSA) {
        der.data = room(NGX_CARRIERPAY_BASE64_ROOM(sizeof(RSA_KEY)));
        assert_int_equal(ngx_carrierpay_base64_decode(&der, string(RSA_KEY)),
                         NGX_OK);
        f->keys[0].loaded = ngx_carrierpay_rsa_load(&der);
        f->keys[1].loaded = f->keys[0].loaded;
        assert_non_null(f->keys[0].loaded);
    }

    return f;
}


static void
ciphered_free(ngx_carrierpay_enriched_format_t *f)
{
    if (f->cipher == NGX_CARRIERPAY_CIPHER_GCM) {
        ngx_carrierpay_gcm_free(f->keys[0].loaded);
        ngx_carrierpay_gcm_free(f->keys[1].loaded);
    }

    if (f->cipher == NGX_CARRIERPAY_CIPHER_RSA) {
        ngx_carrierpay_rsa_free(f->keys[0].loaded);
    }
}


static void
test_ciphers(void **state)
{
    size_t                             i, len;
    ngx_uint_t                         n;
    ngx_str_t                         *value;
    ngx_carrierpay_enriched_format_t  *f;
    static const struct {
        const char  *words;
        const char  *number;
        const char  *empty;
        const char  *wrong;
    } ciphers[] = {
        { "aes-256-gcm", GCM_NUMBER, GCM_EMPTY, CBC_NUMBER },
        { "aes-256-cbc,e164", CBC_NUMBER, CBC_EMPTY, CBC_PAD },
        { "rsa-oaep", RSA_NUMBER, RSA_EMPTY, RSA_SHA1 }
    };

    (void) state;

    for (n = 0; n < 3; n++) {
        f = ciphered(ciphers[n].words);

        assert_int_equal(read_with(f, string(ciphers[n].number), &fr),
                         NGX_CARRIERPAY_ENRICHED_OK);
        assert_bytes(user.msisdn.digits, user.msisdn.digits + user.msisdn.len,
                     "33612345678");

        assert_refused(f, string(ciphers[n].empty), NOBODY);
        assert_refused(f, string(ciphers[n].wrong), FORGED);
        assert_refused(f, text("33612345678!"), MALFORMED);
        assert_refused(f, text("MzM2MTIzNDU2Nzg="), FORGED);

        /* Not every bit of the last character counts. */

        len = strcspn(ciphers[n].number, "=") - 1;

        for (i = 0; i < len; i += n == 2 ? 47 : 1) {
            value = string(ciphers[n].number);
            value->data[i] = value->data[i] == 'x' ? 'y' : 'x';
            assert_refused(f, value, FORGED);
        }

        /* The value has another form than the configured one. */

        f->form = NGX_CARRIERPAY_FORM_NATIONAL;
        assert_refused(f, string(ciphers[n].number), MALFORMED);

        f->form = NGX_CARRIERPAY_FORM_ACR;
        assert_int_equal(read_with(f, string(ciphers[n].number), &fr),
                         NGX_CARRIERPAY_ENRICHED_OK);
        assert_bytes(user.acr, user.acr + user.acr_len, "acr:33612345678");

        f->nkeys = 0;
        assert_refused(f, string(ciphers[n].number), FORGED);

        ciphered_free(f);
    }
}


static void
test_key_ids(void **state)
{
    ngx_carrierpay_enriched_format_t  *f;

    (void) state;

    f = ciphered("aes-256-gcm");

#define assert_key(value, result)                                             \
    assert_int_equal(read_with(f, text(value), &fr),                          \
                     NGX_CARRIERPAY_ENRICHED_##result)

    assert_key("2:" GCM_NUMBER, OK);
    assert_key("02:" GCM_NUMBER, OK);
    assert_key("1:" GCM_NUMBER, FORGED);
    assert_key("3:" GCM_NUMBER, FORGED);
    assert_key("0:" GCM_NUMBER, FORGED);
    assert_key("258:" GCM_NUMBER, FORGED);
    assert_key(":" GCM_NUMBER, FORGED);
    assert_key("0002:" GCM_NUMBER, MALFORMED);
    assert_key("2:2:" GCM_NUMBER, MALFORMED);
    assert_key("2 :" GCM_NUMBER, MALFORMED);
    assert_key("2:", FORGED);
    assert_key("2", MALFORMED);

    f->keys[0].id = 1;
    f->keys[1].id = 2;
    assert_key("1:" GCM_NUMBER, OK);
    assert_key(GCM_NUMBER, OK);
    assert_key("2:" GCM_NUMBER, FORGED);

    ciphered_free(f);
}


static void
test_window(void **state)
{
    ngx_carrierpay_enriched_format_t  *f;

    (void) state;

    f = ciphered("aes-256-cbc");
    f->window = 300;

#define assert_at(now, result)                                                \
    assert_int_equal(ngx_carrierpay_enriched_read(f, text(CBC_TIMED), &fr,    \
                                                  now, &user),                \
                     NGX_CARRIERPAY_ENRICHED_##result)

    assert_at(NOW, OK);
    assert_bytes(user.msisdn.digits, user.msisdn.digits + user.msisdn.len,
                 "33612345678");

    assert_at(NOW + 300, OK);
    assert_at(NOW + 301, STALE);
    assert_int_equal(user.msisdn.len, 0);
    assert_at(NOW + 1000000, STALE);
    assert_at(NOW - NGX_CARRIERPAY_ENRICHED_AHEAD, OK);
    assert_at(NOW - NGX_CARRIERPAY_ENRICHED_AHEAD - 1, STALE);
    assert_at(0, STALE);

    /* A time is missing, or there must be none. */

    assert_refused(f, text(CBC_NUMBER), MALFORMED);
    f->window = 0;
    assert_refused(f, text(CBC_TIMED), MALFORMED);

    f = format("e164");
    f->window = 300;
    assert_int_equal(read_with(f, text("33612345678;1753000000"), &fr),
                     NGX_CARRIERPAY_ENRICHED_OK);
    assert_refused(f, text("33612345678;0"), STALE);
    assert_refused(f, text("33612345678;99999999999"), STALE);
    assert_refused(f, text("33612345678;999999999999"), MALFORMED);
    assert_refused(f, text("33612345678;18446744075462551616"), MALFORMED);
    assert_refused(f, text("33612345678;"), MALFORMED);
    assert_refused(f, text("33612345678;-1753000000"), MALFORMED);
    assert_refused(f, text("33612345678;1753000000;"), MALFORMED);
    assert_refused(f, text("33612345678;1;1753000000"), MALFORMED);
    assert_refused(f, text("1753000000"), MALFORMED);
    assert_refused(f, text(";1753000000"), NOBODY);
    assert_refused(f, text("unknown;1753000000"), NOBODY);

    /* Of two reasons, the one that tells less about the number is given. */

    assert_refused(f, text("33112345678;0"), STALE);
    assert_refused(f, text("33112345678;1753000000"), MALFORMED);

    f->form = NGX_CARRIERPAY_FORM_ACR;
    assert_int_equal(read_with(f, text("token;ncc=20801;1753000000"), &fr),
                     NGX_CARRIERPAY_ENRICHED_OK);
    assert_bytes(user.acr, user.acr + user.acr_len, "acr:token;ncc=20801");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_ciphers),
        cmocka_unit_test(test_key_ids),
        cmocka_unit_test(test_window)
    };

    return cmocka_run_group_tests_name("enriched", tests, NULL, NULL);
}
