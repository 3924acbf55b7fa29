
/*
 * The pages' stylesheet.
 */


#ifndef _NGX_HTTP_CARRIERPAY_STYLE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_STYLE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


extern const ngx_str_t  ngx_http_carrierpay_style;


#endif /* _NGX_HTTP_CARRIERPAY_STYLE_H_INCLUDED_ */
