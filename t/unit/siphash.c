
#include "unit.h"
#include <ngx_carrierpay_siphash.h>


/*
 * The values of "openssl mac -macopt size:16 SIPHASH"; key and text are 00 01
 * 02 and so on.
 */

static const struct {
    size_t       len;
    const char  *value;
} vectors[] = {
    {  0, "a3817f04ba25a8e66df67214c7550293" },
    {  1, "da87c1d86b99af44347659119b22fc45" },
    {  7, "a1f1ebbed8dbc153c0b84aa61ff08239" },
    {  8, "3b62a9ba6258f5610f83e264f31497b4" },
    {  9, "264499060ad9baabc47f8b02bb6d71ed" },
    { 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
    { 16, "6ee2a4ca67b054bbfd3315bf85230577" },
    { 63, "5150d1772f50834a503e069a973fbd7c" },
    { 64, "1eaf077dc0d4cd3f8cad4d383658a74b" }
};


static void
test_vectors(void **state)
{
    size_t     i, n;
    u_char    *key, *data, value[NGX_CARRIERPAY_SIPHASH_LEN];
    uint64_t   out[2];

    (void) state;

    key = hex("000102030405060708090a0b0c0d0e0f")->data;

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        data = room(vectors[i].len);

        for (n = 0; n < vectors[i].len; n++) {
            data[n] = (u_char) n;
        }

        ngx_carrierpay_siphash(out, key, data, vectors[i].len);

        for (n = 0; n < sizeof(value); n++) {
            value[n] = (u_char) (out[n / 8] >> n % 8 * 8);
        }

        assert_hex(value, sizeof(value), vectors[i].value);
    }
}


static void
test_key(void **state)
{
    u_char    *key;
    uint64_t   a[2], b[2];

    (void) state;

    key = hex("000102030405060708090a0b0c0d0e0f")->data;
    ngx_carrierpay_siphash(a, key, (u_char *) "33600000001", 11);

    key[15] ^= 0x80;
    ngx_carrierpay_siphash(b, key, (u_char *) "33600000001", 11);

    assert_true(a[0] != b[0] && a[1] != b[1]);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_key)
    };

    return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
