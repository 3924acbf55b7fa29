
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_email.h>
#include <ngx_carrierpay_mime.h>
#include <ngx_carrierpay_text.h>
#include <ngx_carrierpay_base64.h>
#include <ngx_carrierpay_time.h>


/*
 * An encoded word has at most 75 bytes, and its line 76.  After "Subject: " 39
 * bytes fit.  A character that would be cut goes to the next word, so a word
 * has at least 36 bytes.
 */

#define NGX_CARRIERPAY_MIME_WORD       39
#define NGX_CARRIERPAY_MIME_WORD_MIN   (NGX_CARRIERPAY_MIME_WORD - 3)
#define NGX_CARRIERPAY_MIME_WORD_ROOM                                         \
    (sizeof("=?UTF-8?B?" "?=\r\n ") - 1                                       \
     + NGX_CARRIERPAY_BASE64_LEN(NGX_CARRIERPAY_MIME_WORD))

/*
 * The longest words that are written as they are, on one line with the name of
 * their header.
 */

#define NGX_CARRIERPAY_MIME_PLAIN_MAX  60

#define NGX_CARRIERPAY_MIME_LINE       57      /* bytes in 76 of base64 */
#define NGX_CARRIERPAY_MIME_LINE_ROOM                                         \
    (NGX_CARRIERPAY_BASE64_LEN(NGX_CARRIERPAY_MIME_LINE) + 2)

#define ngx_carrierpay_mime_put(p, literal)                                   \
    ngx_cpymem(p, literal, sizeof(literal) - 1)


typedef struct {
    u_char     *p;
    size_t      len;
    u_char      line[NGX_CARRIERPAY_MIME_LINE];
} ngx_carrierpay_mime_lines_t;


static ngx_uint_t ngx_carrierpay_mime_utf8(const ngx_str_t *text);
static ngx_uint_t ngx_carrierpay_mime_id_valid(const ngx_str_t *id);
static ngx_uint_t ngx_carrierpay_mime_plain(const ngx_str_t *words);
static size_t ngx_carrierpay_mime_words_size(const ngx_str_t *words);
static u_char *ngx_carrierpay_mime_words(u_char *p, const ngx_str_t *words);
static u_char *ngx_carrierpay_mime_word(u_char *p, const u_char *data,
    size_t len);
static u_char *ngx_carrierpay_mime_from(u_char *p,
    const ngx_carrierpay_mime_t *mime);
static u_char *ngx_carrierpay_mime_date(u_char *p, int64_t ms);
static u_char *ngx_carrierpay_mime_text(u_char *p, const ngx_str_t *text);
static void ngx_carrierpay_mime_byte(ngx_carrierpay_mime_lines_t *lines,
    u_char c);
static void ngx_carrierpay_mime_flush(ngx_carrierpay_mime_lines_t *lines);


static const char  ngx_carrierpay_mime_days[] = "ThuFriSatSunMonTueWed";
static const char  ngx_carrierpay_mime_months[] =
    "JanFebMarAprMayJunJulAugSepOctNovDec";

static const char  ngx_carrierpay_mime_fixed[] =
    "MIME-Version: 1.0" CRLF
    "Content-Type: text/plain; charset=utf-8" CRLF
    "Content-Transfer-Encoding: base64" CRLF
    "Auto-Submitted: auto-generated" CRLF
    CRLF;

/* The names of headers and what is around their values, rounded up. */

#define NGX_CARRIERPAY_MIME_HEADERS                                           \
    (256 + sizeof(ngx_carrierpay_mime_fixed) - 1)


ngx_uint_t
ngx_carrierpay_mime_valid(const ngx_carrierpay_mime_t *mime)
{
    return ngx_carrierpay_email_valid(&mime->from)
           && ngx_carrierpay_email_valid(&mime->to)
           && ngx_carrierpay_mime_id_valid(&mime->id)
           && ngx_carrierpay_mime_utf8(&mime->from_name)
           && ngx_carrierpay_mime_utf8(&mime->subject)
           && ngx_carrierpay_mime_utf8(&mime->text);
}


static ngx_uint_t
ngx_carrierpay_mime_utf8(const ngx_str_t *text)
{
    return ngx_carrierpay_text_utf8_valid(text->data, text->len);
}


static ngx_uint_t
ngx_carrierpay_mime_id_valid(const ngx_str_t *id)
{
    u_char  c;
    size_t  i;

    if (id->len == 0 || id->len > NGX_CARRIERPAY_MIME_ID_MAX) {
        return 0;
    }

    for (i = 0; i < id->len; i++) {
        c = id->data[i];

        if (!(c >= '0' && c <= '9')
            && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            && c != '-' && c != '_')
        {
            return 0;
        }
    }

    return 1;
}


size_t
ngx_carrierpay_mime_size(const ngx_carrierpay_mime_t *mime)
{
    /* At worst each byte of the text is a line end, and becomes two. */

    return NGX_CARRIERPAY_MIME_HEADERS
           + 2 * mime->from.len + mime->to.len + mime->id.len
           + ngx_carrierpay_mime_words_size(&mime->from_name)
           + ngx_carrierpay_mime_words_size(&mime->subject)
           + (2 * mime->text.len / NGX_CARRIERPAY_MIME_LINE + 1)
             * NGX_CARRIERPAY_MIME_LINE_ROOM;
}


static size_t
ngx_carrierpay_mime_words_size(const ngx_str_t *words)
{
    return (words->len / NGX_CARRIERPAY_MIME_WORD_MIN + 1)
           * NGX_CARRIERPAY_MIME_WORD_ROOM;
}


u_char *
ngx_carrierpay_mime_write(u_char *p, const ngx_carrierpay_mime_t *mime)
{
    ngx_str_t  domain;

    ngx_carrierpay_email_domain(&mime->from, &domain);

    p = ngx_carrierpay_mime_from(p, mime);

    p = ngx_carrierpay_mime_put(p, "To: ");
    p = ngx_cpymem(p, mime->to.data, mime->to.len);
    p = ngx_carrierpay_mime_put(p, CRLF "Subject: ");

    if (ngx_carrierpay_mime_plain(&mime->subject)) {
        p = ngx_cpymem(p, mime->subject.data, mime->subject.len);

    } else {
        p = ngx_carrierpay_mime_words(p, &mime->subject);
    }

    p = ngx_carrierpay_mime_put(p, CRLF "Date: ");
    p = ngx_carrierpay_mime_date(p, mime->time);

    p = ngx_carrierpay_mime_put(p, CRLF "Message-ID: <");
    p = ngx_cpymem(p, mime->id.data, mime->id.len);
    *p++ = '@';
    p = ngx_cpymem(p, domain.data, domain.len);
    p = ngx_carrierpay_mime_put(p, ">" CRLF);

    p = ngx_carrierpay_mime_put(p, ngx_carrierpay_mime_fixed);

    return ngx_carrierpay_mime_text(p, &mime->text);
}


/*
 * Tells whether the words can be written as they are: visible ASCII and single
 * blanks, and nothing that a reader would take for an encoded word or that
 * quotes would have to escape.
 */

static ngx_uint_t
ngx_carrierpay_mime_plain(const ngx_str_t *words)
{
    size_t  i;
    u_char  c;

    if (words->len == 0 || words->len > NGX_CARRIERPAY_MIME_PLAIN_MAX
        || words->data[0] == ' ' || words->data[words->len - 1] == ' ')
    {
        return 0;
    }

    for (i = 0; i < words->len; i++) {
        c = words->data[i];

        if (c < ' ' || c > '~' || c == '"' || c == '\\'
            || (c == '=' && i + 1 < words->len && words->data[i + 1] == '?'))
        {
            return 0;
        }
    }

    return 1;
}


static u_char *
ngx_carrierpay_mime_words(u_char *p, const ngx_str_t *words)
{
    size_t         len;
    const u_char  *data, *last;

    data = words->data;
    last = data + words->len;

    while (data < last) {
        len = ngx_min(last - data, NGX_CARRIERPAY_MIME_WORD);

        /*
         * Each encoded word is decoded alone, so no character is in two of
         * them.
         */

        while (data + len < last && (data[len] & 0xc0) == 0x80) {
            len--;
        }

        p = ngx_carrierpay_mime_word(p, data, len);
        data += len;

        if (data < last) {
            p = ngx_carrierpay_mime_put(p, CRLF " ");
        }
    }

    return p;
}


/*
 * A reader shows the decoded word, so a line end in it must not become one
 * there.
 */

static u_char *
ngx_carrierpay_mime_word(u_char *p, const u_char *data, size_t len)
{
    size_t  i;
    u_char  word[NGX_CARRIERPAY_MIME_WORD];

    for (i = 0; i < len; i++) {
        word[i] = (data[i] < ' ' || data[i] == 0x7f) ? ' ' : data[i];
    }

    p = ngx_carrierpay_mime_put(p, "=?UTF-8?B?");
    p = ngx_carrierpay_base64_encode(p, word, len);

    return ngx_carrierpay_mime_put(p, "?=");
}


static u_char *
ngx_carrierpay_mime_from(u_char *p, const ngx_carrierpay_mime_t *mime)
{
    p = ngx_carrierpay_mime_put(p, "From: ");

    if (mime->from_name.len == 0) {
        p = ngx_cpymem(p, mime->from.data, mime->from.len);
        return ngx_carrierpay_mime_put(p, CRLF);
    }

    if (ngx_carrierpay_mime_plain(&mime->from_name)) {
        *p++ = '"';
        p = ngx_cpymem(p, mime->from_name.data, mime->from_name.len);
        *p++ = '"';

    } else {
        p = ngx_carrierpay_mime_words(p, &mime->from_name);
    }

    p = ngx_carrierpay_mime_put(p, CRLF " <");
    p = ngx_cpymem(p, mime->from.data, mime->from.len);

    return ngx_carrierpay_mime_put(p, ">" CRLF);
}


/*
 * Writes "Sat, 21 Nov 2026 12:00:00 +0000", out of "2026-11-21T12:00:00.000Z".
 */

static u_char *
ngx_carrierpay_mime_date(u_char *p, int64_t ms)
{
    u_char      iso[NGX_CARRIERPAY_TIME_LEN];
    ngx_uint_t  day, month;

    (void) ngx_carrierpay_time_print(iso, ms);

    day = ms > 0 ? ms / 86400000 % 7 : 0;
    month = (iso[5] - '0') * 10 + iso[6] - '0' - 1;

    p = ngx_cpymem(p, ngx_carrierpay_mime_days + 3 * day, 3);
    p = ngx_carrierpay_mime_put(p, ", ");
    p = ngx_cpymem(p, iso + 8, 2);
    *p++ = ' ';
    p = ngx_cpymem(p, ngx_carrierpay_mime_months + 3 * month, 3);
    *p++ = ' ';
    p = ngx_cpymem(p, iso, 4);
    *p++ = ' ';
    p = ngx_cpymem(p, iso + 11, 8);

    return ngx_carrierpay_mime_put(p, " +0000");
}


/* By RFC 2045 the line ends of a text are CRLF before it is encoded. */

static u_char *
ngx_carrierpay_mime_text(u_char *p, const ngx_str_t *text)
{
    size_t                       i;
    u_char                       c;
    ngx_carrierpay_mime_lines_t  lines;

    lines.p = p;
    lines.len = 0;

    for (i = 0; i < text->len; i++) {
        c = text->data[i];

        if (c == LF && i && text->data[i - 1] == CR) {
            continue;
        }

        if (c == CR || c == LF) {
            ngx_carrierpay_mime_byte(&lines, CR);
            ngx_carrierpay_mime_byte(&lines, LF);

        } else {
            ngx_carrierpay_mime_byte(&lines, c);
        }
    }

    ngx_carrierpay_mime_flush(&lines);

    return lines.p;
}


static void
ngx_carrierpay_mime_byte(ngx_carrierpay_mime_lines_t *lines, u_char c)
{
    lines->line[lines->len++] = c;

    if (lines->len == NGX_CARRIERPAY_MIME_LINE) {
        ngx_carrierpay_mime_flush(lines);
    }
}


static void
ngx_carrierpay_mime_flush(ngx_carrierpay_mime_lines_t *lines)
{
    if (lines->len == 0) {
        return;
    }

    lines->p = ngx_carrierpay_base64_encode(lines->p, lines->line, lines->len);
    lines->p = ngx_carrierpay_mime_put(lines->p, CRLF);
    lines->len = 0;
}
