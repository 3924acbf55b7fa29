
/*
 * The pages' script.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SCRIPT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SCRIPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


extern const ngx_str_t  ngx_http_carrierpay_script;


#endif /* _NGX_HTTP_CARRIERPAY_SCRIPT_H_INCLUDED_ */
