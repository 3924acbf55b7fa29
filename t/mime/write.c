
/*
 * Writes mails with the service's own code, for a comparison.  A line of
 * standard input has seven fields in hexadecimal with a comma after each:
 * from, its name, to, subject, text, id, time.  The answer is the mail in
 * hexadecimal, or "invalid".
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_mime.h>
#include <ngx_carrierpay_text.h>


static char *
read_field(char *p, ngx_str_t *field)
{
    char       *end;
    ngx_str_t   digits;

    end = strchr(p, ',');

    if (end == NULL) {
        exit(2);
    }

    digits.data = (u_char *) p;
    digits.len = end - p;

    field->data = malloc(digits.len / 2 + 1);

    if (field->data == NULL
        || ngx_carrierpay_text_hex_parse(&digits, field) != NGX_OK)
    {
        exit(2);
    }

    return end + 1;
}


static void
answer(ngx_carrierpay_mime_t *mime)
{
    u_char  *mail, *last, *digits;
    size_t   size, len;

    if (!ngx_carrierpay_mime_valid(mime)) {
        puts("invalid");
        return;
    }

    /* exactly the room that it asks for: a sanitizer sees one byte more */

    size = ngx_carrierpay_mime_size(mime);
    mail = malloc(size);
    digits = malloc(2 * size + 1);

    if (mail == NULL || digits == NULL) {
        exit(2);
    }

    last = ngx_carrierpay_mime_write(mail, mime);
    len = last - mail;

    *ngx_carrierpay_text_hex(digits, mail, len) = '\0';
    puts((char *) digits);

    free(mail);
    free(digits);
}


int
main(void)
{
    char                   *line, *p;
    size_t                  i, size;
    ngx_str_t               time, *fields[7];
    ngx_carrierpay_mime_t   mime;

    line = NULL;
    size = 0;

    fields[0] = &mime.from;
    fields[1] = &mime.from_name;
    fields[2] = &mime.to;
    fields[3] = &mime.subject;
    fields[4] = &mime.text;
    fields[5] = &mime.id;
    fields[6] = &time;

    while (getline(&line, &size, stdin) > 0) {
        p = line;

        for (i = 0; i < 7; i++) {
            p = read_field(p, fields[i]);
        }

        if (ngx_carrierpay_text_int_parse(&time, &mime.time) != NGX_OK) {
            return 2;
        }

        answer(&mime);

        for (i = 0; i < 7; i++) {
            free(fields[i]->data);
        }
    }

    free(line);

    return 0;
}
