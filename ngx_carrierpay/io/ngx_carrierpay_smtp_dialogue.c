
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_smtp_conn.h"
#include "ngx_carrierpay_smtp_dialogue.h"


static ngx_int_t ngx_carrierpay_smtp_talk_say(
    ngx_carrierpay_smtp_session_t *s, ngx_carrierpay_smtp_state_e state,
    const char *command, const ngx_str_t *address);
static ngx_uint_t ngx_carrierpay_smtp_talk_unsent(
    ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_talk_reply(
    ngx_carrierpay_smtp_session_t *s);
static ngx_int_t ngx_carrierpay_smtp_talk_answer(
    ngx_carrierpay_smtp_session_t *s, ngx_uint_t code);
static ngx_carrierpay_smtp_outcome_e ngx_carrierpay_smtp_talk_judge(
    ngx_carrierpay_smtp_session_t *s, ngx_uint_t code);


ngx_int_t
ngx_carrierpay_smtp_talk(ngx_carrierpay_smtp_session_t *s)
{
    return ngx_carrierpay_smtp_talk_say(s, NGX_CARRIERPAY_SMTP_MAIL,
                                        "MAIL FROM:<%V>" CRLF,
                                        &s->smtp->conf.from);
}


/* With no command it is the text that is said. */

static ngx_int_t
ngx_carrierpay_smtp_talk_say(ngx_carrierpay_smtp_session_t *s,
    ngx_carrierpay_smtp_state_e state, const char *command,
    const ngx_str_t *address)
{
    s->state = state;
    s->dot = 0;
    s->len = 0;

    if (command) {
        s->pos = s->command;
        s->last = ngx_snprintf(s->command, NGX_CARRIERPAY_SMTP_COMMAND,
                               command, address);

    } else {
        s->pos = s->mail->text.data;
        s->last = s->pos + s->mail->text.len;
    }

    return ngx_carrierpay_event_want_write(s->c);
}


void
ngx_carrierpay_smtp_talk_write_handler(ngx_event_t *ev)
{
    ssize_t                         n;
    ngx_connection_t               *c;
    ngx_carrierpay_smtp_session_t  *s;

    c = ev->data;
    s = c->data;

    while (ngx_carrierpay_smtp_talk_unsent(s)) {
        n = ngx_carrierpay_smtp_dial_send(s, s->pos, s->last - s->pos);

        if (n == NGX_AGAIN) {
            return;
        }

        if (n == NGX_ERROR) {

            /* the read handler finds what the server said before it left */

            break;
        }

        s->pos += n;
    }

    (void) ngx_carrierpay_event_drop_write(c);
}


/* after the text comes the dot that ends it */

static ngx_uint_t
ngx_carrierpay_smtp_talk_unsent(ngx_carrierpay_smtp_session_t *s)
{
    if (s->pos == s->last && s->state == NGX_CARRIERPAY_SMTP_TEXT && !s->dot) {
        s->dot = 1;
        s->pos = s->command;
        s->last = ngx_cpymem(s->command, "." CRLF, sizeof("." CRLF) - 1);
    }

    return s->pos < s->last;
}


void
ngx_carrierpay_smtp_talk_read_handler(ngx_event_t *ev)
{
    ssize_t                         n;
    ngx_int_t                       code;
    ngx_connection_t               *c;
    ngx_carrierpay_smtp_session_t  *s;

    c = ev->data;
    s = c->data;

    if (c->close || c->error) {

        if (s->mail == NULL) {
            ngx_carrierpay_smtp_hang_up(s, 0);
            return;
        }

        ngx_carrierpay_smtp_abort(s->smtp, "worker shutdown timeout");
        return;
    }

    for ( ;; ) {
        n = ngx_carrierpay_smtp_dial_recv(s, s->reply + s->len,
                                          NGX_CARRIERPAY_SMTP_REPLY - s->len);

        if (n == NGX_AGAIN) {
            return;
        }

        /* an idle one may only say good-bye */

        if (n == NGX_ERROR || s->mail == NULL) {
            ngx_carrierpay_smtp_lost(s, 0, "server closed the connection");
            return;
        }

        s->len += n;

        code = ngx_carrierpay_smtp_talk_reply(s);

        if (code == NGX_ERROR) {
            ngx_carrierpay_smtp_lost(s, 0, "server does not speak SMTP");
            return;
        }

        if (code != NGX_AGAIN
            && ngx_carrierpay_smtp_talk_answer(s, code) != NGX_OK)
        {
            return;
        }
    }
}


/*
 * The code of a whole reply, NGX_AGAIN or NGX_ERROR.  Lines that are not the
 * last of it are dropped as they come.  We say one thing at a time, so
 * nothing may follow the last.
 */

static ngx_int_t
ngx_carrierpay_smtp_talk_reply(ngx_carrierpay_smtp_session_t *s)
{
    u_char     *p, *lf, *last;
    ngx_int_t   code;

    p = s->reply;
    last = p + s->len;

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

        s->len = 0;

        return code;
    }

    s->len = last - p;

    if (s->len == NGX_CARRIERPAY_SMTP_REPLY) {
        return NGX_ERROR;
    }

    ngx_memmove(s->reply, p, s->len);

    return NGX_AGAIN;
}


/* NGX_OK: the mail goes on; NGX_DONE: it has ended, the session is not its. */

static ngx_int_t
ngx_carrierpay_smtp_talk_answer(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t code)
{
    ngx_int_t   rc;
    ngx_uint_t  good;

    good = (code / 100 == 2);
    rc = NGX_DECLINED;

    switch (s->state) {

    case NGX_CARRIERPAY_SMTP_MAIL:

        if (good) {
            rc = ngx_carrierpay_smtp_talk_say(s, NGX_CARRIERPAY_SMTP_RCPT,
                                              "RCPT TO:<%V>" CRLF,
                                              &s->mail->to);

        } else if (code == 421 && ngx_carrierpay_smtp_again(s) == NGX_OK) {

            /* what it says to who was idle for long, or has sent enough */

            return NGX_DONE;
        }

        break;

    case NGX_CARRIERPAY_SMTP_RCPT:

        if (good) {
            rc = ngx_carrierpay_smtp_talk_say(s, NGX_CARRIERPAY_SMTP_DATA,
                                              "DATA" CRLF, NULL);
        }

        break;

    case NGX_CARRIERPAY_SMTP_DATA:

        if (code == 354) {
            rc = ngx_carrierpay_smtp_talk_say(s, NGX_CARRIERPAY_SMTP_TEXT,
                                              NULL, NULL);
        }

        break;

    default: /* NGX_CARRIERPAY_SMTP_TEXT */
        break;
    }

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    if (rc == NGX_ERROR) {
        ngx_carrierpay_smtp_lost(s, 0, "no event for it");

    } else {
        ngx_carrierpay_smtp_done(s, ngx_carrierpay_smtp_talk_judge(s, code),
                                 code, "so says the server");
    }

    return NGX_DONE;
}


/* What an answer means that is not "go on". */

static ngx_carrierpay_smtp_outcome_e
ngx_carrierpay_smtp_talk_judge(ngx_carrierpay_smtp_session_t *s,
    ngx_uint_t code)
{
    switch (code / 100) {

    case 5:

        if (code == 530 || s->state == NGX_CARRIERPAY_SMTP_MAIL) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        return NGX_CARRIERPAY_SMTP_REFUSED;

    case 4:
        return NGX_CARRIERPAY_SMTP_FAILED;

    default:

        if (s->state != NGX_CARRIERPAY_SMTP_TEXT) {
            return NGX_CARRIERPAY_SMTP_FAILED;
        }

        /* taken before its end has left is not taken as it is */

        return code / 100 == 2 && s->dot && s->pos == s->last
               ? NGX_CARRIERPAY_SMTP_SENT : NGX_CARRIERPAY_SMTP_UNKNOWN;
    }
}


void
ngx_carrierpay_smtp_talk_quit(ngx_carrierpay_smtp_session_t *s)
{
    static const char  quit[] = "QUIT" CRLF;

    if (s->c && s->pos == s->last) {
        (void) ngx_carrierpay_smtp_dial_send(s, (const u_char *) quit,
                                             sizeof(quit) - 1);
    }
}
