
/*
 * A Redis command as a row of a flow.
 */


#ifndef _NGX_CARRIERPAY_FLOW_REDIS_H_INCLUDED_
#define _NGX_CARRIERPAY_FLOW_REDIS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_redis.h"


/*
 * The run of a row: sends the command; the row's done finds cmd->reply and,
 * inside done only, cmd->value.  The arguments are copied.  Returns NGX_AGAIN,
 * or NGX_DONE with the result UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_flow_redis(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv);


#endif /* _NGX_CARRIERPAY_FLOW_REDIS_H_INCLUDED_ */
