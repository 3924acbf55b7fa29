
/* The file of ported numbers. */


#include "fuzz.h"
#include <ngx_carrierpay_ported.h>


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t   number;
    ngx_str_t  line, owner;

    while (size) {
        line = fuzz_line(&data, &size);

        if (ngx_carrierpay_ported_line(&line, &number, &owner) == NGX_OK) {
            fuzz_claim(number > 9999 && number <= 999999999999999);
            fuzz_claim(owner.len > 0);
            fuzz_claim(owner.data > line.data);
            fuzz_claim(owner.data + owner.len <= line.data + line.len);
        }

        free(line.data);
    }

    return 0;
}
