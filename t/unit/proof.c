
#include "unit.h"
#include <ngx_carrierpay_proof.h>


static u_char  index_one[32] = "the end user";
static u_char  index_two[32] = "another one";


static void
test_proof(void **state)
{
    u_char     p[NGX_CARRIERPAY_PROOF_LEN], name[16], again[16];
    ngx_str_t  proof = { sizeof(p), p };

    (void) state;

    assert_int_equal(ngx_carrierpay_proof_write(p, text("key"), index_one, 1,
                                                1000000),
                     NGX_OK);

    assert_true(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                            1000000, name));
    assert_true(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                            2000000, again));
    assert_memory_equal(name, again, 16);

    assert_false(ngx_carrierpay_proof_verify(&proof, text("kez"), index_one, 1,
                                             1000000, name));
    assert_false(ngx_carrierpay_proof_verify(&proof, text("key"), index_two, 1,
                                             1000000, name));
    assert_false(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 0,
                                             1000000, name));

    assert_int_equal(ngx_carrierpay_proof_write(p, text("key"), index_one, 1,
                                                1000000),
                     NGX_OK);
    assert_true(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                            1000000, name));
    assert_memory_not_equal(name, again, 16);
}


static void
test_times(void **state)
{
    u_char     p[NGX_CARRIERPAY_PROOF_LEN], name[16];
    int64_t    end;
    ngx_str_t  proof = { sizeof(p), p };

    (void) state;

    (void) ngx_carrierpay_proof_write(p, text("key"), index_one, 1, 1000000);

    end = 1000000 + NGX_CARRIERPAY_PROOF_LIFETIME * 1000LL;

    assert_true(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                            end, name));
    assert_false(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                             end + 1, name));
    assert_false(ngx_carrierpay_proof_verify(&proof, text("key"), index_one, 1,
                                             999999, name));
}


static void
test_refused(void **state)
{
    u_char      p[NGX_CARRIERPAY_PROOF_LEN], c, name[16];
    ngx_str_t   proof = { sizeof(p), p };
    ngx_uint_t  i;

    (void) state;

    (void) ngx_carrierpay_proof_write(p, text("key"), index_one, 1, 1000000);

    for (i = 0; i < sizeof(p); i++) {
        c = p[i];
        p[i] = (c == 'A') ? 'Q' : 'A';
        assert_false(ngx_carrierpay_proof_verify(&proof, text("key"),
                                                 index_one, 1, 1000000, name));
        p[i] = 0;
        assert_false(ngx_carrierpay_proof_verify(&proof, text("key"),
                                                 index_one, 1, 1000000, name));
        p[i] = c;
    }

    for (proof.len = 0; proof.len < sizeof(p); proof.len++) {
        assert_false(ngx_carrierpay_proof_verify(&proof, text("key"),
                                                 index_one, 1, 1000000, name));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_proof),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_refused)
    };

    return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
