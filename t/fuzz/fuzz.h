
#ifndef _CARRIERPAY_FUZZ_H_INCLUDED_
#define _CARRIERPAY_FUZZ_H_INCLUDED_


/* What the fuzz targets share. */


#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ngx_config.h>
#include <ngx_core.h>


/* The function of a target, which libFuzzer or replay.c calls. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* Asserts what must hold for any input. */

#define fuzz_claim(claim)                                                     \
    do {                                                                      \
        if (!(claim)) {                                                       \
            abort();                                                          \
        }                                                                     \
    } while (0)


/*
 * Cuts the next line off the input.  The line is a copy of the exact length,
 * so that AddressSanitizer notices an access to one byte too many.  The caller
 * frees the data.
 */

static inline ngx_str_t
fuzz_line(const uint8_t **data, size_t *size)
{
    size_t          taken;
    ngx_str_t       line;
    const uint8_t  *end;

    end = *size ? memchr(*data, '\n', *size) : NULL;

    line.len = end ? (size_t) (end - *data) : *size;
    line.data = malloc(line.len);
    fuzz_claim(line.len == 0 || line.data);

    if (line.len) {
        memcpy(line.data, *data, line.len);
    }

    taken = line.len + (end != NULL);
    *data += taken;
    *size -= taken;

    return line;
}


/* Returns the rest of the input. */

static inline ngx_str_t
fuzz_rest(const uint8_t *data, size_t size)
{
    ngx_str_t  rest;

    rest.len = size;
    rest.data = malloc(size);
    fuzz_claim(size == 0 || rest.data);

    if (size) {
        memcpy(rest.data, data, size);
    }

    return rest;
}


#endif /* _CARRIERPAY_FUZZ_H_INCLUDED_ */
