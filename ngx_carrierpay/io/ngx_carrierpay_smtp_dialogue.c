
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_smtp_dialogue.h"


static ngx_int_t ngx_carrierpay_smtp_dialogue_say(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_carrierpay_smtp_command_e command,
    const char *format, const ngx_str_t *address);
static ngx_int_t ngx_carrierpay_smtp_dialogue_text(
    ngx_carrierpay_smtp_dialogue_t *d);
static ngx_uint_t ngx_carrierpay_smtp_dialogue_unsent(
    ngx_carrierpay_smtp_dialogue_t *d);
static ngx_int_t ngx_carrierpay_smtp_dialogue_reply(
    ngx_carrierpay_smtp_dialogue_t *d);
static ngx_int_t ngx_carrierpay_smtp_dialogue_answer(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_uint_t code);
static ngx_carrierpay_smtp_outcome_e ngx_carrierpay_smtp_dialogue_evaluate(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_uint_t code);
static ngx_uint_t ngx_carrierpay_smtp_dialogue_complete(
    ngx_carrierpay_smtp_dialogue_t *d);
static void ngx_carrierpay_smtp_dialogue_end(
    ngx_carrierpay_smtp_dialogue_t *d, const char *reason);


ngx_int_t
ngx_carrierpay_smtp_dialogue_start(ngx_carrierpay_smtp_dialogue_t *d,
    ngx_carrierpay_smtp_mail_t *mail)
{
    d->mail = mail;

    return ngx_carrierpay_smtp_dialogue_say(d, NGX_CARRIERPAY_SMTP_MAIL,
                                            "MAIL FROM:<%V>" CRLF,
                                            &d->conn->multi->conf->from);
}


static ngx_int_t
ngx_carrierpay_smtp_dialogue_say(ngx_carrierpay_smtp_dialogue_t *d,
    ngx_carrierpay_smtp_command_e command, const char *format,
    const ngx_str_t *address)
{
    d->sent = command;
    d->dot = 0;
    d->len = 0;

    d->pos = d->command;
    d->last = ngx_snprintf(d->command, NGX_CARRIERPAY_SMTP_COMMAND, format,
                           address);

    return ngx_carrierpay_event_want_write(d->conn->c);
}


static ngx_int_t
ngx_carrierpay_smtp_dialogue_text(ngx_carrierpay_smtp_dialogue_t *d)
{
    d->sent = NGX_CARRIERPAY_SMTP_TEXT;
    d->dot = 0;
    d->len = 0;

    d->pos = d->mail->text.data;
    d->last = d->pos + d->mail->text.len;

    return ngx_carrierpay_event_want_write(d->conn->c);
}


void
ngx_carrierpay_smtp_dialogue_write(ngx_carrierpay_smtp_dialogue_t *d)
{
    ssize_t  n;

    while (ngx_carrierpay_smtp_dialogue_unsent(d)) {
        n = ngx_carrierpay_smtp_conn_send(d->conn, d->pos, d->last - d->pos);

        if (n == NGX_AGAIN) {
            return;
        }

        if (n == NGX_ERROR) {

            /* the read handler finds what the server said before it left */

            break;
        }

        d->pos += n;
    }

    (void) ngx_carrierpay_event_drop_write(d->conn->c);
}


/* After the text comes the dot that ends it. */

static ngx_uint_t
ngx_carrierpay_smtp_dialogue_unsent(ngx_carrierpay_smtp_dialogue_t *d)
{
    if (d->pos == d->last && d->sent == NGX_CARRIERPAY_SMTP_TEXT && !d->dot) {
        d->dot = 1;
        d->pos = d->command;
        d->last = ngx_cpymem(d->command, "." CRLF, sizeof("." CRLF) - 1);
    }

    return d->pos < d->last;
}


void
ngx_carrierpay_smtp_dialogue_read(ngx_carrierpay_smtp_dialogue_t *d)
{
    ssize_t    n;
    ngx_int_t  code;

    for ( ;; ) {
        n = ngx_carrierpay_smtp_conn_recv(d->conn, d->reply + d->len,
                                          NGX_CARRIERPAY_SMTP_REPLY - d->len);

        if (n == NGX_AGAIN) {
            return;
        }

        if (n == NGX_ERROR) {
            ngx_carrierpay_smtp_dialogue_end(d,
                                             "server closed the connection");
            return;
        }

        d->len += n;

        code = ngx_carrierpay_smtp_dialogue_reply(d);

        if (code == NGX_ERROR) {
            ngx_carrierpay_smtp_dialogue_end(d, "server does not speak SMTP");
            return;
        }

        if (code != NGX_AGAIN
            && ngx_carrierpay_smtp_dialogue_answer(d, code) != NGX_OK)
        {
            return;
        }
    }
}


/*
 * Returns the code of a whole reply, NGX_AGAIN or NGX_ERROR.  Lines that are
 * not the last of a reply are dropped as they come.  Since commands are sent
 * one at a time, nothing may follow the last line.
 */

static ngx_int_t
ngx_carrierpay_smtp_dialogue_reply(ngx_carrierpay_smtp_dialogue_t *d)
{
    u_char     *p, *lf, *last;
    ngx_int_t   code;

    p = d->reply;
    last = p + d->len;

    while ((lf = memchr(p, LF, last - p)) != NULL) {

        code = lf - p > 3 ? ngx_atoi(p, 3) : NGX_ERROR;

        if (code < 200 || code > 599) {
            return NGX_ERROR;
        }

        if (p[3] == '-') {
            p = lf + 1;
            continue;
        }

        if ((p[3] != ' ' && p[3] != CR) || lf + 1 != last) {
            return NGX_ERROR;
        }

        d->len = 0;

        return code;
    }

    d->len = last - p;

    if (d->len == NGX_CARRIERPAY_SMTP_REPLY) {
        return NGX_ERROR;
    }

    ngx_memmove(d->reply, p, d->len);

    return NGX_AGAIN;
}


/* NGX_OK: the dialogue goes on; NGX_DONE: the handler has been called. */

static ngx_int_t
ngx_carrierpay_smtp_dialogue_answer(ngx_carrierpay_smtp_dialogue_t *d,
    ngx_uint_t code)
{
    ngx_int_t   rc;
    ngx_uint_t  good;

    good = (code / 100 == 2);
    rc = NGX_DECLINED;

    switch (d->sent) {

    case NGX_CARRIERPAY_SMTP_MAIL:

        if (good) {
            rc = ngx_carrierpay_smtp_dialogue_say(d, NGX_CARRIERPAY_SMTP_RCPT,
                                                  "RCPT TO:<%V>" CRLF,
                                                  &d->mail->to);
        }

        break;

    case NGX_CARRIERPAY_SMTP_RCPT:

        if (good) {
            rc = ngx_carrierpay_smtp_dialogue_say(d, NGX_CARRIERPAY_SMTP_DATA,
                                                  "DATA" CRLF, NULL);
        }

        break;

    case NGX_CARRIERPAY_SMTP_DATA:

        if (code == 354) {
            rc = ngx_carrierpay_smtp_dialogue_text(d);
        }

        break;

    case NGX_CARRIERPAY_SMTP_TEXT:
        break;
    }

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    if (rc == NGX_ERROR) {
        ngx_carrierpay_smtp_dialogue_end(d, "no event for it");

    } else {
        d->handler(d, ngx_carrierpay_smtp_dialogue_evaluate(d, code), code,
                   "so says the server");
    }

    return NGX_DONE;
}


/* What a reply means that is not "go on". */

static ngx_carrierpay_smtp_outcome_e
ngx_carrierpay_smtp_dialogue_evaluate(ngx_carrierpay_smtp_dialogue_t *d,
    ngx_uint_t code)
{
    switch (code / 100) {

    case 5:

        if (code == 530 || d->sent == NGX_CARRIERPAY_SMTP_MAIL) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        return NGX_CARRIERPAY_SMTP_REFUSED;

    case 4:
        return NGX_CARRIERPAY_SMTP_FAILED;

    default:

        if (d->sent != NGX_CARRIERPAY_SMTP_TEXT) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        /* a mail that is taken before its end has left is not whole */

        return code / 100 == 2 && ngx_carrierpay_smtp_dialogue_complete(d)
               ? NGX_CARRIERPAY_SMTP_SENT : NGX_CARRIERPAY_SMTP_UNKNOWN;
    }
}


/* Has the whole mail left? */

static ngx_uint_t
ngx_carrierpay_smtp_dialogue_complete(ngx_carrierpay_smtp_dialogue_t *d)
{
    return d->sent == NGX_CARRIERPAY_SMTP_TEXT && d->dot && d->pos == d->last;
}


static void
ngx_carrierpay_smtp_dialogue_end(ngx_carrierpay_smtp_dialogue_t *d,
    const char *reason)
{
    d->handler(d, ngx_carrierpay_smtp_dialogue_lost(d), 0, reason);
}


ngx_carrierpay_smtp_outcome_e
ngx_carrierpay_smtp_dialogue_lost(ngx_carrierpay_smtp_dialogue_t *d)
{
    return ngx_carrierpay_smtp_dialogue_complete(d)
           ? NGX_CARRIERPAY_SMTP_UNKNOWN : NGX_CARRIERPAY_SMTP_FAILED;
}


void
ngx_carrierpay_smtp_dialogue_quit(ngx_carrierpay_smtp_dialogue_t *d)
{
    static const char  quit[] = "QUIT" CRLF;

    if (d->conn->c && d->pos == d->last) {
        (void) ngx_carrierpay_smtp_conn_send(d->conn, (const u_char *) quit,
                                             sizeof(quit) - 1);
    }
}
