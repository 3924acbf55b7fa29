
/*
 * Passes the files that are named to a target, one after the other, so that
 * the corpus is tested without libFuzzer and with any compiler.
 */


#include "fuzz.h"
#include <stdio.h>


#define INPUT_MAX  65536


int
main(int argc, char **argv)
{
    int       i;
    char     *name;
    FILE     *file;
    size_t    size;
    uint8_t  *input, *data;

    input = malloc(INPUT_MAX);
    fuzz_claim(input);

    for (i = 1; i < argc; i++) {
        file = fopen(argv[i], "rb");

        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }

        size = fread(input, 1, INPUT_MAX, file);
        fclose(file);

        data = malloc(size);
        fuzz_claim(size == 0 || data);

        if (size) {
            memcpy(data, input, size);
        }

        LLVMFuzzerTestOneInput(data, size);

        free(data);
    }

    free(input);

    name = strrchr(argv[0], '-');
    printf("# %s: %d inputs\n", name ? name + 1 : argv[0], argc - 1);

    return argc == 1;
}
