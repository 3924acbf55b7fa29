
/*
 * Reads typed numbers with the service's own code, for a comparison.
 * Standard input has lines
 *
 *     P cc min max trunk prefixes fixed     a plan; lists with commas, - none
 *     N text                                a number as typed
 *
 * and the answer to the second is "own", "mobile", "fixed" and the digits, or
 * "none".
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_msisdn.h>


#define LINE_MAX_LEN  1024
#define PREFIXES_MAX  64


typedef struct {
    char                        text[LINE_MAX_LEN];
    ngx_str_t                   prefixes[PREFIXES_MAX];
    ngx_str_t                   fixed[PREFIXES_MAX];
    ngx_carrierpay_numbering_t  numbering;
} plan_t;


static int plan_read(plan_t *plan, const char *line);
static ngx_uint_t plan_list(ngx_str_t *list, char *words);
static void plan_set(ngx_str_t *str, char *word);
static void number_read(const ngx_carrierpay_numbering_t *numbering,
    char *typed);


int
main(void)
{
    char    line[LINE_MAX_LEN];
    plan_t  plan;

    memset(&plan, 0, sizeof(plan));

    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';

        if (line[0] == 'P') {
            if (!plan_read(&plan, line)) {
                fprintf(stderr, "not a plan: %s\n", line);
                return 1;
            }

        } else {
            number_read(&plan.numbering, line + 2);
        }
    }

    return 0;
}


static int
plan_read(plan_t *plan, const char *line)
{
    int                          i;
    char                        *word[6];
    const char                  *wrong;
    ngx_carrierpay_numbering_t  *n;

    memcpy(plan->text, line, strlen(line) + 1);
    strtok(plan->text, " ");

    for (i = 0; i < 6; i++) {
        word[i] = strtok(NULL, " ");

        if (word[i] == NULL) {
            return 0;
        }
    }

    n = &plan->numbering;
    n->len_min = strtoul(word[1], NULL, 10);
    n->len_max = strtoul(word[2], NULL, 10);
    n->prefixes = plan->prefixes;
    n->fixed = plan->fixed;

    plan_set(&n->cc, word[0]);
    plan_set(&n->trunk, word[3]);
    n->nprefixes = plan_list(plan->prefixes, word[4]);
    n->nfixed = plan_list(plan->fixed, word[5]);

    wrong = ngx_carrierpay_numbering_check(n);

    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
    }

    return wrong == NULL;
}


static ngx_uint_t
plan_list(ngx_str_t *list, char *words)
{
    char        *word;
    ngx_uint_t   n;

    n = 0;

    for (word = strtok(words, ",");
         word && n < PREFIXES_MAX;
         word = strtok(NULL, ","))
    {
        plan_set(&list[n], word);
        n += list[n].len != 0;
    }

    return n;
}


static void
plan_set(ngx_str_t *str, char *word)
{
    str->data = (u_char *) word;
    str->len = strcmp(word, "-") == 0 ? 0 : strlen(word);
}


static void
number_read(const ngx_carrierpay_numbering_t *numbering, char *typed)
{
    ngx_str_t                text;
    ngx_carrierpay_msisdn_t  msisdn;
    static const char       *kinds[] = { "none", "own", "mobile", "fixed" };

    text.data = (u_char *) typed;
    text.len = strlen(typed);

    if (ngx_carrierpay_msisdn_parse(&text, numbering,
                                    NGX_CARRIERPAY_MSISDN_ANY, &msisdn)
        != NGX_OK)
    {
        printf("none\n");
        return;
    }

    printf("%s %.*s\n",
           kinds[ngx_carrierpay_numbering_kind(numbering, &msisdn)],
           msisdn.len, msisdn.digits);
}
