
#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_smtp_mail.h"


/* RFC 5322, without the CRLF. */
#define NGX_CARRIERPAY_SMTP_LINE_MAX  998


static ngx_uint_t ngx_carrierpay_smtp_text_valid(const ngx_str_t *text);


ngx_uint_t
ngx_carrierpay_smtp_mail_valid(ngx_carrierpay_smtp_mail_t *mail)
{
    return ngx_carrierpay_email_valid(&mail->to)
           && ngx_carrierpay_smtp_text_valid(&mail->text);
}


/*
 * A text that servers could read in two ways is not sent: a bare CR or LF
 * before a dot may be the end of the mail for one server and not for the next.
 */

static ngx_uint_t
ngx_carrierpay_smtp_text_valid(const ngx_str_t *text)
{
    u_char  *p, *last, *line;

    last = text->data + text->len;
    line = text->data;

    for (p = line; p < last; p++) {

        if (*p == '\0' || *p > 0x7f || *p == LF || (p == line && *p == '.')) {
            return 0;
        }

        if (*p != CR) {
            continue;
        }

        if (p - line > NGX_CARRIERPAY_SMTP_LINE_MAX
            || ++p == last || *p != LF)
        {
            return 0;
        }

        line = p + 1;
    }

    return text->len && line == last;
}
