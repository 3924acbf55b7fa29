
#ifndef _CARRIERPAY_FUZZ_H_INCLUDED_
#define _CARRIERPAY_FUZZ_H_INCLUDED_


/* What the fuzz targets share. */


#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ngx_config.h>
#include <ngx_core.h>


/* the one function of a target; called by libFuzzer, or by replay.c */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* what must hold, whatever the input is */

#define fuzz_claim(claim)                                                     \
    do {                                                                      \
        if (!(claim)) {                                                       \
            abort();                                                          \
        }                                                                     \
    } while (0)


/*
 * Takes the next line off the input: a copy of the exact length, so that
 * AddressSanitizer sees one byte too many.  The caller frees the data.
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


/* the rest of it */

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
