
/*
 * The HTML of the pages: the templates that ngx_http_carrierpay_page_list.h
 * names.
 *
 * There is no inline script or style, and nothing is loaded from another
 * origin: the policy of every page forbids it.  Consents hold the SHA-256 of
 * a page, so a change of one byte here is a new page to the auditor.
 */


#ifndef _NGX_HTTP_CARRIERPAY_TEMPLATES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_TEMPLATES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_page_list.h"


#define ngx_http_carrierpay_template_declare(name, template, state, status,   \
    heading, reason, advice, fill)                                            \
    extern const ngx_str_t  ngx_http_carrierpay_template_##template;

NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_template_declare)


#endif /* _NGX_HTTP_CARRIERPAY_TEMPLATES_H_INCLUDED_ */
