
/*
 * The SMTP server and how to speak with it: the settings of carrierpay_smtp.
 */


#ifndef _NGX_CARRIERPAY_SMTP_CONF_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_SMTP_STARTTLS = 0,  /* required, not tried */
    NGX_CARRIERPAY_SMTP_TLS,           /* from the first byte */
    NGX_CARRIERPAY_SMTP_NONE
} ngx_carrierpay_smtp_tls_e;


/* All texts end in a zero byte, which is not counted. */

typedef struct {
    ngx_str_t                    host;       /* as TLS knows it; IPv6 in [] */
    ngx_str_t                    addresses;  /* IP, commas between; tried in */
                                             /* order, no name is resolved */
    ngx_uint_t                   port;
    ngx_carrierpay_smtp_tls_e    tls;
    ngx_str_t                    ca_file;
    ngx_str_t                    user;       /* empty: no log-in */
    ngx_str_t                    password;
    ngx_str_t                    from;       /* address; its domain in EHLO */
    ngx_str_t                    from_name;
    ngx_msec_t                   timeout;    /* ms; of a mail, from send on */
    ngx_uint_t                   max;        /* connections */
    ngx_uint_t                   queue_max;  /* mails waiting for one */
} ngx_carrierpay_smtp_conf_t;


#endif /* _NGX_CARRIERPAY_SMTP_CONF_H_INCLUDED_ */
