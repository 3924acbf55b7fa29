
/*
 * What nginx -t says of the module's locations when all servers are known:
 * which of them any client may reach, what they lack, and which are missing.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LOCATION_CHECK_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LOCATION_CHECK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_main_conf.h"


/*
 * Leaves a [warn] line for each location that should be closed and is not, for
 * what the pages of a location do not tell shoppers, and for what the
 * configuration uses and has no location for.
 */
void ngx_http_carrierpay_location_check(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *cmcf);


#endif /* _NGX_HTTP_CARRIERPAY_LOCATION_CHECK_H_INCLUDED_ */
