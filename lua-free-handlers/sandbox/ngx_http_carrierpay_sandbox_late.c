
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_sandbox_late.h"
#include "ngx_http_carrierpay_flow_wait.h"


typedef struct {
    ngx_event_t           timer;
    ngx_http_request_t   *request;
    ngx_uint_t            status;
    ngx_str_t             json;
} ngx_http_carrierpay_sandbox_late_t;


static void ngx_http_carrierpay_sandbox_late_handler(ngx_event_t *ev);
static void ngx_http_carrierpay_sandbox_late_cleanup(void *data);


ngx_int_t
ngx_http_carrierpay_sandbox_late(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *json, ngx_msec_t delay)
{
    ngx_http_cleanup_t                  *cln;
    ngx_http_carrierpay_sandbox_late_t  *late;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_carrierpay_sandbox_late_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    late = cln->data;
    ngx_memzero(late, sizeof(ngx_http_carrierpay_sandbox_late_t));

    late->request = r;
    late->status = status;
    late->json = *json;
    late->timer.handler = ngx_http_carrierpay_sandbox_late_handler;
    late->timer.data = late;
    late->timer.log = r->connection->log;

    cln->handler = ngx_http_carrierpay_sandbox_late_cleanup;

    ngx_add_timer(&late->timer, delay);

    return NGX_AGAIN;
}


static void
ngx_http_carrierpay_sandbox_late_handler(ngx_event_t *ev)
{
    ngx_int_t                            rc;
    ngx_http_carrierpay_sandbox_late_t  *late;

    late = ev->data;

    rc = ngx_http_carrierpay_reply_json(late->request, late->status,
                                        &late->json);

    ngx_http_carrierpay_flow_wait_resume(late->request, rc);
}


static void
ngx_http_carrierpay_sandbox_late_cleanup(void *data)
{
    ngx_http_carrierpay_sandbox_late_t  *late = data;

    if (late->timer.timer_set) {
        ngx_del_timer(&late->timer);
    }
}
