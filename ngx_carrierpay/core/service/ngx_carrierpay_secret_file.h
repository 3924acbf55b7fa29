
/*
 * Files with secrets: the keyring, and the passwords of backends.  The master
 * process reads them before it drops its rights, so no other user than their
 * owner has a reason to read them, and a file that lets another one is
 * refused.
 */


#ifndef _NGX_CARRIERPAY_SECRET_FILE_H_INCLUDED_
#define _NGX_CARRIERPAY_SECRET_FILE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Reads the file whose full name is given, of fewer bytes than `room`, into
 * memory of the temporary pool of cf, which the caller wipes.  Returns NULL,
 * or what is wrong, as words that follow the name of the file.
 */
const char *ngx_carrierpay_secret_file_read(ngx_conf_t *cf, ngx_str_t *file,
    size_t room, ngx_str_t *text);

/* "cannot be opened (2: No such file or directory)", in the temporary pool */
const char *ngx_carrierpay_secret_file_errno(ngx_conf_t *cf, const char *what,
    ngx_err_t err);


#endif /* _NGX_CARRIERPAY_SECRET_FILE_H_INCLUDED_ */
