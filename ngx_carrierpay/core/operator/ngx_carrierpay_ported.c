
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ported.h"
#include "ngx_carrierpay_text.h"


/*
 * There are twice as many slots as there may be carriers.  A slot of 0 is
 * free.
 */

#define NGX_CARRIERPAY_PORTED_SLOTS  (2 * NGX_CARRIERPAY_PORTED_CARRIERS)

#define ngx_carrierpay_ported_number(row)                                     \
    ((row) >> NGX_CARRIERPAY_PORTED_CARRIER_BITS)


typedef struct {
    ngx_conf_t                 *cf;
    ngx_carrierpay_ported_t    *ported;
    u_char                     *buf;        /* the file */
    ngx_str_t                   text;       /* in it */
    uint16_t                   *slots;      /* by hash: index + 1 */
} ngx_carrierpay_ported_reader_t;


static ngx_int_t ngx_carrierpay_ported_load(
    ngx_carrierpay_ported_reader_t *reader);
static void ngx_carrierpay_ported_refuse(
    ngx_carrierpay_ported_reader_t *reader, const char *wrong, ngx_err_t err);
static ngx_int_t ngx_carrierpay_ported_lines(
    ngx_carrierpay_ported_reader_t *reader);
static ngx_uint_t ngx_carrierpay_ported_next(
    ngx_carrierpay_ported_reader_t *reader, ngx_str_t *line);
static ngx_int_t ngx_carrierpay_ported_carrier(
    ngx_carrierpay_ported_reader_t *reader, ngx_str_t *name, ngx_uint_t line);
static ngx_int_t ngx_carrierpay_ported_sort(
    ngx_carrierpay_ported_reader_t *reader);
static void ngx_carrierpay_ported_twice(ngx_carrierpay_ported_reader_t *reader,
    uint64_t number);
static int ngx_libc_cdecl ngx_carrierpay_ported_cmp(const void *one,
    const void *two);


ngx_int_t
ngx_carrierpay_ported_read(ngx_conf_t *cf, ngx_carrierpay_ported_t *ported)
{
    ngx_int_t                       rc;
    ngx_carrierpay_ported_reader_t  reader;

    if (ngx_array_init(&ported->carriers, cf->pool, 16,
                       sizeof(ngx_carrierpay_ported_carrier_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    reader.cf = cf;
    reader.ported = ported;
    reader.buf = NULL;

    /*
     * What is needed for reading only is not taken from a pool, so that it can
     * be freed at once.
     */

    reader.slots = ngx_calloc(NGX_CARRIERPAY_PORTED_SLOTS * sizeof(uint16_t),
                              cf->log);
    if (reader.slots == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_carrierpay_ported_load(&reader);

    if (rc == NGX_OK) {
        rc = ngx_carrierpay_ported_lines(&reader);
    }

    if (rc == NGX_OK) {
        rc = ngx_carrierpay_ported_sort(&reader);
    }

    ngx_free(reader.slots);

    if (reader.buf) {
        ngx_free(reader.buf);
    }

    return rc;
}


ngx_carrierpay_ported_carrier_t *
ngx_carrierpay_ported_find(ngx_carrierpay_ported_t *ported,
    ngx_carrierpay_msisdn_t *msisdn)
{
    uint64_t                          number, row;
    ngx_uint_t                        i, first, last;
    ngx_carrierpay_ported_carrier_t  *carrier;

    number = 0;

    for (i = 0; i < msisdn->len; i++) {
        number = number * 10 + (msisdn->digits[i] - '0');
    }

    first = 0;
    last = ported->n;

    while (first < last) {
        i = first + (last - first) / 2;
        row = ported->rows[i];

        if (ngx_carrierpay_ported_number(row) == number) {
            carrier = ported->carriers.elts;
            return &carrier[row % NGX_CARRIERPAY_PORTED_CARRIERS];
        }

        if (ngx_carrierpay_ported_number(row) < number) {
            first = i + 1;

        } else {
            last = i;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_carrierpay_ported_load(ngx_carrierpay_ported_reader_t *reader)
{
    off_t        size;
    ssize_t      n;
    ngx_int_t    rc;
    ngx_str_t   *text;
    ngx_file_t   file;

    rc = NGX_ERROR;
    text = &reader->text;

    ngx_memzero(&file, sizeof(ngx_file_t));
    file.name = reader->ported->file;
    file.log = reader->cf->log;
    file.fd = ngx_open_file(file.name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_carrierpay_ported_refuse(reader, "cannot be opened", ngx_errno);
        return NGX_ERROR;
    }

    if (ngx_fd_info(file.fd, &file.info) == NGX_FILE_ERROR
        || !ngx_is_file(&file.info))
    {
        ngx_carrierpay_ported_refuse(reader, "is not a file", 0);
        goto done;
    }

    size = ngx_file_size(&file.info);

    reader->buf = ngx_alloc(size + 1, file.log);
    if (reader->buf == NULL) {
        goto done;
    }

    text->data = reader->buf;

    for (text->len = 0; (off_t) text->len < size; text->len += n) {
        n = ngx_read_file(&file, text->data + text->len, size - text->len,
                          text->len);

        if (n == NGX_ERROR) {
            goto done;
        }

        if (n == 0) {
            break;
        }
    }

    ngx_carrierpay_text_skip_mark(text);
    rc = NGX_OK;

done:

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, file.log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", &file.name);
    }

    return rc;
}


/*
 * The file is read when the whole configuration has been, so the line of the
 * directive comes from there.
 */

static void
ngx_carrierpay_ported_refuse(ngx_carrierpay_ported_reader_t *reader,
    const char *wrong, ngx_err_t err)
{
    u_char  text[NGX_MAX_ERROR_STR], *last;

    last = text;

    if (err) {
        last = ngx_log_errno(text, text + sizeof(text), err);
    }

    ngx_log_error(NGX_LOG_EMERG, reader->cf->log, 0,
                  "ported numbers \"%V\" %s%*s in %s:%ui",
                  &reader->ported->file, wrong, (size_t) (last - text), text,
                  reader->ported->conf_file, reader->ported->conf_line);
}


static ngx_int_t
ngx_carrierpay_ported_lines(ngx_carrierpay_ported_reader_t *reader)
{
    uint64_t                  number;
    ngx_int_t                 rc, carrier;
    ngx_str_t                 line, name;
    ngx_uint_t                n;
    ngx_carrierpay_ported_t  *ported;

    ported = reader->ported;
    line.data = NULL;

    for (n = 0; ngx_carrierpay_ported_next(reader, &line); n++) { /* void */ }

    ported->rows = ngx_pmemalign(reader->cf->pool,
                                 (n + 1) * sizeof(uint64_t), sizeof(uint64_t));
    if (ported->rows == NULL) {
        return NGX_ERROR;
    }

    line.data = NULL;

    for (n = 1; ngx_carrierpay_ported_next(reader, &line); n++) {

        rc = ngx_carrierpay_ported_parse(&line, &number, &name);

        if (rc == NGX_DECLINED) {
            continue;
        }

        if (rc == NGX_ERROR) {
            ngx_log_error(NGX_LOG_EMERG, reader->cf->log, 0,
                          "not \"number,MCCMNC\" nor \"number,operator\" "
                          "in %V:%ui", &ported->file, n);
            return NGX_ERROR;
        }

        carrier = ngx_carrierpay_ported_carrier(reader, &name, n);

        if (carrier == NGX_ERROR) {
            return NGX_ERROR;
        }

        ported->rows[ported->n++] =
                        number << NGX_CARRIERPAY_PORTED_CARRIER_BITS | carrier;
    }

    /* A transfer that has failed leaves such a file. */

    if (ported->n == 0) {
        ngx_log_error(NGX_LOG_WARN, reader->cf->log, 0,
                      "no ported number in \"%V\"", &ported->file);
    }

    return NGX_OK;
}


/*
 * Moves to the next line, or to the first one if line->data is NULL.  Returns
 * 0 if there is none.
 */

static ngx_uint_t
ngx_carrierpay_ported_next(ngx_carrierpay_ported_reader_t *reader,
    ngx_str_t *line)
{
    u_char  *end, *last;

    end = reader->text.data + reader->text.len;

    line->data = line->data ? line->data + line->len + 1 : reader->text.data;

    if (line->data >= end) {
        return 0;
    }

    last = ngx_strlchr(line->data, end, '\n');

    line->len = (last ? last : end) - line->data;

    return 1;
}


/* Returns the index of a carrier, which is added if it is new. */

static ngx_int_t
ngx_carrierpay_ported_carrier(ngx_carrierpay_ported_reader_t *reader,
    ngx_str_t *name, ngx_uint_t line)
{
    uint16_t                         *slot;
    ngx_uint_t                        key;
    ngx_array_t                      *carriers;
    ngx_carrierpay_ported_carrier_t  *carrier;

    carriers = &reader->ported->carriers;
    key = ngx_crc32_short(name->data, name->len);

    for ( ;; ) {
        slot = &reader->slots[key++ % NGX_CARRIERPAY_PORTED_SLOTS];

        if (*slot == 0) {
            break;
        }

        carrier = carriers->elts;
        carrier += *slot - 1;

        if (carrier->name.len == name->len
            && ngx_memcmp(carrier->name.data, name->data, name->len) == 0)
        {
            return *slot - 1;
        }
    }

    if (carriers->nelts == NGX_CARRIERPAY_PORTED_CARRIERS) {
        ngx_log_error(NGX_LOG_EMERG, reader->cf->log, 0,
                      "more than %d owners of numbers in %V:%ui",
                      NGX_CARRIERPAY_PORTED_CARRIERS, &reader->ported->file,
                      line);
        return NGX_ERROR;
    }

    carrier = ngx_array_push(carriers);
    if (carrier == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(carrier, sizeof(ngx_carrierpay_ported_carrier_t));

    carrier->line = line;
    carrier->name.len = name->len;
    carrier->name.data = ngx_pstrdup(reader->cf->pool, name);

    if (carrier->name.data == NULL) {
        return NGX_ERROR;
    }

    *slot = carriers->nelts;

    return carriers->nelts - 1;
}


static ngx_int_t
ngx_carrierpay_ported_sort(ngx_carrierpay_ported_reader_t *reader)
{
    uint64_t    *rows;
    ngx_uint_t   i, n;

    rows = reader->ported->rows;
    n = reader->ported->n;

    ngx_qsort(rows, n, sizeof(uint64_t), ngx_carrierpay_ported_cmp);

    for (i = 1; i < n; i++) {
        if (ngx_carrierpay_ported_number(rows[i - 1])
            == ngx_carrierpay_ported_number(rows[i]))
        {
            ngx_carrierpay_ported_twice(reader,
                                       ngx_carrierpay_ported_number(rows[i]));
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* The rows do not tell their lines, so these are looked up in the file. */

static void
ngx_carrierpay_ported_twice(ngx_carrierpay_ported_reader_t *reader,
    uint64_t number)
{
    uint64_t    other;
    ngx_str_t   line, name, *file;
    ngx_uint_t  n, first;

    file = &reader->ported->file;
    line.data = NULL;
    first = 0;

    for (n = 1; ngx_carrierpay_ported_next(reader, &line); n++) {

        if (ngx_carrierpay_ported_parse(&line, &other, &name) != NGX_OK
            || other != number)
        {
            continue;
        }

        if (first) {
            ngx_log_error(NGX_LOG_EMERG, reader->cf->log, 0,
                          "a number is given twice: in %V:%ui and in %V:%ui",
                          file, first, file, n);
            return;
        }

        first = n;
    }
}


static int ngx_libc_cdecl
ngx_carrierpay_ported_cmp(const void *one, const void *two)
{
    uint64_t  a, b;

    a = *(uint64_t *) one;
    b = *(uint64_t *) two;

    return a < b ? -1 : a > b;
}
