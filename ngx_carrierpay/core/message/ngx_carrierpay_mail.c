
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_mail.h"
#include "ngx_carrierpay_mime.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"


ngx_int_t
ngx_carrierpay_mail_compose(ngx_carrierpay_core_t *core, ngx_pool_t *pool,
    const ngx_carrierpay_mail_parts_t *parts, ngx_carrierpay_smtp_mail_t *mail)
{
    u_char                 *text;
    ngx_carrierpay_mime_t   mime;

    mime.from = core->conf->smtp.from;
    mime.from_name = core->conf->smtp.from_name;
    mime.to = parts->to;
    mime.subject = parts->subject;
    mime.text = parts->text;
    mime.id = parts->id;
    mime.time = ngx_carrierpay_now();

    if (!ngx_carrierpay_mime_valid(&mime)) {
        return NGX_DECLINED;
    }

    text = ngx_pnalloc(pool, ngx_carrierpay_mime_size(&mime));
    if (text == NULL) {
        return NGX_ERROR;
    }

    mail->to = parts->to;
    mail->text.data = text;
    mail->text.len = ngx_carrierpay_mime_write(text, &mime) - text;

    return NGX_OK;
}
