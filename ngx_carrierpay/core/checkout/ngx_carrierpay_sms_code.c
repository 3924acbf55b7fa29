
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_code_budget.h"
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_sms_code.h"


/* another page may have the same code: so many others are tried */
#define NGX_CARRIERPAY_SMS_CODE_TRIES  5


static ngx_int_t ngx_carrierpay_sms_code_budget(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_code_make(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_code_try(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_code_made(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_code_session(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_code_stored(ngx_carrierpay_flow_t *flow);


static ngx_carrierpay_step_t  ngx_carrierpay_sms_code_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load, ngx_carrierpay_payment_load_done, 0 },
    { "budget",                                  /* of codes */
      ngx_carrierpay_sms_code_budget, NULL, 0 },
    { "code",                                    /* taken in Redis */
      ngx_carrierpay_sms_code_make, ngx_carrierpay_sms_code_made, 0 },
    { "session",                                 /* of the page that waits */
      ngx_carrierpay_sms_code_session, ngx_carrierpay_sms_code_stored, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_sms_code_page(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, const ngx_str_t *locale)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_sms_code_t  *page;

    flow = ngx_carrierpay_flow_create(&core->flows, "sms_code",
                                      ngx_carrierpay_sms_code_steps,
                                      sizeof(ngx_carrierpay_sms_code_t));
    if (flow == NULL) {
        return NULL;
    }

    page = flow->data;
    ngx_carrierpay_payment_read_init(flow, NULL, payment_id);

    page->session.identity = *visitor;
    page->session.identity.payment_id = payment_id;
    page->session.consent.locale = *locale;

    return flow;
}


/*
 * There are a million codes at a time, and each may be guessed.  A payment
 * that is not pending takes nothing from the budgets.
 */

static ngx_int_t
ngx_carrierpay_sms_code_budget(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;

    if (page->read.payment.state != NGX_CARRIERPAY_PAYMENT_PENDING) {
        return NGX_DONE;
    }

    page->retry = ngx_carrierpay_code_budget(flow->core->conf->code_budgets,
                                             page->read.payment.id,
                                             page->read.payment.live,
                                             &page->session.identity.address);

    return page->retry ? NGX_DONE : NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_code_make(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;

    if (page->read.payment.locale.len) {
        page->session.consent.locale = page->read.payment.locale;
    }

    page->left = NGX_CARRIERPAY_SMS_CODE_TRIES;

    return ngx_carrierpay_sms_code_try(flow);
}


static ngx_int_t
ngx_carrierpay_sms_code_try(ngx_carrierpay_flow_t *flow)
{
    u_char                      code[NGX_CARRIERPAY_TOKEN_DIGITS];
    u_char                      name[NGX_CARRIERPAY_SMS_CODE_NAME_LEN];
    ngx_str_t                   argv[6];
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;

    if (page->left-- == 0
        || ngx_carrierpay_random_token(page->session.token) != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    ngx_carrierpay_token_code(code, page->session.token);
    ngx_carrierpay_sms_code_name(name, code);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    argv[2].data = page->session.token;
    argv[2].len = NGX_CARRIERPAY_TOKEN_LEN;
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    ngx_str_set(&argv[5], NGX_CARRIERPAY_SMS_CODE_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &page->command, 6, argv);
}


static ngx_int_t
ngx_carrierpay_sms_code_made(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;

    switch (page->command.reply) {

    case NGX_CARRIERPAY_REDIS_STATUS:
        return NGX_OK;

    case NGX_CARRIERPAY_REDIS_NIL:
        return ngx_carrierpay_sms_code_try(flow);

    default: /* refused or lost */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}


static ngx_int_t
ngx_carrierpay_sms_code_session(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;

    return ngx_carrierpay_session_store_as(flow, &page->session,
                                           NGX_CARRIERPAY_SESSION_MO);
}


static ngx_int_t
ngx_carrierpay_sms_code_stored(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_code_t  *page;

    page = flow->data;
    page->stored = 1;

    return ngx_carrierpay_session_stored(flow, &page->session);
}


void
ngx_carrierpay_sms_code_name(u_char *name, const u_char *code)
{
    name = ngx_cpymem(name, "cp:mc:", sizeof("cp:mc:") - 1);
    ngx_memcpy(name, code, NGX_CARRIERPAY_TOKEN_DIGITS);
}


void
ngx_carrierpay_sms_code_pay_name(u_char *name, const u_char *index,
    const u_char *code)
{
    name = ngx_cpymem(name, "cp:mw:", sizeof("cp:mw:") - 1);
    name = ngx_carrierpay_base64url_encode(name, index,
                                           NGX_CARRIERPAY_SHA256_LEN);
    ngx_memcpy(name, code, NGX_CARRIERPAY_TOKEN_DIGITS);
}
