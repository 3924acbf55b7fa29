
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_form_result.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_token.h"


#define NGX_CARRIERPAY_FORM_RESULT_LIFETIME  "900000"    /* ms */

#define NGX_CARRIERPAY_FORM_RESULT_NAME_LEN                                   \
    (sizeof("cp:fr:") - 1 + NGX_CARRIERPAY_TOKEN_LEN)


static ngx_int_t ngx_carrierpay_form_result_set(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_form_result_set_done(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_form_result_name(
    ngx_carrierpay_form_result_t *form, u_char *buf, ngx_str_t *name);


static ngx_carrierpay_step_t  ngx_carrierpay_form_result_steps[] = {
    { "store",
      ngx_carrierpay_form_result_set, ngx_carrierpay_form_result_set_done, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_form_result_store(ngx_carrierpay_core_t *core,
    ngx_str_t *token, ngx_str_t *text)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_form_result_t  *form;

    flow = ngx_carrierpay_flow_create(&core->flows, "form_result",
                                      ngx_carrierpay_form_result_steps,
                                      sizeof(ngx_carrierpay_form_result_t));
    if (flow == NULL) {
        return NULL;
    }

    form = flow->data;

    if (ngx_carrierpay_flow_copy(flow, &form->token, token) != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &form->text, text) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_form_result_set(ngx_carrierpay_flow_t *flow)
{
    u_char                         buf[NGX_CARRIERPAY_FORM_RESULT_NAME_LEN];
    ngx_str_t                      argv[5];
    ngx_carrierpay_form_result_t  *form;

    form = flow->data;

    ngx_str_set(&argv[0], "SET");
    ngx_carrierpay_form_result_name(form, buf, &argv[1]);

    if (ngx_carrierpay_keyring_seal(&flow->core->conf->keyring, flow->pool,
                                    &argv[1], &form->text, &argv[2])
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_str_set(&argv[3], "PX");
    ngx_str_set(&argv[4], NGX_CARRIERPAY_FORM_RESULT_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &form->command, 5, argv);
}


static ngx_int_t
ngx_carrierpay_form_result_set_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_form_result_t  *form;

    form = flow->data;

    if (form->command.reply != NGX_CARRIERPAY_REDIS_STATUS) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_form_result_read(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_form_result_t *form)
{
    u_char     buf[NGX_CARRIERPAY_FORM_RESULT_NAME_LEN];
    ngx_int_t  rc;
    ngx_str_t  argv[2];

    if (form->token.len == 0) {
        return NGX_OK;
    }

    ngx_str_set(&argv[0], "GET");
    ngx_carrierpay_form_result_name(form, buf, &argv[1]);

    rc = ngx_carrierpay_flow_redis(flow, &form->command, 2, argv);

    if (rc == NGX_DONE) {
        flow->result = NGX_CARRIERPAY_FLOW_OK;
        return NGX_OK;
    }

    return rc;
}


ngx_int_t
ngx_carrierpay_form_result_opened(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_form_result_t *form)
{
    u_char     buf[NGX_CARRIERPAY_FORM_RESULT_NAME_LEN];
    ngx_str_t  name;

    if (form->command.reply != NGX_CARRIERPAY_REDIS_STRING) {
        return NGX_OK;
    }

    ngx_carrierpay_form_result_name(form, buf, &name);

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &name, &form->command.value,
                                    &form->text)
        != NGX_OK)
    {
        ngx_str_null(&form->text);
    }

    return NGX_OK;
}


static void
ngx_carrierpay_form_result_name(ngx_carrierpay_form_result_t *form,
    u_char *buf, ngx_str_t *name)
{
    u_char  *p;

    p = ngx_cpymem(buf, "cp:fr:", sizeof("cp:fr:") - 1);
    ngx_memcpy(p, form->token.data, NGX_CARRIERPAY_TOKEN_LEN);

    name->data = buf;
    name->len = NGX_CARRIERPAY_FORM_RESULT_NAME_LEN;
}
