
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_secret_file.h"
#include "ngx_carrierpay_text.h"


static const char *ngx_carrierpay_secret_file_open(ngx_conf_t *cf, ngx_fd_t fd,
    size_t room, ngx_str_t *text);


const char *
ngx_carrierpay_secret_file_read(ngx_conf_t *cf, ngx_str_t *file, size_t room,
    ngx_str_t *text)
{
    ngx_fd_t     fd;
    const char  *wrong;

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        return ngx_carrierpay_secret_file_errno(cf, "cannot be opened",
                                                ngx_errno);
    }

    wrong = ngx_carrierpay_secret_file_open(cf, fd, room, text);

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", file);
    }

    return wrong;
}


static const char *
ngx_carrierpay_secret_file_open(ngx_conf_t *cf, ngx_fd_t fd, size_t room,
    ngx_str_t *text)
{
    ssize_t          n;
    ngx_file_info_t  info;

    if (ngx_fd_info(fd, &info) == NGX_FILE_ERROR) {
        return ngx_carrierpay_secret_file_errno(cf, "cannot be looked at",
                                                ngx_errno);
    }

    if (info.st_mode & (S_IRWXG|S_IRWXO)) {
        return "is open to other users than its owner: chmod 600";
    }

    text->data = ngx_pnalloc(cf->temp_pool, room);

    if (text->data == NULL) {
        return "cannot be read: no memory";
    }

    n = ngx_read_fd(fd, text->data, room);

    if (n == -1) {
        return ngx_carrierpay_secret_file_errno(cf, "cannot be read",
                                                ngx_errno);
    }

    if ((size_t) n == room) {
        return "is too large";
    }

    text->len = n;
    ngx_carrierpay_text_skip_mark(text);

    return NULL;
}


const char *
ngx_carrierpay_secret_file_errno(ngx_conf_t *cf, const char *what,
    ngx_err_t err)
{
    u_char  *text, *p, *last;

    text = ngx_pnalloc(cf->temp_pool, NGX_MAX_ERROR_STR);

    if (text == NULL) {
        return what;
    }

    last = text + NGX_MAX_ERROR_STR - 1;

    p = ngx_slprintf(text, last, "%s", what);
    p = ngx_log_errno(p, last, err);
    *p = '\0';

    return (const char *) text;
}
