
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_carrierpay_work_queue.h"
#include "ngx_carrierpay_token.h"


/* a code lives as long as its page */
#define NGX_CARRIERPAY_MO_LIFETIME  "900000"    /* ms */

#define NGX_CARRIERPAY_MO_NAME_LEN                                            \
    (sizeof("cp:mc:") - 1 + NGX_CARRIERPAY_TOKEN_DIGITS)

/* another page may have the same code: so many others are tried */
#define NGX_CARRIERPAY_MO_CODES     5


static ngx_int_t ngx_carrierpay_mo_copy(ngx_carrierpay_mo_t *m,
    ngx_pool_t *pool, ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_mo_code(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_mo_read(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_name(u_char *name, const u_char *code);
static void ngx_carrierpay_mo_code_handler(
    ngx_carrierpay_redis_command_t *cmd);
static ngx_int_t ngx_carrierpay_mo_claim(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_claim_handler(
    ngx_carrierpay_redis_command_t *cmd);
static ngx_int_t ngx_carrierpay_mo_session(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_session_handler(ngx_carrierpay_session_t *s);
static ngx_int_t ngx_carrierpay_mo_keep(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_mo_keep_texts(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_keep_handler(ngx_carrierpay_ask_t *ask);
static ngx_int_t ngx_carrierpay_mo_answer(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_answer_handler(ngx_carrierpay_session_t *s);

static ngx_int_t ngx_carrierpay_mo_report_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_mo_report_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_mo_report_handler(ngx_carrierpay_ask_t *ask);

static ngx_int_t ngx_carrierpay_mo_page_code(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_mo_page_try(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_page_code_handler(
    ngx_carrierpay_redis_command_t *cmd);
static ngx_int_t ngx_carrierpay_mo_page_store(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_mo_page_store_handler(ngx_carrierpay_session_t *s);


static ngx_carrierpay_step_t  ngx_carrierpay_mo_steps[] = {
    { "code",     ngx_carrierpay_mo_code },       /* which page waits for it */
    { "claim",    ngx_carrierpay_mo_claim },      /* for the first line */
    { "session",  ngx_carrierpay_mo_session },    /* and in which browser */
    { "keep",     ngx_carrierpay_mo_keep },       /* durable, and obeyed */
    { "answer",   ngx_carrierpay_mo_answer },     /* the page may go on */
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_mo_report_steps[] = {
    { "report",   ngx_carrierpay_mo_report_ask },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_mo_page_steps[] = {
    { "load",     ngx_carrierpay_checkout_load },
    { "code",     ngx_carrierpay_mo_page_code },
    { "put",      ngx_carrierpay_mo_page_store },
    { NULL, NULL }
};


/* by ngx_carrierpay_keyword_e; the last one is of no keyword */

static ngx_str_t  ngx_carrierpay_mo_actions[] = {
    ngx_string("stop"),
    ngx_string("stop_all"),
    ngx_string("answer"),
    ngx_string("help"),
    ngx_string("info"),
    ngx_string("none")
};

#define NGX_CARRIERPAY_MO_NONE                                                \
    (sizeof(ngx_carrierpay_mo_actions) / sizeof(ngx_str_t) - 1)


/* by ngx_carrierpay_sms_state_e */

static ngx_str_t  ngx_carrierpay_mo_states[] = {
    ngx_string("buffered"),
    ngx_string("delivered"),
    ngx_string("undelivered"),
    ngx_string("expired")
};


ngx_carrierpay_flow_t *
ngx_carrierpay_mo_take(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_provider_t *provider, ngx_carrierpay_sms_mo_t *mo)
{
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(core, "mo", ngx_carrierpay_mo_steps,
                                      sizeof(ngx_carrierpay_mo_t));
    if (flow == NULL) {
        return NULL;
    }

    m = flow->data;
    m->rc = NGX_ERROR;
    m->provider = provider;

    if (ngx_carrierpay_mo_copy(m, flow->pool, mo) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_mo_copy(ngx_carrierpay_mo_t *m, ngx_pool_t *pool,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_uint_t  i;

    ngx_str_t  *from[] = { &mo->id, &mo->from, &mo->to, &mo->text };
    ngx_str_t  *to[] = { &m->mo.id, &m->mo.from, &m->mo.to, &m->mo.text };

    for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
        to[i]->len = from[i]->len;
        to[i]->data = ngx_pnalloc(pool, from[i]->len + 1);

        if (to[i]->data == NULL) {
            return NGX_ERROR;
        }

        if (from[i]->len) {
            ngx_memcpy(to[i]->data, from[i]->data, from[i]->len);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_mo_code(ngx_carrierpay_flow_t *flow)
{
    u_char                name[NGX_CARRIERPAY_MO_NAME_LEN];
    ngx_int_t             rc;
    ngx_str_t             argv[2];
    ngx_carrierpay_mo_t  *m;

    m = flow->data;

    rc = ngx_carrierpay_mo_read(flow);

    if (rc != NGX_OK) {
        return rc;
    }

    if (m->action != NGX_CARRIERPAY_KEYWORD_ANSWER
        || m->code.len != NGX_CARRIERPAY_TOKEN_DIGITS)
    {
        return NGX_OK;
    }

    ngx_carrierpay_mo_name(name, m->code.data);

    ngx_str_set(&argv[0], "GET");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    m->command.handler = ngx_carrierpay_mo_code_handler;
    m->command.data = flow;

    return ngx_carrierpay_redis_send(flow->core->redis, &m->command, 2, argv)
           == NGX_OK ? NGX_AGAIN : NGX_DONE;
}


/* NGX_DONE: nobody can have sent that. */

static ngx_int_t
ngx_carrierpay_mo_read(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t               end_user;
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_conf_t  *conf;

    /* a number's index is the same whosever customer it is */
    static ngx_str_t  none = ngx_null_string;

    m = flow->data;
    conf = flow->core->conf;

    if (ngx_carrierpay_number_parse(&conf->operators, &m->mo.from, &m->msisdn)
        != NGX_OK)
    {
        m->rc = NGX_DECLINED;
        return NGX_DONE;
    }

    if (ngx_carrierpay_keyword_match(conf->keywords.elts,
                                     conf->keywords.nelts, &m->mo.text,
                                     &m->action, &m->code)
        != NGX_OK)
    {
        m->action = NGX_CARRIERPAY_MO_NONE;
    }

    ngx_carrierpay_number_carrier(&conf->operators, &m->msisdn, &m->carrier);

    end_user.data = m->msisdn.digits;
    end_user.len = m->msisdn.len;

    ngx_carrierpay_end_user_index(m->index,
                                  ngx_carrierpay_keyring_key(&conf->keyring,
                                                  NGX_CARRIERPAY_KEY_INDEX),
                                  &none, &end_user);

    return NGX_OK;
}


static void
ngx_carrierpay_mo_name(u_char *name, const u_char *code)
{
    name = ngx_cpymem(name, "cp:mc:", sizeof("cp:mc:") - 1);
    ngx_memcpy(name, code, NGX_CARRIERPAY_TOKEN_DIGITS);
}


static void
ngx_carrierpay_mo_code_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_int_t               rc;
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_flow_t  *flow;

    flow = cmd->data;
    m = flow->data;
    rc = NGX_OK;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_STRING:
        m->token.len = cmd->value.len;
        m->token.data = ngx_pstrdup(flow->pool, &cmd->value);

        if (m->token.data == NULL) {
            rc = NGX_ERROR;
        }

        break;

    case NGX_CARRIERPAY_REDIS_NIL:
        break;

    default: /* refused or lost: the gateway tries again */
        rc = NGX_DONE;
        break;
    }

    ngx_carrierpay_flow_resume(flow, rc);
}


/*
 * A page is for the line that answers it first.  Code and page stay until
 * their time is over: what a gateway brings again, because a worker died or
 * the ledger was away, finds them, and another line does not.
 */

static ngx_int_t
ngx_carrierpay_mo_claim(ngx_carrierpay_flow_t *flow)
{
    u_char                name[sizeof("cp:ml:") - 1
                               + NGX_CARRIERPAY_TOKEN_LEN];
    u_char               *p;
    ngx_str_t             argv[7];
    ngx_carrierpay_mo_t  *m;

    m = flow->data;

    if (!ngx_carrierpay_token_valid(&m->token)) {
        m->token.len = 0;
        return NGX_OK;
    }

    p = ngx_cpymem(name, "cp:ml:", sizeof("cp:ml:") - 1);
    ngx_memcpy(p, m->token.data, NGX_CARRIERPAY_TOKEN_LEN);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    argv[2].data = m->index;
    argv[2].len = sizeof(m->index);
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "GET");
    ngx_str_set(&argv[5], "PX");
    ngx_str_set(&argv[6], NGX_CARRIERPAY_MO_LIFETIME);

    m->command.handler = ngx_carrierpay_mo_claim_handler;
    m->command.data = flow;

    return ngx_carrierpay_redis_send(flow->core->redis, &m->command, 7, argv)
           == NGX_OK ? NGX_AGAIN : NGX_DONE;
}


static void
ngx_carrierpay_mo_claim_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_int_t               rc;
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_flow_t  *flow;

    flow = cmd->data;
    m = flow->data;
    rc = NGX_OK;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_NIL:
        break;

    case NGX_CARRIERPAY_REDIS_STRING:
        if (cmd->value.len != sizeof(m->index)
            || !ngx_carrierpay_equal(cmd->value.data, m->index,
                                     sizeof(m->index)))
        {
            m->token.len = 0;
        }

        break;

    default: /* refused or lost: the gateway tries again */
        rc = NGX_DONE;
        break;
    }

    ngx_carrierpay_flow_resume(flow, rc);
}


static ngx_int_t
ngx_carrierpay_mo_session(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_mo_t  *m;

    m = flow->data;

    if (m->token.len == 0) {
        return NGX_OK;
    }

    m->session.flow = flow;
    m->session.kind = NGX_CARRIERPAY_SESSION_MO;
    m->session.handler = ngx_carrierpay_mo_session_handler;

    return ngx_carrierpay_session_peek(&m->session, &m->token) == NGX_AGAIN
           ? NGX_AGAIN : NGX_DONE;
}


static void
ngx_carrierpay_mo_session_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_mo_t  *m;

    m = s->flow->data;
    m->known = (s->rc == NGX_OK);

    ngx_carrierpay_flow_resume(s->flow, s->rc == NGX_ERROR ? NGX_DONE
                                                           : NGX_OK);
}


static ngx_int_t
ngx_carrierpay_mo_keep(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_ask_t   *ask;
    ngx_carrierpay_core_t  *core;

    m = flow->data;
    ask = &m->ask;
    core = flow->core;

    if (!ngx_carrierpay_ledger_ready(core->ledger)) {
        return NGX_DONE;
    }

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_MO_TAKE;
    ask->handler = ngx_carrierpay_mo_keep_handler;

    /* quiet: who cannot be written to is not */

    if (ngx_carrierpay_ask_int8(ask, 0, ngx_carrierpay_ledger_id(core->ledger))
        != NGX_OK
        || (m->known
            && ngx_carrierpay_ask_int8(ask, 8,
                                       m->session.identity.payment_id)
               != NGX_OK)
        || ngx_carrierpay_ask_int8(ask, 11,
                                   ngx_carrierpay_ledger_id(core->ledger))
           != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 12,
                                   m->carrier.operator == NULL
                                   || m->carrier.operator->nproviders == 0)
           != NGX_OK
        || ngx_carrierpay_mo_keep_texts(flow) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_ask(ask) == NGX_AGAIN ? NGX_AGAIN : NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_mo_keep_texts(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                   end_user, index, sender, body;
    ngx_carrierpay_mo_t        *m;
    ngx_carrierpay_ask_t       *ask;
    ngx_carrierpay_keyring_t   *ring;
    ngx_carrierpay_operator_t  *op;

    m = flow->data;
    ask = &m->ask;
    op = m->carrier.operator;
    ring = &flow->core->conf->keyring;

    end_user.data = m->msisdn.digits;
    end_user.len = m->msisdn.len;
    index.data = m->index;
    index.len = sizeof(m->index);

    if (ngx_carrierpay_keyring_seal(ring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &end_user,
                                    &sender)
        != NGX_OK
        || ngx_carrierpay_keyring_seal(ring, flow->pool,
                                       &ngx_carrierpay_aad_mo, &m->mo.text,
                                       &body)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_ask_text(ask, 1, &m->provider->name);

    if (m->mo.id.len) {
        ngx_carrierpay_ask_text(ask, 2, &m->mo.id);
    }

    ngx_carrierpay_ask_text(ask, 3, &ngx_carrierpay_mo_actions[m->action]);
    ngx_carrierpay_ask_text(ask, 4, &m->mo.to);
    ngx_carrierpay_ask_text(ask, 5, &index);
    ngx_carrierpay_ask_text(ask, 6, &sender);
    ngx_carrierpay_ask_text(ask, 7, &body);

    if (op) {
        ngx_carrierpay_ask_text(ask, 9, &op->name);
        ngx_carrierpay_ask_text(ask, 10, &op->language);
    }

    return NGX_OK;
}


static void
ngx_carrierpay_mo_keep_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_mo_t  *m;

    m = ask->flow->data;

    if (ask->rc != NGX_OK) {
        ngx_carrierpay_flow_resume(ask->flow, NGX_DONE);
        return;
    }

    m->rc = NGX_OK;

    ngx_carrierpay_work_queue_wake(ask->flow->core->messages);
    ngx_carrierpay_flow_resume(ask->flow, NGX_OK);
}


/*
 * Also when it was kept before: perhaps a worker died in between.  Without
 * Redis the page waits in vain, and its shopper asks for another.
 */

static ngx_int_t
ngx_carrierpay_mo_answer(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_mo_t        *m;
    ngx_carrierpay_identity_t  *identity;

    m = flow->data;

    if (!m->known) {
        return NGX_OK;
    }

    identity = &m->session.identity;

    identity->msisdn = m->msisdn;
    identity->carrier = m->carrier;
    identity->method = NGX_CARRIERPAY_METHOD_MO;
    identity->unproven = !m->provider->trusted;

    ngx_memcpy(m->session.token, m->token.data, NGX_CARRIERPAY_TOKEN_LEN);

    m->session.kind = NGX_CARRIERPAY_SESSION_BOUNCE;
    m->session.handler = ngx_carrierpay_mo_answer_handler;

    return ngx_carrierpay_session_store_as(&m->session) == NGX_AGAIN
           ? NGX_AGAIN : NGX_OK;
}


static void
ngx_carrierpay_mo_answer_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_flow_resume(s->flow, NGX_OK);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_mo_report(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_provider_t *provider,
    ngx_carrierpay_sms_report_t *report)
{
    int64_t                 id;
    ngx_str_t               code;
    ngx_carrierpay_mo_t    *m;
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(core, "mo_report",
                                      ngx_carrierpay_mo_report_steps,
                                      sizeof(ngx_carrierpay_mo_t));
    if (flow == NULL) {
        return NULL;
    }

    m = flow->data;
    m->rc = NGX_DECLINED;
    m->provider = provider;
    m->ask.flow = flow;

    /* what we have not sent is asked of nobody */

    if (ngx_carrierpay_token_message_verify(&report->id,
                  ngx_carrierpay_keyring_key(&core->conf->keyring,
                                             NGX_CARRIERPAY_KEY_SESSION),
                  &id)
        != NGX_OK)
    {
        return flow;
    }

    code.len = report->code.len;
    code.data = ngx_pnalloc(flow->pool, code.len + 1);

    if (code.data == NULL
        || ngx_carrierpay_ask_int8(&m->ask, 0, id) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    m->known = 1;

    ngx_carrierpay_ask_text(&m->ask, 1,
                            &ngx_carrierpay_mo_states[report->state]);

    if (code.len) {
        ngx_memcpy(code.data, report->code.data, code.len);
        ngx_carrierpay_ask_text(&m->ask, 2, &code);
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_mo_report_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_mo_t   *m;
    ngx_carrierpay_ask_t  *ask;

    m = flow->data;
    ask = &m->ask;

    if (!m->known) {
        return NGX_DONE;
    }

    ask->query.statement = NGX_CARRIERPAY_SQL_MESSAGE_REPORT;
    ask->row = ngx_carrierpay_mo_report_row;
    ask->handler = ngx_carrierpay_mo_report_handler;

    m->rc = NGX_ERROR;

    return ngx_carrierpay_ask(ask) == NGX_AGAIN ? NGX_AGAIN : NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_mo_report_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_str_t             word;
    ngx_carrierpay_mo_t  *m;

    m = ask->flow->data;

    ngx_carrierpay_pq_bytes(res, 0, 0, &word);

    m->known = (word.len != sizeof("not_found") - 1);

    return NGX_OK;
}


static void
ngx_carrierpay_mo_report_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_mo_t  *m;

    m = ask->flow->data;

    if (ask->rc == NGX_OK) {
        m->rc = m->known ? NGX_OK : NGX_DECLINED;
    }

    ngx_carrierpay_flow_resume(ask->flow, NGX_OK);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_mo_page(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "mo_page",
                                        ngx_carrierpay_mo_page_steps,
                                        payment_id, NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->session.identity = *visitor;
    checkout->session.identity.payment_id = payment_id;

    return flow;
}


static ngx_int_t
ngx_carrierpay_mo_page_code(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (!ngx_carrierpay_payment_is(&checkout->payment, "pending")) {
        return NGX_DONE;
    }

    checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    checkout->codes = NGX_CARRIERPAY_MO_CODES;

    return ngx_carrierpay_mo_page_try(flow);
}


static ngx_int_t
ngx_carrierpay_mo_page_try(ngx_carrierpay_flow_t *flow)
{
    u_char                      code[NGX_CARRIERPAY_TOKEN_DIGITS];
    u_char                      name[NGX_CARRIERPAY_MO_NAME_LEN];
    ngx_str_t                   argv[6];
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (checkout->codes-- == 0
        || ngx_carrierpay_token_random(checkout->session.token) != NGX_OK)
    {
        return NGX_DONE;
    }

    ngx_carrierpay_token_code(code, checkout->session.token);
    ngx_carrierpay_mo_name(name, code);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    argv[2].data = checkout->session.token;
    argv[2].len = NGX_CARRIERPAY_TOKEN_LEN;
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    ngx_str_set(&argv[5], NGX_CARRIERPAY_MO_LIFETIME);

    checkout->command.handler = ngx_carrierpay_mo_page_code_handler;
    checkout->command.data = flow;

    return ngx_carrierpay_redis_send(flow->core->redis, &checkout->command, 6,
                                     argv)
           == NGX_OK ? NGX_AGAIN : NGX_DONE;
}


static void
ngx_carrierpay_mo_page_code_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_int_t               rc;
    ngx_carrierpay_flow_t  *flow;

    flow = cmd->data;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_STATUS:
        rc = NGX_OK;
        break;

    case NGX_CARRIERPAY_REDIS_NIL:
        rc = ngx_carrierpay_mo_page_try(flow);
        break;

    default: /* refused or lost */
        rc = NGX_DONE;
        break;
    }

    if (rc != NGX_AGAIN) {
        ngx_carrierpay_flow_resume(flow, rc);
    }
}


static ngx_int_t
ngx_carrierpay_mo_page_store(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_session_t  *s;

    s = &((ngx_carrierpay_checkout_t *) flow->data)->session;

    s->flow = flow;
    s->kind = NGX_CARRIERPAY_SESSION_MO;
    s->handler = ngx_carrierpay_mo_page_store_handler;

    return ngx_carrierpay_session_store_as(s) == NGX_AGAIN ? NGX_AGAIN
                                                           : NGX_DONE;
}


static void
ngx_carrierpay_mo_page_store_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = s->flow->data;

    if (s->rc == NGX_OK) {
        checkout->result = NGX_CARRIERPAY_CHARGE_OK;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_OK);
}
