
/*
 * Passwords are in files, since nginx -T prints directives but no files.
 */


#ifndef _NGX_HTTP_CARRIERPAY_PASSWORD_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_PASSWORD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Reads the first line of a file that only its owner may read, without its
 * end, into the pool of cf; it may be empty.  The name of the file becomes a
 * full one.  Returns NULL, or what is wrong with the file, as words that
 * follow its name: "is too large".
 */
const char *ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password);


#endif /* _NGX_HTTP_CARRIERPAY_PASSWORD_H_INCLUDED_ */
