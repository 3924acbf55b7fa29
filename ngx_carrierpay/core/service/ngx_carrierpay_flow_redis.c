
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_service.h"


static void ngx_carrierpay_flow_redis_handler(
    ngx_carrierpay_redis_command_t *cmd);


ngx_int_t
ngx_carrierpay_flow_redis(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_redis_command_t *cmd, ngx_uint_t argc, ngx_str_t *argv)
{
    cmd->handler = ngx_carrierpay_flow_redis_handler;
    cmd->data = flow;

    if (ngx_carrierpay_redis_send(flow->core->redis, cmd, argc, argv)
        != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_flow_redis_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_flow_done(cmd->data);
}
