
/*
 * limit, merchant_limit, total_limit, country_limit and time_zone of an
 * operator's block: what its lines
 * may spend.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SPEND_DIRECTIVE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SPEND_DIRECTIVE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"


/*
 * The setter of the limits; conf is an ngx_carrierpay_operator_t and
 * cmd->offset that of an ngx_carrierpay_spend_limit_t in it.  Amounts are
 * read when the block has ended, for its currency may stand behind them.
 */
char *ngx_http_carrierpay_spend_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* For ngx_conf_set_str_slot(), the setter of time_zone. */
extern ngx_conf_post_t  ngx_http_carrierpay_spend_directive_time_zone;

/*
 * The block has ended: sets the limits of the operator.  NGX_CONF_OK, or
 * NGX_CONF_ERROR after an [emerg] line.
 */
char *ngx_http_carrierpay_spend_directive_amounts(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op);


#endif /* _NGX_HTTP_CARRIERPAY_SPEND_DIRECTIVE_H_INCLUDED_ */
