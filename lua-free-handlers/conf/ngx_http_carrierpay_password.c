
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_secret_file.h"
#include "ngx_http_carrierpay_password.h"


#define NGX_HTTP_CARRIERPAY_PASSWORD_FILE_MAX  256


const char *
ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password)
{
    size_t       len;
    ngx_str_t    text;
    const char  *wrong;

    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK) {
        return "cannot be read: no memory";
    }

    wrong = ngx_carrierpay_secret_file_read(cf, file,
                                         NGX_HTTP_CARRIERPAY_PASSWORD_FILE_MAX,
                                         &text);
    if (wrong) {
        return wrong;
    }

    if (text.len == 0) {
        return "is empty";
    }

    for (len = 0; len < text.len && text.data[len] != LF
                  && text.data[len] != CR; len++)
    {
        /* void */
    }

    password->len = len;
    password->data = ngx_pnalloc(cf->pool, len + 1);

    if (password->data == NULL) {
        return "cannot be kept: no memory";
    }

    (void) ngx_cpystrn(password->data, text.data, len + 1);
    ngx_explicit_memzero(text.data, text.len);

    return NULL;
}
