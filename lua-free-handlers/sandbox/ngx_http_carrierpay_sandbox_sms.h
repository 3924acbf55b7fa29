
/*
 * The sandbox SMS gateway: what is sent through it lies in a file, the inbox
 * of all phones.
 *
 *   POST {"to", "from", "text", "id", "report"}
 *
 *   202 {"id": "sbx-…"}      and a line in the file:
 *
 *   {"at": ms, "id", "to", "from", "text", "report", "reference": "sbx-…"}
 *
 * It sends no reports: a test that reads the file may.  The last four digits
 * of the number say what happens:
 *
 *   0021  400, refused                  0023  taken, and never answered
 *   0022  503, not now                  0024  taken; to be reported as not
 *                                             delivered
 *
 * The file holds numbers and texts, PINs among them; its mode is 0600.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_SMS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_SMS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_open_file_t  *file;      /* NULL: no such gateway here */
    ngx_fd_t          fd;        /* the one with the mode set */
} ngx_http_carrierpay_sandbox_sms_t;


/* A route's handler does this. */
ngx_int_t ngx_http_carrierpay_sandbox_sms(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_sms_t *sms, ngx_str_t *body);

/*
 * Reads the parameter file=NAME of the directive and makes the file; returns
 * what a setter returns.
 */
char *ngx_http_carrierpay_sandbox_sms_file(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_sms_t *sms, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_SMS_H_INCLUDED_ */
