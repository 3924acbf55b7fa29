
#ifndef _CARRIERPAY_UNIT_H_INCLUDED_
#define _CARRIERPAY_UNIT_H_INCLUDED_


/*
 * What the unit tests share.  Input, and room for output, is allocated with
 * its exact length, so that AddressSanitizer notices an access to one byte too
 * many.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <ngx_config.h>
#include <ngx_core.h>

#include <cmocka.h>


typedef struct unit_kept_s  unit_kept_t;

struct unit_kept_s {
    unit_kept_t  *next;
};


/* All allocations stay reachable until the end, so they are no leaks. */

static unit_kept_t  *unit_kept;


static inline u_char *
room(size_t len)
{
    unit_kept_t  *kept;

    kept = malloc(sizeof(unit_kept_t) + len);
    assert_non_null(kept);

    kept->next = unit_kept;
    unit_kept = kept;

    memset(kept + 1, 0xa5, len);

    return (u_char *) (kept + 1);
}


static inline ngx_str_t *
unit_str(const void *data, size_t len)
{
    ngx_str_t  *str;

    str = (ngx_str_t *) room(sizeof(ngx_str_t));

    str->data = memcpy(room(len), data, len);
    str->len = len;

    return str;
}


/*
 * A literal, which may contain zero bytes, and a string that the test has
 * made.
 */

#define text(literal)  unit_str(literal, sizeof(literal) - 1)
#define string(s)      unit_str(s, strlen(s))


static inline void
unit_assert_bytes(const u_char *data, size_t len, const void *expected,
    size_t expected_len, const char *file, int line)
{
    if (len == expected_len && memcmp(data, expected, len) == 0) {
        return;
    }

    print_error("got \"%.*s\", expected \"%.*s\"\n", (int) len, data,
                (int) expected_len, (const char *) expected);
    _fail(file, line);
}


/* Asserts that the bytes from start to end are those of the literal. */

#define assert_bytes(start, end, literal)                                     \
    unit_assert_bytes(start, (end) - (start), literal, sizeof(literal) - 1,   \
                      __FILE__, __LINE__)

#define assert_str(str, literal)                                              \
    unit_assert_bytes((str)->data, (str)->len, literal, sizeof(literal) - 1,  \
                      __FILE__, __LINE__)


/*
 * Binary values are written in hexadecimal.  This does not use the code under
 * test.
 */

static inline ngx_str_t *
hex(const char *digits)
{
    size_t        i, len;
    unsigned int  byte;
    ngx_str_t    *str;

    len = strlen(digits) / 2;
    str = (ngx_str_t *) room(sizeof(ngx_str_t));

    str->data = room(len);
    str->len = len;

    for (i = 0; i < len; i++) {
        assert_int_equal(sscanf(digits + 2 * i, "%2x", &byte), 1);
        str->data[i] = (u_char) byte;
    }

    return str;
}


#define assert_hex(start, size, digits)                                       \
    unit_assert_bytes(start, size, hex(digits)->data, strlen(digits) / 2,     \
                      __FILE__, __LINE__)


#endif /* _CARRIERPAY_UNIT_H_INCLUDED_ */
