
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_password.h"


const char *
ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password)
{
    u_char     text[256];
    size_t     len;
    ssize_t    n;
    ngx_fd_t   fd;

    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK) {
        return "cannot be read";
    }

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        return "cannot be opened";
    }

    n = ngx_read_fd(fd, text, sizeof(text));

    (void) ngx_close_file(fd);

    if (n <= 0 || n == sizeof(text)) {
        return "cannot be read, is empty or too long";
    }

    for (len = 0; len < (size_t) n && text[len] != LF && text[len] != CR;
         len++)
    {
        /* void */
    }

    password->len = len;
    password->data = ngx_pnalloc(cf->pool, len + 1);

    if (password->data == NULL) {
        return "cannot be kept";
    }

    (void) ngx_cpystrn(password->data, text, len + 1);
    ngx_explicit_memzero(text, sizeof(text));

    return NULL;
}
