
/* The input is loose JSON. */


#include "fuzz.h"
#include <jansson.h>
#include <ngx_carrierpay_loose_json.h>


static ngx_str_t fuzz_write(const ngx_str_t *text);
static int fuzz_json(const ngx_str_t *text);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_str_t  text, once, twice;

    text = fuzz_rest(data, size);
    once = fuzz_write(&text);
    twice = fuzz_write(&once);

    fuzz_claim(!fuzz_json(&text) || fuzz_json(&once));

    /* what is written has nothing that is left to change */

    fuzz_claim(twice.len == once.len);
    fuzz_claim(once.len == 0
               || memcmp(once.data, twice.data, once.len) == 0);

    free(text.data);
    free(once.data);
    free(twice.data);

    return 0;
}


static ngx_str_t
fuzz_write(const ngx_str_t *text)
{
    ngx_str_t  json;

    json.data = malloc(ngx_carrierpay_loose_json_size(text->len));
    fuzz_claim(text->len == 0 || json.data);

    json.len = ngx_carrierpay_loose_json(json.data, text) - json.data;

    return json;
}


static int
fuzz_json(const ngx_str_t *text)
{
    json_t  *json;

    /* jansson passes over a zero byte after a number, which is no JSON */

    if (text->len && memchr(text->data, '\0', text->len)) {
        return 0;
    }

    json = json_loadb((char *) text->data, text->len, JSON_DECODE_ANY, NULL);
    json_decref(json);

    return json != NULL;
}
