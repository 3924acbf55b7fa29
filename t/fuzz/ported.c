
/* The input is a file of ported numbers. */


#include "fuzz.h"
#include <ngx_carrierpay_ported_parse.h>


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t   number;
    ngx_str_t  line, carrier;

    while (size) {
        line = fuzz_line(&data, &size);

        if (ngx_carrierpay_ported_parse(&line, &number, &carrier) == NGX_OK) {
            fuzz_claim(number > 9999 && number <= 999999999999999);
            fuzz_claim(carrier.len > 0);
            fuzz_claim(carrier.data > line.data);
            fuzz_claim(carrier.data + carrier.len <= line.data + line.len);
        }

        free(line.data);
    }

    return 0;
}
